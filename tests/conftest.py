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

LONG = ('test_flow.py', 'test_retrain.py', 'test_serve.py', 'test_watch.py', 'test_mlflow.py', 'test_dashboard.py', 'test_wheel.py', 'test_predict_files.py')

def pytest_configure(config): config.addinivalue_line('markers', 'xdist_group(name): tests of one group run on one worker (pytest-xdist)')

@pytest.hookimpl(tryfirst=True)   # before xdist reads the groups
def pytest_collection_modifyitems(items):
    "A file is a group, where a test does not say otherwise. The longest files first: with two workers, the end of the run is otherwise one worker with the last of them."
    place = {name: i for i, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONG)))
    for item in items:
        if not item.get_closest_marker('xdist_group'): item.add_marker(pytest.mark.xdist_group(item.path.name))
