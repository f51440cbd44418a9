"""The translated model and the pipeline: one number for one customer, whatever the customer, whichever way it is asked."""
import numpy as np, pandas as pd, pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from churn_nb import compare, data, predict, registry, tune
from churn_nb.core import *
from churn_nb.predict import *
from churn_nb.predict import _one_row

SINGLE = ['logistic_regression', 'random_forest', 'gradient_boosting', 'xgboost', 'lightgbm']
SMALL = {'random_forest': dict(n_estimators=20), 'gradient_boosting': dict(max_iter=40), 'xgboost': dict(n_estimators=60), 'lightgbm': dict(n_estimators=60)}
KINDS = [*SINGLE, 'early_xgboost', 'early_lightgbm', 'smote', 'weights', 'voting', 'stacking', 'wide', 'bare']
TREES = {'random_forest', 'gradient_boosting', 'xgboost', 'lightgbm', 'early_xgboost', 'early_lightgbm', 'smote', 'weights', 'wide'}

def table(n=400, seed=5):
    "Synthetic customers with gaps, a column of dates and a category of 40 levels."
    df, rng = data.make_customers(n, seed=seed), np.random.default_rng(seed)
    df['since'] = np.datetime64('2015-01-01')+rng.integers(0, 3000, n).astype('timedelta64[D]')
    df['since'] = df['since'].dt.strftime('%d.%m.%Y')
    df['town'] = rng.choice([f'Town {i}' for i in range(40)], n)
    for c in ('total_charges', 'contract_type', 'has_partner', 'since'): df[c] = df[c].astype(object).where(rng.random(n) > .05, None)
    return df

def table_spec(df):
    s = data.synthetic_spec()
    s.categorical, s.date, s.formats = [*s.categorical, 'town'], ['since'], {'since': '%d.%m.%Y'}
    s.levels = {c: sorted(df[c].dropna().unique()) for c in s.categorical}
    return s

def make(kind, df, spec):
    "An unfitted model on canonical frames."
    small = lambda name, **more: compare.make_model(name, spec, s, **{**SMALL.get(name, {}), **more})
    s = load_settings(overrides={'features.interactions': kind == 'wide', 'features.domain': kind != 'bare'})
    if kind in ('wide', 'bare'): return small('lightgbm' if kind == 'wide' else 'logistic_regression')
    if kind.startswith('early_'):
        p = small(kind[6:])
        return p.set_params(model=tune.EarlyStoppedBooster(p['model'], folds=3, rounds=10, max_trees=60, random_state=1))
    if kind in ('smote', 'weights'): return tune.make_candidate('lightgbm', spec, s, SMALL['lightgbm'], kind, df.churned)
    if kind in SINGLE: return small(kind)
    model = compare.make_model(kind, spec, s)
    return model.set_params(estimators=[(m, small(m)) for m in SINGLE], **({'cv': 2} if kind == 'stacking' else {'weights': [1, 2, 1, 3, .5]}))

@pytest.fixture(scope='module')
def fitted():
    "kind -> Predictor, made once."
    df, made = table(), {}
    spec = table_spec(df)
    ranges = {c: [float(pd.to_numeric(df[c]).min()), float(pd.to_numeric(df[c]).max())] for c in spec.numeric}
    def get(kind):
        if kind not in made:
            pipeline = registry.production_pipeline(make(kind, df, spec), spec, df, df.churned)
            made[kind] = Predictor(pipeline, {'model': kind, 'ranges': ranges}, data.coerce(df, spec)[spec.features].head(30))
        return made[kind]
    return get

def same(kind, got, expected):
    if kind in TREES: np.testing.assert_array_equal(got, expected)
    else: np.testing.assert_allclose(got, expected, rtol=0, atol=EXACT)

@pytest.mark.parametrize('kind', KINDS)
def test_thousands_of_invented_customers(fitted, kind):
    p = fitted(kind)
    assert p.note == ''
    frame = invent_customers(p.fields, 2000, seed=7)
    expected = p.pipeline.predict_proba(frame)[:, 1]
    values = {f.name: read_column(f, frame[f.name])[0] for f in p.fields}
    got = p._probabilities(values, None)
    assert len(np.unique(got)) > 50
    same(kind, got, expected)
    for i in range(0, 2000, 50): assert float(p._quick(_one_row(p.fields, frame.iloc[i].to_dict())[0])[0]) == got[i]
    for rows in (np.arange(63), np.arange(1999, -1, -7), np.zeros(70, int)):
        np.testing.assert_array_equal(p._probabilities({c: x[rows] for c, x in values.items()}, None), got[rows])

@pytest.mark.parametrize('kind', ['lightgbm', 'xgboost', 'logistic_regression', 'stacking'])
def test_one_number_in_all_ways_of_asking(fitted, kind, tmp_path):
    p, raw = fitted(kind), table(300, seed=9).drop(columns='churned')
    frame = p.predict_frame(raw)
    same(kind, frame.churn_probability, p.pipeline.predict_proba(raw)[:, 1])
    assert [p.predict_one(c)['churn_probability'] for c in raw.head(40).to_dict('records')] == frame.churn_probability.head(40).tolist()
    assert p.predict_one(raw.iloc[3].to_dict()) == {**frame.iloc[3].to_dict()}
    raw.to_parquet(tmp_path/'in.parquet'); raw.to_csv(tmp_path/'in.csv', index=False)
    for i, source in enumerate(('in.parquet', 'in.csv')):
        for target in (f'out{i}.parquet', f'out{i}.csv'):
            assert p.predict_file(tmp_path/source, tmp_path/target, chunk=64+i)['scored'] == 300
            got = pd.read_parquet(tmp_path/target) if target.endswith('parquet') else pd.read_csv(tmp_path/target)
            pd.testing.assert_frame_equal(got, frame.reset_index(drop=True), check_dtype=False, check_exact=True)

def strange_values():
    text = st.text(max_size=8) | st.sampled_from(['', ' ', 'nan', '1,5', '1e400', '$12', '(3)', '=1+1', '\0', 'Yes', 'no', '01.02.2020', '2020-02-30', 'Two Year', 'TOWN 7', '９', '-', '1_000', '0x10', 'inf'])
    number = st.floats() | st.integers(-10**30, 10**30) | st.booleans() | st.sampled_from([10**400, -0., 5e-324, np.float32(3), np.int8(-1)])
    return text | number | st.none() | st.sampled_from([pd.NA, pd.NaT, b'1', pd.Timestamp('2020-02-01'), np.datetime64('NaT')])

@pytest.mark.parametrize('kind', ['lightgbm', 'logistic_regression'])
def test_whatever_comes_is_answered_as_the_pipeline_does_or_refused(fitted, kind):
    p = fitted(kind)
    usual = table(1, seed=3).iloc[0].drop('churned').to_dict()
    @hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(p.spec.features), strange_values(), max_size=6))
    def check(change):
        customer = {**usual, **change}
        try: answer = p.predict_one(customer)
        except DataError as e: answer, errors = None, e.problems
        found = p.validate(customer)
        assert (answer is None) == any(x.error for x in found)
        assert [(x.column, x.what, x.error) for x in p.validate([customer])] == [(x.column, x.what, x.error) for x in found]
        if answer is None: assert {x.column for x in errors} <= change.keys(); return
        with np.errstate(all='ignore'): same(kind, answer['churn_probability'], p.pipeline.predict_proba(pd.DataFrame([customer], dtype=object))[0, 1])
    check()

def test_a_column_reads_as_its_values_do(fitted):
    "Whole columns, in every form they come in, against value by value."
    import pyarrow as pa
    p = fitted('lightgbm')
    @hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(p.fields), st.lists(st.text(max_size=5) | st.sampled_from(['12', '1,000', 'abc', '', '01.02.2020', 'Two Year', 'yes', '1e400', 'NaN']) | st.none(), min_size=1, max_size=6))
    def check(f, values):
        values = values*20    # from 64 rows on, pandas text takes another path
        expected, marks = zip(*[f.one(v) for v in values])
        text = pa.array(values, pa.string())
        for column in (pd.Series(values, dtype=object), pd.Series(values, dtype='str'), pd.Series(values, dtype='category'), text, text.dictionary_encode(), text.cast(pa.large_string())):
            x, m = read_column(f, column)
            np.testing.assert_array_equal(x, expected); np.testing.assert_array_equal(m, marks)
    check()

@pytest.mark.parametrize('labels', [{'': 0, 'x': 1}, {'No': 0, 'Yes': 1}, {'a': 0, 'b': 1}, {'0': 0, '1': 1}])
def test_flags_as_step_1_reads_them(labels):
    import pyarrow as pa
    f, spec = Field('c', 'binary', labels=labels), data.TableSpec(target='', binary={'c': labels})
    for values in (['', 'x', None, 'Yes', 'NO', ' a', 'b', '0', '1', 'other', 'True']*8, [1., 0., None]*30):
        expected = data.coerce(pd.DataFrame({'c': pd.Series(values, dtype=object)}), spec).c
        np.testing.assert_array_equal([f.one(v)[0] for v in values], expected)
        for column in (pd.Series(values), pd.Series(values, dtype=object), pa.array(values), pa.array(values).dictionary_encode()): np.testing.assert_array_equal(read_column(f, column)[0], expected)

@pytest.mark.parametrize('column', [pd.array([1, None, 3], dtype='Int64'), np.array([1, 2, 3], 'uint8'), np.array([.5, np.inf, np.nan], 'float32'), np.array([True, False, True]), pd.to_datetime(['2020-01-01', None, '2021-05-05'])])
def test_typed_columns(fitted, column):
    import pyarrow as pa
    s = pd.Series(column)
    for f in fitted('lightgbm').fields:
        expected, marks = zip(*[f.one(v) for v in s.astype(object).tolist()])
        for c in (s, s.astype(object), pa.array(s, from_pandas=True)):
            x, m = read_column(f, c)
            np.testing.assert_array_equal(x, expected, err_msg=f.name); np.testing.assert_array_equal(m, marks, err_msg=f.name)

def test_an_unknown_pipeline_answers_by_itself():
    from sklearn.dummy import DummyClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.ensemble import ExtraTreesClassifier
    from churn_nb.features import make_preprocessor
    df, spec = table(), table_spec(table())
    for clf, why in ((ExtraTreesClassifier(5, random_state=0), 'ExtraTreesClassifier'), (DummyClassifier(), 'DummyClassifier')):
        pipeline = registry.production_pipeline(make_pipeline(make_preprocessor(spec, load_settings(), 'tree'), clf), spec, df, df.churned)
        p = Predictor(pipeline, {})
        assert why in p.note and 'slower' in repr(p)
        same('lightgbm', p.predict_frame(df.drop(columns='churned')).churn_probability, pipeline.predict_proba(df)[:, 1])
        assert p.predict_one(df.iloc[0].to_dict())['churn_probability'] == p.predict_frame(df.head(1)).churn_probability[0]

def test_a_translation_that_differs_is_not_used(fitted, monkeypatch):
    p = fitted('lightgbm')
    monkeypatch.setattr(predict, '_bucket_codes', lambda x: np.zeros(len(x), int))     # as if somebody changed step 3 and forgot this one
    slow = Predictor(p.pipeline, p.metadata)
    assert 'differ by up to' in slow.note
    raw = table(50, seed=9)
    np.testing.assert_array_equal(slow.predict_frame(raw).churn_probability, p.pipeline.predict_proba(raw)[:, 1])

def test_a_predictor_travels(fitted):
    import pickle
    p, raw = fitted('xgboost'), table(20, seed=9)
    q = pickle.loads(pickle.dumps(p))
    assert q.note == '' and q.schema == p.schema
    pd.testing.assert_frame_equal(q.predict_frame(raw), p.predict_frame(raw))

def test_from_a_run_and_from_a_registry(tmp_path, monkeypatch):
    from types import SimpleNamespace
    r = registry.demo(compare__models=['lightgbm'], tune__model='lightgbm')
    p, raw = Predictor.from_run(r.path), data.make_customers(50, seed=8)
    np.testing.assert_array_equal(p.predict_frame(raw).churn_probability, registry.load_production(r).predict_proba(raw)[:, 1])
    assert p.metadata['ranges'].keys() == set(p.spec.numeric) and p.thresholds['high'] == r.settings.predict.high and p.note == ''
    p.background.to_parquet(tmp_path/'background.parquet')
    asked = []
    class Registry:
        def __init__(self, path): asked.append(path)
        def load(self, ref, **override):
            asked.append((ref, override))
            return SimpleNamespace(number=3, read=lambda name: (tmp_path/name).read_bytes(), metadata={**p.metadata, 'background': 'background.parquet'}), p.pipeline
    monkeypatch.setattr(registry, 'Registry', Registry, raising=False)
    q = Predictor.load('challenger', tmp_path, unsafe=True)
    assert asked == [tmp_path, ('challenger', {'unsafe': True})] and q.version == '3' and 'version 3' in repr(q) and len(q.background) == len(p.background)
    assert q.predict_frame(raw).equals(p.predict_frame(raw)) and q.schema == p.schema

def test_schema_for_forms_and_request_models(fitted):
    schema = {f['name']: f for f in fitted('lightgbm').schema}
    assert [*schema] == fitted('lightgbm').spec.features and {f['kind'] for f in schema.values()} == {'numeric', 'date', 'binary', 'categorical'}
    assert schema['tenure_months']['minimum'] >= 1 and schema['tenure_months']['role'] == 'tenure' and len(schema['town']['levels']) == 40
    example = {c: f['example'] for c, f in schema.items()}
    assert not fitted('lightgbm').validate(example) and 0 < fitted('lightgbm').predict_one(example)['churn_probability'] < 1

def test_threads_do_not_mix_customers(fitted):
    from concurrent.futures import ThreadPoolExecutor
    for kind in ('early_xgboost', 'lightgbm'):
        p, raw = fitted(kind), table(200, seed=9).drop(columns='churned')
        with ThreadPoolExecutor(8) as pool: got = [a['churn_probability'] for a in pool.map(p.predict_one, raw.to_dict('records')*3)]
        assert got == p.predict_frame(raw).churn_probability.tolist()*3

def test_days_beyond_the_calendar_are_no_dates(fitted):
    usual = table(1, seed=3).iloc[0].drop('churned').to_dict()
    for day in (1e300, -1e7, 2_932_897, '31.12.10000', 10**400):
        with pytest.raises(DataError, match='no date'): fitted('random_forest').predict_one({**usual, 'since': day})
    assert 'warnings' not in fitted('random_forest').predict_one({**usual, 'since': 2_932_896})
