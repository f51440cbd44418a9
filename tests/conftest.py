"""Shared by all tests: where the checkout is, real tables when they are at hand, and fresh processes."""
import os, subprocess, sys
from pathlib import Path
import pytest

for _name, _value in dict(OMP_WAIT_POLICY='PASSIVE', GOMP_SPINCOUNT='0', KMP_BLOCKTIME='0').items(): os.environ.setdefault(_name, _value)
ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent/'shared'/'data'

@pytest.fixture(scope='session')
def root() -> Path: return ROOT

def _real(name):
    path = REAL/name
    if not path.exists(): pytest.skip(f'the real table {name} is not at hand')
    return path

@pytest.fixture(scope='session')
def telco() -> Path: return _real('Telco-Customer-Churn.csv')

@pytest.fixture(scope='session')
def mlc() -> Path: return _real('mlc_churn.csv')
