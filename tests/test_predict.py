"""Predictions: every customer, in order, and the same number whoever else is asked about."""
import numpy as np, pandas as pd, pytest
from churn_nb import data, predict, registry
from conftest import real_table
from churn_nb.core import *
from churn_nb.predict import predict_churn

MODELS_TRIED = ['logistic_regression', 'lightgbm', 'xgboost', 'gradient_boosting', 'random_forest', 'voting', 'stacking']

@pytest.fixture(scope='module')
def raw(): return data.make_customers(1000, seed=4).drop(columns='churned')

def fit(model, n=300):
    from churn_nb import compare
    train, spec = data.make_customers(n, seed=5), data.synthetic_spec()
    return registry.production_pipeline(compare.make_model(model, spec, load_settings()), spec, train, train.churned)

@pytest.fixture(scope='module')
def pipeline(): return fit('logistic_regression')

@pytest.mark.parametrize('model', MODELS_TRIED)
def test_alone_and_in_any_batch_to_the_last_bit(model, raw):
    pipeline = fit(model)
    full = predict_churn(raw, pipeline).churn_probability.to_numpy()
    rng = np.random.default_rng(0)
    for i in [0, 1, 63, 64, 500, 999]:
        assert predict_churn(raw.iloc[i].to_dict(), pipeline)['churn_probability'] == full[i]
        assert predict_churn(raw.iloc[[i]], pipeline).churn_probability.iloc[0] == full[i]
    for rows in [rng.permutation(1000), rng.integers(0, 1000, 333), np.zeros(70, int), np.arange(65), np.arange(999, -1, -1), np.r_[7, 7, 8]]:
        np.testing.assert_array_equal(predict_churn(raw.iloc[rows], pipeline).churn_probability, full[rows])
    np.testing.assert_array_equal(predict_churn(raw.head(10).to_dict('records'), pipeline).churn_probability, full[:10])

def test_neighbours_with_gaps_and_text_change_nothing(raw, pipeline):
    "A neighbour without a value must not turn a column into floats, nor one with text into text."
    odd = raw.head(50).astype(object).copy()
    full = predict_churn(odd, pipeline).churn_probability.to_numpy()
    mixed = pd.concat([raw.head(50).astype('str').astype(object), pd.DataFrame({c: [None, ' ', 'abc'] for c in raw}), odd], ignore_index=True)
    p = predict_churn(mixed, pipeline).churn_probability.to_numpy()
    np.testing.assert_array_equal(p[:50], full); np.testing.assert_array_equal(p[53:], full)
    gaps = raw.head(50).to_dict('records')+[dict.fromkeys(raw.columns)]
    np.testing.assert_array_equal(predict_churn(gaps, pipeline).churn_probability[:50], full)
    np.testing.assert_array_equal(predict_churn(pd.DataFrame(gaps), pipeline).churn_probability[:50], full)

def test_a_row_for_every_customer_in_order_with_ids_and_index(raw, pipeline):
    part = raw.sample(100, random_state=0)
    got = predict_churn(part, pipeline)
    assert len(got) == 100 and got.index.equals(part.index) and got.id.tolist() == part.customer_id.tolist()
    assert got.columns.tolist() == ['id', 'churn_probability', 'churn_prediction', 'risk_level']
    assert got.churn_probability.nunique() > 50
    twice = raw.iloc[[3, 3, 4]].set_axis(['a', 'a', 'b'])
    assert predict_churn(twice, pipeline).index.tolist() == ['a', 'a', 'b']

def test_one_dict(raw, pipeline):
    one = predict_churn(raw.iloc[0].to_dict(), pipeline)
    assert set(one) == {'id', 'churn_prediction', 'churn_probability', 'risk_level'}
    assert type(one['churn_prediction']) is int and type(one['churn_probability']) is float and type(one['risk_level']) is str
    without = {k: v for k, v in raw.iloc[0].items() if k != 'customer_id'}
    assert predict_churn(without, pipeline) == {k: v for k, v in one.items() if k != 'id'}
    assert predict_churn(raw.iloc[0], pipeline) == one

def test_thresholds(raw, pipeline):
    p = predict_churn(raw, pipeline).churn_probability
    edge = p.iloc[5]  # a customer exactly on a threshold belongs above it
    got = predict_churn(raw.iloc[[5]], pipeline, medium=edge/2, high=edge, threshold=edge).iloc[0]
    assert (got.risk_level, got.churn_prediction) == ('HIGH', 1)
    got = predict_churn(raw.iloc[[5]], pipeline, medium=edge, high=1, threshold=np.nextafter(edge, 1)).iloc[0]
    assert (got.risk_level, got.churn_prediction) == ('MEDIUM', 0)
    for bad in ((.7, .6), (-1, .5), (.5, 2)):
        with pytest.raises(ChurnError): predict_churn(raw, pipeline, *bad)

def test_empty(raw, pipeline):
    for nobody in (raw.head(0), pd.DataFrame(), []):
        got = predict_churn(nobody, pipeline)
        assert len(got) == 0 and got.columns.tolist() == ['id', 'churn_probability', 'churn_prediction', 'risk_level']

def test_missing_columns_are_all_named(raw, pipeline):
    less = ['contract_type', 'has_partner', 'tenure_months']
    for customers, n in ((raw.drop(columns=less), 3), (raw.drop(columns=less).iloc[0].to_dict(), 3), (raw.drop(columns=less).head(2).to_dict('records'), 6)):
        with pytest.raises(DataError) as e: predict_churn(customers, pipeline)
        assert len(e.value.problems) == n and all(c in str(e.value) for c in less)
    some = raw.head(3).to_dict('records'); del some[1]['contract_type']
    with pytest.raises(DataError, match='customer 2: "contract_type"'): predict_churn(some, pipeline)

def test_what_is_no_customer(raw, pipeline):
    for wrong in ('C000001', 5, None, [raw.iloc[0].to_dict(), 'C2'], np.zeros((2, 3))):
        with pytest.raises(DataError): predict_churn(wrong, pipeline)
    with pytest.raises(DataError, match='2 times'): predict_churn(pd.concat([raw, raw[['contract_type']]], axis=1), pipeline)

def test_extra_columns_blank_headers_and_unknown_labels(raw, pipeline):
    full = predict_churn(raw, pipeline).churn_probability
    more = raw.assign(extra=range(len(raw)), churned='who knows').rename(columns={'contract_type': ' contract_type '})
    np.testing.assert_array_equal(predict_churn(more, pipeline).churn_probability, full)
    p = predict_churn(raw.head(5).assign(contract_type='Ten Years', payment_method=None, tenure_months=np.nan), pipeline).churn_probability
    assert p.between(0, 1).all()

def test_the_callers_table_is_left_alone(raw, pipeline):
    before = raw.copy(deep=True)
    predict_churn(raw, pipeline)
    pd.testing.assert_frame_equal(raw, before)

def test_textbook_defects(raw, pipeline):
    "Ten customers get ten answers; and a customer's ratio to the mean is not 1 when alone."
    assert len(predict_churn(raw.head(10), pipeline)) == 10
    rich, poor = ({**raw.iloc[0].to_dict(), 'monthly_charges': v} for v in (119., 21.))
    assert predict_churn(rich, pipeline)['churn_probability'] != predict_churn(poor, pipeline)['churn_probability']
    from churn_nb.features import DomainFeatures
    spec = data.synthetic_spec()
    made = DomainFeatures(spec).fit(data.coerce(raw, spec)[spec.features])
    high, low = (made.transform(data.coerce(pd.DataFrame([c]), spec)[spec.features]).iloc[0] for c in (rich, poor))
    new = [c for c in high.index if c not in spec.features and isinstance(high[c], float)]
    assert any(abs(high[c]/low[c]-119/21) < 1e-6 and high[c] != 1 and low[c] != 1 for c in new), new

def test_a_pipeline_without_translation(raw, pipeline):
    got = predict_churn(data.coerce(raw, data.synthetic_spec()), pipeline.named_steps['model'])
    np.testing.assert_array_equal(got.churn_probability, predict_churn(raw, pipeline).churn_probability)

@pytest.mark.parametrize('name, options', [('Telco-Customer-Churn.csv', {'data.target': 'Churn', 'data.id': 'customerID'}), ('mlc_churn.csv', {'data.target': 'churn'})])
def test_step_on_real_tables(tmp_path, name, options):
    import joblib
    from churn_nb import compare
    path = real_table(name)
    r = RunDir.create(load_settings(overrides={'data.source': str(path), 'registry.check': False, 'predict.top': 5, 'explain.background': 20, **options}), out=tmp_path)
    data.run(str(r.path)); loaded = data.load_run(r)
    joblib.dump(compare.make_model('lightgbm', loaded.spec, r.settings).fit(loaded.X(), loaded.y()), r.artifact('05_tune', 'pipeline.joblib'))
    write_json(r.artifact('05_tune', 'tuned.json'), {'model': 'lightgbm', 'params': {}})
    assert registry.run(str(r.path)).check['equal_to_tuned']
    result = predict.run(str(r.path))
    stored = pd.read_parquet(r.need('09_predict', 'predictions.parquet'))
    assert len(stored) == len(loaded.test) and stored['id'].tolist() == loaded.ids('test').tolist() and stored.index.equals(loaded.test.index)
    top = pd.read_csv(r.need('09_predict', 'riskiest.csv'))
    assert len(top) == 5 and top.churn_probability.is_monotonic_decreasing and top.reasons.str.len().min() > 5 and result.levels.customers.sum() == len(stored)
    line = pd.read_csv(path, dtype=str, keep_default_na=False).loc[loaded.test.index[7]].to_dict()  # as text, blanks and all
    assert predict_churn(line, registry.load_production(r))['churn_probability'] == stored.churn_probability.iloc[7]

def test_what_is_read_as_missing_is_said(raw, pipeline):
    odd = raw.head(20).astype(object).copy()
    odd.loc[[3, 5], 'tenure_months'] = 'seven'; odd.loc[4, 'has_partner'] = 'perhaps'; odd.loc[6, 'tenure_months'] = 'n/a'; odd.loc[7, 'contract_type'] = 'new'
    with pytest.warns(UserWarning, match=r"2 of \"tenure_months\" \(such as 'seven'\); 1 of \"has_partner\" \(such as 'perhaps'\)\.") as said: predict_churn(odd, pipeline)
    assert len(said) == 1
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        predict_churn(raw.head(20), pipeline); predict_churn([], pipeline)

def test_words_for_nothing_are_missing_for_the_predictor_too():
    "What training read as missing is read as missing, and nothing else is."
    from churn_nb.predict import Predictor
    raw = data.make_customers(300, seed=8)
    raw['monthly_charges'] = raw.monthly_charges.astype('str').where(raw.index % 9 != 0, '-')
    spec = data.infer_spec(raw, load_settings(overrides={'data.target': 'churned'}))
    assert spec.blanks == {'monthly_charges': ['-']} and data.TableSpec.from_dict(spec.to_dict()).blanks == spec.blanks
    from churn_nb import compare
    p = Predictor(registry.production_pipeline(compare.make_model('logistic_regression', spec, load_settings()), spec, raw, raw.churned), {})
    one = raw.iloc[1].to_dict()
    assert p.predict_one({**one, 'monthly_charges': ' - '}) == p.predict_one({**one, 'monthly_charges': None})
    assert p.predict_frame(raw).churn_probability.iloc[0] == p.predict_one(raw.iloc[0].to_dict())['churn_probability']
    with pytest.raises(DataError, match='is no finite number'): p.predict_one({**one, 'monthly_charges': '--'})
    with pytest.raises(DataError, match='is no finite number'): p.predict_one({**one, 'tenure_months': '-'})
