"Step 02 on tables that its notebook does not show: real ones, degenerate ones, wide ones."
import json, re, time
from html.parser import HTMLParser
import numpy as np, pandas as pd, pytest
from churn_nb import data, eda
from conftest import real_table
from churn_nb.core import load_settings, read_json, RunDir, write_json
from churn_nb.data import Loaded, TableSpec


def split(table, spec, share=.8):
    train = table.sample(frac=share, random_state=1).sort_index()
    return Loaded(spec, train, table.drop(train.index))

def look(table, spec, raw=None, top=10):
    "Report and figure of a canonical table; draws, renders and serialises everything."
    loaded = split(table, spec)
    report = eda.make_report(loaded, raw, top)
    figure = eda.plot_table(loaded, report, top)
    figure.set_dpi(30); figure.canvas.draw()
    HTMLParser().feed(report._repr_html_())
    json.dumps(eda.to_plain(report.to_dict()), allow_nan=False)
    assert str(report) and len(report.findings) >= 1
    for f in report.findings: assert 'nan' not in f.lower().split() and len(f) < 400, f
    return report, figure

def titles(figure): return [ax.get_title('left') for ax in figure.axes]

def telco():
    path = real_table('Telco-Customer-Churn.csv')
    raw, yn = pd.read_csv(path), {'No': 0, 'Yes': 1}
    spec = TableSpec(target='Churn', positive='Yes', negative='No', id='customerID', numeric=['tenure', 'MonthlyCharges', 'TotalCharges'],
        binary={**{c: yn for c in ('Partner', 'Dependents', 'PhoneService', 'PaperlessBilling')}, 'SeniorCitizen': {'0': 0, '1': 1}, 'gender': {'Female': 0, 'Male': 1}},
        roles=dict(tenure='tenure', monthly_charge='MonthlyCharges', total_charge='TotalCharges'))
    return raw, spec

def mlc():
    path = real_table('mlc_churn.csv')
    raw, yn = pd.read_csv(path), {'no': 0, 'yes': 1}
    spec = TableSpec(target='churn', positive='yes', negative='no', binary={'international_plan': yn, 'voice_mail_plan': yn}, roles=dict(tickets='number_customer_service_calls'))
    return raw, spec

def canonical(raw, spec):
    "What step 01 makes of a table, done here by hand."
    texts = [c for c in raw if pd.api.types.is_string_dtype(raw[c]) and c not in (*spec.numeric, *spec.binary, spec.id, spec.target)]
    spec.categorical = spec.categorical or texts
    spec.numeric = spec.numeric or [c for c in raw if pd.api.types.is_numeric_dtype(raw[c]) and c not in (*spec.binary, spec.target)]
    out = {spec.id: raw[spec.id]} if spec.id else {}
    for c in spec.numeric: out[c] = pd.to_numeric(raw[c], errors='coerce').astype(float)
    for c, m in spec.binary.items(): out[c] = raw[c].astype('str').map(m).astype(float)
    for c in spec.categorical: out[c] = raw[c].astype('str')
    return pd.DataFrame({**out, spec.target: (raw[spec.target] == spec.positive).astype(int)})

# ---- real tables

def test_telco_says_what_is_known_about_it():
    raw, spec = telco()
    report, figure = look(canonical(raw, spec), spec, raw)
    text = '\n'.join(report.findings)
    for words in ('1,869 of 7,043 customers left (26.5 %)', '11 blanks in TotalCharges (0.2 %), all of customers whose tenure is 0', '22 rows are duplicates of an earlier one once customerID is set aside',
                  'stands in 6 columns, always in the same 1,526 rows', 'Contract = Month-to-month leave', 'tenure and TotalCharges move together (r = .8'):
        assert words in text, words
    assert report.duplicates == dict(rows=0, rows_without_id=22, ids=0)
    assert report.columns.set_index('column').blank['TotalCharges'] == 11
    assert eda.choose_panels(report.telling, spec) == [('spread', 'tenure'), ('spread', 'MonthlyCharges'), ('rate', 'Contract'), ('rate', 'TotalCharges')]
    assert titles(figure)[3].startswith('Month-to-month: 4') and 'tenure' in titles(figure)[1]

def test_mlc_columns_that_say_the_same_and_no_chance_findings():
    raw, spec = mlc()
    report, figure = look(canonical(raw, spec), spec, raw)
    text = '\n'.join(report.findings)
    assert 'total_day_minutes and total_day_charge say the same (r = 1.00)' in text
    assert 'international_plan = yes leave' in text
    assert 'state = ' not in text  # one of 51 states looks bad by chance
    assert report.duplicates['rows'] == report.duplicates['rows_without_id']
    assert 'number_customer_service' in titles(figure)[4]

# ---- the step

def test_step_reads_raw_when_it_is_there_and_does_without(tmp_path):
    r = data.demo(data__rows=300)
    (r.path/'artifacts'/'01_data'/'raw.parquet').unlink(missing_ok=True)
    without = eda.run(r.path).report
    raw = data.make_customers(300, seed=r.settings.run.seed)
    raw['remarks'] = ['  ' if i % 3 else 'x' for i in range(300)]
    raw.to_parquet(r.artifact('01_data', 'raw.parquet'))
    spec = read_json(r.path/'artifacts'/'01_data'/'spec.json'); spec['ignored'] = {'remarks': 'free text'}
    write_json(r.path/'artifacts'/'01_data'/'spec.json', spec)
    report = eda.run(r.path).report
    row = report.columns.set_index('column').loc['remarks']
    assert (row.kind, row.blank) == ('ignored', 200) and 'remarks' not in without.columns.column.tolist()
    saved = read_json(r.path/'artifacts'/'02_eda'/'report.json')
    assert saved['findings'] == report.findings and saved['columns'] == 13 and saved['rows'] == 300
    assert (r.path/'artifacts'/'02_eda'/'report.txt').read_text(encoding='utf-8').strip() == str(report).strip()
    assert (r.path/'artifacts'/'02_eda'/'eda.png').read_bytes()[:4] == b'\x89PNG'

def test_two_runs_leave_the_same_bytes():
    a, b = (eda.demo(data__rows=200) for _ in range(2))
    for name in ('report.json', 'report.txt', 'eda.png'):
        assert (a.path/'artifacts'/'02_eda'/name).read_bytes() == (b.path/'artifacts'/'02_eda'/name).read_bytes(), name

def test_the_test_part_is_not_looked_at():
    "Flipping every label of the test part changes the class counts and nothing that relates columns to the target."
    raw, spec = data.make_customers(600), data.synthetic_spec()
    loaded = split(data.coerce(raw, spec), spec)
    flipped = Loaded(spec, loaded.train, loaded.test.assign(churned=1-loaded.test.churned, tenure_months=loaded.test.tenure_months+500))
    a, b = eda.make_report(loaded), eda.make_report(flipped)
    pd.testing.assert_frame_equal(a.telling, b.telling); pd.testing.assert_frame_equal(a.correlations, b.correlations)
    assert a.findings[1:] == b.findings[1:] and a.findings[0] != b.findings[0]
    a, b = eda.plot_table(loaded, a), eda.plot_table(flipped, b)
    assert titles(a) == titles(b)
    a.set_dpi(30); b.set_dpi(30); a.canvas.draw(); b.canvas.draw()
    assert (np.asarray(a.canvas.buffer_rgba()) == np.asarray(b.canvas.buffer_rgba())).all()

def test_values_that_step_01_could_not_use_are_named():
    rng, t = simple()
    t['x'] = rng.normal(size=400); raw = t.assign(x=t.x.astype('str'))
    raw.loc[[3, 9], 'x'] = '?'; t.loc[[3, 9], 'x'] = np.nan
    report, _ = look(t, TableSpec(target='left', numeric=['x']), raw)
    assert '2 values of x could not be used, such as “?”.' in report.findings

# ---- degenerate tables

def simple(n=400, seed=0, rate=.3):
    rng = np.random.default_rng(seed)
    return rng, pd.DataFrame(dict(left=(rng.random(n) < rate).astype(int)))

def test_no_feature_at_all():
    _, t = simple()
    report, figure = look(t, TableSpec(target='left'))
    assert [p[0] for p in eda.choose_panels(report.telling, TableSpec(target='left'))] == ['empty']*4

def test_numbers_only_and_one_number_only():
    rng, t = simple()
    for c in 'abc': t[c] = rng.normal(size=400)
    look(t, TableSpec(target='left', numeric=list('abc')))
    report, _ = look(t[['left', 'a']], TableSpec(target='left', numeric=['a']))
    assert eda.choose_panels(report.telling, TableSpec(target='left', numeric=['a'])) == [('spread', 'a'), ('empty', ''), ('rate', 'a'), ('empty', '')]

def test_categories_only_are_compared_with_each_other():
    rng, t = simple()
    t['plan'] = np.where(t.left == 1, rng.choice(['a', 'b'], 400), rng.choice(['b', 'c'], 400)); t['place'] = rng.choice(list('xyz'), 400)
    spec = TableSpec(target='left', categorical=['plan', 'place'])
    report, figure = look(t, spec)
    assert report.measure == 'V' and report.correlations.shape == (3, 3)
    assert any('plan = ' in f for f in report.findings)

def test_constant_and_empty_columns():
    rng, t = simple()
    t['x'], t['same'], t['none'] = rng.normal(size=400), 7., np.nan
    t['one'], t['nothing'], t['flag'] = 'north', pd.Series([np.nan]*400, dtype='str'), 1.
    spec = TableSpec(target='left', numeric=['x', 'same', 'none'], categorical=['one', 'nothing'], binary={'flag': {'no': 0, 'yes': 1}})
    report, _ = look(t, spec)
    text = '\n'.join(report.findings)
    assert 'none is empty in every row' in text and 'nothing is empty in every row' in text
    assert 'same holds the same value' in text and 'one holds the same value (north)' in text
    assert sorted(report.telling[~report.telling.varies].column) == ['flag', 'none', 'nothing', 'one', 'same']
    assert ('spread', 'same') not in eda.choose_panels(report.telling, spec)

def test_roles_of_unusable_columns_are_passed_over():
    rng, t = simple()
    t['tenure'], t['x'], t['y'] = 5., rng.normal(size=400), rng.normal(size=400)
    spec = TableSpec(target='left', numeric=['tenure', 'x', 'y'], roles=dict(tenure='tenure', tickets='gone'))
    report, _ = look(t, spec)
    assert 'tenure' not in [c for _, c in eda.choose_panels(report.telling, spec)]

def test_seven_hundred_levels_and_long_names():
    rng, t = simple(4000)
    t['city'] = [f'City of the very long and winding name number {i}' for i in rng.integers(0, 700, 4000)]
    name = 'a column with a name that nobody would ever want to type in full'
    t[name] = rng.choice(['a level that goes on and on until the page ends', 'b'*80], 4000)
    report, figure = look(t, TableSpec(target='left', categorical=['city', name]))
    levels = t.city.nunique()
    assert (report.categories.column == 'city').sum() == 11 and f'other ({levels-10} levels)' in report.categories.level.tolist()
    assert any(f.startswith(f'city has {levels} levels') for f in report.findings)
    assert not any('city =' in f for f in report.findings)
    for ax in figure.axes:
        assert len(ax.get_title('left')) <= 62, ax.get_title('left')
        for tick in [*ax.get_xticklabels(), *ax.get_yticklabels()]: assert len(tick.get_text()) <= 48, tick.get_text()

def test_sixty_columns():
    rng, t = simple(1000)
    for i in range(50): t[f'number_{i:02d}'] = rng.normal(size=1000) + .02*i*t.left
    for i in range(10): t[f'group_{i}'] = rng.choice(list('abcd'), 1000)
    numbers, groups = [c for c in t if c.startswith('n')], [c for c in t if c.startswith('g')]
    report, figure = look(t, TableSpec(target='left', numeric=numbers, categorical=groups))
    labels = [tick.get_text() for tick in figure.axes[5].get_yticklabels()]
    assert len(labels) == 12 and 'number_49' in labels and 'number_01' not in labels
    assert len(report.findings) < 20

def test_rare_class():
    rng, t = simple(1000, rate=0)
    t.loc[:9, 'left'] = 1
    t['x'], t['g'] = rng.normal(size=1000), rng.choice(list('ab'), 1000)
    report, _ = look(t, TableSpec(target='left', numeric=['x'], categorical=['g']))
    assert 'accuracy says nothing' in report.findings[0] and '1.0 %' in report.findings[0]
    t['left'] = 0
    look(t, TableSpec(target='left', numeric=['x'], categorical=['g']))  # step 01 refuses it; drawing it must not crash

def test_long_tails_zeros_and_infinities():
    rng, t = simple(2000)
    t['money'] = rng.lognormal(3, 2, 2000); t['mostly_zero'] = np.where(rng.random(2000) < .985, 0, rng.integers(1, 10000, 2000)).astype(float)
    t['count'] = rng.poisson(1, 2000).astype(float); t.loc[:2, 'count'] = [900, 5000, 100000]
    t['infinite'] = rng.normal(size=2000); t.loc[:3, 'infinite'] = [np.inf, -np.inf, np.nan, 1e300]
    t['tiny'] = rng.normal(size=2000)*1e-12; t['huge'] = rng.normal(size=2000)*1e15
    spec = TableSpec(target='left', numeric=['money', 'mostly_zero', 'count', 'infinite', 'tiny', 'huge'], roles=dict(tenure='money', monthly_charge='mostly_zero', tickets='count'))
    report, figure = look(t, spec)
    assert list(eda.group_numbers(t['count']).cat.categories)[:3] == ['0', '1', '2'] and len(eda.group_numbers(t['count']).cat.categories) <= 7
    for c in ('infinite', 'tiny', 'huge'): look(t, TableSpec(target='left', numeric=[c], roles=dict(tenure=c)))

def test_dates_are_shown_as_dates():
    rng, t = simple()
    t['joined'] = (19000 + rng.integers(0, 900, 400) - 400*t.left).astype(float)
    raw = t.assign(joined=pd.to_datetime(t.joined, unit='D'))
    spec = TableSpec(target='left', date=['joined'])
    report, figure = look(t, spec, raw)
    assert any('joined is earlier for those who left: median 20' in f for f in report.findings), report.findings
    assert '2022-' in str(report) and '19,' not in str(report).split('Numbers')[1]
    assert all(re.fullmatch(r'\d{4}-\d\d(–\d{4}-\d\d)?', tick.get_text().strip()) for tick in figure.axes[3].get_xticklabels())
    t['joined'] = np.where(np.arange(400) % 3, t.joined, np.nan); t.loc[:1, 'joined'] = [-60000, 60000]
    look(t, spec)

def test_a_column_written_down_afterwards_is_announced():
    rng, t = simple()
    t['cancellations'] = t.left + rng.normal(size=400)*.05
    report, _ = look(t, TableSpec(target='left', numeric=['cancellations']))
    assert any('nearly decides who leaves' in f for f in report.findings)

def test_noise_is_not_announced():
    rng, t = simple(2000)
    for i in range(5): t[f'x{i}'] = rng.normal(size=2000)
    for i in range(5): t[f'g{i}'] = rng.choice(list('abcdefgh'), 2000)
    report, figure = look(t, TableSpec(target='left', numeric=[f'x{i}' for i in range(5)], categorical=[f'g{i}' for i in range(5)]))
    assert len(report.findings) == 2 and 'No column by itself tells much' in report.findings[1]
    assert 'no group stands out' in titles(figure)[3]

@pytest.mark.filterwarnings('ignore:Glyph')
def test_names_that_look_like_markup():
    rng, t = simple()
    t['cost in $'], t['<b>bold</b>'], t['a_{b}^2 $x$'] = rng.normal(size=400), rng.choice(['<script>alert(1)</script>', '$\\frac{', '100 %'], 400), rng.choice(['', '  ', '\n', 'é漢'], 400)
    report, figure = look(t, TableSpec(target='left', positive='<1>', negative='$0$', numeric=['cost in $'], categorical=['<b>bold</b>', 'a_{b}^2 $x$']))
    page = report._repr_html_()
    assert '<script' not in page and '<b>bold' not in page and 'http' not in page

def test_values_that_cannot_be_counted_and_row_numbers_that_do_not_match():
    rng, t = simple()
    t['x'] = rng.normal(size=400)
    raw = t.assign(tags=[['a', 'b']]*400, when=pd.Timestamp('2024-01-01'), ok=True)
    raw = pd.concat([raw, raw.iloc[:5]], ignore_index=True)  # step 01 left rows out
    report, _ = look(t, TableSpec(target='left', numeric=['x'], ignored={'tags': 'lists'}), raw)
    assert report.rows == 405 and report.duplicates['rows'] == 5

def test_few_rows():
    t = pd.DataFrame(dict(left=[0, 1, 0, 1, 0], x=[1., 2, 3, np.nan, 5], g=list('abcab')))
    look(t, TableSpec(target='left', numeric=['x'], categorical=['g']))

# ---- the measures

def test_wilson_agrees_with_published_values():
    low, high = eda.wilson([81, 15, 0], [263, 148, 20])  # Newcombe 1998, table I, method 3
    assert low.round(4).tolist() == [.2553, .0624, 0.] and high.round(4).tolist() == [.3662, .1605, .1611]
    assert [float(v) for v in eda.wilson(0, 0)] == [0, 1]

def test_auc_agrees_with_scikit_learn():
    from sklearn.metrics import roc_auc_score
    rng = np.random.default_rng(3)
    x, y = rng.poisson(2, 500), rng.integers(0, 2, 500)
    assert abs(eda.column_auc(pd.Series(x), pd.Series(y)) - roc_auc_score(y, x)) < 1e-12

def test_cramers_v_agrees_with_scipy_before_the_correction():
    from scipy.stats.contingency import association
    rng = np.random.default_rng(3)
    a = rng.integers(0, 3, 100000); b = np.where(rng.random(100000) < .3, a, rng.integers(0, 3, 100000))
    assert abs(eda.cramers_v(a, b) - association(pd.crosstab(a, b).to_numpy())) < 1e-3

@pytest.mark.parametrize('values', [[.1+.2, .3], [1.8446744073709552e19, 1.8446744073709550e19], [123456789012345680., 123456789012345690.]])
def test_numbers_that_differ_in_the_last_bits(values):
    v = np.resize(values, 200)
    assert eda._spark(v)[0] == '█' and len(eda._spark(v)) == 12
    edges, _ = eda._bin_edges(v)
    assert (np.diff(edges) > 0).all() and np.histogram(v, edges)[0].sum() == 200

def test_the_last_day_of_the_calendar(tmp_path):
    from churn_nb.core import new_figure, save_figure
    x, y = pd.Series([2932896.]*90 + [20500.+i for i in range(110)]), pd.Series([0]*90+[1]*110)
    fig = new_figure(6, 4)
    eda._panel_spread(fig.subplots(), x, y, 'contract_end', .2, True)
    assert save_figure(fig, tmp_path/'x.png').stat().st_size > 5000
