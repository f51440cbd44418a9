"""Measures the prediction log: what logging adds to POST /predict (two servers, one with a log, asked in turn), and
how long the weekly summary of a million predictions takes. Uses wrk where it is installed, as bench_serve.py does.

Usage: python tools/bench_log.py [--model xgboost] [--rounds 7] [--seconds 2] [--rows 1000000] [--out FILE]"""
import argparse, json, re, shutil, statistics, subprocess, sys, tempfile, time
from pathlib import Path
from bench_serve import own_client, registered, row, wrk

def serve(models: str, where: str) -> None:
    "In a process of its own: the API, with or without a log."
    from churn_nb import serve
    from churn_nb.core import load_settings
    from churn_nb.log import PredictionLog
    serve.serve(models, settings=load_settings(overrides={'serve.port': 0}), book=PredictionLog(where) if where else None)

def start(folder: Path, where: str):
    "A server and its address."
    p = subprocess.Popen([sys.executable, __file__, '--serve', f'{folder}/models', where], stdout=subprocess.PIPE, text=True)
    return p, re.search(r'http://[\d.]+:\d+', p.stdout.readline())[0]

def added(folder: Path, body: bytes, rounds: int, seconds: float, model: str) -> dict:
    "What the log adds to the p50 of one client."
    script = folder/'post.lua'
    script.write_text(f'wrk.method = "POST"; wrk.headers["Content-Type"] = "application/json"; wrk.body = {json.dumps(body.decode())}')
    ask = (lambda url: wrk(url+'/predict', 1, seconds, script)[0]) if shutil.which('wrk') else (lambda url: own_client(url+'/predict', 1, seconds, body)[0])
    servers = [start(folder, ''), start(folder, str(folder/'monitor.db'))]
    ratios = []
    try:
        for _, url in servers: ask(url)     # warm
        for i in range(rounds):
            plain, logged = (ask(url) for _, url in (servers if i % 2 else servers[::-1])[::1 if i % 2 else -1])
            ratios.append(logged/plain)
            print(f'  round {i+1}: without {plain:.3f} ms, with a log {logged:.3f} ms', flush=True)
    finally:
        for p, _ in servers: p.terminate(); p.wait(30)
    from churn_nb.log import PredictionLog
    print(f'        {PredictionLog(folder/"monitor.db").totals()["predictions"]:,} predictions were logged, {PredictionLog(folder/"monitor.db").totals()["lost"]} lost')
    ratio = statistics.median(ratios)
    return row(f'logging, added to the p50 of POST /predict ({model})', 100*(ratio-1), '%', 10, ratio <= 1.1, 'python tools/bench_log.py')

def summary(folder: Path, rows: int) -> dict:
    "The weekly summary of a large log."
    import numpy as np
    from churn_nb.log import PredictionLog, moments
    book, rng, start, inputs = PredictionLog(folder/'large.db'), np.random.default_rng(0), moments('2026-01-05'), json.dumps({f'column {i}': i/7 for i in range(20)})
    for a in range(0, rows, 20_000):
        p = rng.random(20_000)
        book.write([dict(time=start+(a+i)*8., customer=f'C{(a+i) % 300_000}', version='1', role='champion', probability=float(x), decision=int(x >= .5), risk_level='HIGH' if x >= .6 else 'LOW', inputs=inputs) for i, x in enumerate(p)])
    times = []
    for _ in range(5):
        begun = time.perf_counter(); weeks = book.summary(); times.append(time.perf_counter()-begun)
    assert weeks.predictions.sum() == rows
    return row(f'weekly summary of a log of {rows:,} predictions, {len(weeks)} weeks', statistics.median(times), 's', 2, statistics.median(times) < 2, 'python tools/bench_log.py')

def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--model', default='xgboost'); a.add_argument('--rounds', type=int, default=7); a.add_argument('--seconds', type=float, default=2); a.add_argument('--rows', type=int, default=1_000_000)
    a.add_argument('--out', type=Path); a.add_argument('--serve', nargs=2, help=argparse.SUPPRESS)
    a = a.parse_args()
    if a.serve: return serve(*a.serve)
    with tempfile.TemporaryDirectory() as folder:
        registered(Path(folder), a.model)
        from churn_nb import data
        body = json.dumps(data.make_customers(5, seed=3).drop(columns='churned').to_dict('records')[1]).encode()
        rows = [added(Path(folder), body, a.rounds, a.seconds, a.model), summary(Path(folder), a.rows)]
    if a.out: a.out.write_text(json.dumps(rows, indent=1)+'\n')

if __name__ == '__main__': main()
