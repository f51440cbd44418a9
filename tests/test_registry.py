"""The model file: what is refused, and that it answers the same in a fresh process."""
import json, os, signal, subprocess, sys
from pathlib import Path
import numpy as np, pandas as pd, pytest
from churn_nb import data, registry
from churn_nb.core import *

class Homeless:
    def predict_proba(self, X): return np.zeros((len(X), 2))

@pytest.fixture(scope='module')
def raw(): return data.make_customers(400, seed=3)

@pytest.fixture(scope='module')
def pipeline(raw):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from churn_nb.features import make_preprocessor
    spec = data.synthetic_spec()
    return registry.production_pipeline(make_pipeline(make_preprocessor(spec, load_settings(), 'linear'), LogisticRegression(max_iter=500)), spec, raw, raw.churned)

@pytest.fixture
def saved(pipeline, raw, tmp_path): return registry.save_model(pipeline, tmp_path, {'golden': registry.golden_batch(pipeline, raw)})

@pytest.fixture
def no_unpickling(monkeypatch):
    import joblib
    def load(*args, **kw): raise AssertionError('unpickled before it was verified')
    monkeypatch.setattr(joblib, 'load', load)

def edit(path, **changes):
    beside = path.with_suffix('.json')
    beside.write_text(json.dumps({**json.loads(beside.read_text()), **changes}))

def test_round_trip(saved, pipeline, raw):
    np.testing.assert_array_equal(registry.load_model(saved).predict_proba(raw), pipeline.predict_proba(raw))
    meta = registry.read_metadata(saved)
    assert meta['file'] == saved.name and meta['bytes'] == saved.stat().st_size and len(meta['golden']['probabilities']) == registry.GOLDEN
    assert sorted(p.name for p in saved.parent.iterdir()) == sorted([saved.name, saved.with_suffix('.json').name])

@pytest.mark.parametrize('where', [0, .1, .5, .9, -1])
def test_a_flipped_bit_is_refused_before_unpickling(saved, no_unpickling, where):
    content = bytearray(saved.read_bytes())
    content[where if where in (0, -1) else int(where*len(content))] ^= 4
    saved.write_bytes(content)
    with pytest.raises(ChurnError, match='not the file that was saved'): registry.load_model(saved)

@pytest.mark.parametrize('keep', [0, 100, -1])
def test_a_truncated_file_is_refused_before_unpickling(saved, no_unpickling, keep):
    saved.write_bytes(saved.read_bytes()[:keep])
    with pytest.raises(ChurnError, match='bytes, the metadata say'): registry.load_model(saved)

@pytest.mark.parametrize('content', [None, '', '{"sha256": 5}', '[]', '{"half": ', b'\xff\xfe'])
def test_metadata_missing_or_damaged(saved, no_unpickling, content):
    beside = saved.with_suffix('.json')
    if content is None: beside.unlink()
    else: beside.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ChurnError, match='json'): registry.load_model(saved)

def test_missing_model(saved):
    saved.unlink()
    with pytest.raises(ChurnError, match='cannot be read'): registry.load_model(saved)

@pytest.mark.parametrize('version', ['1.5.2', '2.0.0', None])
def test_another_scikit_learn_is_refused_before_unpickling(saved, no_unpickling, version):
    edit(saved, versions={'scikit-learn': version} if version else {})
    with pytest.raises(ChurnError, match='was made with scikit-learn'): registry.load_model(saved)

def test_golden_batch_that_answers_otherwise(saved):
    golden = registry.read_metadata(saved)['golden']
    golden['probabilities'][1] += 1e-3
    edit(saved, golden=golden)
    with pytest.raises(ChurnError, match='golden customer 2') as e: registry.load_model(saved)
    assert len(e.value.problems) == 1

def test_whole_file_of_a_missing_library(tmp_path, pipeline, raw, saved):
    import hashlib
    content = b'\x80\x03cno_such_library\nModel\n.'
    saved.write_bytes(content)
    edit(saved, sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(ChurnError, match='does not work with the libraries installed here'): registry.load_model(saved)

def test_main_is_refused_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(Homeless, '__module__', '__main__')
    monkeypatch.setattr(sys.modules['__main__'], 'Homeless', Homeless, raising=False)
    with pytest.raises(ChurnError, match='"Homeless"'): registry.save_model({'deep': [Homeless()]}, tmp_path)
    with pytest.raises(ChurnError, match='lambda'): registry.save_model([lambda x: x], tmp_path)
    assert not list(tmp_path.iterdir())

def test_main_of_a_script_is_refused(tmp_path):
    script = tmp_path/'s.py'
    script.write_text('from churn_nb import registry\nfrom churn_nb.core import ChurnError\ndef f(x): return x\nclass A: pass\n'
        f'try: registry.save_model([A(), f], {str(tmp_path)!r})\nexcept ChurnError as e: print(e)\n')
    said = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert '"A"' in said.stdout and '"f"' in said.stdout, said
    assert not list(tmp_path.glob('*.joblib'))

def test_a_file_where_the_folder_should_be(tmp_path, pipeline):
    (tmp_path/'file').write_text('')
    with pytest.raises(RunError, match='cannot be written'): registry.save_model(pipeline, tmp_path/'file'/'models')

def test_a_killed_writer_leaves_the_old_model(saved, raw):
    "Killed in the middle of writing the new model: the old pair is whole, and there is no new name."
    code = f'''
import joblib, os, signal
from pathlib import Path
from churn_nb import registry
def dump(obj, path):
    Path(path).write_bytes(b'half')
    os.kill(os.getpid(), signal.SIGKILL)
joblib.dump = dump
registry.save_model(registry.load_model({str(saved)!r}), {str(saved.parent)!r})'''
    killed = subprocess.run([sys.executable, '-c', code], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert [p.name for p in saved.parent.glob('churn_model_*.joblib')] == [saved.name]
    registry.load_model(saved)

def test_fresh_process(saved, pipeline, raw):
    checker = registry.start_checker(['sklearn.linear_model'])
    try:
        check = registry.check_fresh(checker, saved, raw, pipeline.predict_proba(raw)[:, 1])
        assert check == {'rows': 400, 'largest_difference': 0., 'identical': True}
    finally: registry.stop_checker(checker)
    assert checker.poll() is not None

def test_fresh_process_that_differs_or_fails(saved, pipeline, raw):
    checker = registry.start_checker()
    try:
        p = pipeline.predict_proba(raw)[:, 1].copy(); p[5] = np.nextafter(p[5], 1)
        check = registry.check_fresh(checker, saved, raw, p)
        assert not check['identical'] and 0 < check['largest_difference'] < 1e-15
    finally: registry.stop_checker(checker)
    checker = registry.start_checker()
    saved.write_bytes(b'')
    try:
        with pytest.raises(ChurnError, match='not the file that was saved'): registry.check_fresh(checker, saved, raw, p)
    finally: registry.stop_checker(checker)

def test_two_models_of_one_moment_do_not_meet(pipeline, tmp_path):
    paths = {registry.save_model(pipeline, tmp_path) for _ in range(5)}
    assert len(paths) == 5

def test_spec_of_an_older_package(pipeline):
    state = pipeline.named_steps['coerce'].__getstate__()
    state['spec'].pop('formats')
    old = registry.Coerce.__new__(registry.Coerce); old.__setstate__(state)
    assert old.spec == data.synthetic_spec()

def make_run(tmp_path, model, **overrides):
    import joblib
    from churn_nb import compare
    r = RunDir.create(load_settings(overrides={'data.rows': 300, **overrides}), out=tmp_path)
    data.run(str(r.path)); loaded = data.load_run(r)
    joblib.dump(compare.make_model(model, loaded.spec, r.settings).fit(loaded.X(), loaded.y()), r.artifact('05_tune', 'pipeline.joblib'))
    write_json(r.artifact('05_tune', 'tuned.json'), {'model': model, 'params': {}})
    return r

@pytest.mark.parametrize('model', ['logistic_regression', 'lightgbm', 'voting'])
def test_step(tmp_path, model):
    "The refit from raw rows answers as step 5's fit on the canonical table does; check=False is said in check.json."
    r = make_run(tmp_path, model, **{'registry.check': False})
    result = registry.run(str(r.path))
    check = read_json(r.need('08_registry', 'check.json'))
    assert check['equal_to_tuned'] and check['fresh_process'] is False and check['identical'] is None
    assert registry.production_file(r) == result.path and result._repr_html_()
    assert {'run', 'created', 'model', 'params', 'spec', 'features', 'thresholds', 'data', 'settings', 'versions', 'training_seconds', 'sha256', 'golden'} <= registry.read_metadata(result.path).keys()
    assert read_json(r.need('08_registry', check['metadata'])) == result.metadata

def test_a_run_without_earlier_steps(tmp_path):
    r = RunDir.create(load_settings(), out=tmp_path)
    with pytest.raises(RunError): registry.run(str(r.path))
    with pytest.raises(RunError): registry.load_production(r)
