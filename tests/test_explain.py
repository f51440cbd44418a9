"Step 07: every model is explained on the user's own columns, and the sums are right."
import json, re
import numpy as np, pandas as pd, pytest
from churn_nb import explain as ex
from churn_nb.compare import MEMBERS, make_model
from conftest import real_table
from churn_nb.core import ChurnError, RunDir, load_settings
from churn_nb.data import TableSpec, coerce, make_customers, synthetic_spec
from churn_nb.features import domain_names, make_preprocessor

SMALL = {'random_forest': {'n_estimators': 20}, 'xgboost': {'n_estimators': 30}, 'lightgbm': {'n_estimators': 30}, 'gradient_boosting': {'max_iter': 30}}

@pytest.fixture(scope='module')
def customers():
    spec = synthetic_spec()
    frame = coerce(make_customers(400, 3), spec)
    frame.loc[frame.index[::9], ['total_charges', 'monthly_charges']] = np.nan
    frame.loc[frame.index[::11], 'contract_type'] = np.nan
    return spec, frame[spec.features], frame[spec.target]

def small_ensemble(name, spec):
    "Voting or stacking of small members."
    from sklearn.base import clone
    settings = load_settings()
    model = make_model(name, spec, settings)
    model.estimators = [(m, make_model(m, spec, settings, **SMALL.get(m, {}))) for m in MEMBERS]
    return clone(model)

@pytest.fixture(scope='module')
def models(customers):
    from churn_nb.tune import EarlyStoppedBooster
    from lightgbm import LGBMClassifier
    from xgboost import XGBClassifier
    from sklearn.pipeline import Pipeline
    spec, X, y = customers
    s = load_settings()
    made = {m: make_model(m, spec, s, **SMALL.get(m, {})) for m in MEMBERS} | {m: small_ensemble(m, spec) for m in ('voting', 'stacking')}
    made['stacking'].set_params(cv=3)
    booster = dict(lightgbm_mean=LGBMClassifier(num_leaves=6, n_jobs=1, verbose=-1), xgboost_mean=XGBClassifier(max_depth=3, n_jobs=1))
    for name, b in booster.items(): made[name] = Pipeline([('features', make_preprocessor(spec, s, 'tree')), ('model', EarlyStoppedBooster(b, folds=3, rounds=5, max_trees=40))])
    return {name: m.fit(X, y) for name, m in made.items()}

ALL = [*MEMBERS, 'voting', 'stacking', 'lightgbm_mean', 'xgboost_mean']

@pytest.mark.parametrize('name', ALL)
def test_sums_names_and_words_for_every_model(customers, models, name):
    spec, X, y = customers
    e = ex.explain(models[name], X[:30], X[100:160], spec)
    np.testing.assert_allclose(e.base + e.values.sum(1), models[name].predict_proba(X[:30])[:, 1], atol=1e-4)
    assert 'sampled' not in e.method and e.unit == 'probability' and 0 < e.base < 1
    assert set(e.columns) <= {*spec.features, *domain_names(spec)[0].values()} and len(set(e.columns)) == len(e.columns)
    assert not any(re.fullmatch(r'f\d+|feature_?\d+|x\d+', c) or '=' in c for c in e.columns)
    assert list(e.data.columns) == e.columns and e.data['tenure_months'].equals(X['tenure_months'][:30])
    for i in (0, 11, 29):
        for r in ex.reasons(e, i, 3): assert re.fullmatch(r'\S.* is .+ \((raises|lowers) the risk by [\d.]+ points?\)', r), r
    assert any('contract_type is missing' in r for r in ex.reasons(e, 0, 99)) or abs(e.values[0, e.columns.index('contract_type')]) < .0005

@pytest.mark.parametrize('name', ALL)
def test_one_customer_alone_gets_the_same_explanation(customers, models, name):
    spec, X, _ = customers
    many, one = ex.explain(models[name], X[:10], X[100:140], spec), ex.explain(models[name], X[4:5], X[100:140], spec)
    order = [many.columns.index(c) for c in one.columns]
    np.testing.assert_allclose(one.values[0], many.values[4, order], atol=1e-6)

def test_contract_leads_and_points_the_right_way(customers, models):
    spec, X, _ = customers
    for name in ('logistic_regression', 'lightgbm', 'stacking'):
        e = ex.explain(models[name], X[:100], X[100:200], spec)
        assert 'contract_type' in e.importance()['column'][:3].tolist()
        share = pd.Series(e.values[:, e.columns.index('contract_type')])
        by = share.groupby(X['contract_type'][:100].to_numpy()).mean()
        assert by['Month-to-Month'] > 0 > by['Two Year']

def test_sampling_agrees_with_the_exact_way_and_its_sums_are_exact(customers, models):
    spec, X, _ = customers
    model = models['logistic_regression']
    predict = lambda f: model.predict_proba(f)[:, 1]
    values, base = ex.sampled_shap(predict, X[:12], X[100:150], budget=20_000)
    np.testing.assert_allclose(base + values.sum(1), predict(X[:12]), atol=1e-9)
    e = ex.explain(model, X[:12], X[100:150], spec)
    i, j = list(X).index('contract_type'), e.columns.index('contract_type')
    assert np.corrcoef(values[:, i], e.values[:, j])[0, 1] > .95
    again, _ = ex.sampled_shap(predict, X[:12], X[100:150], budget=20_000)
    np.testing.assert_array_equal(values, again)

def test_sampling_equals_shaps_exact_explainer_on_a_curved_function():
    import shap
    rng = np.random.default_rng(0)
    A, B = (pd.DataFrame(rng.normal(size=(k, 4)), columns=list('abcd')) for k in (6, 12))
    f = lambda v: 1/(1+np.exp(-(v[:, 0]*v[:, 1] + v[:, 2] - .5*v[:, 3])))
    theirs = shap.ExactExplainer(f, shap.maskers.Independent(B.to_numpy(), max_samples=12))(A.to_numpy()).values
    ours = np.mean([ex.sampled_shap(lambda d: f(d.to_numpy()), A, B, seed=s, budget=10**6)[0] for s in range(8)], axis=0)
    np.testing.assert_allclose(ours, theirs, atol=.02)

def test_a_model_nobody_knows_is_sampled_on_text_columns(customers):
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import Pipeline
    spec, X, y = customers
    model = Pipeline([('features', make_preprocessor(spec, load_settings(), 'linear')), ('model', KNeighborsClassifier(15))]).fit(X, y)
    e = ex.explain(model, X[:8], X[100:130], spec)
    assert e.method == 'sampled' and set(e.columns) == set(spec.features)
    np.testing.assert_allclose(e.probability, model.predict_proba(X[:8])[:, 1], atol=1e-9)

def test_wrong_sums_are_noticed(customers, models, monkeypatch):
    spec, X, _ = customers
    monkeypatch.setattr(ex, '_model_shap', lambda m, X, b, s: (pd.DataFrame(np.zeros(X[spec.numeric].shape), index=X.index, columns=spec.numeric), .99, 'broken'))
    with pytest.raises(AssertionError, match='miss the prediction'): ex.explain(models['lightgbm'], X[:5], X[5:20], spec)

def test_values_are_readable():
    spec = TableSpec(target='t', numeric=['n'], binary={'flag': {'No': 0, 'Yes': 1}}, date=['d'], categorical=['c'])
    say = lambda v, c: ex.show_value(v, c, spec)
    assert [say(1.0, 'flag'), say(0.0, 'flag'), say(np.nan, 'flag'), say(np.nan, 'd'), say(None, 'c'), say(-3.0, 'n'), say(0.123456, 'n'), say(12345.678, 'n')] == \
        ['Yes', 'No', 'missing', 'missing', 'missing', '-3', '0.123', '12346']

def fitted_run(tmp_path, model='lightgbm', **settings):
    import joblib
    from churn_nb import data
    r = RunDir.create(load_settings(overrides={'explain.sample': 60, 'explain.background': 40, 'data.rows': 600, **settings}), out=tmp_path)
    data.run(str(r.path))
    d = data.load_run(r)
    joblib.dump(make_model(model, d.spec, r.settings).fit(d.X(), d.y()), r.artifact('05_tune', 'pipeline.joblib'))
    return r, d

def check_artefacts(r, d):
    folder = r.path/'artifacts/07_explain'
    for name in ('beeswarm', 'bar', 'dependence', 'waterfall'): assert (folder/f'{name}.png').read_bytes()[:4] == b'\x89PNG'
    table, customer = pd.read_csv(folder/'importance.csv'), json.loads((folder/'customer.json').read_text())
    assert list(table.columns) == ['column', 'mean_abs_shap'] and set(d.spec.features) <= set(table['column'])
    assert len(customer['reasons']) == r.settings.explain.reasons and 0 <= customer['probability'] <= 1
    return customer

def test_step_explains_the_riskiest_and_the_one_asked_for(tmp_path):
    r, d = fitted_run(tmp_path)
    result = ex.run(str(r.path))
    customer = check_artefacts(r, d)
    from churn_nb.tune import load_pipeline
    p = load_pipeline(r).predict_proba(d.X('test'))[:, 1]
    assert customer['id'] == d.ids('test').iloc[p.argmax()] and customer['probability'] == pytest.approx(p.max(), abs=1e-4)
    pd.testing.assert_frame_equal(result.importance, ex.run(str(r.path)).importance)
    for part in ('test', 'train'):
        wanted = d.ids(part).iloc[5]
        r2, _ = fitted_run(tmp_path, **{'explain.customer': wanted})
        assert ex.run(str(r2.path)).customer['id'] == wanted

def test_unknown_customer_is_refused_with_close_matches(tmp_path):
    r, d = fitted_run(tmp_path, **{'explain.customer': 'C00042'})
    with pytest.raises(ChurnError, match='C00042') as e: ex.run(str(r.path))
    assert any('did you mean "C000' in p for p in e.value.problems)

@pytest.mark.parametrize('file, target, word', [('Telco-Customer-Churn.csv', 'Churn', 'Contract is '), ('mlc_churn.csv', 'churn', ' is ')])
@pytest.mark.parametrize('model', ['logistic_regression', 'lightgbm'])
def test_step_on_real_tables(tmp_path, file, target, word, model):
    path = real_table(file)
    r, d = fitted_run(tmp_path, model, **{'data.source': str(path), 'data.target': target, 'explain.reasons': 8})
    result = ex.run(str(r.path))
    assert any(word in reason for reason in check_artefacts(r, d)['reasons'])
    for c in d.spec.binary: assert {ex.show_value(v, c, d.spec) for v in result.explanation.data[c]} <= {*d.spec.binary[c], 'missing'}

def test_reasons_tell_each_fact_once_and_in_the_words_of_the_table():
    "The tenure in buckets counts with the tenure; a quotient is named by its columns; a value is as in the file."
    from types import SimpleNamespace
    row = {'tenure_months': 1., 'tenure_bucket': '0-6', 'monthly_charges': 100.85, 'total_per_month': 129.3456}
    e = SimpleNamespace(values=np.array([[.1, .06, -.12, .05]]), columns=[*row], data=pd.DataFrame([row]), spec=synthetic_spec())
    said = ex.reasons(e, 0, 4)
    assert said == ['tenure_months is 1 (raises the risk by 16 points)', 'monthly_charges is 100.85 (lowers the risk by 12 points)', 'total_charges per month is 129 (raises the risk by 5 points)']
