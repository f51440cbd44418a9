"The command line in fresh processes: it teaches, it is fast, and bad input never ends in a traceback."
import os, re, subprocess, sys
import pytest
from churn_nb import cli
from churn_nb.core import RunDir, load_settings, write_json

MAIN = ('-c', 'import sys; from churn_nb.cli import main; sys.exit(main())')

def call(*args, cwd, **env):
    p = subprocess.run([sys.executable, *MAIN, *map(str, args)], cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, env={**os.environ, **env})
    assert 'Traceback' not in p.stderr, p.stderr
    return p.returncode, p.stdout, p.stderr

def a_run(out, auc=.8, draws=20, status='done'):
    "A run directory as the flow would leave it."
    r = RunDir.create(load_settings(overrides={'tune.draws': draws}), out)
    r.update(status=status, best_model='lightgbm', data=dict(source='customers.csv', rows=100, sha256='x'), metrics=dict(auc=dict(value=auc, low=auc-.1, high=auc+.1), brier=.1))
    return r

# ---- help

@pytest.mark.parametrize('args', [[], ['init'], ['run'], ['runs'], ['report']])
def test_help_teaches(args, tmp_path):
    code, out, err = call(*args, '--help', cwd=tmp_path)
    assert code == 0 and not err and len(re.findall(rf'^  churn-nb {args[0] if args else ""}', out, re.M)) >= 2

def test_every_example_of_every_help_is_understood():
    import shlex
    parser, examples = cli.parser(), []
    for p in [parser, *parser._subparsers._group_actions[0].choices.values()]:
        examples += [re.split(r'\s{3,}', line.strip())[0] for line in p.description.splitlines() if line.startswith('  churn-nb')]
    assert len(examples) > 15
    for e in examples: assert parser.parse_args(shlex.split(e)[1:]).do

def test_help_and_import_load_nothing_heavy(tmp_path):
    code = 'import sys, churn_nb\ntry:\n    from churn_nb.cli import main; main(["run", "--help"])\nexcept SystemExit: pass\nprint(sorted({"numpy", "pandas", "sklearn", "pydantic", "rich", "papermill", "jinja2", "matplotlib"} & set(sys.modules)))'
    said = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, cwd=tmp_path)
    assert said.stdout.splitlines()[-1] == '[]', said.stdout + said.stderr

def test_version(tmp_path):
    from churn_nb import __version__
    assert call('--version', cwd=tmp_path)[:2] == (0, f'churn-nb {__version__}\n')

def test_names_at_the_top():
    import churn_nb
    from churn_nb import core
    assert churn_nb.RunDir is core.RunDir and churn_nb.core is core and 'run_flow' in dir(churn_nb)
    with pytest.raises(AttributeError, match='nonsense'): churn_nb.nonsense

# ---- bad input

@pytest.mark.parametrize('args', [['nonsense'], ['run', '--nonsense'], ['run', '--engine', 'magic'], ['init'], [], ['report'], ['run', '--dat', 'x.csv']])
def test_wrong_usage_is_2(args, tmp_path):
    code, out, err = call(*args, cwd=tmp_path)
    assert code == 2 and 'usage' in err

@pytest.mark.parametrize('args, said', [
    (['run', '--set', 'tune.draw=3', '--set', 'x.y=1'], ['did you mean "draws"', 'no section [x]']),
    (['run', '--set', 'draws'], ['section.key=value']),
    (['run', '--set', 'tune.draws'], ['section.key=value']),
    (['run', '--settings', 'no.ini'], ['no.ini']),
    (['run', '--from', '12'], ['There are no runs']),
    (['run', '--run', 'latest'], ['There are no runs']),
    (['runs', 'a'], ['Name two runs']),
    (['report', 'latest'], ['There are no runs']),
    (['report', 'x', '--out', 'nothing'], ['There are no runs in nothing']),
    (['init', 'no.csv', '--target', 'x'], ['no.csv']),
    (['init', 'empty.csv', '--target', 'x'], ['empty.csv']),
    (['init', 'fine.csv', '--target', 'nonsense'], ['nonsense']),
    (['init', 'fine.csv', '--target', 'churn', '--out', 'taken.ini'], ['taken.ini exists', '--force']),
    (['init', 'fine.csv', '--target', 'churn', '--out', 'taken.ini/x.ini'], ['taken.ini'])])
def test_bad_input_is_1_with_a_message(args, said, tmp_path):
    (tmp_path/'empty.csv').write_text('')
    (tmp_path/'taken.ini').write_text('mine')
    (tmp_path/'fine.csv').write_text('id,months,churn\n' + ''.join(f'c{i},{i % 30},{"Yes" if i % 4 == 0 else "No"}\n' for i in range(200)))
    code, out, err = call(*args, cwd=tmp_path)
    assert code == 1 and all(x in err for x in said), (code, err)
    assert (tmp_path/'taken.ini').read_text() == 'mine' and not (tmp_path/'runs').exists()

def test_a_table_that_cannot_be_used(tmp_path):
    (tmp_path/'three.csv').write_text('a,churn\n' + '\n'.join(f'{i},{"abc"[i % 3]}' for i in range(100)))
    code, out, err = call('run', '--data', 'three.csv', '--target', 'churn', '--engine', 'python', cwd=tmp_path)
    assert code == 1 and 'Step 01_data failed' in err
    run = RunDir(next((tmp_path/'runs').iterdir()))
    assert run.record()['status'] == 'failed' and (run.path/'report.html').exists()

# ---- init

def test_init_drafts_and_explains(tmp_path):
    rows = ''.join(f'c{i},{i % 30},{20 + i % 7},{"Yes" if i % 4 == 0 else "No"}\n' for i in range(200))
    (tmp_path/'t.csv').write_text('customer,tenure,monthly,churn\n' + rows)
    code, out, err = call('init', 't.csv', '--target', 'churn', '--id', 'customer', '--out', 'sub/s.ini', cwd=tmp_path)
    assert code == 0 and 'data.positive' in out and '--settings sub/s.ini' in out, err
    s = load_settings(tmp_path/'sub/s.ini')
    assert (s.data.target, s.data.positive, s.data.id) == ('churn', 'Yes', 'customer') and (tmp_path/'sub'/s.data.source).resolve() == (tmp_path/'t.csv').resolve()
    assert '# -> ' in (tmp_path/'sub/s.ini').read_text()
    assert call('init', 't.csv', '--target', 'churn', '--out', 'sub/s.ini', '--force', cwd=tmp_path)[0] == 0

# ---- runs and report

def test_runs_lists_and_compares(tmp_path):
    a, b = a_run(tmp_path/'runs', .8), a_run(tmp_path/'runs', .82, draws=50)
    (tmp_path/'runs/20200101-000000-aaaaaa').mkdir(); (tmp_path/'runs/20200101-000000-aaaaaa/settings.ini').write_text('[broken')
    code, out, err = call('runs', cwd=tmp_path)
    assert code == 0 and a.id in out and '0.8200' in out and 'unreadable' in out
    code, out, err = call('runs', a.id, b.id, cwd=tmp_path)
    assert code == 0 and '+0.0200' in out and 'tune.draws' in out and '50' in out

def test_report_is_rebuilt(tmp_path):
    r = a_run(tmp_path/'runs')
    for name in (r.id, r.id[:-2], 'latest', str(r.path)):
        (r.path/'report.html').unlink(missing_ok=True)
        code, out, err = call('report', name, cwd=tmp_path)
        assert code == 0 and out.strip() == str(r.path/'report.html') and (r.path/'report.html').exists()

def test_the_settings_file_of_the_folder_is_used_and_its_table_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path/'sub').mkdir(); (tmp_path/'sub/t.csv').write_text('x'); (tmp_path/'sub/s.ini').write_text('[data]\nsource = t.csv\n')
    (tmp_path/'settings.ini').write_text('[tune]\ndraws = 7\n')
    read = lambda *args: cli._run_settings(cli.parser().parse_args(['run', *args]))
    assert read().tune.draws == 7 and read('--set', 'tune.draws=9').tune.draws == 9
    assert read('--settings', 'sub/s.ini').data.source == str(tmp_path/'sub/t.csv')
    s = read('--data', 'a.csv', '--target', 'Left us, really', '--id', ' no ', '--positive', '"1"')
    assert (s.data.source, s.data.target, s.data.id, s.data.positive) == ('a.csv', 'Left us, really', ' no ', '"1"')

def test_a_password_is_written_nowhere(tmp_path):
    url = 'postgresql://me:s3cr3t@127.0.0.1:1/crm'
    for args in (['run', '--data', url, '--query', 'customers', '--target', 'churn', '--engine', 'python'], ['init', url, '--query', 'customers', '--target', 'churn']):
        p = subprocess.run([sys.executable, '-c', 'import sys; from churn_nb.cli import main; sys.exit(main())', *args], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert p.returncode == 1 and 's3cr3t' not in p.stdout+p.stderr and 'cannot be used' in p.stderr
    files = [f for f in tmp_path.rglob('*') if f.is_file()]
    assert len(files) > 2 and not [f for f in files if b's3cr3t' in f.read_bytes()]
    assert '${CHURN_NB_PASSWORD}' in next(f for f in files if f.name == 'settings.ini').read_text()

def test_the_latest_run_is_the_latest_that_is_done(tmp_path, capsys):
    "A later try that failed on a typo has no model: who predicts or registers means the one before; who resumes means the last."
    runs = [RunDir.create(load_settings(), tmp_path) for _ in range(2)]
    runs.sort(key=lambda r: r.path.name)
    for r, status in zip(runs, ('done', 'failed')): r.update(status=status)
    assert cli.find_run('latest', tmp_path).path == runs[1].path
    assert not capsys.readouterr().err
    assert cli.find_run('latest', tmp_path, done=True).path == runs[0].path
    assert f'the newest run, {runs[1].id}, is not done (failed); {runs[0].id} is the latest that is' in capsys.readouterr().err
    runs[0].update(status='failed')
    assert cli.find_run('latest', tmp_path, done=True).path == runs[1].path

def test_a_model_that_cannot_be_registered_is_an_error(tmp_path, monkeypatch, capsys):
    from churn_nb import flow
    r = RunDir.create(load_settings(), tmp_path)
    r.update(status='done', registered=dict(models='m', error='a full disk'))
    monkeypatch.setattr(flow, 'run_flow', lambda *a, **k: {**r.record(), 'path': str(r.path)})
    monkeypatch.chdir(tmp_path)
    assert cli.main(['run']) == 1
    said = capsys.readouterr()
    assert 'NOT REGISTERED in m: a full disk' in said.out and 'is not registered' in said.err
