"""The wheel, installed in an empty folder, is whole: notebooks and template inside, `churn-nb` works without the checkout."""
import json, os, subprocess, sys, zipfile
from pathlib import Path
import pytest
from churn_nb.core import STEPS

@pytest.fixture(scope='module')
def installed(root, tmp_path_factory):
    "A folder with the wheel installed, and nothing else of ours on the path."
    folder = tmp_path_factory.mktemp('wheel')
    source = folder/'source'
    names = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    for name in names:
        if not (root/name).exists(): continue
        (source/name).parent.mkdir(parents=True, exist_ok=True)
        (source/name).write_bytes((root/name).read_bytes())
    done = subprocess.run([sys.executable, '-m', 'build', '--wheel', '--no-isolation', '--outdir', folder, source], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    wheel = next(folder.glob('*.whl'))
    with zipfile.ZipFile(wheel) as z: z.extractall(folder/'site')
    return folder/'site', wheel

def fresh(site, *args, cwd):
    "A fresh process that finds the installed package before the checkout."
    return subprocess.run([sys.executable, *args], cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, env={**os.environ, 'PYTHONPATH': str(site)}, timeout=300)

def test_wheel_holds_notebooks_and_template(installed):
    names = zipfile.ZipFile(installed[1]).namelist()
    missing = [n for n in [*(f'churn_nb/nbs/{s}.ipynb' for s in ('00_core', *STEPS)), 'churn_nb/nbs/report.html.j2', 'churn_nb/cli.py', 'churn_nb/py.typed', 'churn_nb/predict.pyi'] if n not in names]
    assert not missing
    assert not [n for n in names if n.startswith(('tests/', 'tools/'))]

def test_runs_from_the_wheel(installed, tmp_path):
    site, _ = installed
    where = fresh(site, '-c', 'import churn_nb; print(churn_nb.__file__)', cwd=tmp_path)
    assert Path(where.stdout.strip()).parent == site/'churn_nb', where.stdout + where.stderr
    fresh(site, '-c', 'from churn_nb.data import make_customers; make_customers(400).to_csv("customers.csv", index=False)', cwd=tmp_path)
    main = ('-c', 'import sys; from churn_nb.cli import main; sys.exit(main())')
    drafted = fresh(site, *main, 'init', 'customers.csv', '--target', 'churned', cwd=tmp_path)
    assert drafted.returncode == 0 and (tmp_path/'settings.ini').exists(), drafted.stderr
    small = [x for pair in ('tune.draws=2', 'tune.folds=2', 'compare.folds=2', 'compare.models=logistic_regression,lightgbm', 'evaluate.bootstrap=50') for x in ('--set', pair)]
    done = fresh(site, *main, 'run', *small, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    run = next((tmp_path/'runs').iterdir())
    assert json.loads((run/'run.json').read_text())['status'] == 'done'
    assert sorted(p.stem for p in (run/'notebooks').glob('*.ipynb')) == sorted(STEPS)
    assert (run/'report.html').stat().st_size > 10_000
    for step in ('02_eda', '06_evaluate', '07_explain', '09_predict', '10_monitor'):    # the record of a run shows its pictures, in any front end
        last = json.loads((run/f'notebooks/{step}.ipynb').read_text())['cells'][-20:]
        assert [o for c in last for o in c.get('outputs', []) if 'image/png' in o.get('data', {}) and 'papermill' in c['metadata'] and c['metadata']['papermill']['status'] == 'completed'], step
