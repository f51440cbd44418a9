"""ONNX: every model that we make answers as its pipeline does, and a file that does not is never written."""
import json, os, sys
import numpy as np, pandas as pd, pytest
from churn_nb import cli, data, export, registry, tune
from churn_nb.core import *
from churn_nb.predict import Predictor
from churn_nb.registry import Registry

pytest.importorskip('onnxruntime', reason='the extra churn_nb[onnx] is not installed')

@pytest.fixture(scope='module')
def raw(): return data.make_customers(400, seed=5)

def fitted(raw, spec, name, params={}, imbalance='none', **settings):
    s = load_settings(overrides={k.replace('__', '.'): v for k, v in settings.items()})
    y = raw[spec.target].map(lambda v: int(str(v) in ('1', 'Yes', 'True')))
    pipeline = registry.production_pipeline(tune.make_candidate(name, spec, s, params, imbalance), spec, raw, y)
    X = data.coerce(raw, spec)
    meta = dict(spec=spec.to_dict(), model=name, ranges={c: [float(X[c].min()), float(X[c].max())] for c in spec.numeric}, golden=registry.golden_batch(pipeline, raw))
    return Predictor(pipeline, meta, X[spec.features].head(100), 7)

EARLY = {n: dict(early_stopping=True, n_estimators=20, **{k: v for k, v in tune.STARTS[n][0].items() if k != 'early_stopping'}) for n in ('xgboost', 'lightgbm')}
CASES = [(m, {}, {}) for m in MODELS] + [(n, EARLY[n], {}) for n in EARLY] + [('xgboost', {}, {'imbalance': 'smote'}), ('logistic_regression', {}, {'features__interactions': True}), ('lightgbm', {}, {'features__high_cardinality': 2}), ('random_forest', {}, {'features__domain': False})]

@pytest.mark.parametrize('name,params,how', CASES, ids=[f'{n}{"-early" if p else ""}{"".join("-"+str(k) for k in h)}' for n, p, h in CASES])
def test_every_model_that_we_make(raw, tmp_path, name, params, how):
    p = fitted(raw, data.synthetic_spec(), name, params, **how)
    done = export.export_onnx(p, tmp_path/'m.onnx', rows=2000)
    assert done['largest_difference'] < 1e-6 and done['rows'] >= 2100 and done['bytes'] == (tmp_path/'m.onnx').stat().st_size
    session = export.open_onnx(tmp_path/'m.onnx')
    assert export.onnx_probabilities(session, p.fields, raw) == pytest.approx(p.predict_frame(raw).churn_probability.to_numpy(), abs=1e-6)
    alone = np.concatenate([export.onnx_probabilities(session, p.fields, raw.iloc[[i]]) for i in range(5)])
    assert alone == pytest.approx(export.onnx_probabilities(session, p.fields, raw)[:5], abs=1e-7)

@pytest.fixture(scope='module')
def odd():
    "A table with dates, gaps, flags that are empty for no, labels with odd letters, and names with spaces."
    rng, n = np.random.default_rng(1), 500
    df = pd.DataFrame({'Kunden Nr': [f'k{i}' for i in range(n)], 'seit': pd.Timestamp('2020-01-01')+pd.to_timedelta(rng.integers(0, 1500, n), 'D'), 'Beitrag €': rng.gamma(3, 20, n).round(2), 'Ort, Land': rng.choice(['Köln', 'Zürich "ZH"', 'a,b', '=1+1', '\U0001F600'], n),
        'mahnung': rng.choice(['x', ''], n), 'alter': rng.integers(18, 90, n).astype(float)})
    df.loc[rng.random(n) < .2, 'alter'] = np.nan
    df.loc[rng.random(n) < .1, 'Ort, Land'] = None
    df['weg'] = np.where(rng.random(n) < 1/(1+np.exp(-(df['Beitrag €']-60)/20)), 'Yes', 'No')
    return df

@pytest.mark.parametrize('name', ['logistic_regression', 'gradient_boosting', 'lightgbm'])
def test_an_odd_table(odd, tmp_path, name):
    spec = data.infer_spec(odd, load_settings(overrides={'data.target': 'weg'}))
    p = fitted(odd, spec, name)
    assert export.export_onnx(p, tmp_path/'m.onnx', rows=1000)['largest_difference'] < 1e-6
    about = json.loads(export.open_onnx(tmp_path/'m.onnx').get_modelmeta().custom_metadata_map['churn_nb'])
    assert [c['name'] for c in about['columns']] == spec.features and about['version'] == '7' and about['thresholds']['churn'] == .5
    assert any(c['kind'] == 'date' and c['unit'].startswith('days') for c in about['columns'])
    assert 'mahnung' in spec.binary and '' in spec.binary['mahnung']     # nothing is a label there, and so is NaN to the file
    inputs = export.onnx_inputs(p.fields, odd.head(1)) | {'mahnung': np.array([[np.nan]])}
    assert export.open_onnx(tmp_path/'m.onnx').run(None, inputs)[0][0] == pytest.approx(p.predict_one({**odd.iloc[0].to_dict(), 'mahnung': None})['churn_probability'], abs=1e-6)

GUARDS = {'labels': ('_codes', lambda f: lambda g, x, levels: f(g, x, levels[::-1])), 'too large': ('_held', lambda f: lambda g, x: x), 'buckets': ('BUCKETS', lambda b: {k: v+2 for k, v in b.items()}), 'a code that no table has': ('_bucket_nodes', lambda f: lambda g, t: g('Add', f(g, t), np.array(1))), 'precision': ('_held', lambda f: lambda g, x: g.cast(g.cast(f(g, x), 'float16'), 'float64'))}
@pytest.mark.parametrize('what', GUARDS)
def test_a_wrong_conversion_is_not_written(raw, tmp_path, monkeypatch, what):
    "Whatever is converted wrongly, the gate sees it, and names the worst customer."
    p = fitted(raw, data.synthetic_spec(), 'logistic_regression')
    name, how = GUARDS[what]
    monkeypatch.setattr(export, name, how(getattr(export, name)))
    (tmp_path/'m.onnx').write_bytes(b'the file of yesterday')
    with pytest.raises(ChurnError, match='has not been written') as e: export.export_onnx(p, tmp_path/'m.onnx')
    if what == 'a code that no table has': assert 'out of data bounds' in e.value.message
    else: assert 'by kind of customer' in e.value.problems[0] and 'by the pipeline' in e.value.problems[1] and 'tenure_months' in e.value.problems[2]
    assert [f.name for f in tmp_path.iterdir()] == ['m.onnx'] and (tmp_path/'m.onnx').read_bytes() == b'the file of yesterday'

def test_missing_values_take_their_branch(raw, monkeypatch, tmp_path):
    "The fault of the converters that are not used: gaps always go right."
    with_gaps = raw.copy(); with_gaps.loc[with_gaps.index % 3 == 0, 'monthly_charge'] = np.nan
    p = fitted(with_gaps, data.synthetic_spec(), 'gradient_boosting')
    export.export_onnx(p, tmp_path/'m.onnx', rows=1000)
    trees = export._trees
    monkeypatch.setattr(export, '_trees', lambda g, x, tables, base: trees(g, x, [t | {'to_left': np.zeros_like(t['to_left'])} for t in tables], base))
    with pytest.raises(ChurnError, match='gaps'): export.export_onnx(p, tmp_path/'n.onnx', rows=1000)

def test_what_has_no_onnx_form(raw, tmp_path):
    from sklearn.naive_bayes import GaussianNB
    from sklearn.pipeline import make_pipeline
    from churn_nb.features import make_preprocessor
    spec = data.synthetic_spec()
    from sklearn.pipeline import Pipeline
    model = Pipeline([('features', make_preprocessor(spec, load_settings(), 'linear')), ('model', GaussianNB())])
    p = Predictor(registry.production_pipeline(model, spec, raw, raw.churned), dict(spec=spec.to_dict()))
    with pytest.raises(ChurnError, match='a GaussianNB'): export.export_onnx(p, tmp_path/'m.onnx')
    assert not list(tmp_path.iterdir())

def test_without_the_libraries(raw, tmp_path, monkeypatch):
    p = fitted(raw, data.synthetic_spec(), 'logistic_regression')
    monkeypatch.setitem(sys.modules, 'onnx', None)
    with pytest.raises(ChurnError, match=r'pip install "churn_nb\[onnx\]"'): export.export_onnx(p, tmp_path/'m.onnx')

def test_a_folder_that_cannot_be_written(raw, tmp_path):
    p = fitted(raw, data.synthetic_spec(), 'logistic_regression')
    (tmp_path/'file').write_text('')
    with pytest.raises(RunError, match='cannot be written'): export.export_onnx(p, tmp_path/'file'/'m.onnx', rows=100)

def test_the_command(tmp_path, capsys, monkeypatch):
    run = registry.demo(data__rows=300, compare__models=['lightgbm'], tune__draws=1)
    models = Registry(tmp_path/'models'); models.register(run, check=False)
    monkeypatch.chdir(tmp_path)
    assert cli.main(['models', 'export', 'churn.onnx']) == 0 and 'it answers as the model does' in capsys.readouterr().out
    assert cli.main(['models', 'export', '1', 'again.onnx', '--format', 'onnx']) == 0
    assert (tmp_path/'churn.onnx').read_bytes() == (tmp_path/'again.onnx').read_bytes()
    for words, said in ((['churn.bin'], 'ending in .onnx'), (['9', 'x.onnx'], 'no version'), (['x.onnx', '--format', 'skops'], 'register RUN --format skops')):
        assert cli.main(['models', 'export', *words]) == 1 and said in capsys.readouterr().err

def test_the_notebook_runs_headlessly_on_a_run(tmp_path):
    import papermill
    from conftest import ROOT
    run = registry.demo(data__rows=300, compare__models=['lightgbm'], tune__draws=1)
    papermill.execute_notebook(ROOT/'nbs/09a_export.ipynb', tmp_path/'out.ipynb', dict(run_dir=str(run.path)), progress_bar=False)
    done = run.artifact('09a_export', 'churn.onnx')
    assert done.is_file() and json.loads(export.open_onnx(done).get_modelmeta().custom_metadata_map['churn_nb'])['run'] == run.id
