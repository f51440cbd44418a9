"""Measures what this project promises about speed and memory, and writes bench.json: a list of
{"name", "value", "unit", "goal", "met", "command"}. Ratios are measured in one run, alternating, and the median is taken.

Usage: python tools/bench.py [--plain SCRIPT] [--rounds N] [--only WORD] [--site]
SCRIPT is a plain single-file script that does the same modelling work (it takes an output directory); without one
the two ratios are left out, visibly. WORD is one part: quick, whole, predict (tools/bench_predict.py, about ten minutes),
serve (tools/bench_serve.py), log (tools/bench_log.py, two minutes) or drift (tools/bench_drift.py, about five minutes). With --site the figures also go
to nbs/benchmarks.json, from which `make export` makes a page of the site; with --only, the other figures there stay."""
import argparse, datetime, json, os, platform, statistics, subprocess, sys, tempfile, time
from pathlib import Path
import psutil

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

def timed(command: list[str], env=None) -> tuple[float, float]:
    "Wall seconds of a command, and the peak resident memory in MB of the largest of its processes."
    start, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile() as log:
        process = psutil.Popen(command, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        while process.poll() is None:
            try: peak = max([peak, *(p.memory_info().rss for p in [process, *process.children(recursive=True)])])
            except psutil.Error: pass
            time.sleep(.05)
        seconds = time.perf_counter() - start
        if process.returncode: log.seek(0); sys.exit(f'{command} failed:\n{log.read().decode(errors="replace")[-3000:]}')
    return seconds, peak/1e6

def row(name, value, unit, goal, command):
    met = value <= goal
    print(f'{"met   " if met else "MISSED"}  {name}: {value:.3g} {unit} (goal {goal:g})', flush=True)
    return dict(name=name, value=round(value, 4), unit=unit, goal=goal, met=met, command=command)

def quick(rounds: int) -> list[dict]:
    "Import and --help, the median of several fresh processes; the import is timed inside its process, without the interpreter's own start."
    n, inside = max(5, rounds), 'import time; t = time.perf_counter(); import churn_nb; print(time.perf_counter()-t)'
    imports = [float(subprocess.run([sys.executable, '-c', inside], cwd=ROOT, capture_output=True, text=True, check=True).stdout) for _ in range(n)]
    helps = []
    for _ in range(n):
        start = time.perf_counter()
        subprocess.run([str(BIN/'churn-nb'), '--help'], cwd=ROOT, capture_output=True, check=True)
        helps.append(time.perf_counter()-start)
    return [row('import churn_nb', statistics.median(imports), 's', .1, 'python -c "import churn_nb"'),
            row('churn-nb --help', statistics.median(helps), 's', .5, 'churn-nb --help')]

def whole(rounds: int, plain: Path | None) -> list[dict]:
    "The whole chain in both engines against the plain script, alternating."
    seconds, memory = {}, {}
    with tempfile.TemporaryDirectory() as out:
        kinds = {'papermill': [str(BIN/'churn-nb'), 'run', '--out', out, '--settings', 'settings.ini', '--models', f'{out}/models'],
                 'python': [str(BIN/'churn-nb'), 'run', '--out', out, '--settings', 'settings.ini', '--models', f'{out}/models', '--engine', 'python']}
        if plain: kinds['plain'] = [sys.executable, str(plain), f'{out}/plain']
        for i in range(rounds):
            for kind, command in kinds.items():
                s, mb = timed(command)
                seconds.setdefault(kind, []).append(s); memory.setdefault(kind, []).append(mb)
                print(f'  round {i+1}: {kind} {s:.1f} s, {mb:.0f} MB', flush=True)
    command = 'make bench'
    rows = [row(f'peak memory of the largest process, {kind}', max(memory[kind]), 'MB', 600, command) for kind in ('papermill', 'python')]
    if not plain:
        print('SKIPPED  the ratios to a plain script: no script was given (--plain SCRIPT)')
        return rows
    for kind, goal in (('papermill', .8), ('python', .5)):
        ratios = [a/b for a, b in zip(seconds[kind], seconds['plain'])]
        rows.append(row(f'churn-nb run --engine {kind}, wall time over the plain script\'s', statistics.median(ratios), 'ratio', goal, command))
    return rows

def part(script: str, *words: str) -> list[dict]:
    "What a script of its own measures; its output goes to the terminal."
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)/'rows.json'
        subprocess.run([sys.executable, str(ROOT/'tools'/script), *words, '--out', str(out)], cwd=ROOT, check=True)
        return json.loads(out.read_text())

def keep(measured: dict[str, list[dict]]):
    "Put the figures where the site finds them, with what they were measured on."
    from churn_nb.core import versions
    path = ROOT/'nbs/benchmarks.json'
    old = json.loads(path.read_text()) if path.exists() else {}
    about = dict(date=str(datetime.date.today()), machine=f'{os.cpu_count()} cores, {psutil.virtual_memory().total/2**30:.0f} GiB, {platform.system()}', versions=versions())
    path.write_text(json.dumps({**old, **{name: {**about, 'rows': rows} for name, rows in measured.items()}}, indent=1)+'\n')
    print('Written: nbs/benchmarks.json; make export makes the page')

def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--plain', type=Path)
    a.add_argument('--rounds', type=int, default=3)
    parts = dict(quick=lambda: quick(a.rounds), whole=lambda: whole(a.rounds, a.plain), predict=lambda: part('bench_predict.py', '--rounds', str(a.rounds)),
        serve=lambda: [r for model in ('xgboost', 'lightgbm') for r in part('bench_serve.py', '--model', model, '--rounds', str(a.rounds))],
        log=lambda: part('bench_log.py'), drift=lambda: part('bench_drift.py'))
    a.add_argument('--only', choices=parts)
    a.add_argument('--site', action='store_true')
    a = a.parse_args()
    measured = {name: measure() for name, measure in parts.items() if a.only in (None, name)}
    (ROOT/'bench.json').write_text(json.dumps([r for rows in measured.values() for r in rows], indent=1)+'\n')
    print('Written: bench.json')
    if a.site: keep(measured)

if __name__ == '__main__': main()
