"""Shared by all tests: where the checkout is, real tables when they are at hand, and fresh processes."""
import os, subprocess, sys
from pathlib import Path
import pytest

for _name, _value in dict(OMP_WAIT_POLICY='PASSIVE', GOMP_SPINCOUNT='0', KMP_BLOCKTIME='0').items(): os.environ.setdefault(_name, _value)
ROOT = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get('CHURN_TEST_TABLES', 'no-such-folder')).resolve()   # a folder with Telco-Customer-Churn.csv and mlc_churn.csv

@pytest.fixture(scope='session')
def root() -> Path: return ROOT

def real_table(name: str) -> Path:
    "A real table; the test is skipped where CHURN_TEST_TABLES does not name a folder that has it."
    if not (REAL/name).exists(): pytest.skip(f'the real table {name} is not at hand (CHURN_TEST_TABLES names its folder)')
    return REAL/name

@pytest.fixture(scope='session')
def telco() -> Path: return real_table('Telco-Customer-Churn.csv')

@pytest.fixture(scope='session')
def mlc() -> Path: return real_table('mlc_churn.csv')

LONG = ('test_flow.py', 'test_retrain.py', 'test_serve.py', 'test_watch.py', 'test_mlflow.py', 'test_dashboard.py', 'test_wheel.py', 'test_predict_files.py', 'test_lab.py', 'test_examples.py', 'test_module.py')
NOTEBOOK = 'test_lab.py::test_notebook'   # one test for each notebook

def pytest_collection_modifyitems(items):
    "The longest files first and the notebooks last: small pieces at the end keep both workers busy until it comes."
    place = {name: i for i, name in enumerate(LONG)}
    items.sort(key=lambda item: len(LONG)+1 if NOTEBOOK in item.nodeid else place.get(item.path.name, len(LONG)))

@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    "A file goes to one worker as a whole, so that what it sets up is set up once; in test_lab.py each notebook is a piece of its own. (Groups by marker are not read by pytest-xdist 3.8 under pytest 9.2.)"
    from xdist.scheduler import LoadScopeScheduling
    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid): return nodeid if NOTEBOOK in nodeid else nodeid.partition('::')[0]
    return ByFile(config, log)
