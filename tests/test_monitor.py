"Drift: what must be seen, what must not, from the profile alone."
import json, time
import numpy as np, pandas as pd, pytest
from scipy.stats import binom, ks_2samp, wasserstein_distance
from churn_nb import data, monitor, registry
from churn_nb.core import *
from churn_nb.monitor import domain_classifier, drift, histograms, judge, measure, prediction_drift, summarise

def table(n, seed, k=10): return pd.DataFrame(np.random.default_rng(seed).normal(size=(n, k)), columns=[f'c{i}' for i in range(k)])
def spec_of(df, **binary):
    numbers = [c for c in df if df[c].dtype.kind == 'f' and c not in binary]
    return data.TableSpec(target='y', numeric=numbers, binary=binary, categorical=[c for c in df if c not in numbers and c not in binary])
def profile_of(df, p=(), **binary): return registry.reference_profile(df, p, spec_of(df, **binary))

@pytest.mark.parametrize('reference', [pd.DataFrame({'c0': [.1]}), table(1, 0), table(19, 0)])
def test_a_single_mean_is_refused(reference):
    with pytest.raises(ChurnError, match='too few'): drift(reference, table(100, 1))

SHAPES = {'smooth': lambda r, n: r.normal(65, 25, n), 'cents': lambda r, n: r.normal(65, 25, n).round(2), 'months': lambda r, n: np.floor(r.gamma(2, 12, n)), 'half are 0': lambda r, n: r.gamma(2, 5, n)*(r.random(n) < .5),
          'long tail': lambda r, n: r.lognormal(3, 1.5, n), 'few numbers': lambda r, n: r.poisson(1, n).astype(float), 'a flag': lambda r, n: (r.random(n) < .2).astype(float)}
@pytest.mark.parametrize('shape', SHAPES)
@pytest.mark.parametrize('rows', [100, 4000, 50_000])
def test_the_profile_gives_scipys_figures(shape, rows):
    "Never above the statistic of the values, and below it by at most the share between two points; the distance is the one of the values."
    draw = SHAPES[shape]
    old, new = draw(np.random.default_rng(1), rows), draw(np.random.default_rng(2), 1500)
    new[::4] += max(1, old.std().round())
    row, right = drift(profile_of(pd.DataFrame({'x': old})), pd.DataFrame({'x': new})).iloc[0], ks_2samp(new, old, method='asymp')
    cell = max(10/rows, 1/registry.POINTS)*2
    assert right.statistic-cell <= row.statistic <= right.statistic+1e-12
    if row.statistic == pytest.approx(right.statistic, abs=1e-12): assert row.p_value == pytest.approx(right.pvalue)
    distance = wasserstein_distance(new, old)/old.std()
    assert row['shift'] == pytest.approx(distance, rel=.05, abs=.02 if rows > 100 else .1)

@pytest.mark.parametrize('shape', SHAPES)
@pytest.mark.parametrize('rows', [15, 25, 200, 5000])
def test_no_figure_of_a_profile_stands_for_fewer_than_ten(shape, rows):
    x = SHAPES[shape](np.random.default_rng(rows), rows)
    p = profile_of(pd.DataFrame({'x': x}))['columns']['x']
    if rows < 20: assert 'grid' not in p and 'mean' not in p; return
    told = sorted({0, rows, *(n for k in ('below', 'upto') for n in p[k] if n is not None)})
    assert min(np.diff(told)) >= 10 and min(n for n in p['counts'] if n) >= 10 and sum(p['counts']) == rows
    values, counts = np.unique(x, return_counts=True)
    assert not {*p['grid']} & {*values[counts < 10]}
    for g, a, b in zip(p['grid'], p['below'], p['upto']): assert a in (None, (x < g).sum()) and b in (None, (x <= g).sum())
    if counts[-1] < 10: assert max(p['grid']+p['edges']) < x.max()
    if counts[0] < 10: assert min(p['grid']+p['edges']) > x.min()

def test_a_value_between_two_shared_ones_is_seen():
    "A grid that knows only the counts up to 0 and up to 1 does not see that every 1 turned into a half."
    flags = pd.DataFrame({'x': np.repeat([0., 1.], 500)})
    t = drift(profile_of(flags), pd.DataFrame({'x': np.repeat([0., .5], 100)}))
    assert t.drifted[0] and t.statistic[0] == pytest.approx(.5)

def test_a_profile_of_an_older_format_is_refused():
    old = {'columns': {'c0': dict(kind='numeric', rows=100, missing=0, mean=0, sd=1, quantiles=[0]*101, edges=[0]*21, counts=[5]*20)}, 'probability': {'rows': 0, 'missing': 0}}
    for ask in (lambda: drift(old, table(50, 1, 1)), lambda: prediction_drift(old, [.5]), lambda: histograms(old, {})):
        with pytest.raises(ChurnError, match='earlier churn_nb') as e: ask()
        assert 'models register' in str(e.value)

def test_a_profile_survives_json_and_is_small(tmp_path):
    df = table(4000, 1, 12).assign(plan=pd.Series(np.random.default_rng(0).choice(['a', 'b'], 4000), dtype='str'), flag=np.repeat([0., 1.], 2000))
    p = profile_of(df, np.random.default_rng(0).random(500), flag={'No': 0, 'Yes': 1})
    write_json(tmp_path/'profile.json', p)
    back = read_json(tmp_path/'profile.json')
    assert (tmp_path/'profile.json').stat().st_size < 150_000
    pd.testing.assert_frame_equal(drift(back, df.tail(500)), drift(p, df.tail(500)))
    assert histograms(back, measure(df, back))['flag']['labels'] == ['No', 'Yes']

def test_parts_add_up_to_the_whole():
    df = table(3000, 1, 3).assign(plan=pd.Series(np.random.default_rng(0).choice(['a', 'b', 'new'], 3000), dtype='str'))
    df.iloc[::7, 0], df.iloc[::5, 3] = np.nan, None
    p = profile_of(df.head(1000).replace('new', 'a'))
    whole, parts = measure(df, p), sum(measure(df.iloc[i:i+411], p) for i in range(0, 3000, 411))
    pd.testing.assert_frame_equal(judge(p, whole), judge(p, parts))
    assert whole['c0']['missing'] == 429 and whole['plan']['labels'][-1] == (df.plan == 'new').sum()

@pytest.mark.parametrize('n, chance', [(1000, .01), (50_000, 0)])
def test_a_shift_of_three_tenths_is_caught(n, chance):
    "The step-up rule lets a quiet column beside one that moved pass at p < 2 alpha/10 = .01; with 50,000 rows its shift is never large enough to count."
    false = 0
    for seed in range(10):
        new = table(n, 100+seed); new['c4'] += .3
        t = drift(table(n, seed), new)
        assert t.drifted[4], seed
        false += t.drifted.sum()-1
    assert false <= binom.ppf(.999, 10*9, chance) if chance else false == 0

def test_quiet_tables_stay_quiet():
    found = [drift(table(1000, 2*i), table(1000, 2*i+1)) for i in range(100)]
    assert np.mean([t.drifted.any() for t in found]) <= .05

def test_the_adjusted_p_decides():
    "One of ten columns moved by 0.15: with most raw p-values between .005 and .05, the number of columns makes the difference."
    t = pd.concat([drift(table(1000, 2*i), table(400, 2*i+1).assign(c0=lambda d: d.c0+.17)) for i in range(40)])
    between = (t.p_value < .05) & (t.p_adjusted >= .05) & (t['shift'] > t.needed)
    assert between.sum() >= 3 and not t.drifted[between].any()

def test_significant_but_small_is_no_drift():
    t = drift(table(200_000, 1, 2), table(200_000, 2, 2)+.03)
    assert (t.p_adjusted < .05).all() and not t.drifted.any()

def test_raw_p_stands_beside_the_adjusted():
    t = drift(table(500, 1), table(500, 2))
    from scipy.stats import false_discovery_control
    np.testing.assert_allclose(t.p_adjusted, false_discovery_control(t.p_value))

def test_missing_values_alone_are_drift():
    new = table(1000, 2); new.loc[:99, 'c3'] = np.nan
    t = drift(table(1000, 1), new).set_index('column')
    assert t.drifted['c3'] and '10% missing instead of 0%' in t.reason['c3']
    gone = drift(table(1000, 1), table(1000, 2).assign(c0=np.nan)).set_index('column')
    assert gone.drifted['c0'] and np.isnan(gone.statistic['c0'])

def test_categories():
    rng = np.random.default_rng(0)
    draw = lambda p: pd.DataFrame({'plan': pd.Series(rng.choice(['a', 'b', 'c'], 1000, p=p), dtype='str'), 'flag': (rng.random(1000) < .3).astype(float)})
    spec = data.TableSpec(target='y', categorical=['plan'], binary={'flag': {'0': 0, '1': 1}})
    assert not drift(draw([.5, .3, .2]), draw([.5, .3, .2]), spec).drifted.any()
    t = drift(draw([.5, .3, .2]), draw([.3, .5, .2]), spec).set_index('column')
    assert t.drifted['plan'] and not t.drifted['flag'] and (t.kind == 'category').all()
    many = lambda seed: pd.DataFrame({'zip': pd.Series(np.random.default_rng(seed).integers(0, 700, 1000).astype(str))})
    assert not drift(many(1), many(2)).drifted.any()

@pytest.mark.parametrize('n', [0, 1, 2])
def test_hardly_any_new_customers(n):
    t = drift(table(100, 1), table(100, 2).head(n))
    assert len(t) == 10 and not t.drifted.any()

def test_constant_and_infinite_columns():
    a = pd.DataFrame({'one': [1.]*100, 'inf': [np.inf]*50+[1.]*50, 'text': ['x']*100})
    assert not drift(a, a).drifted.any()
    assert drift(a, a.assign(one=2.)).set_index('column').drifted['one']

def test_missing_columns_are_all_named():
    with pytest.raises(DataError) as e: drift(table(10, 1), table(10, 2).drop(columns=['c1', 'c2']), ['c0', 'c1', 'c2', 'zz'])
    assert len(e.value.problems) == 4

def test_summary():
    p = pd.DataFrame({'churn_probability': [0, .1, .55, 1], 'risk_level': ['LOW', 'LOW', 'MEDIUM', 'HIGH']})
    s = summarise(p, bins=4)
    assert (s.count, s.high_risk, s.mean_probability) == (4, 1, pytest.approx(.4125)) and s.distribution.customers.tolist() == [2, 0, 1, 1]
    assert '4 predictions' in str(s) and '<pre>' in s._repr_html_() and json.dumps(to_plain(s.to_dict()))
    assert str(summarise(p.head(0))) == 'no predictions'

def test_figures_of_few_and_many_columns(tmp_path):
    for k in (1, 5, 60):
        a, b = table(500, 1, k), table(200, 2, k)
        a.columns = b.columns = [f'a column with quite a long name, number {i}' for i in range(k)]
        b.iloc[:, 0] += 1
        p = profile_of(a)
        n = measure(b, p)
        for fig in (monitor.plot_monitor(judge(p, n), p, n, np.linspace(0, 1, 200)), monitor.plot_drift(judge(p, n), p, n)): assert save_figure(fig, tmp_path/f'{k}.png').stat().st_size > 10_000
    monitor.plot_monitor(judge(p, n), p, n, np.empty(0))

def test_unseen_and_rare_labels():
    "A label of which the profile keeps only that it was rare is not unseen; one that training did not have is."
    rng = np.random.default_rng(0)
    old = pd.DataFrame({'plan': pd.Series(['a']*600+['b']*394+['c']*6, dtype='str')})
    spec = data.TableSpec(target='y', categorical=['plan'], levels={'plan': ['a', 'b', 'c']})
    p = registry.reference_profile(old, [], spec)
    new = pd.DataFrame({'plan': pd.Series(['a']*600+['b']*320+['c']*10+['d']*70, dtype='str')}).sample(500, random_state=1)
    t = drift(p, new, spec).iloc[0]
    assert t.unseen == (new.plan == 'd').mean() and t.drifted and 'training did not have' in t.reason
    assert drift(old, new, spec).unseen[0] == t.unseen and drift(p, new).unseen[0] == 0   # without the levels nobody knows
    bars = histograms(p, measure(new, p, spec))['plan']
    assert bars['labels'] == ['a', 'b', 'other'] and bars['new'][-1] == pytest.approx(new.plan.isin(['c', 'd']).mean()) and sum(bars['reference']) == pytest.approx(1)

def test_one_missing_value_of_ten_is_no_alarm():
    a, b = table(4000, 1, 1), table(10, 2, 1)
    a.iloc[:40, 0] = b.iloc[0, 0] = np.nan
    assert not drift(a, b).drifted[0]

def test_histograms_count_what_they_say():
    x = np.floor(np.random.default_rng(0).gamma(2, 12, 5000))
    df = pd.DataFrame({'tenure': x, 'few': np.arange(5000.) % 6})
    p = profile_of(df)
    h = histograms(p, measure(df, p))
    assert h['tenure']['reference'] == pytest.approx(h['tenure']['new']) and 6 <= len(h['tenure']['labels']) <= 13
    assert h['few']['labels'] == ['0', '1', '2', '3', '4', 'from 5'] and h['few']['reference'] == pytest.approx([1/6]*6, abs=1e-3)
    low, high = map(int, h['tenure']['labels'][1].split(' to '))
    assert h['tenure']['reference'][1] == ((x >= low) & (x <= high)).mean()

def test_dates_are_shown_as_dates():
    days = pd.DataFrame({'since': np.random.default_rng(0).integers(18_000, 20_000, 1000).astype(float)})
    p = registry.reference_profile(days, [], data.TableSpec(target='y', date=['since']))
    assert all(label[-10:-6].isdecimal() for label in histograms(p, measure(days, p))['since']['labels'])
    assert '(mean 202' in drift(p, days+365).reason[0]
    far = pd.DataFrame({'since': np.where(np.arange(1000) % 3, days.since, 2_932_896)})     # 9999-12-31, which pandas cannot hold
    p = registry.reference_profile(far, [], data.TableSpec(target='y', date=['since']))
    assert histograms(p, measure(far, p))['since']['labels'][-1].startswith('from ') and '(mean ' in drift(p, days).reason[0]

def test_predictions():
    rng = np.random.default_rng(0)
    p = profile_of(table(100, 1, 1), rng.beta(2, 5, 1000))
    assert np.mean([prediction_drift(p, rng.beta(2, 5, 500)).drifted[0] for _ in range(40)]) <= .1
    t = prediction_drift(p, rng.beta(3, 5, 500))
    assert t.column[0] == 'probability' and t.drifted[0] and 'mean 0.3' in t.reason[0]
    parts = sum(monitor.measure_probabilities(x, p) for x in (rng.random(30), rng.random(50)))
    assert prediction_drift(p, parts).drifted[0] and parts['probability']['rows'] == 80 and len(histograms(p, parts)['probability']['labels']) == 10 or p['probability']['edges']
    assert not prediction_drift(profile_of(table(100, 1, 1)), rng.random(50)).drifted[0]   # a profile without predictions: nothing to say

def turned(n, sign, seed):
    z = np.random.default_rng(seed).normal(size=(n, 4))
    return pd.DataFrame({'a': z[:, 0], 'b': sign*(.9*z[:, 0]+.436*z[:, 1]), 'c': z[:, 2], 'd': z[:, 3]})

def test_the_domain_classifier_sees_what_no_column_shows():
    spec = spec_of(turned(1, 1, 0))
    for seed in range(3):
        assert not drift(turned(3000, 1, seed), turned(500, -1, 50+seed), spec).drifted.any()
        d = domain_classifier(turned(100, 1, seed), turned(500, -1, 50+seed), spec, seed)
        assert d['drifted'] and {*d['columns']} == {'a', 'b'} and d['low'] < d['auc'] < d['high'] and d['low'] > .5
        assert d == domain_classifier(turned(100, 1, seed), turned(500, -1, 50+seed), spec, seed)

def test_the_domain_classifier_takes_any_column_and_few_rows():
    df = table(60, 1, 2).assign(plan=pd.Series(['a', None, 'b']*20, dtype='str'), flag=[0., 1., np.nan]*20)
    df.iloc[0, 0], df.iloc[1, 0] = np.inf, 1e200
    spec = spec_of(df, flag={'0': 0, '1': 1})
    assert not domain_classifier(df, df, spec)['drifted'] and domain_classifier(df, df.assign(plan='b'), spec)['drifted']
    few = domain_classifier(df, df.head(5), spec)
    assert not few['drifted'] and np.isnan(few['auc']) and 'too few' in monitor.together_sentence(few)

def test_the_domain_classifier_keeps_quiet():
    "Five percent at most, without the size that counts; 60 checks leave room for chance."
    spec = spec_of(turned(1, 1, 0))
    assert sum(domain_classifier(turned(50, 1, 100+i), turned(60, 1, 200+i), spec, i, min_auc=.5)['drifted'] for i in range(60)) <= binom.ppf(.999, 60, .05)

def test_the_real_table_by_tenure_and_by_chance(telco):
    "Trained on customers of up to 24 months, asked about the others; then about random halves."
    raw = pd.read_csv(telco)
    spec = data.infer_spec(raw)
    X = data.coerce(raw, spec)
    young = X.tenure <= 24
    profile = registry.reference_profile(X[young], [], spec)
    t = drift(profile, X[~young], spec).set_index('column')
    assert t.drifted[['tenure', 'TotalCharges', 'Contract']].all() and t['shift'].idxmax() == 'tenure'
    assert not t.drifted['gender']
    alarms = 0
    for seed in range(50):
        half = np.random.default_rng(seed).permutation(len(X)) < len(X)//2
        alarms += drift(registry.reference_profile(X[half], [], spec), X[~half], spec).drifted.any()
    assert alarms == 0
