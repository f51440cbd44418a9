# Made from the module by `make export`.
from typing import Any
__all__ = ['PRELOAD', 'OPENMP', 'BEFORE_CHECK', 'NEEDS', 'BESIDE', 'nbs_dir', 'notebook_path', 'step_of', 'exported_cells', 'module_cells', 'out_of_step', 'check_in_step', 'check_parameters', 'WarmKernel', 'execute_notebook', 'StepFailed', 'start_check', 'PythonEngine', 'SidePython', 'last_error', 'PapermillEngine', 'Progress', 'Lines', 'Bars', 'show_progress', 'run_state', 'run_flow', 'report_data', 'report', 'summary', 'Run', 'run']
from typing import TYPE_CHECKING
import contextlib, importlib, json, logging, os, re, shutil, subprocess, sys, tempfile, threading, time, traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from . import core as _core
from collections.abc import Callable
import pandas as pd
from churn_nb.predict import Predictor

def nbs_dir() -> Path:
    ...

def notebook_path(step: str) -> Path:
    ...

def step_of(text: str | int) -> str:
    ...

def exported_cells(notebook: str | os.PathLike) -> list[str]:
    ...

def module_cells(module: str | os.PathLike) -> list[str]:
    ...

def out_of_step(names: tuple[str, ...]=...) -> list[str]:
    ...

def check_in_step(names: tuple[str, ...]=...) -> None:
    ...

def check_parameters(notebook: str | os.PathLike, parameters: dict) -> None:
    ...
PRELOAD: str
OPENMP: dict

class WarmKernel:
    home: Any
    folder: Any
    km: Any
    kc: Any
    log: Any

    def __init__(self, home: str | os.PathLike, preload: str=...):
        ...

    def __enter__(self):
        ...

    def __exit__(self, *args):
        ...

    def start(self) -> None:
        ...

    def ready(self) -> WarmKernel:
        ...

    def stop(self) -> None:
        ...

    def run(self, code: str, expression: str=...) -> str:
        ...

    def reset(self) -> None:
        ...

def execute_notebook(notebook: str | os.PathLike, output: str | os.PathLike, parameters: dict, warm: WarmKernel, lessons: bool=...) -> None:
    ...

class StepFailed(ChurnError):
    run: str
    traceback: str

    def __init__(self, message: str, problems: list[str]=..., run: str=..., traceback: str=...):
        ...

    def __reduce__(self):
        ...
BEFORE_CHECK: str

def start_check(run_dir: str) -> None:
    ...
NEEDS: dict
BESIDE: tuple

class PythonEngine:
    run: RunDir
    pid: Any

    def __init__(self, run: RunDir):
        ...

    def do(self, step: str) -> None:
        ...

    def register(self, models: str) -> dict:
        ...

    def stop(self) -> None:
        ...

class SidePython:
    process: Any
    pid: Any

    def __init__(self, run: RunDir):
        ...

    def do(self, step: str) -> None:
        ...

    def stop(self) -> None:
        ...

class _Bug(Exception):
    text: Any

    def __init__(self, message, text):
        ...

def last_error() -> str:
    ...

class PapermillEngine:
    run: RunDir
    warm: Any
    pid: Any

    def __init__(self, run: RunDir):
        ...

    def do(self, step: str) -> None:
        ...

    def register(self, models: str) -> dict:
        ...

    def stop(self) -> None:
        ...

@dataclass
class Progress:
    step: str
    state: str
    done: float = ...
    total: float = ...
    what: str = ...
    seconds: float = ...
    number: int = ...

class Lines:
    every: float
    last: Any

    def __init__(self, every: float=...):
        ...

    def __enter__(self):
        ...

    def __exit__(self, *args):
        ...

    def __call__(self, p: Progress) -> None:
        ...

class Bars:
    bars: Any
    tasks: Any

    def __init__(self):
        ...

    def __enter__(self):
        ...

    def __exit__(self, *args):
        ...

    def __call__(self, p: Progress) -> None:
        ...

def show_progress() -> Bars | Lines:
    ...

def run_state(run: RunDir) -> str:
    ...

def run_flow(settings: Settings | str | os.PathLike | None=..., *, run: RunDir | str | os.PathLike | None=..., from_step: str | int | None=..., engine: str | None=..., out: str | os.PathLike | None=..., on_progress: Callable | None=...) -> dict:
    ...

class _Chain:
    r: RunDir
    said: Any
    open: Any
    engines: Any
    failed: Any
    news: Any

    def __init__(self, r: RunDir, todo: list[str], tell):
        ...

    def tell(self, news):
        ...

    def lane(self, kind, steps: list[str]):
        ...

    def start(self, kind):
        ...

    def do(self, engine, step: str) -> None:
        ...

    def stop(self, why: str) -> None:
        ...

def report_data(run: RunDir) -> dict:
    ...

def report(run: RunDir | str | os.PathLike) -> Path:
    ...

def summary(run: RunDir) -> list[str]:
    ...

class Run:
    dir: Any

    def __init__(self, run: RunDir | str | os.PathLike):
        ...

    def __fspath__(self):
        ...

    @property
    def path(self) -> Path:
        ...

    @property
    def record(self) -> dict:
        ...

    @property
    def best_model(self) -> str:
        ...

    @property
    def metrics(self) -> dict[str, float]:
        ...

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        ...

    @property
    def report(self) -> Path:
        ...

    @property
    def words(self) -> list[str]:
        ...

    def __repr__(self) -> str:
        ...

    @property
    def leaderboard(self) -> pd.DataFrame:
        ...

    @property
    def predictions(self) -> pd.DataFrame:
        ...

    @property
    def riskiest(self) -> pd.DataFrame:
        ...

    @property
    def predictor(self) -> Predictor:
        ...

def run(source: str | os.PathLike | pd.DataFrame=..., *, target: str=..., positive: str | int=..., id: str=..., query: str=..., settings: Settings | str | os.PathLike | None=..., progress: bool=..., **overrides) -> Run:
    ...
