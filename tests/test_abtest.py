"""Two models side by side: groups that survive a process, statistics against slow definitions and simulations, whole experiments."""
import json, os, subprocess, sys
import numpy as np, pandas as pd, pytest
from scipy import stats
from churn_nb import abtest as ab, evaluate
from churn_nb.core import ChurnError, DataError, SettingsError

def models(n, seed=0, gain=.5):
    "Outcomes, and the probabilities of a champion and of a better challenger."
    rng = np.random.default_rng(seed)
    seen, more = rng.normal(size=n), rng.normal(size=n)
    p = lambda x: 1/(1+np.exp(1.5-x))
    return (rng.random(n) < p(seen+gain*more)).astype(int), p(seen), p(seen+gain*more)

def log(n=6000, days=30, share=.5, saved=0., seed=1, **columns):
    "A log of a share experiment; `saved`: share of the challenger's leavers who are kept."
    y, a, b = models(n, seed)
    rng, customer = np.random.default_rng(seed), [f'K-{i}' for i in range(n)]
    second = ab.assign_many(customer, share)
    left = np.where(second & (rng.random(n) < saved), 0, y).astype(float)
    time = pd.Timestamp('2026-09-01', tz='UTC') + pd.to_timedelta(np.sort(rng.integers(0, days*86400, n)), unit='s')
    return pd.DataFrame(dict(time=time, customer=customer, version=np.where(second, '2', '1'), role=np.where(second, 'challenger', 'champion'), probability=np.where(second, b, a), left=left)).assign(**columns)

def shadow(n=3000, seed=1, days=30):
    y, a, b = models(n, seed)
    one = log(n, days, 0, seed=seed).assign(probability=a, left=y.astype(float))
    return pd.concat([one, one.assign(role='shadow', version='2', probability=b)]).sample(frac=1, random_state=0)

# who answers whom

def test_the_groups_are_the_same_in_every_process():
    ids = ['7', 'ключ', 'a b', '\ud800', 'K-1', '0007']
    code = f'from churn_nb.abtest import assign; print([assign(c, .5, "s") for c in {ids!r}])'
    for seed in '0', '77':
        out = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, env={**os.environ, 'PYTHONHASHSEED': seed}, check=True).stdout
        assert out.strip() == str([ab.assign(c, .5, 's') for c in ids])

def test_one_customer_is_one_customer_however_the_id_is_read():
    for share in np.linspace(.05, .95, 19): assert len({ab.assign(c, share) for c in (7, 7.0, '7', np.int64(7), np.float64(7), ' 7')}) == 1
    assert ab.customer_text('007') == '007' and ab.customer_text(12345678901234567890) == '12345678901234567890'
    assert not any(ab.assign(c, 1) for c in (None, np.nan, '', ' ', pd.NA, pd.NaT))
    for wrong in (b'7', True, [7], {}, np.bool_(True)):
        with pytest.raises(DataError, match='is no customer id'): ab.assign(wrong, .5)
    for share in (-.1, 1.1, np.nan):
        with pytest.raises(SettingsError): ab.assign('7', share)

def test_shares_are_exact_grow_and_salts_are_independent():
    ids, u = range(50_000), np.array([ab.hashed(str(i)) for i in range(50_000)])
    assert stats.kstest(u, 'uniform').pvalue > 1e-4 and u.min() >= 0 and u.max() < 1
    groups = [ab.assign_many(ids, s) for s in (0, .01, .1, .5, 1)]
    assert not groups[0].any() and groups[-1].all() and all((a <= b).all() for a, b in zip(groups, groups[1:]))
    for s, g in zip((.01, .1, .5), groups[1:]): assert stats.binomtest(int(g.sum()), len(g), s).pvalue > 1e-4
    tables = [pd.crosstab(groups[3], ab.assign_many(ids, .5, salt)) for salt in ('a', 'b', 'churn_nb2')]
    assert all(stats.chi2_contingency(t).pvalue > 1e-4 for t in tables)

# the same customers

def test_delong_is_its_definition_with_and_without_ties():
    for seed, digits in ((0, 9), (1, 1), (2, 2)):
        y, a, b = models(700, seed)
        p = np.array([a, b, -a]).round(digits)
        kernel = np.array([(q[y == 1][:, None] > q[y == 0]) + .5*(q[y == 1][:, None] == q[y == 0]) for q in p])
        auc, cov = ab.delong(y, p)
        np.testing.assert_allclose(auc, kernel.mean((1, 2)), atol=1e-12)
        np.testing.assert_allclose(cov, np.cov(kernel.mean(2))/(y == 1).sum() + np.cov(kernel.mean(1))/(y == 0).sum(), atol=1e-12)

def test_delong_agrees_with_a_paired_bootstrap():
    y, a, b = models(3000)
    counts = evaluate.bootstrap_counts(len(y), 1000, 3)
    draws = np.subtract(*(evaluate.resampled_metrics(y, p, counts)['auc'] for p in (b, a)))
    d = ab.delong_difference(y, a, b)
    assert abs((d['high']-d['low'])/(2*1.959964)/draws.std() - 1) < .08
    assert abs(d['gain']-draws.mean()) < 4*draws.std()/np.sqrt(1000)

def test_paired_p_values_are_uniform_when_the_models_are_equally_good():
    found = []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        y = (rng.random(300) < .3).astype(int)
        found.append(ab.delong_difference(y, y+rng.normal(size=300), y+rng.normal(size=300))['p_value'])
    assert stats.binomtest(int((np.array(found) < .05).sum()), 400, .05).pvalue > 1e-3 and stats.kstest(found, 'uniform').pvalue > 1e-3

def test_the_other_metrics_are_those_of_the_evaluation_draw_by_draw():
    for digits in (9, 1):
        y, a, _ = models(500)
        a = a.round(digits)
        same, ours = evaluate.resampled_metrics(y, a, evaluate.bootstrap_counts(500, 80, 5)), ab.paired_draws(y, [a], 80, 5)
        for m, v in ours.items(): np.testing.assert_allclose(v[0], same[m], rtol=1e-9)

def test_gain_is_positive_when_the_challenger_is_better_in_every_metric():
    y, a, b = models(8000, gain=1)
    t = ab.compare_paired(y, a, b, samples=100).set_index('metric')
    assert list(t.columns) == ['champion', 'challenger', 'gain', 'low', 'high', 'p_value'] and list(t.index) == list(ab.BETTER)
    assert (t['low'] > 0).all() and (t['low'] <= t['gain']).all() and (t['gain'] <= t['high']).all() and (t['p_value'] < .05).all()
    assert t.loc['log_loss', 'challenger'] < t.loc['log_loss', 'champion'] and t.loc['auc', 'challenger'] > t.loc['auc', 'champion']
    assert (ab.compare_paired(y, b, a, samples=100)['high'] < 0).all()

def test_the_wrong_input_is_named_all_at_once():
    with pytest.raises(DataError) as e: ab.compare_paired([0, 2, np.nan], [.1, np.nan, .2], [.1, -1, .2], ('auc', 'gini'), confidence=95, samples=1)
    assert len(e.value.problems) == 6
    with pytest.raises(DataError, match='same customers'): ab.compare_paired([0, 1], [.1], [.1, .2])

def test_profit_is_counted_by_hand_and_paired():
    y, a, b = models(4000)
    top = np.argsort(-a, kind='stable')[:400]
    assert ab.profit(y, a, 300, 10, .3) == pytest.approx(.3*300*y[top].sum()-10*400)
    assert ab.profit(y, a, 300, 10, threshold=.4) == pytest.approx((300*y-10)[a >= .4].sum())
    assert ab.profit(y, a, 300, 10, share=1) == pytest.approx(300*y.sum()-10*4000)
    for how in (dict(share=.2), dict(threshold=.3)):
        r = ab.compare_profit(y, a, b, 300, 10, **how).iloc[0]
        assert r['gain'] == pytest.approx(r['challenger']-r['champion']) and r['low'] < r['gain'] < r['high'] and r['gain'] > 0
    same = ab.compare_profit(y, a, a, 300, 10).iloc[0]
    assert (same['low'], same['high'], same['p_value']) == (0, 0, 1)

# different customers

def test_newcombe_covers_and_is_symmetric():
    rng = np.random.default_rng(0)
    for (n, p), (m, q) in (((30, .03), (20, .1)), ((200, .2), (20, .2)), ((15, .5), (15, .9))):
        d = ab.difference_of_rates(rng.binomial(n, p, 20_000), n, rng.binomial(m, q, 20_000), m)
        assert ((d['low'] <= q-p) & (q-p <= d['high'])).mean() > .935
    one, two = ab.difference_of_rates(3, 40, 9, 50), ab.difference_of_rates(9, 50, 3, 40)
    assert one['low'] == pytest.approx(-two['high']) and one['low'] < one['difference'] < one['high']

def test_sample_sizes_have_the_power_that_was_asked_for():
    rng = np.random.default_rng(0)
    for base, effect, share, power in ((.3, -.05, .5, .8), (.1, .03, .2, .9)):
        n = ab.sample_size(base, effect, power, share=share)
        m = round(n*share)
        a, b = rng.binomial(n-m, base, 20_000), rng.binomial(m, base+effect, 20_000)
        pool = (a+b)/n
        z = (b/m-a/(n-m))/np.sqrt(pool*(1-pool)*(1/m+1/(n-m)))
        assert (abs(z) > 1.959964).mean() == pytest.approx(power, abs=.015)

def test_the_sample_size_for_an_auc_has_about_the_power_that_was_asked_for():
    y, a, b = models(200_000)
    auc, cov = ab.delong(y, [a, b])
    n = ab.auc_sample_size(auc[0], auc[1]-auc[0], y.mean(), cov[0, 1]/np.sqrt(cov[0, 0]*cov[1, 1]))
    found = [ab.delong_difference(*models(n, seed))['p_value'] < .05 for seed in range(1, 301)]
    assert .7 < np.mean(found) < .92

@pytest.mark.parametrize('how', [dict(), dict(base_rate=.02, per_day=200, share=.05), dict(base_rate=.05, per_day=50, share=.1), dict(smallest=.05), dict(base_rate=.01, per_day=1000, share=.02, days=365, smallest=.01)])
def test_daily_looking_keeps_its_promise(how):
    last = ab.peeking(experiments=2000, seed=11, **how).iloc[-1]
    assert last['sequential'] <= stats.binom.ppf(.999, 2000, .05)/2000
    assert .22 < last['naive'] < .5

def test_a_confidence_sequence_covers_the_real_difference_at_all_looks():
    rng, days = np.random.default_rng(2), 60
    a, b = rng.binomial(60, .25, (2000, days)).cumsum(1), rng.binomial(60, .2, (2000, days)).cumsum(1)
    n = np.broadcast_to(60*np.arange(1, days+1), a.shape)
    for effect in (.02, .1):
        f = ab._looks(a, n, b, n, effect, .05)
        assert ((f['low'] > -.05) | (f['high'] < -.05)).any(1).mean() <= stats.binom.ppf(.999, 2000, .05)/2000

def test_the_mixture_is_robbins_integral():
    for v, tau, d in ((1e-4, .02, .03), (2e-3, .05, .1)):
        theta = np.linspace(-1, 1, 400_001)
        ratio = stats.norm.pdf(d, theta, np.sqrt(v))/stats.norm.pdf(d, 0, np.sqrt(v))*stats.norm.pdf(theta, 0, tau)
        assert 1/ab.mixture_p(d, v, tau) == pytest.approx(np.trapezoid(ratio, theta), rel=1e-5)
        assert ab.mixture_p(ab.mixture_half(v, tau, .01), v, tau) == pytest.approx(.01)

def test_the_sequential_test_has_its_power_at_its_planned_size():
    n = ab.sample_size(.2, -.04, sequential=True)
    last = ab.peeking(effect=-.04, days=ab.duration(n, 100), smallest=.04, seed=3).iloc[-1]
    assert last['sequential'] > .8 - 3*np.sqrt(.16/2000)

# whole experiments

def test_a_better_a_worse_and_an_equal_challenger():
    better, worse = ab.analyse(log(12_000, saved=.3), .5), log(12_000, saved=.3)
    assert better.verdict.decision == 'promote' and better.rates['high'] < 0 and better.metric == 'left'
    worse['role'] = worse['role'].map(dict(champion='challenger', challenger='champion'))
    assert ab.analyse(worse, .5).verdict.decision == 'keep'
    equal = ab.analyse(log(60_000), .5).verdict
    assert equal.decision == 'keep' and ('excluded' in str(equal) or 'is reached' in str(equal))
    early = ab.analyse(log(2000, seed=3), .5).verdict
    assert early.decision == 'go on' and early.customers > 0 and early.until > '2026-10-01' and early.until in str(early)

def test_customers_count_once_with_their_first_answer_and_those_without_an_id_not_at_all():
    df = log(2000)
    later = df.assign(time=df['time']+pd.Timedelta(days=60), role='challenger', left=1.)
    nobody = df.head(300).assign(customer=None)
    once, often = ab.analyse(df, .5), ab.analyse(pd.concat([later, nobody, df]), .5)
    assert once.groups[['customers', 'known', 'left']].equals(often.groups[['customers', 'known', 'left']])
    assert once.sample_ratio == often.sample_ratio and str(once.rates) == str(often.rates)

def test_lost_customers_stop_the_verdict():
    df = log(12_000, saved=.3)
    rng = np.random.default_rng(0)
    lost = df[(df['role'] == 'champion') | (rng.random(len(df)) > .15)]
    e = ab.analyse(lost, .5)
    assert e.sample_ratio['mismatch'] and e.verdict.decision == 'keep' and 'lost' in str(e)

def test_shadow_rows_pair_with_the_champions_by_customer_and_time():
    df = shadow()
    y, a, b = models(3000, 1)
    e = ab.analyse(df, 0, samples=50)
    assert e.metric == 'auc' and e.verdict.decision == 'promote' and e.sample_ratio == {} and e.rates == {}
    expected = ab.compare_paired(y, a, b, ('auc',)).iloc[0]
    assert e.paired.set_index('metric').loc['auc', 'gain'] == pytest.approx(expected['gain'])
    apart = pd.concat([df[df['role'] == 'champion'], df[df['role'] == 'shadow'].assign(time=lambda d: d['time']+pd.Timedelta(seconds=1))])
    assert ab.analyse(apart, 0).verdict.decision == 'go on' and not len(ab.analyse(apart, 0).paired)

def test_nothing_yet_is_a_verdict_and_everything_is_json():
    df = log(500)
    for part in (df.head(0), df.assign(left=np.nan), df.head(3), df[df['role'] == 'challenger'], shadow(20), df.assign(left=0.)):
        e = ab.analyse(part, .5 if 'shadow' not in set(part['role']) else 0, samples=20)
        assert e.verdict.decision in ('go on', 'keep') and str(e)
        json.dumps(e.to_dict(), allow_nan=False)
        assert '<b>' in e._repr_html_()
        e.draw()

def test_only_ripe_outcomes_count():
    df = log(3000)
    known = lambda h: ab.analyse(df, .5, horizon=h).groups['known'].sum()
    cut = df['time'].max()-pd.Timedelta(days=10)
    assert known(10) == (df['time'] <= cut).sum() and known(0) == 3000

def test_the_wrong_frame_and_settings_are_refused():
    with pytest.raises(DataError, match='outcomes=True'): ab.analyse(log(10).drop(columns='left'), .5)
    with pytest.raises(SettingsError) as e: ab.analyse(log(10), 2, 'gini', effect=0, alpha=1, power=0)
    assert len(e.value.problems) == 5
    for wrong in (dict(base_rate='x'), dict(base_rate=.9, effect=.2), dict(alpha=0), dict(smallest=None), dict(share=2)):
        with pytest.raises(SettingsError, match='Nothing can be simulated'): ab.peeking(**wrong)
    with pytest.raises(ChurnError, match='days'): ab.peeking(days='x')
    for wrong in (dict(gain='x'), dict(variance=None), dict(customers='x'), dict(power='x')):
        with pytest.raises(SettingsError, match='Nothing can be decided'): ab.verdict(**dict(gain=.01, variance=1., effect=.02, customers=10) | wrong)
    for wrong in (dict(customers=-5), dict(gain=float('inf')), dict(variance=-1.)):
        with pytest.raises(SettingsError, match='Nothing can be decided from'): ab.verdict(**dict(gain=.01, variance=1., effect=.02, customers=10) | wrong)
    assert ab.verdict(.01, float('nan'), .02, 10).decision == 'go on'
    days = ab.by_day(ab.first_answers(log(400)))
    pd.testing.assert_frame_equal(ab.sequential(days.astype({c: str for c in ab.DAY})), ab.sequential(days), check_dtype=False)
    with pytest.raises(SettingsError): ab.sequential(days, effect=0)
    with pytest.raises(DataError, match='n_champion'): ab.sequential(days.assign(n_champion='x'))
    with pytest.raises(DataError, match="'soon' is no time"): ab.analyse(log(400).assign(time=lambda d: d.time.astype(object).where(d.index > 3, 'soon')), .5)
    y, p = [0, 1]*30, [.2, .8]*30
    assert len(ab.compare_paired(y, p, p, metrics=(m for m in ['auc', 'brier']), samples=20)) == 2
    with pytest.raises(DataError, match='no metric'): ab.compare_paired(y, p, p, metrics=[[1]], samples=20)
    with pytest.raises(SettingsError): ab.auc_sample_size(.8, .01, 1e-300)
    assert ab.analyse(log(400).assign(version=None), .5).groups.versions.tolist()
