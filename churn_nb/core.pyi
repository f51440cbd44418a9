# Made from the module by `make export`.
from typing import Any
__all__ = ['STEPS', 'ROLES', 'MODELS', 'DEMO', 'STAY', 'CHURN', 'NEUTRAL', 'ACCENT', 'ChurnError', 'SettingsError', 'DataError', 'RunError', 'path_of', 'count_of', 'flag_of', 'frame_of', 'numbers_of', 'no_numbers', 'no_shares', 'atomic_path', 'to_plain', 'write_json', 'DamagedFile', 'read_json', 'read_rows', 'settings_model', 'Settings', 'load_settings', 'settings_for', 'RunDir', 'write_text', 'demo_run_dir', 'reuse_demo', 'without_password', 'with_variables', 'seed_for', 'rank_auc', 'plot_style', 'new_figure', 'any_script', 'save_figure', 'named', 'Brief', 'versions', 'now']
from typing import TYPE_CHECKING
import configparser, contextlib, difflib, html, inspect, json, math, numbers, operator, os, platform, re, secrets, tempfile, warnings
from datetime import datetime, timezone
from functools import cache, partial
from pathlib import Path
from collections.abc import Callable, Iterator
from matplotlib.figure import Figure
from typing import Any
import numpy as np, pandas as pd

class ChurnError(Exception):
    message: str
    problems: Any

    def __init__(self, message: str, problems: list[str]=...):
        ...

    def __str__(self):
        ...

    def __reduce__(self):
        ...

class SettingsError(ChurnError):
    ...

class DataError(ChurnError):
    ...

class RunError(ChurnError):
    ...

def path_of(value: str | os.PathLike, what: str) -> Path:
    ...

def count_of(value: int, what: str) -> int:
    ...

def flag_of(value: bool, what: str) -> bool:
    ...

def frame_of(df: pd.DataFrame, what: str) -> pd.DataFrame:
    ...

def numbers_of(values: Any, what: str) -> np.ndarray:
    ...

def no_numbers(**given: float) -> list[str]:
    ...

def no_shares(**given: float) -> list[str]:
    ...

@contextlib.contextmanager
def atomic_path(path: str | os.PathLike) -> Iterator[Path]:
    ...

def to_plain(x: Any) -> Any:
    ...

def write_json(path: str | os.PathLike, obj: Any) -> None:
    ...

class DamagedFile(RunError, ValueError):
    ...

def read_json(path: str | os.PathLike, kind: type=...) -> Any:
    ...

def read_rows(path: str | os.PathLike, text: tuple[str, ...]=...) -> pd.DataFrame:
    ...
STEPS: tuple
ROLES: tuple
MODELS: tuple

def settings_model() -> type:
    ...

class _Run:
    seed: int
    out: str
    engine: str
    workers: int
    lessons: bool

class _Data:
    source: str
    query: str
    rows: int
    target: str
    positive: str
    id: str
    numeric: list[str]
    categorical: list[str]
    binary: list[str]
    date: list[str]
    dayfirst: str
    ignore: list[str]
    tenure: str
    monthly_charge: str
    total_charge: str
    usage: str
    tickets: str
    test_size: float

class _Eda:
    top_categories: int

class _Features:
    domain: bool
    interactions: bool
    high_cardinality: int

class _Compare:
    models: list[str]
    folds: int
    metric: str
    alpha: float

class _Tune:
    model: str
    method: str
    draws: int
    folds: int
    imbalance: str

class _Evaluate:
    bootstrap: int
    confidence: float
    threshold: float

class _Explain:
    sample: int
    background: int
    reasons: int
    customer: str

class _Predict:
    medium: float
    high: float
    top: int

class _Monitor:
    alpha: float
    min_shift: float
    bins: int
    log: str
    keep: int
    horizon: int
    segments: list[str]
    calibration: float
    webhook: str
    command: str

class _Abtest:
    share: float
    shadow: bool
    salt: str
    alpha: float
    power: float

class _Retrain:
    window: str
    time: str
    metric: str
    margin: float
    confidence: float
    worse: float
    segments: list[str]
    calibration: float

class _Serve:
    host: str
    port: int
    rows: int
    body: int
    seconds: float
    requests: int
    poll: float
    strict: bool

class _Registry:
    format: str
    check: bool
    models: str
    register: bool

class Settings:

    def __init__(self, values: dict[str, dict] | None=...):
        ...

    def __setattr__(self, name, value):
        ...

    def __dir__(self):
        ...

    def __eq__(self, other):
        ...

    def __repr__(self):
        ...

    def __reduce__(self):
        ...

    def as_dict(self) -> dict:
        ...
    run: _Run
    data: _Data
    eda: _Eda
    features: _Features
    compare: _Compare
    tune: _Tune
    evaluate: _Evaluate
    explain: _Explain
    predict: _Predict
    monitor: _Monitor
    abtest: _Abtest
    retrain: _Retrain
    serve: _Serve
    registry: _Registry

    def changed(self) -> dict:
        ...

    def to_ini(self, notes: dict[str, str]=...) -> str:
        ...

def load_settings(path: str | os.PathLike | None=..., overrides: dict | list[str] | tuple=...) -> Settings:
    ...

def settings_for(settings: Settings | str | os.PathLike | None=..., **overrides) -> Settings:
    ...

class RunDir:
    path: Any
    settings: Any

    def __init__(self, path: str | os.PathLike):
        ...

    @classmethod
    def create(cls, settings: Settings, out: str | os.PathLike | None=...) -> RunDir:
        ...

    def __repr__(self):
        ...

    def __fspath__(self):
        ...

    @property
    def id(self) -> str:
        ...

    def artifact(self, step: str, name: str) -> Path:
        ...

    def need(self, step: str, name: str) -> Path:
        ...

    def record(self) -> dict:
        ...

    def update(self, **changes) -> dict:
        ...

    def progress(self, done: float, total: float, what: str=...) -> None:
        ...

def write_text(path: str | os.PathLike, text: str) -> None:
    ...
DEMO: dict

def demo_run_dir(**overrides) -> RunDir:
    ...

def reuse_demo(make: Callable) -> Callable:
    ...

def without_password(source: str) -> str:
    ...

def with_variables(url: str) -> str:
    ...

def seed_for(seed: int, use: str) -> int:
    ...

def rank_auc(y: np.ndarray, scores: np.ndarray) -> float | np.ndarray:
    ...
STAY: str
CHURN: str
NEUTRAL: str
ACCENT: str

def plot_style() -> contextlib.AbstractContextManager:
    ...

def new_figure(width: float, height: float) -> Figure:
    ...

def any_script() -> contextlib.AbstractContextManager:
    ...

def save_figure(fig: Figure, path: str | os.PathLike) -> Path:
    ...

def named(cls: type) -> type:
    ...

class Brief:

    def __repr__(self):
        ...

def versions() -> dict[str, str]:
    ...

def now() -> str:
    ...
