"""Measures prediction: one customer, a file of a million, and the memory of ten million. The data is made here, from a seed.

Usage: python tools/bench_predict.py [--rows N] [--rounds N] [--large N] [--model NAME] [--only one|load|file|memory] [--out FILE]
FILE receives a list of {"name", "value", "unit", "goal", "met", "command"}. Ratios are measured in one process, alternating, and the median is taken."""
import argparse, json, os, resource, statistics, subprocess, sys, tempfile, time
from pathlib import Path
for name, value in dict(OMP_WAIT_POLICY='PASSIVE', GOMP_SPINCOUNT='0', KMP_BLOCKTIME='0').items(): os.environ.setdefault(name, value)
import joblib, numpy as np, pandas as pd

HERE, ROOT = Path(__file__).resolve(), Path(__file__).resolve().parent.parent

def customers(n: int, seed: int) -> pd.DataFrame:
    "Twenty columns: an id, eleven numbers, six categories, two flags."
    from churn_nb import data
    df, rng = data.make_customers(n, seed=seed), np.random.default_rng(seed)
    for i in range(5): df[f'amount_{i}'] = rng.gamma(2, 20, n).round(2)
    for c, k in dict(region=12, device=6, channel=5, segment=8).items(): df[c] = rng.choice([f'{c} {i}' for i in range(k)], n)
    return df

def table_spec(df):
    from churn_nb import data
    spec = data.synthetic_spec()
    spec.numeric += [c for c in df if c.startswith('amount_')]
    spec.categorical += ['region', 'device', 'channel', 'segment']
    spec.levels = {c: sorted(df[c].unique()) for c in spec.categorical}
    return spec

def model_file(folder: Path, name: str) -> Path:
    "A fitted production pipeline and its metadata, saved."
    from churn_nb import registry, tune
    from churn_nb.core import load_settings
    df, booster = customers(20_000, 1), name.removesuffix('-stopped')
    spec = table_spec(df)
    model = tune.make_candidate(booster, spec, load_settings(), tune.STARTS[booster][0] if name != booster else {})
    pipeline = registry.production_pipeline(model, spec, df, df.churned)
    path = folder/f'{name}.joblib'
    joblib.dump((pipeline, {'model': name, 'ranges': {c: [float(df[c].min()), float(df[c].max())] for c in spec.numeric}}), path)
    return path

def customer_file(folder: Path, rows: int) -> Path:
    "A Parquet file of that many customers, written in parts."
    import pyarrow as pa, pyarrow.parquet as pq
    path, writer = folder/f'{rows}.parquet', None
    for i, a in enumerate(range(0, rows, 500_000)):
        part = pa.Table.from_pandas(customers(min(500_000, rows-a), 100+i).drop(columns='churned'), preserve_index=False)
        writer = writer or pq.ParquetWriter(path, part.schema)
        writer.write_table(part)
    writer.close()
    return path

def load(path: Path):
    from churn_nb.predict import Predictor
    return Predictor(*joblib.load(path))

def row(name, value, unit, goal, met, command):
    print(f'{"met   " if met else "MISSED"}  {name}: {value:.4g} {unit} (goal {goal:g})', flush=True)
    return dict(name=name, value=round(float(value), 4), unit=unit, goal=goal, met=bool(met), command=command)

def milliseconds(f) -> float:
    start = time.perf_counter(); f()
    return (time.perf_counter()-start)*1e3

def one(folder: Path, name: str, rounds: int) -> list[dict]:
    "predict_one against the pipeline on a frame of one row, turn by turn."
    p, raw = load(model_file(folder, name)), customers(200, 2).drop(columns='churned')
    assert p.note == ''
    fast, slow = [], []
    for i in range(20*rounds+3):
        frame, dicts = raw.iloc[[i % 200]], raw.iloc[[(i+j) % 200 for j in range(10)]].to_dict('records')
        a, b = [milliseconds(lambda: p.predict_one(c)) for c in dicts], milliseconds(lambda: p.pipeline.predict_proba(frame))
        if i >= 3: fast += a; slow.append(b)
    fast_p50, command = statistics.median(fast), f'python tools/bench_predict.py --only one --model {name}'
    return [row(f'predict_one, {name}, p50', fast_p50, 'ms', 1, fast_p50 <= 1, command),
            row(f'predict_one, {name}, times faster than the pipeline on a one-row frame', statistics.median(slow)/fast_p50, 'ratio', 10, statistics.median(slow)/fast_p50 >= 10, command)]

def loading(folder: Path, name: str, rounds: int) -> list[dict]:
    "Predictor.load of a registered version: verified, its golden batch asked, and translated; after the imports."
    from bench_serve import registered
    from churn_nb.predict import Predictor
    registered(folder/'run', name)
    seconds = [milliseconds(lambda: Predictor.load(models=folder/'run/models'))/1e3 for _ in range(2*rounds+1)][1:]
    s = statistics.median(seconds)
    return [row(f'load a version, verified ({name})', s, 's', .5, s <= .5, f'python tools/bench_predict.py --only load --model {name}')]

def raw_booster(p, path: Path):
    "The booster alone, on a ready float32 matrix of the file's features."
    import pyarrow.parquet as pq
    from churn_nb.predict import Encoder, read_column
    words, clf = {f.name: f.levels for f in p.fields if f.kind == 'categorical'}, p.model.steps[-1][1]
    encode, parts = Encoder(p.model.steps[0][1], words, 'float32'), []
    for batch in pq.ParquetFile(path).iter_batches(100_000): parts.append(encode({f.name: read_column(f, batch.column(f.name))[0] for f in p.fields}))
    M = np.concatenate(parts)
    if hasattr(clf, 'get_booster'):
        booster = clf.get_booster()
        return lambda: booster.inplace_predict(M, validate_features=False)
    return lambda: clf.booster_.predict(M, num_threads=1)

def cpu(f) -> float:
    start = time.process_time(); f()
    return time.process_time()-start

def whole_file(folder: Path, name: str, rows: int, rounds: int) -> list[dict]:
    "predict_file, Parquet to Parquet, against the booster alone: rows per CPU second."
    p, path = load(model_file(folder, name)), customer_file(folder, rows)
    raw, ratios, rates = raw_booster(p, path), [], []
    p.predict_file(customer_file(folder, 10_000), folder/'warm.parquet')
    for _ in range(rounds):
        a, b = cpu(raw), cpu(lambda: p.predict_file(path, folder/'scores.parquet'))
        ratios.append(a/b); rates.append(rows/b)
        print(f'        booster alone {rows/a:,.0f} rows per CPU second, predict_file {rows/b:,.0f}', flush=True)
    ratio = statistics.median(ratios)
    return [row(f'predict_file, {rows:,} x 20 Parquet, {name}: rows per CPU second over the raw booster\'s', ratio, 'ratio', .7, ratio >= .7, f'python tools/bench_predict.py --only file --model {name} --rows {rows}')]

def memory(folder: Path, name: str, rows: int, large: int) -> list[dict]:
    "Peak memory of a fresh process that scores a file."
    saved, peak = model_file(folder, name), {}
    for n in (rows, large):
        said = subprocess.run([sys.executable, str(HERE), '--child', str(saved), str(customer_file(folder, n)), str(folder/'out.parquet')], capture_output=True, text=True, check=True, cwd=ROOT).stdout
        peak[n] = float(said.split()[-1])
        (folder/f'{n}.parquet').unlink()
    command = f'python tools/bench_predict.py --only memory --model {name} --large {large}'
    return [row(f'predict_file, {large:,} rows, peak memory', peak[large], 'MB', 1000, peak[large] <= 1000, command),
            row(f'predict_file, peak memory at {large:,} rows over the peak at {rows:,}', peak[large]/peak[rows], 'ratio', 1.2, peak[large]/peak[rows] <= 1.2, command)]

def child(model: str, source: str, target: str):
    "What the process does whose memory is measured."
    summary = load(Path(model)).predict_file(source, target)
    assert summary['scored'] == summary['rows'] > 0
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/(1e6 if sys.platform == 'darwin' else 1e3)*1.024)

def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--rows', type=int, default=1_000_000)
    a.add_argument('--large', type=int, default=10_000_000)
    a.add_argument('--rounds', type=int, default=3)
    a.add_argument('--model', choices=['xgboost', 'lightgbm', 'xgboost-stopped', 'lightgbm-stopped'], help='-stopped: the mean of five early-stopped boosters; only for one customer')
    a.add_argument('--only', choices=['one', 'load', 'file', 'memory'])
    a.add_argument('--out', type=Path, default=Path('bench_predict.json'))
    a.add_argument('--child', nargs=3, help=argparse.SUPPRESS)
    a = a.parse_args()
    if a.child: return child(*a.child)
    rows, models = [], [a.model] if a.model else ['xgboost', 'lightgbm', 'xgboost-stopped']
    with tempfile.TemporaryDirectory(prefix='churn_nb-') as tmp:
        for name in models:
            if a.only in (None, 'one'): rows += one(Path(tmp), name, a.rounds)
            if a.only in (None, 'load') and not name.endswith('-stopped'): rows += loading(Path(tmp)/name, name, a.rounds)
            if a.only in (None, 'file') and not name.endswith('-stopped'): rows += whole_file(Path(tmp), name, a.rows, a.rounds)
        if a.only in (None, 'memory'): rows += memory(Path(tmp), models[0], a.rows, a.large)
    a.out.write_text(json.dumps(rows, indent=1)+'\n')
    print(f'Written: {a.out}')

if __name__ == '__main__': main()
