"Step 06: the fast metrics are the slow ones, and the step says what is true on real tables."
import json, time
import numpy as np, pandas as pd, pytest
from churn_nb import evaluate as ev
from churn_nb.compare import make_model, metrics, top_decile_lift
from conftest import real_table
from churn_nb.core import RunDir, load_settings
from churn_nb.data import coerce, make_customers, synthetic_spec

PICTURES = ('confusion', 'roc', 'precision_recall', 'calibration', 'gains', 'importances', 'evaluation')

def sample(n=300, seed=0, digits=1, rate=.3):
    rng = np.random.default_rng(seed)
    p = rng.random(n).round(digits)
    return (rng.random(n) < rate*.5+p*rate).astype(int), p

@pytest.mark.parametrize('digits', [1, 2, 8])
@pytest.mark.parametrize('threshold', [.05, .5, .99])
@pytest.mark.parametrize('n', [10, 61, 300])
def test_every_resample_equals_the_metrics_of_step_04(n, digits, threshold):
    y, p = sample(n, n, digits)
    counts = ev.bootstrap_counts(n, 20, seed=1)
    fast = pd.DataFrame(ev.resampled_metrics(y, p, counts, threshold))
    for i in range(20):
        drawn = np.repeat(np.arange(n), counts[i])
        if len(set(y[drawn])) < 2: continue
        slow = metrics(y[drawn], p[drawn], threshold)
        assert set(slow) == set(fast)
        for m in slow: assert fast.loc[i, m] == pytest.approx(slow[m], abs=1e-12), m

def test_intervals_give_the_exact_point_values_and_the_same_numbers_again():
    y, p = sample(1000)
    table = ev.intervals(y, p, .4, resamples=100)
    for m, v in metrics(y, p, .4).items(): assert table.loc[m, 'value'] == pytest.approx(v, abs=1e-12)
    pd.testing.assert_frame_equal(table, ev.intervals(y, p, .4, resamples=100))
    wide = ev.intervals(y, p, .4, resamples=100, confidence=.99)
    assert (wide['high']-wide['low'] >= table['high']-table['low']).all()

def test_probabilities_of_0_and_1_and_a_constant_model():
    y = np.array([0, 1]*20)
    for p in (y.astype(float), 1.-y, np.full(40, .5)):
        table, slow = ev.intervals(y, p, resamples=60), metrics(y, p)
        for m in slow: assert table.loc[m, 'value'] == pytest.approx(slow[m], abs=1e-9), m
    assert 'as many as calling at random' in ev.manager_sentence(y, np.full(40, .5))

def test_one_class_only_gives_no_auc_and_no_crash():
    table = ev.intervals(np.zeros(30, int), np.linspace(0, 1, 30), resamples=50)
    assert np.isnan(table.loc['auc', 'value']) and table.loc['accuracy', 'value'] == pytest.approx(.5)

def test_a_resample_without_churners_is_left_out_of_the_interval():
    y = np.r_[1, np.zeros(11, int)]
    table = ev.intervals(y, np.linspace(.9, .1, 12), resamples=200)
    assert table.loc['auc', ['low', 'high']].notna().all()

def test_blocks_do_not_change_the_size_of_the_intervals_and_memory_stays_small():
    import tracemalloc
    y, p = sample(20_000, digits=8)
    tracemalloc.start()
    table = ev.intervals(y, p, resamples=300)
    assert tracemalloc.get_traced_memory()[1] < 400e6
    tracemalloc.stop()
    assert (table['low'] <= table['value']).all() and (table['value'] <= table['high']).all()

def test_500_resamples_of_1000_customers_take_little_processor_time():
    y, p = sample(1000, digits=8)
    start = time.process_time()
    ev.intervals(y, p, resamples=500)
    assert time.process_time()-start < 3

def test_order_of_rows_does_not_matter():
    y, p = sample(500)
    o = np.random.default_rng(3).permutation(500)
    assert ev.manager_sentence(y, p) == ev.manager_sentence(y[o], p[o])
    assert ev.reached(ev.gains_table(y, p), .1)/.1 == pytest.approx(top_decile_lift(y, p))
    pd.testing.assert_frame_equal(ev.calibration_table(y, p), ev.calibration_table(y[o], p[o]))

def test_threshold_table_holds_the_threshold_in_use_and_agrees_with_metrics():
    y, p = sample(400)
    table = ev.threshold_table(y, p, .35).set_index('threshold')
    assert .35 in table.index
    for t in table.index:
        m = metrics(y, p, t)
        assert table.loc[t, ['precision', 'recall', 'f1']].tolist() == pytest.approx([m['precision'], m['recall'], m['f1']])

def test_report_is_scikit_learns():
    from sklearn.metrics import classification_report
    y, p = sample(400)
    theirs = classification_report(y, p >= .5, output_dict=True, zero_division=0)
    ours = ev.report_table(y, p)
    assert ours.loc['left'].tolist() == pytest.approx([theirs['1'][k] for k in ('precision', 'recall', 'f1-score', 'support')])
    assert ours.loc['weighted mean', 'f1'] == pytest.approx(theirs['weighted avg']['f1-score'])

def test_calibration_counts_everyone_once_even_when_all_share_one_probability():
    y, _ = sample(200)
    table = ev.calibration_table(y, np.full(200, .3))
    assert table['customers'].tolist() == [200] and table.loc[0, 'low'] < y.mean() < table.loc[0, 'high']

@pytest.fixture(scope='module')
def customers():
    spec, settings = synthetic_spec(), load_settings()
    frame = coerce(make_customers(500, 3), spec)
    return spec, settings, frame[spec.features], frame[spec.target]

@pytest.mark.parametrize('name', ['logistic_regression', 'random_forest', 'gradient_boosting', 'xgboost', 'lightgbm', 'voting'])
def test_importances_have_real_names_for_every_model(customers, name):
    from churn_nb.features import domain_names
    spec, settings, X, y = customers
    small = {'random_forest': {'n_estimators': 20}, 'xgboost': {'n_estimators': 30}, 'lightgbm': {'n_estimators': 30}, 'gradient_boosting': {'max_iter': 30}}
    table, what = ev.importances(make_model(name, spec, settings, **small.get(name, {})).fit(X, y), X, y, spec)
    assert table['feature'].is_unique and table['importance'].is_monotonic_decreasing
    assert set(table['feature']) <= {*spec.features, *domain_names(spec)[0].values()}
    assert 'contract_type' in table['feature'][:3].tolist()
    if what.startswith('share'): assert table['importance'].sum() == pytest.approx(1)
    else: assert 'AUC' in what

def test_long_names_and_many_columns_fit_on_the_axis():
    from churn_nb.core import new_figure, plot_style
    table = pd.DataFrame({'feature': [f'a very long column name of the customer table, number {i:02}' for i in range(60)], 'importance': np.linspace(1, 0, 60)})
    with plot_style():
        fig = new_figure(6, 4)
        ax = fig.subplots()
        ev.draw_importances(ax, table, 'share of gain')
    fig.canvas.draw()
    labels = [t.get_text() for t in ax.get_yticklabels()]
    assert len(labels) == 12 and max(map(len, labels)) <= 32 and len(set(labels)) == 12
    assert ax.get_tightbbox().x0 >= 0 and '48 more' in ax.get_xlabel()

def fitted_run(tmp_path, model='logistic_regression', **settings):
    "A run whose steps 01 and 05 are done, with an untuned model."
    import joblib
    from churn_nb import data
    r = RunDir.create(load_settings(overrides={'evaluate.bootstrap': 60, 'data.rows': 600, **settings}), out=tmp_path)
    data.run(str(r.path))
    d = data.load_run(r)
    joblib.dump(make_model(model, d.spec, r.settings).fit(d.X(), d.y()), r.artifact('05_tune', 'pipeline.joblib'))
    return r, d

def check_artefacts(r, d):
    folder = r.path/'artifacts/06_evaluate'
    for name in PICTURES: assert (folder/f'{name}.png').read_bytes()[:4] == b'\x89PNG', name
    found = json.loads((folder/'metrics.json').read_text())
    p = pd.read_parquet(folder/'predictions.parquet')
    assert list(p.columns) == ['id', 'churned', 'probability'] and p.index.equals(d.test.index)
    for m, v in metrics(p['churned'], p['probability'], r.settings.evaluate.threshold).items():
        assert found[m]['value'] == pytest.approx(v, abs=1e-9) and set(found[m]) == {'value', 'low', 'high'}
    assert list(pd.read_csv(folder/'importances.csv').columns) == ['feature', 'importance']
    assert {'left', 'stayed'} <= set(pd.read_csv(folder/'report.csv')['class'])
    return json.loads((folder/'evaluation.json').read_text())

def test_step_on_synthetic_customers_knows_the_ceiling(tmp_path):
    r, d = fitted_run(tmp_path)
    result = ev.run(str(r.path))
    e = check_artefacts(r, d)
    assert .6 < e['best_possible_auc'] < .85 and e['sentence'].startswith('Calling the 10 % of customers')
    again = ev.run(str(r.path))
    pd.testing.assert_frame_equal(result.metrics, again.metrics)
    assert 'anyone could reach' in result._repr_html_()

@pytest.mark.parametrize('file, target, least', [('Telco-Customer-Churn.csv', 'Churn', .83), ('mlc_churn.csv', 'churn', .80)])
def test_step_on_real_tables(tmp_path, file, target, least):
    path = real_table(file)
    r, d = fitted_run(tmp_path, **{'data.source': str(path), 'data.target': target})
    result = ev.run(str(r.path))
    assert check_artefacts(r, d)['best_possible_auc'] is None
    assert result.metrics.loc['auc', 'value'] > least and 'anyone could reach' not in result._repr_html_()
