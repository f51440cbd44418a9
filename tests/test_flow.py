"The chain as fresh processes: engines, failure, resume, kill -9, two at once. Most tests use toy steps, so that only the flow is tested; one runs the real ten."
import json, os, re, shutil, signal, subprocess, sys, time
from pathlib import Path
import pytest
from churn_nb import flow
from churn_nb.core import STEPS, ChurnError, RunDir, RunError, demo_run_dir, load_settings, read_json, write_json

TOY = '''import os, time
from churn_nb.core import *
from churn_nb.flow import NEEDS
def run(run_dir=''):
    r, me = RunDir(run_dir), {step!r}
    if os.environ.get('TOY_FAIL') == me: raise DataError('a bad table', ['row 3', 'row 4'])
    if os.environ.get('TOY_BUG') == me: raise KeyError('a bug')
    for i in range(4): r.progress(i+1, 4, 'toying'); time.sleep(float(os.environ.get('TOY_SLEEP', 0)) if me == os.environ.get('TOY_SLEEPER', '05_tune') else 0)
    if os.environ.get('TOY_SLOW') == me: time.sleep(3)
    before = sum(read_json(r.need(step, 'x.json'))['x'] for step in NEEDS[me])
    if me == '05_tune': before += r.settings.tune.draws
    write_json(r.artifact(me, 'x.json'), dict(x=before+1))
'''
CELL = lambda source, *tags: dict(cell_type='code', id=f'c{abs(hash(source)) % 10**8}', execution_count=None, outputs=[], metadata=dict(tags=list(tags)) if tags else {}, source=source)

def toy_notebook(step: str, parameters: str = "run_dir: str = ''") -> dict:
    cells = [CELL('#| export\n' + TOY.format(step=step)), CELL('1/0  # a lesson: not part of a run'), CELL(parameters, 'parameters'), CELL("assert 'leak' not in globals()\nleak = 1"),
             CELL(f'from churn_nb import {step[3:]} as step'), CELL('step.run(run_dir)')]
    return dict(cells=cells, metadata=dict(kernelspec=dict(display_name='python3', language='python', name='python3')), nbformat=4, nbformat_minor=5)

@pytest.fixture(scope='module')
def toy(root, tmp_path_factory):
    "A copy of the package whose ten steps are toys."
    home = tmp_path_factory.mktemp('toy')
    for part in ('churn_nb', 'nbs'): (home/part).mkdir()
    for name in ('00_core', '11_flow', '15_cli'):
        shutil.copy(root/f'nbs/{name}.ipynb', home/'nbs'); shutil.copy(root/f'churn_nb/{name[3:]}.py', home/'churn_nb')
    shutil.copy(root/'churn_nb/__init__.py', home/'churn_nb'); shutil.copy(root/'nbs/report.html.j2', home/'nbs')
    for step in STEPS:
        (home/f'churn_nb/{step[3:]}.py').write_text(f'# %% ../nbs/{step}.ipynb #1\n{TOY.format(step=step)}')
        (home/f'nbs/{step}.ipynb').write_text(json.dumps(toy_notebook(step)))
    return home

def start(toy, cwd, *args, **env):
    "`churn-nb` of the toy copy, not waited for."
    code = 'import sys; from churn_nb.cli import main; sys.exit(main())'
    return subprocess.Popen([sys.executable, '-c', code, *args, '--no-register'], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, 'PYTHONPATH': str(toy), **env})

def call(toy, cwd, *args, **env):
    p = start(toy, cwd, *args, PYTHONFAULTHANDLER='1', **env)
    try: out, err = p.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        p.send_signal(signal.SIGABRT)    # it says where every thread stands, and leaves nothing behind
        raise AssertionError('it hangs:\n' + '\n'.join(p.communicate())) from None
    return p.returncode, out, err

def one(folder) -> RunDir:
    runs = sorted(Path(folder).iterdir())
    assert len(runs) == 1
    return RunDir(runs[0])

def answer(run: RunDir): return read_json(run.path/'artifacts/10_monitor/x.json')['x']

def wait_for(condition, what: str, seconds: float = 60):
    end = time.monotonic()+seconds
    while not (found := condition()):
        assert time.monotonic() < end, f'{what} did not happen in {seconds} s'
        time.sleep(.05)
    return found

def in_step(folder, step):
    "Whether a run under `folder` has begun a step."
    def look():
        for p in Path(folder).glob('*/run.json'):
            if {*flow.NEEDS[step]} <= {*read_json(p).get('seconds', {})} and [*p.parent.glob('.progress-*')]: return RunDir(p.parent)
    return look

def children(pid: int) -> list[int]:
    "Processes that a process has started, with theirs."
    found = [int(p) for t in Path(f'/proc/{pid}/task').glob('*/children') for p in t.read_text().split()]
    return found + [c for f in found for c in children(f)]

def gone(pids): return lambda: not any(Path(f'/proc/{p}').exists() and 'Z' not in Path(f'/proc/{p}/stat').read_text().rpartition(')')[2].split()[0] for p in pids)

# ---- the chain with toy steps

@pytest.mark.parametrize('engine', ['papermill', 'python'])
def test_chain(toy, tmp_path, engine):
    code, out, err = call(toy, tmp_path, 'run', '--engine', engine, '--set', 'tune.draws=7')
    assert code == 0, err
    run = one(tmp_path/'runs')
    record = run.record()
    assert answer(run) == 14 and record['status'] == 'done' and list(record['seconds']) == list(STEPS) and record['git_commit'] is None
    assert {'run_id', 'started', 'finished', 'engine', 'settings', 'data', 'versions', 'best_model', 'metrics', 'failed_step', 'error'} <= record.keys()
    assert run.settings.run.engine == engine and run.settings.tune.draws == 7
    assert [p.stem for p in sorted((run.path/'notebooks').glob('*'))] == (list(STEPS) if engine == 'papermill' else [])
    assert '[ 5/10] 05_tune' in out and str(run.path/'report.html') in out and (run.path/'report.html').exists()
    assert not [p for p in run.path.rglob('.*') if p.name != '.lock'] and not [p for p in (toy/'nbs').iterdir() if p.suffix not in ('.ipynb', '.j2')]

@pytest.mark.parametrize('engine', ['papermill', 'python'])
def test_a_failing_step(toy, tmp_path, engine):
    code, out, err = call(toy, tmp_path, 'run', '--engine', engine, TOY_FAIL='05_tune')
    run = one(tmp_path/'runs')
    assert code == 1 and 'Traceback' not in err and err.count('\n') == 4 and 'Step 05_tune failed: a bad table\n  - row 3' in err and f'`churn-nb run --run runs/{run.id}` goes on from there, also with what is mended' in err
    record = run.record()
    assert (record['status'], record['failed_step']) == ('failed', '05_tune') and {'01_data', '04_compare'} <= {*record['seconds']} <= {*STEPS[:4]}
    assert 'row 4' in record['error'] and (run.path/'artifacts/04_compare/x.json').exists() and 'step 05_tune failed' in (run.path/'report.html').read_text()
    code, out, err = call(toy, tmp_path, 'run', '--run', 'latest', '--engine', engine)   # goes on where it failed
    assert code == 0 and answer(run) == 27 and run.record()['status'] == 'done' and run.record()['error'] is None and list(run.record()['seconds']) == list(STEPS)

def test_a_bug_leaves_its_traceback_in_a_file(toy, tmp_path):
    for engine in ('papermill', 'python'):
        code, out, err = call(toy, tmp_path, 'run', '--engine', engine, '--out', engine, TOY_BUG='06_evaluate')
        run = one(tmp_path/engine)
        assert code == 1 and 'KeyError' in err and 'Traceback' not in err and 'KeyError' in (run.path/'error.txt').read_text()
        assert 'def run(' in (run.path/'error.txt').read_text() or 'evaluate.py' in (run.path/'error.txt').read_text()

@pytest.mark.parametrize('engine', ['papermill', 'python'])
def test_kill_9_in_step_05_and_resume(toy, tmp_path, engine):
    p = start(toy, tmp_path, 'run', '--engine', engine, TOY_SLEEP='20')
    run = wait_for(in_step(tmp_path/'runs', '05_tune'), 'step 05')
    family = children(p.pid)
    assert len(family) >= (2 if engine == 'papermill' else 1)
    p.send_signal(signal.SIGKILL); p.communicate()
    assert run.record()['status'] == 'running' and flow.run_state(run) == 'killed'
    wait_for(gone(family), 'the end of the kernels', 15)
    code, out, err = call(toy, tmp_path, 'run', '--from', '05')
    assert code == 0 and answer(run) == 27 and one(tmp_path/'runs').record()['status'] == 'done', err

# ---- two lanes

@pytest.mark.parametrize('engine', ['papermill', 'python'])
def test_a_step_beside_fails(toy, tmp_path, engine):
    code, out, err = call(toy, tmp_path, 'run', '--engine', engine, TOY_FAIL='02_eda', TOY_SLEEP='1')
    run = one(tmp_path/'runs')
    record = run.record()
    assert code == 1 and 'Step 02_eda failed: a bad table\n  - row 3' in err and (record['status'], record['failed_step']) == ('failed', '02_eda')
    assert '10_monitor' not in record['seconds'] and not [*run.path.glob('.progress*')]
    code, out, err = call(toy, tmp_path, 'run', '--run', 'latest', '--engine', engine)
    assert code == 0 and [*run.record()['seconds']] == [*STEPS] and answer(run) == 27

def test_steps_beside_run_at_the_same_time_and_are_waited_for(toy, tmp_path):
    code, out, err = call(toy, tmp_path, 'run', '--engine', 'python', TOY_SLOW='07_explain')
    order = re.findall(r'(\d\d)_\w+ +done', out)
    assert code == 0 and sorted(order) == [s[:2] for s in STEPS] and order.index('07') > order.index('08'), out
    code, out, err = call(toy, tmp_path, 'run', '--engine', 'python', '--set', 'run.workers=1', TOY_SLOW='07_explain')
    assert code == 0 and re.findall(r'(\d\d)_\w+ +done', out) == [s[:2] for s in STEPS], out

def test_a_bug_in_the_second_process_and_its_death(toy, tmp_path):
    code, out, err = call(toy, tmp_path, 'run', '--engine', 'python', TOY_BUG='07_explain')
    run = one(tmp_path/'runs')
    assert code == 1 and 'Step 07_explain failed: KeyError' in err and 'explain.py' in (run.path/'error.txt').read_text()
    p = start(toy, tmp_path, 'run', '--engine', 'python', '--out', 'killed', TOY_SLEEP='20', TOY_SLEEPER='02_eda')
    run = wait_for(in_step(tmp_path/'killed', '02_eda'), 'step 02')
    [second] = wait_for(lambda: children(p.pid), 'the second process')
    time.sleep(1); os.kill(second, signal.SIGKILL)
    out, err = p.communicate(timeout=60)
    assert p.returncode == 1 and 'Step 02_eda failed' in err and 'status -9' in err

def test_only_what_is_not_done_runs_again(toy, tmp_path):
    assert call(toy, tmp_path, 'run', '--engine', 'python')[0] == 0
    run = one(tmp_path/'runs')
    before = {s: (run.path/f'artifacts/{s}/x.json').stat().st_mtime_ns for s in STEPS}
    run.update(seconds={s: 1. for s in STEPS if s != '07_explain'})
    assert call(toy, tmp_path, 'run', '--run', 'latest')[0] == 0
    assert [s for s in STEPS if (run.path/f'artifacts/{s}/x.json').stat().st_mtime_ns != before[s]] == ['07_explain']
    run.update(seconds={s: 1. for s in STEPS if s != '08_registry'})
    assert call(toy, tmp_path, 'run', '--run', 'latest')[0] == 0
    assert [s for s in STEPS if (run.path/f'artifacts/{s}/x.json').stat().st_mtime_ns != before[s]] == ['07_explain', '08_registry', '09_predict', '10_monitor']

@pytest.mark.parametrize('how', [signal.SIGINT, signal.SIGTERM])
def test_interrupted(toy, tmp_path, how):
    p = start(toy, tmp_path, 'run', TOY_SLEEP='20')
    run = wait_for(in_step(tmp_path/'runs', '05_tune'), 'step 05')
    family = children(p.pid)
    p.send_signal(how)
    out, err = p.communicate(timeout=20)
    assert p.returncode == 130 and 'Traceback' not in err and f'`churn-nb run --run runs/{run.id}` goes on from there.' in err
    assert (run.record()['status'], run.record()['failed_step'], run.record()['error']) == ('failed', '05_tune', 'interrupted')
    assert flow.run_state(run) == 'interrupted', 'a person\'s wish is no failure'
    assert gone(family)()

def test_an_interrupt_while_one_lane_waits_names_the_step_that_ran(toy, tmp_path):
    p = start(toy, tmp_path, 'run', '--engine', 'python', TOY_SLEEP='20', TOY_SLEEPER='09_predict')
    run = wait_for(in_step(tmp_path/'runs', '09_predict'), 'step 09')
    wait_for(lambda: '08_registry' in run.record()['seconds'], 'the other lane')
    time.sleep(.5); p.send_signal(signal.SIGINT)      # step 10 waits for step 9
    p.communicate(timeout=20)
    assert run.record()['failed_step'] == '09_predict' and flow.run_state(run) == 'interrupted'

def test_a_run_that_failed_before_anything_was_done_is_not_to_be_resumed(toy, tmp_path):
    code, out, err = call(toy, tmp_path, 'run', '--engine', 'python', TOY_FAIL='01_data')
    assert code == 1 and 'Step 01_data failed' in err and 'goes on from there' not in err

def test_a_run_that_is_done_has_nothing_left_to_do(toy, tmp_path):
    assert call(toy, tmp_path, 'run', '--engine', 'python')[0] == 0
    code, out, err = call(toy, tmp_path, 'run', '--run', 'latest')
    assert code == 0 and 'is done, and nothing is left to do' in out and 'resuming' not in out
    assert 'resuming' in call(toy, tmp_path, 'run', '--run', 'latest', '--from', '10')[1]
    code, out, err = call(toy, tmp_path, 'run', '--run', 'latest', '--set', 'tune.draws=3')
    assert code == 1 and 'nothing is left' not in out and '--from 05; or start a new run' in err

def test_two_runs_at_once(toy, tmp_path):
    both = [start(toy, tmp_path, 'run', '--set', f'tune.draws={n}') for n in (3, 5)]
    assert [p.wait(120) for p in both] == [0, 0]
    assert sorted(answer(RunDir(p)) for p in (tmp_path/'runs').iterdir()) == [10, 12]

def test_the_same_run_is_not_run_twice(toy, tmp_path):
    p = start(toy, tmp_path, 'run', '--engine', 'python', TOY_SLEEP='20')
    wait_for(in_step(tmp_path/'runs', '05_tune'), 'step 05')
    code, out, err = call(toy, tmp_path, 'run', '--run', 'latest')
    assert code == 1 and 'executed by another process' in err
    p.kill(); p.communicate()

def test_what_must_not_start(toy, tmp_path):
    assert call(toy, tmp_path, 'run', '--engine', 'python', '--set', 'tune.draws=3')[0] == 0
    code, out, err = call(toy, tmp_path, 'run', '--from', '06', '--set', 'tune.draws=4')
    assert code == 1 and '[tune] draws = 4, was 3' in err
    code, out, err = call(toy, tmp_path, 'run', '--from', '05', '--engine', 'python', '--set', 'tune.draws=4')
    assert code == 0 and answer(one(tmp_path/'runs')) == 11 and one(tmp_path/'runs').settings.tune.draws == 4
    code, out, err = call(toy, tmp_path, 'run', '--from', '05', '--out', 'nothing_here')
    assert code == 1 and 'There are no runs in nothing_here' in err

# ---- notebooks that must be refused

def test_a_notebook_that_is_not_exported_is_refused(toy, tmp_path):
    path = toy/'nbs/07_explain.ipynb'
    old = path.read_text()
    path.write_text(old.replace("'toying'", "'newer'"))
    try: code, out, err = call(toy, tmp_path, 'run')
    finally: path.write_text(old)
    assert code == 1 and '07_explain.ipynb and explain.py differ' in err and 'nbdev-export' in err and not (tmp_path/'runs').exists()

@pytest.mark.parametrize('parameters, said', [("rundir: str = ''", 'passes "run_dir"'), ("run_dir: str = ''\nmore: int = 1", 'declares "more"')])
def test_parameters_that_do_not_fit_are_refused(tmp_path, parameters, said):
    write_json(tmp_path/'x.ipynb', toy_notebook('01_data', parameters))
    with pytest.raises(RunError) as e: flow.check_parameters(tmp_path/'x.ipynb', {'run_dir': 'x'})
    assert said in str(e.value)

@pytest.mark.parametrize('tags', [[], ['parameters', 'parameters']])
def test_exactly_one_parameters_cell(tmp_path, tags):
    write_json(tmp_path/'x.ipynb', dict(toy_notebook('01_data'), cells=[CELL('run_dir = 1', *[t]) for t in tags] or [CELL('run_dir = 1')]))
    with pytest.raises(RunError, match='cells tagged "parameters"'): flow.check_parameters(tmp_path/'x.ipynb', {'run_dir': 'x'})

def test_every_step_notebook_fits():
    for step in STEPS: flow.check_parameters(flow.notebook_path(step), {'run_dir': 'x'})

def test_notebooks_start_alone_in_a_warm_kernel(tmp_path):
    "Neither variables nor the working directory nor execution counts of one notebook reach the next."
    cells = [CELL("run_dir: str = ''", 'parameters'), CELL("import os\nassert 'leak' not in globals(), 'leak'\nleak = 1\nassert os.path.basename(os.getcwd()) == 'home'\nos.chdir('/')"), CELL('1/0')]
    write_json(tmp_path/'x.ipynb', dict(toy_notebook('01_data'), cells=cells))
    (tmp_path/'home').mkdir()
    with flow.WarmKernel(tmp_path/'home') as warm:
        for i in range(2):
            with pytest.raises(Exception, match='ZeroDivisionError'): flow.execute_notebook(tmp_path/'x.ipynb', tmp_path/f'{i}.ipynb', {'run_dir': 'x'}, warm)
            code = [c for c in read_json(tmp_path/f'{i}.ipynb')['cells'] if c['cell_type'] == 'code']
            assert [c['execution_count'] for c in code] == [1, 2, 3, 4]
    assert gone([warm.pid])() and not warm.folder.exists()

# ---- the report

HOSTILE = '<script>alert("x")</script>'

def test_report_escapes_what_comes_from_the_table():
    r = demo_run_dir()
    (r.artifact('09_predict', 'riskiest.csv')).write_text('id,churn_probability,risk_level,reasons\n"<script>alert(""x"")</script>",0.7,HIGH,"<img src=x onerror=alert(1)> is 2; b"\n')
    (r.artifact('07_explain', 'importance.csv')).write_text('column,mean_abs_shap\n"<script>alert(""x"")</script>",0.7\n')
    write_json(r.artifact('01_data', 'summary.json'), dict(rows=10, columns=2, target=HOSTILE, notes=[HOSTILE], source=HOSTILE))
    write_json(r.artifact('07_explain', 'customer.json'), dict(id=HOSTILE, probability=.7, reasons=[HOSTILE]))
    (r.artifact('10_monitor', 'drift.csv')).write_text('column,statistic,p_value,drifted\n"<script>alert(""x"")</script>",.1,.001,True\n')
    page = flow.report(r).read_text()
    assert '<script>alert' not in page and '<img src=x' not in page and '&lt;script&gt;' in page

def test_report_of_an_empty_run_says_what_is_missing_and_needs_nothing_from_outside():
    page = flow.report(demo_run_dir()).read_text()
    for step in ('01', '04', '06', '07', '09', '10'): assert f'step {step} has not left it' in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page) and '@import' not in page

# ---- the real ten

def test_both_engines_give_the_same_numbers(tmp_path):
    small = {'data.rows': 600, 'compare.folds': 2, 'compare.models': ['logistic_regression', 'lightgbm'], 'tune.draws': 2, 'tune.folds': 2, 'evaluate.bootstrap': 50, 'explain.sample': 20, 'explain.background': 20}
    records = {}
    for engine in ('papermill', 'python'):
        args = [x for k, v in small.items() for x in ('--set', f'{k}={",".join(v) if isinstance(v, list) else v}')]
        done = subprocess.run([sys.executable, '-c', 'import sys; from churn_nb.cli import main; sys.exit(main())', 'run', '--engine', engine, '--out', engine, *args], cwd=tmp_path, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        records[engine] = one(tmp_path/engine)
    a, b = records['papermill'], records['python']
    assert a.record()['metrics'] == b.record()['metrics'] and a.record()['best_model'] == b.record()['best_model'] and a.record()['metrics']['auc']['value'] > .5
    same = lambda step, name: (a.path/'artifacts'/step/name).read_bytes() == (b.path/'artifacts'/step/name).read_bytes()
    assert same('06_evaluate', 'predictions.parquet') and same('04_compare', 'oof.parquet') and same('09_predict', 'riskiest.csv')
    files = lambda r: sorted(re.sub(r'churn_model_.*\.', 'churn_model.', str(p.relative_to(r.path))) for p in (r.path/'artifacts').rglob('*') if p.is_file())
    assert files(a) == files(b)
    said = [r.record()['registered'] for r in (a, b)]
    assert said[0]['version'] == 1 and said[0]['aliases'] == ['champion'] and said[1]['models'] == said[0]['models'] == str(tmp_path/'models') and said[1]['version'] in (1, 2), said
    page = (a.path/'report.html').read_text()
    assert 'has not left it' not in page and page.count('<img ') >= 10 and 'notebooks/05_tune.ipynb' in page

def test_the_report_tells_each_fact_once_and_gives_a_shift_its_unit(tmp_path):
    "charge_vs_mean is the monthly charge in another unit: its SHAP counts with it. A shift of 0.2 is other things for a number and a category."
    import pandas as pd
    from churn_nb import data
    spec, r = data.synthetic_spec(), RunDir.create(load_settings(), tmp_path)
    shap = pd.DataFrame({'monthly_charges': [.1, -.1], 'charge_vs_mean': [.1, -.3], 'has_partner': [.05, .05]})
    for step in ('01_data', '07_explain', '10_monitor'): (r.path/'artifacts'/step).mkdir(parents=True)
    write_json(r.path/'artifacts/01_data/spec.json', spec.to_dict())
    shap.to_parquet(r.path/'artifacts/07_explain/shap_values.parquet')
    shap.abs().mean().rename('mean_abs_shap').rename_axis('column').to_csv(r.path/'artifacts/07_explain/importance.csv')
    assert [(d['name'], d['value']) for d in flow._drivers(r)] == [('monthly_charges', '0.300'), ('has_partner', '0.050')]
    pd.DataFrame([dict(column='a', kind='number', shift=.2, needed=.1, p_value=.5, drifted=False), dict(column='b', kind='category', shift=.2, needed=.05, p_value=.5, drifted=False)]).to_csv(r.path/'artifacts/10_monitor/drift.csv')
    assert [(d['moved'], d['needed']) for d in flow._drift(r)['rows']] == [('0.20 SD', '0.10 SD'), ('20.0 points', '5.0 points')]
