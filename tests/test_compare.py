"""Step 04 where a notebook cannot show it: what is fitted how often and on which rows, ensembles against scikit-learn's own, the choice, faults."""
import inspect
import threading
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline

from churn_nb import compare as C
from churn_nb.core import MODELS, DataError, load_settings, read_json
from churn_nb.data import coerce, make_customers, synthetic_spec
from churn_nb.features import make_preprocessor


@pytest.fixture(scope='module')
def settings(): return load_settings()


@pytest.fixture(scope='module')
def table():
    spec = synthetic_spec()
    df = coerce(make_customers(450, seed=5), spec)
    return spec, df[spec.features], df[spec.target]


class Spy(TransformerMixin, BaseEstimator):
    "A preprocessing step that writes down which rows it was fitted on."
    seen, lock = [], threading.Lock()
    def fit(self, X, y=None):
        with Spy.lock: Spy.seen.append(frozenset(X.index))
        return self
    def transform(self, X): return X[['tenure_months', 'monthly_charges']]


class Counted(ClassifierMixin, BaseEstimator):
    "A classifier that counts its fits."
    fits = []
    def __init__(self, tag='a', C=1.): self.tag, self.C = tag, C
    def fit(self, X, y):
        Counted.fits.append((self.tag, len(y)))
        self.model_ = LogisticRegression(C=self.C, max_iter=500).fit(X, y)
        self.classes_ = self.model_.classes_
        return self
    def predict_proba(self, X): return self.model_.predict_proba(X)


def spied(tag, C=1.): return Pipeline([('features', Spy()), ('model', Counted(tag, C))])


# ---- what is fitted, how often, on which rows

def test_preprocessing_is_fitted_inside_the_folds_only(table):
    _, X, y = table
    Spy.seen.clear(); Counted.fits.clear()
    C.cross_validate({'a': spied('a'), 'b': spied('b')}, X, y, folds=5, seed=1)
    train = {frozenset(X.index[a]) for a, _ in StratifiedKFold(5, shuffle=True, random_state=1).split(X, y)}
    assert set(Spy.seen) == train, 'each fit sees the training rows of one fold, never all rows'
    assert len(Spy.seen) == 5, 'the preprocessing both models share is fitted once per fold'


def test_each_model_is_fitted_once_per_fold_for_all_metrics(table):
    from sklearn.ensemble import StackingClassifier, VotingClassifier
    _, X, y = table
    members = [('a', spied('a')), ('b', spied('b', .01))]
    models = {**dict(members), 'voting': VotingClassifier(members, voting='soft'), 'stacking': StackingClassifier(members, cv=3, stack_method='predict_proba')}
    Counted.fits.clear()
    cv = C.cross_validate(models, X, y, folds=4)
    assert sorted(t for t, _ in Counted.fits) == ['a']*4 + ['b']*4, 'ensembles reuse the predictions of their members'
    assert len(cv.folds) == 4*4 and set(C.METRICS) <= set(cv.folds) and cv.folds[list(C.METRICS)].notna().all(axis=None)


def test_an_ensemble_alone_fits_its_members(table):
    from sklearn.ensemble import VotingClassifier
    _, X, y = table
    Counted.fits.clear()
    C.cross_validate({'voting': VotingClassifier([('a', spied('a')), ('b', spied('b'))], voting='soft')}, X, y, folds=3)
    assert len(Counted.fits) == 6


def test_sharing_the_preprocessing_changes_nothing(table, settings):
    spec, X, y = table
    models = {m: C.make_model(m, spec, settings, **p) for m, p in (('logistic_regression', {}), ('lightgbm', dict(n_estimators=20)), ('random_forest', dict(n_estimators=10)))}
    cv = C.cross_validate(models, X, y, folds=3, seed=7)
    for name, model in models.items():
        for a, b in StratifiedKFold(3, shuffle=True, random_state=7).split(X, y):
            p = clone(model).fit(X.iloc[a], y.iloc[a]).predict_proba(X.iloc[b])[:, 1]
            np.testing.assert_allclose(cv.oof[name].to_numpy()[b], p, rtol=0, atol=1e-9)


def test_same_numbers_with_one_worker_and_again(table, settings):
    spec, X, y = table
    models = {m: C.make_model(m, spec, settings, **p) for m, p in (('gradient_boosting', dict(max_iter=20)), ('xgboost', dict(n_estimators=20)), ('lightgbm', dict(n_estimators=20)))}
    a, b, c = [C.cross_validate(models, X, y, folds=3, workers=w).oof for w in (2, 1, 2)]
    pd.testing.assert_frame_equal(a, b, check_exact=True)
    pd.testing.assert_frame_equal(a, c, check_exact=True)


def test_the_models_are_left_unfitted(table, settings):
    from sklearn.exceptions import NotFittedError
    spec, X, y = table
    m = C.make_model('logistic_regression', spec, settings)
    C.cross_validate({'m': m}, X, y, folds=3)
    with pytest.raises(NotFittedError): m.predict_proba(X)


def test_progress_and_faults(table):
    _, X, y = table
    told = []
    C.cross_validate({'a': spied('a')}, X, y, folds=3, progress=lambda done, total, what: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    class Broken(Counted):         # a local class cannot be pickled: no reason to fail
        def fit(self, X, y): raise ZeroDivisionError('on purpose')
    with pytest.raises(ZeroDivisionError): C.cross_validate({'a': Pipeline([('features', Spy()), ('model', Broken())])}, X, y, folds=3)
    with pytest.raises(DataError, match='folds need'): C.cross_validate({'a': spied('a')}, X.iloc[:20], pd.Series([1, 1]+[0]*18), folds=3)


# ---- ensembles against the originals

def small(spec, settings):
    return [(m, C.make_model(m, spec, settings, **p)) for m, p in (('logistic_regression', {}), ('lightgbm', dict(n_estimators=20)))]


def test_voting_is_what_soft_voting_refitted_gives(table, settings):
    from sklearn.ensemble import VotingClassifier
    spec, X, y = table
    members = small(spec, settings)
    for weights in ([3, 1],):
        voting = VotingClassifier(members, voting='soft', weights=weights)
        cv = C.cross_validate({**dict(members), 'voting': voting}, X, y, folds=3, seed=2)
        for a, b in StratifiedKFold(3, shuffle=True, random_state=2).split(X, y):
            p = clone(voting).fit(X.iloc[a], y.iloc[a]).predict_proba(X.iloc[b])[:, 1]
            np.testing.assert_allclose(cv.oof['voting'].to_numpy()[b], p, rtol=0, atol=1e-9)


def test_stacking_is_within_noise_of_the_nested_original(settings):
    from sklearn.ensemble import StackingClassifier
    spec = synthetic_spec()
    df = coerce(make_customers(900, seed=8), spec)
    X, y = df[spec.features], df[spec.target]
    members = small(spec, settings)
    nested = StackingClassifier(members, final_estimator=C._meta(), cv=StratifiedKFold(3, shuffle=True, random_state=0), stack_method='predict_proba')
    cv = C.cross_validate({**dict(members), 'stacking': nested}, X, y, folds=3, seed=3)
    p = np.zeros(len(y))
    for a, b in StratifiedKFold(3, shuffle=True, random_state=3).split(X, y): p[b] = clone(nested).fit(X.iloc[a], y.iloc[a]).predict_proba(X.iloc[b])[:, 1]
    assert abs(roc_auc_score(y, p) - roc_auc_score(y, cv.oof['stacking'])) < .01        # the folds spread by .02 to .03
    assert np.corrcoef(p, cv.oof['stacking'])[0, 1] > .97


def test_no_label_trains_the_meta_learner_that_scores_it():
    "With members that say nothing, turning one fold's labels over must not move that fold's predictions."
    rng = np.random.default_rng(0)
    P, y = rng.uniform(size=(90, 2)), rng.integers(0, 2, 90)
    X = pd.DataFrame(P)
    folds = [C._Fold(X, y, a, b) for a, b in StratifiedKFold(3, shuffle=True, random_state=0).split(X, y)]
    flipped = y.copy(); flipped[folds[0].rows] = 1-flipped[folds[0].rows]
    p, q = C._stack(C._meta(), P, y, folds), C._stack(C._meta(), P, flipped, folds)
    np.testing.assert_array_equal(p[folds[0].rows], q[folds[0].rows])
    assert (p[folds[1].rows] != q[folds[1].rows]).any()


def test_leakage_would_be_seen(settings):
    "Labels that are coins, and a column with a level for nearly every customer: the honest AUC is .5."
    spec = synthetic_spec()
    df = coerce(make_customers(600, seed=8), spec)
    df['code'] = pd.Series([f'c{i}' for i in np.random.default_rng(0).integers(0, 300, 600)], index=df.index, dtype='str')
    spec.categorical = [*spec.categorical, 'code']
    y = pd.Series(np.random.default_rng(1).integers(0, 2, 600), index=df.index)
    cv = C.cross_validate({m: C.make_model(m, spec, settings) for m in ('logistic_regression', 'lightgbm')}, df[spec.features], y, folds=4)
    assert cv.folds.groupby('model')['auc'].mean().between(.42, .58).all()


# ---- the models

@pytest.mark.parametrize('name', MODELS)
def test_every_model_fits_scores_and_is_single_threaded(table, settings, name):
    spec, X, y = table
    m = C.make_model(name, spec, settings)
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        fewer = {k: 10 for k in m.get_params() if k.endswith(('n_estimators', 'max_iter')) and 'logistic' not in k and 'final' not in k and name != 'logistic_regression'}
        odd = X.copy(); odd.iloc[:5, 0] = np.nan; odd.iloc[5:9, -1] = np.nan
        p = m.set_params(**fewer).fit(odd, y).predict_proba(odd)
    assert p.shape == (len(X), 2) and np.allclose(p.sum(axis=1), 1) and [*m.classes_] == [0, 1]
    assert {v for k, v in m.get_params().items() if k.endswith('n_jobs')} <= {1, None}
    assert 'use_label_encoder' not in str(m.get_params())


def test_params_override_and_trees_get_real_names(table, settings):
    spec, X, y = table
    m = C.make_model('xgboost', spec, settings, n_estimators=5, max_depth=2).fit(X, y)
    assert m.named_steps['model'].max_depth == 2
    names = m.named_steps['model'].get_booster().feature_names
    assert 'contract_type' in names and 'charge_vs_mean' in names and 'f0' not in names
    assert names == [*m.named_steps['features'].get_feature_names_out()]


def test_source_has_no_deprecated_options():
    from churn_nb import features
    for module in (C, features):
        source = inspect.getsource(module)
        assert 'use_label_encoder' not in source and "select_dtypes('object')" not in source and 'filterwarnings' not in source


# ---- metrics

def test_metrics_agree_with_scikit_learn():
    from sklearn import metrics as M
    rng = np.random.default_rng(0)
    y, p = rng.integers(0, 2, 200), rng.uniform(size=200).round(2)
    m = C.metrics(y, p, .3)
    h = p >= .3
    assert m['f1'] == pytest.approx(M.f1_score(y, h)) and m['precision'] == pytest.approx(M.precision_score(y, h)) and m['recall'] == pytest.approx(M.recall_score(y, h))
    assert m['accuracy'] == pytest.approx(M.accuracy_score(y, h)) and m['brier'] == pytest.approx(M.brier_score_loss(y, p)) and m['auc'] == pytest.approx(M.roc_auc_score(y, p))
    assert m['average_precision'] == pytest.approx(M.average_precision_score(y, p)) and m['log_loss'] == pytest.approx(M.log_loss(y, p))


def test_lift_does_not_depend_on_the_order_of_ties():
    rng = np.random.default_rng(0)
    y, p = rng.integers(0, 2, 97), rng.integers(0, 4, 97)/4
    lifts = {round(C.top_decile_lift(y[o], p[o]), 12) for o in (rng.permutation(97) for _ in range(20))}
    assert len(lifts) == 1


def test_metrics_without_one_of_the_classes():
    m = C.metrics([0, 0, 0], [.1, .2, .9])
    assert np.isnan(m['auc']) and m['f1'] == 0 and m['accuracy'] == pytest.approx(2/3)


# ---- the choice

def board(**auc):
    return pd.DataFrame([dict(model=m, auc=a, tie=t, difference=a-max(v for v, _ in auc.values()), p_value=.5 if t else .001) for m, (a, t) in auc.items()]).sort_values('auc', ascending=False)


@pytest.mark.parametrize('table, best', [
    (dict(stacking=(.85, True), logistic_regression=(.8495, True)), 'logistic_regression'),   # simpler, tie, nearly free
    (dict(stacking=(.85, True), logistic_regression=(.8495, False)), 'stacking'),             # nearly free, but really worse
    (dict(stacking=(.85, True), logistic_regression=(.84, True)), 'stacking'),                # a tie that costs too much
    (dict(voting=(.85, True), xgboost=(.8492, True), lightgbm=(.8496, True)), 'lightgbm'),    # equally simple: the better mean
    (dict(xgboost=(.85, True), voting=(.8499, True)), 'xgboost'),                             # never the more complicated one
])
def test_the_simplest_model_that_is_not_worse(table, best):
    name, reason = C.choose(board(**table), 'auc', .5)
    assert name == best and reason.endswith('.') and C.TITLES[best][1:] in reason


def test_the_best_model_is_no_fixed_name():
    for leader in C.MEMBERS:
        folds = pd.DataFrame([dict(model=m, fold=k, **{c: .5 for c in C.METRICS} | {'auc': .8+.001*k+(.05 if m == leader else 0)+.0001*i*k}, seconds=1.) for i, m in enumerate(C.MEMBERS) for k in range(5)])
        b = C.leaderboard(folds)
        assert C.choose(b, 'auc', .5)[0] == leader == b['model'][0] and b['tie'].sum() == 1


@pytest.mark.parametrize('metric', ['log_loss', 'brier', 'top_decile_lift'])
def test_direction_of_the_metric(metric):
    folds = pd.DataFrame([dict(model=m, fold=k, **{c: v+k*.01 for c in C.METRICS}, seconds=1.) for m, v in (('xgboost', .3), ('lightgbm', .5)) for k in range(3)])
    assert C.leaderboard(folds, metric)['model'][0] == ('xgboost' if metric in C.LOWER_IS_BETTER else 'lightgbm')


def test_corrected_test_is_the_formula():
    "t = mean / sqrt((1/k + n_test/n_train) s²), k-1 degrees of freedom: Nadeau and Bengio (2003)."
    from scipy.stats import t
    d = np.array([.01, .02, .0, .015, .005])
    expected = 2*t.sf(d.mean()/np.sqrt((.2+.25)*d.var(ddof=1)), 4)
    assert C.corrected_t_test(d, .25) == pytest.approx(expected) and C.corrected_t_test(-d, .25) == pytest.approx(expected)
    assert C.corrected_t_test(np.zeros(5), .25) == 1 and C.corrected_t_test(np.full(5, .01), .25) == 0


# ---- the step

def test_step_leaves_its_artefacts():
    r = C.demo(data__rows=200, compare__models='logistic_regression,lightgbm', compare__folds=3)
    folder = r.path/'artifacts'/'04_compare'
    found = read_json(folder/'comparison.json')
    assert found['best'] in found['order'] and set(found['order']) == {'logistic_regression', 'lightgbm'} and found['metric'] == 'auc'
    oof = pd.read_parquet(folder/'oof.parquet')
    train = pd.read_parquet(r.path/'artifacts'/'01_data'/'train.parquet')
    assert oof.index.equals(train.index) and [*oof] == ['logistic_regression', 'lightgbm'] and oof.notna().all(axis=None)
    lb = pd.read_csv(folder/'leaderboard.csv')
    assert {'model', 'auc', 'auc_sd', 'seconds', 'difference', 'p_value', 'tie'} <= set(lb) and len(pd.read_csv(folder/'folds.csv')) == 6
    assert (folder/'leaderboard.png').stat().st_size > 10_000
