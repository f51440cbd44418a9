"""Model files that hold no code: which models skops can hold, and what is refused."""
import os, shutil, sys
import numpy as np, pytest
from churn_nb import data, registry, tune
from churn_nb.core import *
from churn_nb.registry import NO_PICKLE, Registry

pytest.importorskip('skops', reason='the extra churn_nb[skops] is not installed')

@pytest.fixture(scope='module')
def run(): return registry.demo(data__rows=300, compare__models=['logistic_regression'], tune__draws=2)

@pytest.fixture(autouse=True)
def no_rule(monkeypatch): monkeypatch.delenv(NO_PICKLE, raising=False)

@pytest.fixture(scope='module')
def raw(): return data.make_customers(300, seed=5)

CASES = [*((m, {}) for m in MODELS), ('early', {'booster': 'xgboost'}), ('early', {'booster': 'lightgbm'}), ('xgboost', {'imbalance': 'smote'}), ('random_forest', {'interactions': True}), ('lightgbm', {'cards': 2})]

def make(name, spec, booster='', imbalance='none', interactions=False, cards=15):
    s = load_settings(overrides={'data.rows': 300, 'features.interactions': interactions, 'features.high_cardinality': cards})
    if name == 'early': return tune.make_candidate(booster, spec, s, tune.STARTS[booster][0])
    return tune.make_candidate(name, spec, s, imbalance=imbalance)

@pytest.mark.parametrize('name,how', CASES, ids=lambda x: x if isinstance(x, str) else '-'.join(map(str, x.values())))
def test_every_model_that_we_make_fits_into_skops(name, how, raw, tmp_path):
    spec = data.synthetic_spec()
    pipeline = registry.production_pipeline(make(name, spec, **how), spec, raw, raw.churned)
    path = registry.save_model(pipeline, tmp_path, {'golden': registry.golden_batch(pipeline, raw)}, 'skops')
    assert path.suffix == '.skops' and path.read_bytes()[:2] == b'PK'
    assert (registry.load_model(path).predict_proba(raw) == pipeline.predict_proba(raw)).all()

def test_unknown_types_are_refused_when_saved(raw, tmp_path):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer
    with pytest.raises(ChurnError, match='does not know') as e: registry.save_model(make_pipeline(FunctionTransformer(os.getenv), LogisticRegression()), tmp_path, {}, 'skops')
    assert e.value.problems == ['os.getenv'] and not list(tmp_path.iterdir())

def test_unknown_types_are_refused_before_anything_is_made(raw, tmp_path, monkeypatch):
    "A skops file by somebody who trusted more, with papers that fit it."
    from sklearn.preprocessing import FunctionTransformer
    with monkeypatch.context() as m:
        m.setattr(registry, 'KNOWN_TYPES', (*registry.KNOWN_TYPES, 'os.getenv'))
        path = registry.save_model(FunctionTransformer(os.getenv), tmp_path, {}, 'skops')
        registry.load_model(path)
    import skops.io
    monkeypatch.setattr(skops.io, 'loads', lambda *a, **k: pytest.fail('loaded all the same'))
    with pytest.raises(ChurnError, match='has not been loaded') as e: registry.load_model(path)
    assert e.value.problems == ['os.getenv']

def test_a_rule_against_pickles(run, tmp_path, monkeypatch):
    models = Registry(tmp_path/'models')
    models.register(run, check=False)
    monkeypatch.setenv(NO_PICKLE, '1')
    import joblib
    monkeypatch.setattr(joblib, 'load', lambda *a, **k: pytest.fail('unpickled'))
    with pytest.raises(ChurnError, match='is a pickle'): models.load()
    monkeypatch.setenv(NO_PICKLE, '0')
    with pytest.raises(pytest.fail.Exception): models.load()

def test_the_model_of_a_run_in_both_formats(run, tmp_path, monkeypatch):
    "Converted, proved in a fresh process, and each format once."
    models = Registry(tmp_path/'models')
    a = models.register(run, check=False)
    b = models.register(run, format='skops')
    assert (a.number, b.number) == (1, 2) and (a.file.suffix, b.file.suffix) == ('.joblib', '.skops')
    assert models.register(run, format='skops').number == 2 and models.register(run).number == 1
    assert b.metadata['made_from'] == a.metadata['sha256'] and b.metadata['golden'] == a.metadata['golden'] and not list(b.path.glob('*.joblib'))
    monkeypatch.setenv(NO_PICKLE, '1')
    rows = registry.raw_customers(run, data.load_run(run).test.index)
    _, pipeline = models.load(2)
    monkeypatch.delenv(NO_PICKLE)
    assert (pipeline.predict_proba(rows) == registry.load_production(run).predict_proba(rows)).all()
    with pytest.raises(RunError, match='no format'): models.register(run, format='onnx')

def test_a_conversion_that_answers_otherwise_is_not_registered(run, tmp_path, monkeypatch):
    "Although step 8 asked a fresh process: it asked about another file."
    shutil.copytree(run.path, tmp_path/'run')
    run = RunDir(tmp_path/'run')
    check = run.path/'artifacts/08_registry/check.json'
    write_json(check, read_json(check) | {'identical': True})
    models, save = Registry(tmp_path/'models'), registry.save_model
    def other(pipeline, folder, meta, format):
        pipeline.named_steps['model'].named_steps['model'].intercept_ += 1e-9
        return save(pipeline, folder, meta, format)
    monkeypatch.setattr(registry, 'save_model', other)
    with pytest.raises(ChurnError, match='gives other predictions'): models.register(run, format='skops')
    assert not models.versions()

def test_without_the_library(raw, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, 'skops', None); monkeypatch.setitem(sys.modules, 'skops.io', None)
    with pytest.raises(ChurnError, match=r'pip install "churn_nb\[skops\]"'): registry.save_model({}, tmp_path, {}, 'skops')

def test_another_ending(run, tmp_path):
    source = registry.production_file(run)
    odd = tmp_path/'churn_model_x.pkl'
    odd.write_bytes(source.read_bytes()); odd.with_suffix('.json').write_text(source.with_suffix('.json').read_text())
    with pytest.raises(ChurnError, match='no model file'): registry.load_model(odd)
