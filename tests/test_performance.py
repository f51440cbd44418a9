"""Performance: the estimate by its definition, the measurement against the metrics of step 4, weeks that are cut right, and a bet that is fair."""
import itertools, json, time
import numpy as np, pandas as pd, pytest
from churn_nb import compare, core, performance as pf
from churn_nb.core import ChurnError, DataError, RunError

def log(n=3000, seed=0, days=70, level=0., slope=1., **columns):
    rng = np.random.default_rng(seed)
    l = rng.normal(-1.3, 1.2, n)
    return pd.DataFrame(dict(time=pd.Timestamp('2026-01-05', tz='UTC')+pd.to_timedelta(np.sort(rng.random(n)*days), 'D'), customer=[f'c{i}' for i in range(n)], version='1', role='champion',
        probability=1/(1+np.exp(-l)), left=(rng.random(n) < 1/(1+np.exp(-level-slope*l))).astype(float), **columns))

# ---- estimated
def test_estimate_is_cbpe_by_definition():
    "NannyML counts, at each threshold, the expected true and false positives; the area under that curve is the estimate."
    from sklearn.metrics import auc
    p = np.random.default_rng(1).beta(1, 3, 300).round(2)
    cuts = np.r_[np.inf, np.unique(p)[::-1]]
    tpr, fpr = ([w[p >= c].sum()/w.sum() for c in cuts] for w in (p, 1-p))
    e = pf.estimate(p)
    assert e.value['auc'] == pytest.approx(auc(fpr, tpr), abs=1e-12)
    q = p.clip(1e-15, 1-1e-15)
    assert e.value[['log_loss', 'brier', 'rate']].tolist() == pytest.approx([-(q*np.log(q)+(1-q)*np.log(1-q)).mean(), (p*(1-p)).mean(), p.mean()])
    assert ((e.low <= e.value) & (e.value <= e.high)).all()

def test_estimate_of_odd_probabilities():
    assert pf.estimate([.3]*50).value['auc'] == .5
    certain = pf.estimate([0., 0., 1.])
    assert certain.value['auc'] == 1 and certain.value['rate'] == pytest.approx(1/3) and certain.high['rate'] == certain.low['rate']
    assert np.isnan(pf.estimate([0., 0.]).value['auc'])
    for wrong in ([], [np.nan], [1.2], [-.1]):
        with pytest.raises(DataError): pf.estimate(wrong)

@pytest.mark.parametrize('rate', [-4., -1.])
def test_estimate_covers_when_calibrated(rate):
    rng = np.random.default_rng(2)
    p = 1/(1+np.exp(-rng.normal(rate, 1, 2000)))
    e, inside = pf.estimate(p), []
    for _ in range(400):
        y = (rng.random(2000) < p).astype(float)
        m = pf.measure(y, p)
        inside.append([e.low[k] <= v <= e.high[k] for k, v in (('auc', m['auc']), ('log_loss', m['log_loss']), ('brier', m['brier']), ('rate', m['observed_rate']))])
    assert (np.abs(np.mean(inside, 0)-.95) < .035).all()

# ---- measured
def test_measure_is_the_metrics_of_step_4():
    d = log(500).assign(probability=lambda d: d.probability.round(1))
    m, known = pf.measure(d.left, d.probability), compare.metrics(d.left, d.probability)
    for k in ('auc', 'log_loss', 'brier', 'top_decile_lift'): assert m[k] == pytest.approx(known[k], abs=1e-12), k
    assert m['calibration'] == pytest.approx(m['predicted_rate']-m['observed_rate'])

def test_measured_intervals_cover_the_truth():
    "Weeks of 400 customers of one world; its AUC, lift and calibration are known from a large sample."
    truth = pf.measure(*log(400_000, 9)[['left', 'probability']].to_numpy().T)
    weeks = [pf.measure(*log(400, 100+s)[['left', 'probability']].to_numpy().T) for s in range(400)]
    for k in ('auc', 'log_loss', 'brier', 'top_decile_lift'): assert .92 < np.mean([w[f'{k}_low'] <= truth[k] <= w[f'{k}_high'] for w in weeks]) < .98, k
    assert .92 < np.mean([w['calibration_low'] <= 0 <= w['calibration_high'] for w in weeks]) < .98

@pytest.mark.parametrize('y,note', [([], 'no outcome is known'), ([1], 'only 1 outcome known, 30 are needed'), ([0]*40, 'all 40 stayed: there is nothing to rank'), ([1]*40, 'all 40 left: there is nothing to rank'), ([1]*4+[0]*40, 'only 4 of 44 left'), ([0]*2+[1]*40, 'only 2 of 42 stayed'), ([1]*5+[0]*40, '')])
def test_no_number_without_a_reason(y, note):
    m = pf.measure(y, np.linspace(.1, .9, len(y)))
    assert m['note'] == note and np.isnan(m['auc']) == np.isnan(m['top_decile_lift']) == bool(note)
    assert np.isnan(m['log_loss']) == (len(y) < 30)
    assert set(m) == set(pf.measure([0, 1]*30, [.2, .7]*30))

def test_certainty_is_never_taken_from_a_small_sample():
    "A perfect order of 20 and 20, and a week in which nobody left, have intervals with a width."
    m = pf.measure([1]*20+[0]*20, [.9]*20+[.1]*20)
    assert m['auc'] == 1 == m['auc_high'] and m['auc_low'] == pytest.approx(.025**(1/20))
    worst = pf.measure([0]*20+[1]*20, [.9]*20+[.1]*20)
    assert worst['auc'] == 0 == worst['auc_low'] and worst['auc_high'] == pytest.approx(1-.025**(1/20))
    m = pf.measure([0]*40, [.02]*40)
    assert m['calibration_low'] < 0 < m['calibration_high'] and m['observed_high'] > .05

# ---- weeks
def test_weeks_days_and_months():
    d = pd.DataFrame(dict(time=['2026-02-01T23:59:59.25Z', '2026-02-02', '2026-02-02T01:00:00+02:00', '2025-12-31T12:00:00Z'], customer=list('abcd'), probability=[.1, .2, .3, .4]))
    assert dict(zip(*pf.one_each(d)[['customer', 'week']].to_numpy().T)) == dict(a='2026-01-26', b='2026-02-02', c='2026-01-26', d='2025-12-29')
    assert dict(zip(*pf.one_each(d, 'D')[['customer', 'day']].to_numpy().T)) == dict(a='2026-02-01', b='2026-02-02', c='2026-02-01', d='2025-12-31')
    assert dict(zip(*pf.one_each(d, 'ME')[['customer', 'month']].to_numpy().T)) == dict(a='2026-02-01', b='2026-02-01', c='2026-02-01', d='2025-12-01')
    with pytest.raises(ChurnError, match='by='): pf.one_each(d, 'Q')
    assert list(pf.weekly(d, 'ME').columns)[0] == 'month' and pf.realised(d, 'D').predictions.tolist() == [1, 2, 1]

def test_a_customer_counts_once_with_the_last_score():
    d = log(1000, days=7)
    often = pd.concat([d.assign(time=d.time-pd.Timedelta(hours=h), probability=d.probability if h == 0 else .5) for h in (0, 1, 2)]).sample(frac=1, random_state=1)
    often = often[often.time >= '2026-01-05']
    once, many = pf.weekly(d), pf.weekly(often)
    assert many.predictions[0] == len(often) > 2900 and many.customers[0] == 1000
    pd.testing.assert_frame_equal(once.drop(columns='predictions'), many.drop(columns='predictions'))
    shadow = pf.weekly(pd.concat([d, d.assign(role='shadow', probability=.3)]))
    assert shadow.role.tolist() == ['champion', 'shadow'] and shadow.customers.tolist() == [1000, 1000] and shadow.auc.iloc[1] == .5
    assert pf.weekly(d.assign(customer=None)).customers[0] == 1000

def test_outcomes_that_are_missing():
    d = log(1000, days=14)
    part = d.assign(left=d.left.where(np.arange(1000) % 2 == 0))
    t = pf.weekly(part)
    known = part[part.left.notna() & (part.time < '2026-01-12')]
    assert t.outcomes[0] == len(known) and t.predicted_rate[0] == pytest.approx(known.probability.mean()) and t.calibration[0] == pytest.approx(t.predicted_rate[0]-t.observed_rate[0])
    none = pf.weekly(d.drop(columns='left'))
    assert none.outcomes.tolist() == [0, 0] and none.estimated_auc.notna().all() and none.predicted_rate.tolist() == pytest.approx(none.estimated_rate.tolist())
    assert list(none) == list(t) == list(pf.weekly(d.head(0)))
    keys = 'week role predictions outcomes estimated_auc estimated_low estimated_high auc auc_low auc_high log_loss brier top_decile_lift predicted_rate observed_rate calibration'
    assert set(keys.split()) <= set(t)

def test_all_problems_at_once():
    d = log(50)
    with pytest.raises(DataError) as e: pf.weekly(d.assign(time=['x']+d.time.astype(str).tolist()[1:], probability=[.1]*49+[7.], left=['Yes']+[0]*49))
    assert [p.split(':')[0] for p in e.value.problems] == ['time', 'probability', 'left'] and 'row 50' in e.value.problems[1]
    with pytest.raises(DataError) as e: pf.weekly(d[['left']])
    assert len(e.value.problems) == 3
    with pytest.raises(DataError, match='segments'): pf.by_segment(d, ['no such'])

def test_hundred_thousand_rows_in_seconds():
    d = log(100_000, days=84)
    start = time.process_time()
    assert len(pf.weekly(d)) == 12
    assert time.process_time()-start < 5

# ---- calibration
def test_calibration_needs_test_and_effect():
    many = pf.calibration_check(log(60_000, level=.12))
    assert many['p_value'] < 1e-6 and many['high'] < 0 and not many['broken']
    assert pf.calibration_check(log(60_000, level=.12), limit=.01)['broken']
    few = pf.calibration_check(log(35, 3, level=.45))
    assert abs(few['difference']) > .05 and not few['broken']
    gone = pf.calibration_check(log(2000, level=.7), reference=.27)
    assert gone['broken'] and 'more leave than said' in gone['text'] and 'At registration 27.0% left' in gone['text']
    assert not pf.calibration_check(log(100).assign(left=np.nan))['broken']

def test_calibration_line():
    d = log(20_000, 5, level=-.3, slope=.6)
    line = pf.calibration_line(d.left, d.probability)
    assert line == pytest.approx((-.3, .6), abs=.06)
    raw, mended, real = pf.estimate(d.probability), pf.estimate(pf.recalibrated(d.probability, line)), pf.measure(d.left, d.probability)
    assert raw.value['auc']-real['auc'] > .05 and abs(mended.value['auc']-real['auc']) < .015
    raw, mended = pf.weekly(d), pf.weekly(d, line=line)
    assert mended.auc.tolist() == raw.auc.tolist() and (mended.estimated_auc-mended.auc).abs().mean() < .02 < .05 < (raw.estimated_auc-raw.auc).mean()
    assert pf.loss_drift(d)[1]['crossed'] and not pf.loss_drift(d, line=line)[1]['crossed']

# ---- segments
def test_holm(): assert pf.holm([.005, .02, .03, np.nan, .5]) == pytest.approx([.02, .06, .06, np.nan, .5], nan_ok=True)

def test_segments_in_words():
    v = pf.segment_values(pd.Series([1, 5, 20, 100, 1000, 20000, np.nan]*20))
    assert list(v.cat.categories) == ['up to 5', 'over 5 to 60', 'over 60 to 1,000', 'over 1,000', '(missing)']
    assert list(pf.segment_values(pd.Series(['b']*80+['a']*60+['x']*9+['y']*9)).cat.categories) == ['b', 'a', 'other (2 levels)']
    assert list(pf.segment_values(pd.Series(['b']*80+['x']*9)).cat.categories) == ['b', 'x']
    assert list(pf.segment_values(pd.Series([True, False]*60)).cat.categories) == ['1', '0'] and pf.segment_values(pd.Series([None]*5)).tolist() == ['(missing)']*5

def test_a_bad_segment_is_found_and_a_hard_one_is_not():
    rng = np.random.default_rng(3)
    d = log(6000, 4, plan=rng.choice(list('abc'), 6000))
    bad = d.assign(left=np.where(d.plan == 'b', (rng.random(6000) < d.probability.mean()).astype(float), d.left))
    t = pf.by_segment(bad, ['plan'])
    assert t.set_index('segment').worse.to_dict() == dict(a=False, b=True, c=False)
    hard = pf.by_segment(d.assign(risk=d.probability), ['risk'])       # within a quarter of the risk nobody ranks well, and nothing is wrong
    assert hard.auc.max() < .7 and not hard.worse.any() and not hard.off.any()
    high = pf.by_segment(d.assign(left=np.where(d.plan == 'c', (rng.random(6000) < (d.probability+.15).clip(0, 1)).astype(float), d.left)), ['plan'])
    assert high.set_index('segment').off.to_dict() == dict(a=False, b=False, c=True)

def test_segments_count_each_customer_once_and_the_newest_days():
    d = log(2000, plan='x')
    old = d.assign(time=d.time-pd.Timedelta(days=100), left=1-d.left)
    assert pf.by_segment(pd.concat([d, old]), ['plan']).outcomes.tolist() == [2000]
    assert pf.by_segment(d, ['plan'], days=7).outcomes[0] < 260
    assert pf.by_segment(d, ['plan'], role='challenger').empty

# ---- concept drift
@pytest.mark.parametrize('tolerance', [0., .1])
def test_the_bet_is_fair(tolerance):
    "All outcomes of five customers on three days, weighted by their probabilities: the expected number of coins is one on each day; with a tolerance, at most one wherever the truth lies within it."
    p, days = np.array([.1, .3, .6, .02, .8]), ['2026-01-05', '2026-01-05', '2026-01-06', '2026-01-08', '2026-01-08']
    def expected(truth):
        total = 0
        for y in itertools.product((0, 1), repeat=5): total += np.prod(np.where(y, truth, 1-truth))*pf.ConceptDrift(tolerance=tolerance).update(p, y, days).evidence.to_numpy()
        return total
    if not tolerance: assert expected(p) == pytest.approx([1, 1, 1], abs=1e-9)
    l = np.log(p/(1-p))
    for off in itertools.product((-tolerance, 0, tolerance), repeat=2): assert (expected(1/(1+np.exp(-l-np.resize(off, 5)))) <= 1+1e-9).all()

def test_evidence_of_one_customer_by_hand():
    e = pf.ConceptDrift(tolerance=0).update([.5], [0], ['2026-03-01']).evidence[0]
    stay = 1-1/(1+np.exp(-pf.PLAYERS[:, 0]))      # at the centre only the level counts
    assert e == pytest.approx(.5 + .5*(stay/.5).mean())

def test_false_alarms_of_a_quiet_year():
    crossed = []
    for s in range(120):
        d = log(3650, 500+s, 365)
        bet = pf.ConceptDrift(tolerance=0); bet.update(d.probability, d.left, d.time)
        crossed.append(bet.alarm)
    assert np.mean(crossed) <= .05 + 2*np.sqrt(.05*.95/120)

@pytest.mark.parametrize('change,words', [(dict(level=.7), 'more often than said'), (dict(level=-.8), 'less often than said'), (dict(slope=.3, level=-.7), 'flatter'), (dict(slope=-.5, level=-1.6), 'wrong way round')])
def test_what_changed_in_words(change, words):
    d = pd.concat([log(4000, 1, 90), log(4000, 2, 90, **change).assign(time=lambda d: d.time+pd.Timedelta(days=90))])
    bet = pf.ConceptDrift(); curve = bet.update(d.probability, d.left, d.time)
    assert '2026-04-05' <= bet.state['crossed'] < '2026-05-10' and words in bet.state['text'], bet.state['text']
    day = curve[curve.evidence >= 20].day.iloc[0]
    assert day == bet.state['crossed'] and bet.state['highest'] == curve.evidence.max()

def test_the_bet_goes_on_from_its_state():
    d = log(4000, 3, level=.4)
    whole = pf.ConceptDrift(); curve = whole.update(d.probability, d.left, d.time)
    state, parts = None, []
    for _, part in d.groupby(d.time.dt.strftime('%Y-%m')):
        bet = pf.ConceptDrift(alpha=.9, tolerance=9, state=json.loads(json.dumps(state)) if state else None) if state else pf.ConceptDrift()
        parts.append(bet.update(part.probability, part.left, part.time)); state = bet.state
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), curve, rtol=1e-9)
    assert state['crossed'] == whole.state['crossed'] and state['alpha'] == .05
    with pytest.raises(ChurnError, match='only once'): bet.update([.2], [1], ['2026-01-01'])
    with pytest.raises(ChurnError, match='in order'): pf.ConceptDrift().update([.2, .2], [1, 0], ['2026-01-02', '2026-01-01'])
    with pytest.raises(ChurnError, match='begin anew'): pf.ConceptDrift(state=dict(coins=[1.]))
    assert not len(bet.update([], [], [])) and bet.state == state

def test_loss_drift_takes_whole_weeks_and_ripe_outcomes():
    d = log(3000, 4, 60)                                        # to 2026-03-06, a Friday
    assert pf.loss_drift(d)[1]['until'] == '2026-03-01'
    assert pf.loss_drift(d, horizon=30)[1]['until'] == '2026-02-01'
    assert pf.loss_drift(d, until='2026-03-09')[1]['outcomes'] == 3000
    often = pd.concat([d, d.assign(time=d.time+pd.Timedelta(minutes=1))])
    assert pf.loss_drift(often, until='2026-03-09')[1]['outcomes'] < 3010
    assert pf.loss_drift(d.assign(role='shadow'))[1]['outcomes'] == 0 == pf.loss_drift(d.assign(left=np.nan))[1]['outcomes']
    early = d.assign(left=d.left.where((d.left == 1) | (d.time < '2026-02-02')))      # who left is known at once, who stayed after a month
    assert pf.loss_drift(early)[1]['crossed'] and not pf.loss_drift(early, horizon=30)[1]['crossed']

# ---- against the registration
REFERENCE = {'auc': dict(value=.78, low=.75, high=.81), 'log_loss': dict(value=.47, low=.45, high=.49), 'accuracy': dict(value=.8, low=.7, high=.9)}
def weeks_of(**values):
    t = pf.weekly(log(2000, days=28))
    return t.assign(**{c: v for k, (x, half) in values.items() for c, v in ((k, x), (f'{k}_low', x-half), (f'{k}_high', x+half))})

def test_worse_than_at_registration():
    assert pf.compare_with_reference(weeks_of(auc=(.77, .03), log_loss=(.48, .02)), REFERENCE) == []
    worse = pf.compare_with_reference(weeks_of(auc=(.70, .03), log_loss=(.48, .02)), REFERENCE)
    assert [(f['level'], f['what']) for f in worse] == [('alarm', 'performance')] and worse[0]['text'].startswith('AUC of the last 4 measured weeks: 0.700, 0.080 worse than the 0.780')
    assert pf.compare_with_reference(weeks_of(auc=(.70, .30), log_loss=(.47, .02)), REFERENCE) == []                       # not clear
    small = {'auc': dict(value=.78, low=.779, high=.781)}
    assert [f['level'] for f in pf.compare_with_reference(weeks_of(auc=(.77, .002)), small)] == ['warning']              # clear and small
    assert [f['level'] for f in pf.compare_with_reference(weeks_of(auc=(.77, .002)), small, margins={'auc': .005})] == ['alarm']
    assert [f['text'][:8] for f in pf.compare_with_reference(weeks_of(auc=(.78, .03), log_loss=(.6, .02)), REFERENCE)] == ['log loss']
    assert pf.compare_with_reference(weeks_of(auc=(.70, .03)), {}) == [] == pf.compare_with_reference(weeks_of(auc=(.70, .03)), REFERENCE, role='challenger')
    assert pf.compare_with_reference(pf.weekly(log(10).head(0)), REFERENCE) == []

def test_better_is_no_finding():
    assert pf.compare_with_reference(weeks_of(auc=(.95, .01), log_loss=(.2, .01)), REFERENCE) == []

# ---- a run, a picture
def test_a_run(tmp_path):
    r = core.RunDir.create(core.load_settings(), tmp_path)
    with pytest.raises(RunError, match='06_evaluate'): pf.run(r.path)
    d = log(1000)
    pd.DataFrame(dict(id=d.customer, churned=d.left.astype(int), probability=d.probability)).to_parquet(r.artifact('06_evaluate', 'predictions.parquet'))
    result, again = pf.run(r.path), pf.run(r.path)
    t = pd.read_csv(r.need('10a_performance', 'performance.csv'))
    assert len(t) == 8 and t.outcomes.tolist() == [125]*8 and t.auc.tolist() == pytest.approx(result.table.auc.tolist()) and result.table.equals(again.table)
    assert r.need('10a_performance', 'performance.png').read_bytes()[:4] == b'\x89PNG' and 'invented weeks' in result.sentence
    assert 'c17' not in t.to_csv() and '10a_performance' not in core.STEPS

def test_pictures_of_sparse_tables():
    d = log(300)
    for t in (pf.weekly(d.drop(columns='left')), pf.weekly(d.head(40)), pf.weekly(d.assign(left=0.), 'D'), pf.weekly(d, 'ME')): assert len(pf.plot_performance(t).axes) == 2
    with pytest.raises(ChurnError, match='challenger'): pf.plot_performance(pf.weekly(d), 'challenger')

def test_the_estimate_on_a_real_table(telco):
    "Telco, logistic regression: the estimate is near, and no alarm."
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    raw = pd.read_csv(telco)
    y = (raw.Churn == 'Yes').astype(int)
    X = pd.get_dummies(raw.drop(columns=['Churn', 'customerID']).assign(TotalCharges=pd.to_numeric(raw.TotalCharges, errors='coerce').fillna(0)), dtype=float)
    rows = np.random.default_rng(0).permutation(len(X)); train, test = rows[:3500], rows[3500:]
    p = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X.iloc[train], y.iloc[train]).predict_proba(X.iloc[test])[:, 1]
    d = pf.as_weeks(p, y.iloc[test])
    assert abs(pf.estimate(p).value['auc']-pf.measure(y.iloc[test], p)['auc']) < .03
    assert pf.loss_drift(d)[1]['crossed'] is None and not pf.calibration_check(d)['broken']
