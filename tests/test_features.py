"""Step 03 where a notebook cannot show it: faults, odd tables, other families, real tables."""
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from churn_nb import features as F
from churn_nb.core import DataError, load_settings, read_json
from churn_nb.data import TableSpec, coerce, make_customers, synthetic_spec


FAMILIES = ('linear', 'tree')


@pytest.fixture(scope='module')
def settings(): return load_settings()


@pytest.fixture(scope='module')
def table():
    spec = synthetic_spec()
    df = coerce(make_customers(400, seed=5), spec)
    return spec, df[spec.features], df[spec.target]


# ---- engineered features reach the model

@pytest.mark.parametrize('family', FAMILIES)
def test_every_engineered_feature_reaches_the_model(table, settings, family):
    spec, X, y = table
    s = load_settings(overrides={'features.interactions': True})
    names = F.make_preprocessor(spec, s, family).fit(X, y).get_feature_names_out()
    pieces = {str(n).split('=')[0] for n in names}
    made = set(F.domain_names(spec)[0].values()) | {f'{a} × {b}' for a, b in F.DomainFeatures(spec, True).fit(X, y).pairs_}
    assert made <= pieces and len(made) == 5+6
    assert set(X) <= pieces


@pytest.mark.parametrize('family', FAMILIES)
def test_an_engineered_feature_changes_what_comes_out(table, settings, family):
    "Not only by name: changing the charges changes the ratio's column too."
    spec, X, y = table
    pre = F.make_preprocessor(spec, settings, family).fit(X, y)
    more = X.assign(monthly_charges=X['monthly_charges']*2)
    changed = (pre.transform(X) != pre.transform(more)).any()
    assert {'charge_vs_mean', 'usage_per_charge'} <= set(changed.index[changed])


# ---- nothing from the batch

@pytest.mark.parametrize('family', FAMILIES)
def test_one_customer_alone_gets_what_all_together_get(table, settings, family):
    spec, X, y = table
    pre = F.make_preprocessor(spec, settings, family).fit(X.iloc[:200], y.iloc[:200])
    together = pre.transform(X.iloc[200:212])
    alone = pd.concat([pre.transform(X.iloc[[i]]) for i in range(200, 212)])
    pd.testing.assert_frame_equal(together, alone, check_exact=True)
    assert alone['charge_vs_mean'].nunique() > 8          # a batch ratio would be the same for everyone


# ---- the transformer keeps scikit-learn's promises

def test_domain_features_clone_pickle_tags_and_names(table):
    spec, X, y = table
    d = F.DomainFeatures(spec, interactions=True)
    c = clone(d)
    assert c.get_params()['interactions'] is True and not hasattr(c, 'names_')
    out = c.fit(X, y).transform(X)
    assert isinstance(out, pd.DataFrame) and [*out] == [*c.get_feature_names_out()] and out.index.equals(X.index)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(c)).transform(X), out)
    tags = c.__sklearn_tags__()
    assert tags.input_tags.allow_nan and tags.input_tags.categorical
    assert [*X] == spec.features, 'the input is not changed'


@pytest.mark.parametrize('family', FAMILIES)
def test_pipeline_shape_names_and_pandas_out(table, settings, family):
    spec, X, y = table
    pre = F.make_preprocessor(spec, settings, family)
    assert isinstance(pre, Pipeline) and [*pre.named_steps] == ['domain', 'columns'] and isinstance(pre.named_steps['columns'], ColumnTransformer)
    out = pickle.loads(pickle.dumps(clone(pre).fit(X, y))).transform(X)
    assert isinstance(out, pd.DataFrame) and not any(str(n).startswith(('f0', 'x0', 'numeric__')) for n in out)
    assert set(F.origins([*out], spec).values()) == {*spec.features, *F.DOMAIN}


def test_trees_get_numbers_as_they_are_and_codes(table, settings):
    spec, X, y = table
    out = F.make_preprocessor(spec, settings, 'tree').fit_transform(X, y)
    pd.testing.assert_series_equal(out['monthly_charges'], X['monthly_charges'])
    assert set(out['contract_type']) == {0., 1., 2.} and not any('=' in n for n in out)
    order = out.groupby('tenure_bucket')['tenure_months'].max()
    assert [*order.index] == [0, 1, 2, 3, 4] and order.is_monotonic_increasing, 'buckets keep their order'


def test_wrong_input_is_named():
    spec = synthetic_spec()
    d = F.DomainFeatures(spec).fit(coerce(make_customers(60), spec))
    with pytest.raises(DataError) as e: d.transform(pd.DataFrame({'tenure_months': [1.]}))
    assert len(e.value.problems) == 9 and 'contract_type' in str(e.value)
    with pytest.raises(DataError, match='DataFrame'): d.transform(np.zeros((2, 10)))
    with pytest.raises(ValueError, match='family'): F.make_preprocessor(spec, load_settings(), 'forest')


# ---- odd values

@pytest.mark.parametrize('family', FAMILIES)
def test_no_infinity_from_zero_missing_or_huge(table, settings, family):
    spec, X, y = table
    bad = X.iloc[:8].copy()
    bad['tenure_months'] = [0, 0, np.nan, -3, 1, 5, 1e300, 2]
    bad['monthly_charges'] = [0, np.nan, 0, 50, -5, 1e-300, 70, 60]
    bad['total_charges'] = [0, 10, np.nan, 5, 1e308, 1e308, 3, 4]
    for fitted_on in (X, pd.concat([X, bad])):
        out = F.make_preprocessor(spec, settings, family).fit(fitted_on, y.reindex(fitted_on.index).iloc[:len(fitted_on)]).transform(bad)
        assert not np.isinf(out.to_numpy(float)).any()
        if family == 'linear': assert not out.isna().any(axis=None)


def test_a_charge_that_is_never_positive_gives_missing_not_infinite(settings):
    spec = synthetic_spec()
    X = coerce(make_customers(60), spec)[spec.features].assign(monthly_charges=0.)
    assert F.DomainFeatures(spec).fit(X).transform(X)['charge_vs_mean'].isna().all()


@pytest.mark.parametrize('family', FAMILIES)
def test_new_missing_and_empty_columns(table, settings, family):
    "A category first seen at predict; missing ones; a column without any value in the training rows."
    spec, X, y = table
    train = X.assign(payment_method=pd.Series([np.nan]*len(X), index=X.index, dtype='str'), num_referrals=np.nan, has_partner=np.nan)
    pre = F.make_preprocessor(spec, settings, family).fit(train, y)
    other = X.assign(contract_type='Lifetime')
    for Z in (train, X, other, X.assign(contract_type=pd.Series([None]*len(X), index=X.index, dtype='str'))):
        out = pre.transform(Z)
        assert len(out) == len(X) and not np.isinf(out.to_numpy(float)).any()
    if family == 'linear': assert (pre.transform(other).filter(like='contract_type=') == 0).all(axis=None)
    else: assert (pre.transform(other)['contract_type'] == -1).all()


def test_a_table_without_roles_says_why(settings):
    spec = TableSpec(target='left', numeric=['age'], categorical=['city'])
    used, left = F.domain_names(spec)
    assert used == {} and set(left) == set(F.DOMAIN) and all('role' in v for v in left.values())
    X = pd.DataFrame({'age': np.arange(40.), 'city': pd.Series(['a', 'b']*20, dtype='str')})
    assert [*F.make_preprocessor(spec, settings, 'tree').fit(X, [0, 1]*20).get_feature_names_out()] == ['age', 'city']


def test_names_that_collide_or_that_boosters_refuse(settings):
    from lightgbm import LGBMClassifier
    from xgboost import XGBClassifier
    num = ['Charges, monthly', 'a[1]', 'a(1)', 'p<q', '"x": {y}', 'tenure_bucket', 'Größe €']
    spec = TableSpec(target='t', numeric=num, categorical=['city, state'], roles={'tenure': 'Charges, monthly'})
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.uniform(0, 60, (80, len(num))), columns=num).assign(**{'city, state': pd.Series(['a', 'b']*40, dtype='str')})
    y = rng.integers(0, 2, 80)
    out = F.make_preprocessor(spec, settings, 'tree').fit_transform(X, y)
    assert set(F.origins([*out], spec).values()) == {*num, 'city, state', 'tenure_bucket_'}
    XGBClassifier(n_estimators=2, n_jobs=1).fit(out, y)
    LGBMClassifier(n_estimators=2, n_jobs=1, verbose=-1).fit(out, y)


# ---- many levels

def noisy(n=1500, levels=730):
    spec = synthetic_spec()
    df = coerce(make_customers(n, seed=9), spec)
    df['code'] = pd.Series([f'c{i}' for i in np.random.default_rng(1).integers(0, levels, n)], index=df.index, dtype='str')
    spec.categorical = [*spec.categorical, 'code']
    return spec, df[spec.features], df[spec.target]


def test_a_column_of_730_meaningless_levels_does_not_hurt(settings):
    from churn_nb.compare import cross_validate, make_model
    spec, X, y = noisy()
    clean = synthetic_spec()
    for name in ('logistic_regression', 'lightgbm'):
        auc = [cross_validate({name: make_model(name, s, settings)}, X, y, 3).folds['auc'].mean() for s in (clean, spec)]
        assert auc[1] > auc[0]-.012, (name, auc)      # 1,500 rows: the folds alone spread by .02
    assert F.strengths(X, y, spec, settings)['code'] < .56, 'many levels must not look strong'


def test_many_levels_become_one_column(settings):
    spec, X, y = noisy(400, 300)
    for family in FAMILIES:
        names = [*F.make_preprocessor(spec, settings, family).fit(X, y).get_feature_names_out()]
        assert [n for n in names if n.startswith('code')] == ['code']


# ---- no deprecated or wrong way of selecting, no warnings

@pytest.mark.filterwarnings('error')
@pytest.mark.parametrize('family', FAMILIES)
def test_no_warnings(settings, family):
    spec, X, y = noisy(300, 100)
    F.make_preprocessor(spec, settings, family).fit(X, y).transform(X)


def test_text_is_selected_by_meaning(settings):
    "The same table with text as `str`, `object` and `category` gives the same features."
    spec, X, y = noisy(300, 5)
    outs = [F.make_preprocessor(spec, settings, 'linear').fit_transform(X.astype({c: t for c in spec.categorical}), y) for t in ('str', 'object', 'category')]
    for o in outs[1:]: pd.testing.assert_frame_equal(o, outs[0])


# ---- the step

def test_step_leaves_its_artefacts():
    r = F.demo(data__rows=200, features__interactions=True)
    folder = r.path/'artifacts'/'03_features'
    made = read_json(folder/'features.json')
    table = pd.read_csv(folder/'features.csv')
    assert made['used'] == [*F.DOMAIN] and made['left_out'] == {}
    assert set(made['linear']) | set(made['tree']) == set(table['feature']) and table['auc'].between(.5, 1).all() and table['what'].str.len().gt(3).all()
    assert (folder/'features.png').stat().st_size > 10_000


def test_domain_features_can_be_switched_off():
    r = F.demo(data__rows=200, features__domain=False)
    made = read_json(r.path/'artifacts'/'03_features'/'features.json')
    assert made['used'] == [] and len(made['left_out']) == 5 and 'charge_vs_mean' not in made['tree']

# ---- names that collide

@pytest.mark.parametrize('family', FAMILIES)
def test_made_names_give_way_to_real_ones(table, settings, family):
    spec, X, y = table
    first = F.make_preprocessor(spec, settings, 'linear').fit(X, y).get_feature_names_out()
    bend, piece = next(n for n in first if ' above ' in n and n.split(' above ')[0] in X), next(n for n in first if n.startswith('contract_type='))
    X = X.assign(**{bend: X.tenure_months, piece: (X.contract_type == 'One Year').astype(float)})
    more = TableSpec(**{**spec.to_dict(), 'numeric': [*spec.numeric, bend], 'binary': {**spec.binary, piece: {'0': 0, '1': 1}}})
    Z = F.make_preprocessor(more, settings, family).fit_transform(X[more.features], y)
    assert Z.columns.is_unique and {bend, piece} <= {*Z.columns}
    if family == 'linear': assert F.origins([bend+'_', piece+'_'], more) == {bend+'_': bend.split(' above ')[0], piece+'_': 'contract_type'}

def test_knots_that_look_alike_get_names_of_their_own():
    X = pd.DataFrame({'phone': 493012345000. + np.arange(1000)})
    Z = F.Bends().fit(X).set_output(transform='pandas').transform(X)
    assert Z.shape == (1000, 4) and Z.columns.is_unique
