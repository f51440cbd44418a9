"""The examples run as they stand, in an empty folder, and say what they promise."""
import os, re, subprocess, sys
import pytest

SAYS = {'understand.py': r'Customers\(5,000 synthetic customers, seed 42: 5,000 customers, 10 features.*\n.*column', 'one_customer.py': r': \d+%, (LOW|MEDIUM|HIGH)\n\w', 'score_file.py': r'5,000', 'call_list.py': r'Call [\d,]+ of 2,000',
        'watch.py': r'monthly_charges', 'serve.py': r"'risk_level': '(LOW|MEDIUM|HIGH)'", 'plan_test.py': r'-2%: [\d,]+ customers, or [\d,]+'}

def run(root, name, folder, *args):
    return subprocess.run([sys.executable, root/'examples'/name, *args], cwd=folder, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL, env={**os.environ, 'PYTHONPATH': str(root)})

@pytest.fixture(scope='module')
def folder(root, tmp_path_factory):
    "A folder in which run.py has been run."
    folder = tmp_path_factory.mktemp('examples')
    done = run(root, 'run.py', folder)
    assert done.returncode == 0, done.stderr
    assert re.search(r"done, \w+, AUC 0\.\d+, version 1\)\n\{'auc': 0\.", done.stdout) and (folder/'models'/'registry.json').is_file(), done.stdout
    return folder

@pytest.mark.parametrize('name', SAYS)
def test_example(root, folder, name):
    done = run(root, name, folder, *(['--once'] if name == 'serve.py' else []))
    assert done.returncode == 0, done.stderr
    assert re.search(SAYS[name], done.stdout), done.stdout

def test_every_example_is_tested_short_and_listed(root):
    files = {p.name for p in (root/'examples').glob('*.py')}
    assert files == {*SAYS, 'run.py'} and files == {*re.findall(r'^\| `(\w+\.py)`', (root/'examples'/'README.md').read_text(), re.M)}
    long = [p.name for p in (root/'examples').glob('*.py') if len([l for l in p.read_text().splitlines() if l.strip()]) > 13]
    assert not long
