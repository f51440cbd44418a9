"""Measures the HTTP API: POST /predict against an empty async endpoint of the same server, alternating, and requests
per second. Uses wrk (Debian package wrk); without it a client of its own, which is slower, and says so.

Usage: python tools/bench_serve.py [--model xgboost] [--rounds 5] [--seconds 2] [--out FILE]"""
import argparse, asyncio, json, os, re, shutil, statistics, subprocess, sys, tempfile, time
from pathlib import Path

for _name, _value in dict(OMP_WAIT_POLICY='PASSIVE', GOMP_SPINCOUNT='0', KMP_BLOCKTIME='0').items(): os.environ.setdefault(_name, _value)

def registered(folder: Path, model: str):
    "A registry with one version, quickly made."
    import joblib
    from churn_nb import compare, data, registry
    from churn_nb.core import RunDir, load_settings, write_json
    r = RunDir.create(load_settings(overrides={'data.rows': 2000, 'registry.check': False}), out=folder)
    data.run(str(r.path)); loaded = data.load_run(r)
    joblib.dump(compare.make_model(model, loaded.spec, r.settings).fit(loaded.X(), loaded.y()), r.artifact('05_tune', 'pipeline.joblib'))
    write_json(r.artifact('05_tune', 'tuned.json'), {'model': model, 'params': {}})
    registry.run(str(r.path))
    registry.Registry(folder/'models').register(r)

def serve_with_empty(models: str) -> None:
    "In a process of its own: the API, and an empty endpoint beside it."
    from churn_nb import serve
    from churn_nb.core import load_settings
    create = serve.create_app
    def create_app(*args):
        app = create(*args)
        @app.get('/empty')
        async def empty(): return {}
        return app
    serve.create_app = create_app
    serve.serve(models, settings=load_settings(overrides={'serve.port': 0}))

def wrk(url: str, clients: int, seconds: float, script: Path | None) -> tuple[float, float]:
    "p50 in ms and requests per second."
    command = ['wrk', '-t1', f'-c{clients}', f'-d{seconds:g}s', '--latency', *(['-s', str(script)] if script else []), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if 'Non-2xx' in said: sys.exit(f'{url} refuses:\n{said}')
    number, unit = re.search(r'50%\s+([\d.]+)(us|ms|s)', said).groups()
    return float(number)*{'us': .001, 'ms': 1, 's': 1000}[unit], float(re.search(r'Requests/sec:\s+([\d.]+)', said)[1])

async def _ask(host: str, port: int, request: bytes, until: float, times: list) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while time.perf_counter() < until:
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b'\r\n\r\n')
        await reader.readexactly(int(re.search(rb'content-length: (\d+)', head)[1]))
        if b' 200 ' not in head[:15]: sys.exit(f'refused: {head}')
        times.append(time.perf_counter()-start)
    writer.close()

def own_client(url: str, clients: int, seconds: float, body: bytes) -> tuple[float, float]:
    "As `wrk`, in Python."
    host, port, path = re.match(r'http://([^:]+):(\d+)(/.*)', url).groups()
    request = (f'{"POST" if body else "GET"} {path} HTTP/1.1\r\nHost: {host}\r\n'+(f'Content-Type: application/json\r\nContent-Length: {len(body)}\r\n' if body else '')+'\r\n').encode()+body
    times = []
    async def all_clients(): await asyncio.gather(*(_ask(host, int(port), request, time.perf_counter()+seconds, times) for _ in range(clients)))
    asyncio.run(all_clients())
    return statistics.median(times)*1000, len(times)/seconds

def measure(url: str, body: bytes, folder: Path, rounds: int, seconds: float) -> dict[str, list]:
    "p50 of both endpoints with one client, and requests per second with sixteen."
    script = folder/'post.lua'
    script.write_text(f'wrk.method = "POST"; wrk.headers["Content-Type"] = "application/json"; wrk.body = {json.dumps(body.decode())}')
    if shutil.which('wrk'): ask = lambda path, clients: wrk(url+path, clients, seconds, script if path == '/predict' else None)
    else:
        print('SKIPPED  wrk is not installed (Debian: apt-get install wrk); a client in Python asks instead, and takes time from the server')
        ask = lambda path, clients: own_client(url+path, clients, seconds, body if path == '/predict' else b'')
    found = {'empty': [], 'predict': [], 'many': []}
    for i in range(rounds):
        found['empty'].append(ask('/empty', 1)[0]); found['predict'].append(ask('/predict', 1)[0]); found['many'].append(ask('/predict', 16)[1])
        print(f'  round {i+1}: empty {found["empty"][-1]:.2f} ms, predict {found["predict"][-1]:.2f} ms, {found["many"][-1]:.0f} requests/s', flush=True)
    return found

def row(name, value, unit, goal, met, command):
    if goal is not None: print(f'{"met   " if met else "MISSED"}  {name}: {value:.3g} {unit} (goal {goal:g})', flush=True)
    return dict(name=name, value=round(value, 4), unit=unit, goal=goal, met=met, command=command)

def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--model', default='xgboost'); a.add_argument('--rounds', type=int, default=5); a.add_argument('--seconds', type=float, default=2)
    a.add_argument('--out', type=Path); a.add_argument('--serve', help=argparse.SUPPRESS)
    a = a.parse_args()
    if a.serve: return serve_with_empty(a.serve)
    with tempfile.TemporaryDirectory() as folder:
        registered(Path(folder), a.model)
        from churn_nb import data
        body = json.dumps(data.make_customers(5, seed=3).drop(columns='churned').to_dict('records')[1]).encode()
        server = subprocess.Popen([sys.executable, __file__, '--serve', f'{folder}/models'], stdout=subprocess.PIPE, text=True)
        try: found = measure(re.search(r'http://\S+?:\d+', server.stdout.readline())[0], body, Path(folder), a.rounds, a.seconds)
        finally: server.terminate(); server.wait(20)
    command, p50, many = f'python tools/bench_serve.py --model {a.model}', statistics.median(found['predict']), statistics.median(found['many'])
    ratio = statistics.median(p/e for p, e in zip(found['predict'], found['empty']))
    rows = [row(f'POST /predict, one client, p50 over an empty endpoint\'s ({a.model})', ratio, 'ratio', 3, ratio <= 3, command),
            row(f'POST /predict, 16 clients ({a.model})', many, 'requests/s', 700, many >= 700, command)]
    print(f'        p50: predict {p50:.2f} ms, empty {statistics.median(found["empty"]):.2f} ms')
    if a.out: a.out.write_text(json.dumps(rows, indent=1)+'\n')

if __name__ == '__main__': main()
