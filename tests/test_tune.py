"Room 05: what a notebook cannot show: every kind of winner, faults, killed runs, other tables."
from __future__ import annotations
import os, pickle, shutil, signal, time
from pathlib import Path
import numpy as np, pandas as pd, pytest
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from churn_nb import compare, data, tune
from churn_nb.core import *

@pytest.fixture(scope='module')
def base():
    "A run in which step 01 is done."
    return data.demo(data__rows=500)

def prepared(base, tmp_path, best='logistic_regression', order=(), **overrides):
    "A copy of it in which `best` has won step 04."
    path = tmp_path/f'run{len(list(tmp_path.iterdir()))}'
    shutil.copytree(base.path, path)
    settings = load_settings(overrides={**DEMO, 'data.rows': 500, 'tune.draws': 2, **{k.replace('__', '.'): v for k, v in overrides.items()}})
    write_text(path/'settings.ini', settings.to_ini())
    r = RunDir(path)
    write_json(r.artifact('04_compare', 'comparison.json'), dict(best=best, metric='auc', reason='', order=[*order] or [best]))
    return r

def scores(r):
    "What must be the same in two runs: everything but the seconds."
    return pd.read_csv(r.need('05_tune', 'trials.csv')).drop(columns='seconds'), tune.load_pipeline(r).predict_proba(data.load_run(r).X('test'))

def same(a, b):
    pd.testing.assert_frame_equal(a[0], b[0])
    np.testing.assert_array_equal(a[1], b[1])

@pytest.mark.parametrize('best', ['logistic_regression', 'random_forest', 'gradient_boosting', 'xgboost', 'lightgbm'])
def test_whatever_won_is_tuned(base, tmp_path, best):
    r = prepared(base, tmp_path, best)
    result = tune.run(r.path)
    assert result.tuned['model'] == result.tuned['member'] == best and set(result.trials['model']) == {best}
    assert result.trials.source[0] == 'start' and (result.trials.source == 'draw').sum() == 2
    assert {p.name for p in (r.path/'artifacts'/'05_tune').iterdir()} == {'trials.csv', 'tuned.json', 'pipeline.joblib', 'tune.png'}
    saved, X = read_json(r.need('05_tune', 'tuned.json')), data.load_run(r).X('test')
    assert {'model', 'params', 'method', 'imbalance', 'cv', 'start_cv', 'sentence'} <= saved.keys()
    assert saved['cv']['auc'] >= saved['start_cv']['auc']
    assert best in result._repr_html_() and np.isfinite(tune.load_pipeline(r).predict_proba(X)).all()

def test_candidate_0_is_the_model_of_step_4(base, tmp_path):
    r = prepared(base, tmp_path, 'lightgbm', tune__method='none')
    d, result = data.load_run(r), tune.run(r.path)
    cv = compare.cross_validate({'m': compare.make_model('lightgbm', d.spec, r.settings)}, d.X(), d.y(), r.settings.tune.folds, r.settings.run.seed)
    assert len(result.trials) == 1 and result.trials.auc[0] == pytest.approx(cv.folds.auc.mean(), abs=1e-12)

@pytest.mark.parametrize('best', ['voting', 'stacking'])
def test_an_ensemble_is_rebuilt_with_its_tuned_member(base, tmp_path, best, monkeypatch):
    monkeypatch.setattr(tune, 'choose', lambda m: tune.Choice(1, 1, 0., 1., 1.))   # whatever the luck of the table
    monkeypatch.setattr(compare, 'MEMBERS', ('logistic_regression', 'lightgbm'))   # two members are enough, and quicker
    r = prepared(base, tmp_path, best, [best, 'lightgbm', 'logistic_regression'], tune__draws=1)
    result = tune.run(r.path)
    assert (result.tuned['model'], result.tuned['member']) == (best, 'lightgbm') and 'one is kept' in result.tuned['sentence']
    both = result.trials[result.trials.source == 'ensemble']
    assert len(both) == 2 and result.tuned['cv']['auc'] == pytest.approx(both.auc.max())
    kept = dict(tune.load_pipeline(r).estimators)['lightgbm']['model']
    assert isinstance(kept, tune.EarlyStoppedBooster) == (both.auc.iloc[1] > both.auc.iloc[0])

def test_any_model_on_request(base, tmp_path):
    assert tune.run(prepared(base, tmp_path, 'lightgbm', tune__model='logistic_regression').path).tuned['model'] == 'logistic_regression'

def test_same_numbers_again_and_with_other_workers(base, tmp_path):
    runs = [prepared(base, tmp_path, 'lightgbm', run__workers=w) for w in (1, 2)]
    for r in runs: tune.run(r.path)
    same(*map(scores, runs))

def test_optuna_is_seeded_in_threads(base, tmp_path):
    runs = [prepared(base, tmp_path, tune__method='optuna', tune__draws=5) for _ in range(2)]
    for r in runs: tune.run(r.path)
    same(*map(scores, runs))
    assert (scores(runs[0])[0].source == 'tpe').sum() == 5

def test_killed_in_the_middle_and_resumed(base, tmp_path):
    whole, killed = (prepared(base, tmp_path, tune__draws=12) for _ in range(2))
    tune.run(whole.path)
    child = os.fork()
    if child == 0:
        tune.run(killed.path); os._exit(0)
    end = time.time()+60
    while not [*killed.path.glob('.progress-*')] and time.time() < end: time.sleep(.002)
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), 'the step ended before it was killed'
    left = killed.path/'artifacts'/'05_tune'
    assert not left.exists() or not [p for p in left.iterdir() if not p.name.startswith('.')]
    tune.run(killed.path)
    same(scores(whole), scores(killed))

def test_a_failure_leaves_the_old_files(base, tmp_path, monkeypatch):
    r = prepared(base, tmp_path)
    tune.run(r.path)
    before = r.need('05_tune', 'pipeline.joblib').read_bytes()
    import joblib
    def half(obj, path, **kw): Path(path).write_bytes(b'half'); raise OSError('disk full')
    monkeypatch.setattr(joblib, 'dump', half)
    with pytest.raises(OSError): tune.run(r.path)
    assert r.need('05_tune', 'pipeline.joblib').read_bytes() == before

def test_too_few_churners_are_refused(base, tmp_path):
    with pytest.raises(SettingsError, match='tune.folds = 50') as e: tune._check_folds(np.array([0]*90+[1]*10), 50)
    assert '10 or less' in str(e.value)

@pytest.fixture(scope='module')
def frame(base):
    d = data.load_run(base)
    return compare.make_model('lightgbm', d.spec, base.settings)['features'].fit_transform(d.X(), d.y()), d.y()

@pytest.mark.parametrize('kind', ['lightgbm', 'xgboost'])
def test_early_stopped_booster(base, frame, kind):
    X, y = frame
    booster = compare.make_model(kind, data.load_run(base).spec, base.settings)['model']
    model = tune.EarlyStoppedBooster(booster, folds=3, rounds=20, random_state=1).fit(X, y)
    p = model.predict_proba(X)
    np.testing.assert_array_equal(clone(model).fit(X, y).predict_proba(X), p)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict_proba(X), p)
    assert model.feature_importances_.sum() == pytest.approx(1) and [*model.feature_names_in_] == [*X] and len(model.models_) == 3
    assert all(0 < t < 2000 and t == m.n_estimators for t, m in zip(model.trees_, model.models_))
    words = tune.EarlyStoppedBooster(booster, folds=3, rounds=20, random_state=1).fit(X, np.where(y == 1, 'left', 'stayed'))
    assert [*words.classes_] == ['left', 'stayed'] and set(words.predict(X)) <= {'left', 'stayed'}
    balanced = clone(model).set_params(class_weight='balanced').fit(X, y)
    assert balanced.predict_proba(X)[:, 1].mean() > p[:, 1].mean() + .1
    with pytest.raises(ValueError, match='two classes'): clone(model).fit(X, np.zeros(len(X)))

@pytest.mark.parametrize('kind', ['lightgbm', 'xgboost'])
def test_contributions_add_up_to_what_predicts(base, frame, kind):
    "Explanations use every tree that is there: so no tree may be there that does not predict."
    X, y = frame
    model = tune.EarlyStoppedBooster(compare.make_model(kind, data.load_run(base).spec, base.settings)['model'], folds=3, rounds=20).fit(X, y)
    def margin(m):
        if kind == 'lightgbm': return m.booster_.predict(X, pred_contrib=True, num_iteration=-1).sum(axis=1)
        import xgboost
        return m.get_booster().predict(xgboost.DMatrix(X), pred_contribs=True).sum(axis=1)
    np.testing.assert_allclose(np.mean([1/(1+np.exp(-margin(m))) for m in model.models_], axis=0), model.predict_proba(X)[:, 1], atol=1e-5)

def test_smote_sees_training_folds_only(base):
    d, s = data.load_run(base), load_settings(overrides={'tune.folds': 3})
    for fold, (_, out) in zip(tune.prepare_folds('lightgbm', d.X(), d.y(), d.spec, s, 'smote'), StratifiedKFold(3, shuffle=True, random_state=42).split(d.X(), d.y())):
        assert fold.y.mean() == .5 and len(fold.X_out) == len(out) and [*fold.y_out] == [*d.y().iloc[out]] and {*d.X().monthly_charges.iloc[out]} <= {*np.ravel(fold.X_out)}

def test_the_comparison_does_not_skip_smote(base):
    d, s = data.load_run(base), base.settings
    model = tune.make_candidate('logistic_regression', d.spec, s, {}, 'smote')
    cv = compare.cross_validate({'smote': model}, d.X(), d.y(), 3, 42).oof['smote']
    by_hand = cross_val_predict(model, d.X(), d.y(), cv=StratifiedKFold(3, shuffle=True, random_state=42), method='predict_proba')[:, 1]
    np.testing.assert_allclose(cv, by_hand, atol=1e-9)
    assert cv.mean() > d.y().mean() + .1

def test_smote_with_holes_and_without_numbers_or_categories(base):
    d = data.load_run(base)
    X, y = d.X().copy(), d.y()
    X.iloc[::7, 0] = np.nan; X.loc[X.index[::5], d.spec.categorical[0]] = np.nan
    for columns in ([*X], d.spec.numeric, [*d.spec.binary, *d.spec.categorical]):
        more, labels = tune.Smote(d.spec).fit_resample(X[columns], y)
        assert labels.value_counts().nunique() == 1 and (more.dtypes == X[columns].dtypes).all()
        pd.testing.assert_frame_equal(more.iloc[:len(X)], X[columns].reset_index(drop=True))

@pytest.mark.parametrize('name', ['xgboost', 'lightgbm', 'voting'])
@pytest.mark.parametrize('how', ['weights', 'smote'])
def test_imbalance_reaches_every_model(base, tmp_path, name, how):
    d, s = data.load_run(base), base.settings
    plain, treated = (tune.make_candidate(name, d.spec, s, {}, h, d.y()).fit(d.X(), d.y()).predict_proba(d.X('test'))[:, 1].mean() for h in ('none', how))
    assert treated > plain + .08

def test_the_start_is_never_lost():
    rng = np.random.default_rng(0)
    for _ in range(200):
        m = rng.normal(size=(rng.integers(1, 12), rng.integers(2, 8)))
        c = tune.choose(m)
        assert m[c.index].mean() >= m[0].mean() and c.optimism >= -1e-12 and c.index in (0, c.best)
    assert tune.choose(np.zeros((4, 3))).index == 0

@pytest.mark.parametrize('name', tune.SPACES)
def test_every_corner_of_every_space_can_be_fitted(base, frame, name):
    X, y = frame
    for end in (0, -1):
        params = {k: v[end] for k, v in tune.SPACES[name].items()}
        model = compare.make_model(name, data.load_run(base).spec, base.settings, **params)['model']
        model.fit(X.fillna(0) if name == 'logistic_regression' else X, y)

def test_log_loss_is_minimised(base, tmp_path):
    r = prepared(base, tmp_path, compare__metric='log_loss')
    result = tune.run(r.path)
    assert result.tuned['cv']['log_loss'] <= result.tuned['start_cv']['log_loss'] and result.tuned['best_mean'] == pytest.approx(result.trials.log_loss.min())

@pytest.mark.parametrize('table, target, least', [('telco', 'Churn', .842), ('mlc', 'churn', .915)])
def test_real_tables(tmp_path, request, table, target, least):
    r = RunDir.create(load_settings(overrides={'data.source': str(request.getfixturevalue(table)), 'data.target': target, 'tune.draws': 1, 'tune.folds': 3}), out=tmp_path)
    data.run(r.path)
    write_json(r.artifact('04_compare', 'comparison.json'), dict(best='lightgbm', metric='auc', reason='', order=['lightgbm']))
    tune.run(r.path)
    d = data.load_run(r)
    assert compare.metrics(d.y('test'), tune.load_pipeline(r).predict_proba(d.X('test'))[:, 1])['auc'] >= least
