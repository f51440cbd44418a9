"""Drift and the prediction log: what must be seen, what must not, and several processes writing at once."""
import json, os, signal, subprocess, sys
import numpy as np, pandas as pd, pytest
from scipy.stats import binom
from churn_nb import data, monitor
from churn_nb.core import *
from churn_nb.monitor import PredictionLog, drift, summarise

def table(n, seed, k=10): return pd.DataFrame(np.random.default_rng(seed).normal(size=(n, k)), columns=[f'c{i}' for i in range(k)])
def answers(n, start=0): return pd.DataFrame({'id': [f'C{start+i}' for i in range(n)], 'churn_probability': np.linspace(0, 1, n), 'risk_level': 'LOW'})

def test_a_single_mean_is_refused():
    x = np.random.default_rng(0).normal(size=100)
    for mean in (x.mean(), [x.mean()], pd.Series([x.mean()])):
        with pytest.raises(ChurnError, match='not one number'): monitor.ks_values(x, mean)

def test_ks_is_scipys_on_the_values():
    from scipy.stats import ks_2samp
    a, b = table(4000, 1)['c0'], table(1000, 2)['c0']+.1
    got = drift(a.to_frame(), b.to_frame()).iloc[0]
    right = ks_2samp(b, a, method='asymp')
    assert (got.statistic, got.p_value) == (right.statistic, right.pvalue)

@pytest.mark.parametrize('n, chance', [(1000, .01), (50_000, 0)])
def test_a_shift_of_three_tenths_is_caught(n, chance):
    "The step-up rule lets a quiet column beside one that moved pass at p < 2 alpha/10 = .01; with 50,000 rows its shift is never large enough to count."
    false = 0
    for seed in range(10):
        new = table(n, 100+seed); new['c4'] += .3
        t = drift(table(n, seed), new)
        assert t.drifted[4], seed
        false += t.drifted.sum()-1
    assert false <= binom.ppf(.999, 10*9, chance) if chance else false == 0

def test_quiet_tables_stay_quiet():
    assert np.mean([drift(table(1000, 2*i), table(1000, 2*i+1)).drifted.any() for i in range(100)]) <= .05

def test_significant_but_small_is_no_drift():
    t = drift(table(200_000, 1, 2), table(200_000, 2, 2)+.03)
    assert (t.p_adjusted < .05).all() and not t.drifted.any()

def test_raw_p_stands_beside_the_adjusted():
    t = drift(table(500, 1), table(500, 2))
    from scipy.stats import false_discovery_control
    np.testing.assert_allclose(t.p_adjusted, false_discovery_control(t.p_value))

def test_missing_values_alone_are_drift():
    new = table(1000, 2); new.loc[:99, 'c3'] = np.nan
    t = drift(table(1000, 1), new).set_index('column')
    assert t.drifted['c3'] and '10% missing instead of 0%' in t.reason['c3']
    gone = drift(table(1000, 1), table(1000, 2).assign(c0=np.nan)).set_index('column')
    assert gone.drifted['c0'] and np.isnan(gone.statistic['c0'])

def test_categories():
    rng = np.random.default_rng(0)
    draw = lambda p: pd.DataFrame({'plan': pd.Series(rng.choice(['a', 'b', 'c'], 1000, p=p), dtype='str'), 'flag': (rng.random(1000) < .3).astype(float)})
    spec = data.TableSpec(target='y', categorical=['plan'], binary={'flag': {'0': 0, '1': 1}})
    assert not drift(draw([.5, .3, .2]), draw([.5, .3, .2]), spec).drifted.any()
    t = drift(draw([.5, .3, .2]), draw([.3, .5, .2]), spec).set_index('column')
    assert t.drifted['plan'] and not t.drifted['flag'] and (t.kind == 'category').all()
    many = lambda seed: pd.DataFrame({'zip': pd.Series(np.random.default_rng(seed).integers(0, 700, 1000).astype(str))})
    assert not drift(many(1), many(2)).drifted.any()

@pytest.mark.parametrize('n', [0, 1, 2])
def test_hardly_any_new_customers(n):
    t = drift(table(100, 1), table(100, 2).head(n))
    assert len(t) == 10 and not t.drifted.any()

def test_constant_and_infinite_columns():
    a = pd.DataFrame({'one': [1.]*100, 'inf': [np.inf]*50+[1.]*50, 'text': ['x']*100})
    assert not drift(a, a).drifted.any()
    assert drift(a, a.assign(one=2.)).set_index('column').drifted['one']

def test_missing_columns_are_all_named():
    with pytest.raises(DataError) as e: drift(table(10, 1), table(10, 2).drop(columns=['c1', 'c2']), ['c0', 'c1', 'c2', 'zz'])
    assert len(e.value.problems) == 4

def test_summary():
    p = pd.DataFrame({'churn_probability': [0, .1, .55, 1], 'risk_level': ['LOW', 'LOW', 'MEDIUM', 'HIGH']})
    s = summarise(p, bins=4)
    assert (s.count, s.high_risk, s.mean_probability) == (4, 1, pytest.approx(.4125)) and s.distribution.customers.tolist() == [2, 0, 1, 1]
    assert '4 predictions' in str(s) and '<pre>' in s._repr_html_() and json.dumps(to_plain(s.to_dict()))
    assert str(summarise(p.head(0))) == 'no predictions'

def test_log_keeps_everything(tmp_path):
    log = PredictionLog(tmp_path/'deep'/'log.jsonl')
    inputs = pd.DataFrame({'tenure': [1, None, 3.5], 'plan': ['a\nb', 'é', None], 'n': [1, 2, 3], 'when': pd.to_datetime(['2026-01-01', None, '2026-01-03'])})
    assert log.append(answers(3), inputs, model='m.joblib') == 3 and log.append(answers(0)) == 0
    back = log.read()
    assert back['id'].tolist() == ['C0', 'C1', 'C2'] and back.probability.tolist() == [0, .5, 1] and set(back.model) == {'m.joblib'}
    assert back.inputs[1] == {'tenure': None, 'plan': 'é', 'n': 2, 'when': None} and back.inputs[0]['plan'] == 'a\nb'
    assert len(log.path.read_bytes().splitlines()) == 3 and log.path.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError): log.append(answers(3), inputs.head(2))

def test_half_a_line_does_not_swallow_the_next(tmp_path):
    log = PredictionLog(tmp_path/'log.jsonl')
    log.append(answers(2))
    log.path.write_bytes(log.path.read_bytes()[:-20])
    log.append(answers(2, 10))
    assert log.read()['id'].tolist() == ['C0', 'C10', 'C11'] and log.damaged == 1

WRITER = '''
import sys, pandas as pd, numpy as np
from churn_nb.monitor import PredictionLog
log, k = PredictionLog(sys.argv[1]), int(sys.argv[2])
sys.stdin.readline()
for b in range(30):
    n = 1+(7*b+k) % 40
    log.append(pd.DataFrame({'id': [f'{k}-{b}-{i}' for i in range(n)], 'churn_probability': .5, 'risk_level': 'LOW'}), pd.DataFrame({'pad': ['x'*(200*k+50)]*n}))
'''

def test_four_processes_write_whole_lines_and_whole_batches(tmp_path):
    path = tmp_path/'log.jsonl'
    writers = [subprocess.Popen([sys.executable, '-c', WRITER, str(path), str(k)], stdin=subprocess.PIPE, text=True) for k in range(4)]
    for w in writers: w.stdin.write('go\n'); w.stdin.flush()
    for w in writers: w.stdin.close(); assert w.wait(60) == 0
    log = PredictionLog(path)
    ids = log.read()['id'].tolist()
    expected = {f'{k}-{b}-{i}' for k in range(4) for b in range(30) for i in range(1+(7*b+k) % 40)}
    assert log.damaged == 0 and len(ids) == len(expected) and set(ids) == expected
    batches = [i.rsplit('-', 1)[0] for i in ids]
    assert sum(a != b for a, b in zip(batches, batches[1:]))+1 == 120  # no batch is torn apart

def test_figures_of_few_and_many_columns(tmp_path):
    for k in (1, 5, 60):
        a, b = table(500, 1, k), table(200, 2, k)
        a.columns = b.columns = [f'a column with quite a long name, number {i}' for i in range(k)]
        b.iloc[:, 0] += 1
        fig = monitor.plot_monitor(drift(a, b), a, b, np.linspace(0, 1, 200))
        assert save_figure(fig, tmp_path/f'{k}.png').stat().st_size > 10_000
    monitor.plot_monitor(drift(a, b), a, b, np.empty(0))
