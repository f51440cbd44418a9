"""Measures drift: CPU seconds of a report on a million rows, false alarms on quiet data, and what is found. The data is made here, from a seed.

Usage: python tools/bench_drift.py [--rows N] [--simulations N] [--only speed|quiet|power] [--out FILE]
FILE receives a list of {"name", "value", "unit", "goal", "met", "command"}. Every simulation has a reference of 4,000 customers of its own."""
import argparse, json, statistics, time
from pathlib import Path
import numpy as np, pandas as pd
from scipy.stats import gamma, lognorm, norm
from bench_predict import cpu, row
from churn_nb import data, monitor, registry

PLANS = {'two': [.6, .4], 'three': [.5, .3, .2], 'six': [.4, .25, .15, .1, .07, .03]}
NUMBERS = {'normal': norm(65, 25), 'symmetric': norm(0, 1), 'skewed': gamma(2, scale=12), 'months': gamma(2, scale=12), 'mostly 0': gamma(2, scale=5), 'long tail': lognorm(1.2, scale=20), 'half 0': gamma(1, scale=3)}
ZERO, SPEC = {'mostly 0': .7, 'half 0': .5}, data.TableSpec(target='', numeric=[*NUMBERS], categorical=[*PLANS], levels={c: [f'{c} {i}' for i in range(len(p))] for c, p in PLANS.items()})

def customers(n: int, rng) -> pd.DataFrame:
    "Ten quiet columns: seven numbers, of which one in whole months and two with many zeros, and three categories."
    out = {c: d.rvs(n, random_state=rng) for c, d in NUMBERS.items()}
    out['months'] = np.floor(out['months'])
    for c, share in ZERO.items(): out[c] *= rng.random(n) >= share
    return pd.DataFrame(out | {c: pd.Categorical.from_codes(rng.choice(len(p), n, p=p), SPEC.levels[c]) for c, p in PLANS.items()})

def share_below(c: str, grid: np.ndarray, upto: bool) -> np.ndarray:
    "The true share of customers below each point, or up to it."
    d = NUMBERS[c]
    if c == 'months': return d.cdf(np.floor(grid)+1 if upto else np.ceil(grid))
    zero = ZERO.get(c, 0.)
    return (1-zero)*d.cdf(grid)+zero*((grid >= 0) if upto else (grid > 0))

def drawn(n: int, profile: dict, rng) -> monitor.Counts:
    "The counts of n quiet customers, drawn from their distribution: what `measure` counts in as many rows, but the sums beyond the grid, which are the reference's."
    out = monitor.Counts()
    for c, ref in profile['columns'].items():
        if 'rare' in ref: out[c] = dict(rows=n, missing=0, labels=rng.multinomial(n, [PLANS[c][SPEC.levels[c].index(k)] for k in ref['counts']]+[0, 0])); continue
        grid = np.array(ref['grid'])
        share = np.column_stack([share_below(c, grid, False), share_below(c, grid, True)]).ravel()
        upto = np.cumsum(rng.multinomial(n, np.maximum(np.diff(share, prepend=0, append=1), 0)))[:-1].reshape(-1, 2)
        out[c] = dict(rows=n, missing=0, below=upto[:, 0], upto=upto[:, 1], tails=np.array(ref['tails'])*n/ref['rows'], total=n*ref['mean'], bars=np.zeros(len(ref['counts']), int))
    return out

def quiet(simulations: int, real: int = 20) -> list[dict]:
    "Share of checks of quiet customers with an alarm, for four sizes; the naive rule for comparison."
    rows = []
    for n in (500, 5000, 50_000, 1_000_000):
        ours, naive = [], []
        for i in range(simulations):
            rng = np.random.default_rng([n, i])
            profile = registry.reference_profile(customers(4000, rng), [], SPEC)
            t = monitor.judge(profile, monitor.measure(customers(n, rng), profile, SPEC) if n <= 5000 or i < real else drawn(n, profile, rng))
            ours.append(t.drifted.any()); naive.append((t.p_value < .05).any())
        print(f'        {n:,} rows: any raw p < 0.05 alarms in {np.mean(naive):.1%}', flush=True)
        rows.append(row(f'false alarms on quiet data, 10 columns, {n:,} rows, {simulations} simulations', 100*np.mean(ours), '% of checks', 5, np.mean(ours) <= .05, 'python tools/bench_drift.py --only quiet'))
    return rows

def power(simulations: int) -> list[dict]:
    "Share of checks that find a shift of 0.3 standard deviations in one of ten columns, at 500 rows."
    found = []
    for i in range(simulations):
        rng = np.random.default_rng([3, i])
        profile, new = registry.reference_profile(customers(4000, rng), [], SPEC), customers(500, rng)
        t = monitor.drift(profile, new.assign(normal=new['normal']+.3*25), SPEC)
        found.append(t.drifted[t.column == 'normal'].iloc[0])
    return [row(f'a shift of 0.3 standard deviations in one of 10 columns, 500 rows, {simulations} simulations: found', 100*np.mean(found), '% of checks', 95, np.mean(found) >= .95, 'python tools/bench_drift.py --only power')]

def speed(n: int) -> list[dict]:
    "CPU seconds of the whole report, rows in memory, against a profile: 12 numbers and 8 categories as text."
    rng = np.random.default_rng(1)
    def wide(n): return pd.DataFrame({f'number {i}': rng.gamma(2, 20, n) if i % 3 else np.floor(rng.gamma(2, 12, n)) for i in range(12)} | {f'label {i}': pd.Series(np.array([f'level {k}' for k in range(3+i)])[rng.integers(0, 3+i, n)], dtype='str') for i in range(8)})
    new, reference = wide(n), wide(5000)
    spec = data.TableSpec(target='', numeric=[c for c in new if c[0] == 'n'], categorical=[c for c in new if c[0] == 'l'])
    profile = registry.reference_profile(reference, [], spec)
    monitor.drift(profile, new.head(1000), spec)
    seconds = statistics.median(cpu(lambda: monitor.drift(profile, new, spec)) for _ in range(3))
    parts = cpu(lambda: monitor.judge(profile, sum(monitor.measure(new.iloc[i:i+100_000], profile, spec) for i in range(0, n, 100_000))))
    print(f'        counted in parts of 100,000 rows: {parts:.2f} CPU seconds', flush=True)
    return [row(f'drift report, {n:,} rows x 20 columns against a profile', seconds, 'CPU s', 2.5, seconds <= 2.5, 'python tools/bench_drift.py --only speed')]

def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--rows', type=int, default=1_000_000)
    a.add_argument('--simulations', type=int, default=300)
    a.add_argument('--only', choices=['speed', 'quiet', 'power'])
    a.add_argument('--out', type=Path, default=Path('bench_drift.json'))
    a = a.parse_args()
    parts = dict(speed=lambda: speed(a.rows), power=lambda: power(a.simulations), quiet=lambda: quiet(a.simulations))
    rows = [r for name, measure in parts.items() if a.only in (None, name) for r in measure()]
    a.out.write_text(json.dumps(rows, indent=1)+'\n')
    print(f'Written: {a.out}')

if __name__ == '__main__': main()
