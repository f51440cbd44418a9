# Made from the module by `make export`.
from typing import Any
__all__ = ['ROLES', 'SECONDS', 'ISO', 'PERIODS', 'log_url', 'PredictionLog', 'log_row', 'moments', 'read_outcomes', 'Count', 'left_behind', 'Buffer', 'Result', 'run']
from typing import TYPE_CHECKING
import atexit, contextlib, glob, json, logging, mmap, os, platform, re, secrets, struct, tempfile, threading, time
from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
import numpy as np, pandas as pd
from . import data, predict, registry
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from typing import Any
import sqlalchemy

def log_url(where: str | os.PathLike) -> sqlalchemy.URL:
    ...

class PredictionLog:
    url: Any
    where: Any
    file: Any
    engine: Any

    def __init__(self, where: str | os.PathLike=..., create: bool=...):
        ...

    def __repr__(self):
        ...

    def close(self) -> None:
        ...

    def __enter__(self) -> PredictionLog:
        ...

    def __exit__(self, *error) -> None:
        ...

    def write(self, rows: list[dict], writer: str=...) -> int:
        ...

    def write_table(self, customers: pd.DataFrame, answers: pd.DataFrame, version: str, role: str=..., when=..., id: str=...) -> int:
        ...

    def write_arrow(self, customers, scores, version: str, when: float) -> int:
        ...

    def withdraw(self, when: float, version: str) -> int:
        ...

    def read(self, since=..., until=..., version=..., role=..., customer=..., outcomes: bool=..., inputs: bool=..., horizon: float=...) -> pd.DataFrame:
        ...

    def record_outcomes(self, customers, left, times=...) -> int:
        ...

    def first_said(self, customers) -> dict[str, float]:
        ...

    def summary(self, by: str=..., since=..., until=...) -> pd.DataFrame:
        ...

    def histogram(self, bins: int=..., since=..., until=...) -> dict[str, np.ndarray]:
        ...

    def totals(self) -> dict:
        ...

    def prune(self, days: float) -> dict:
        ...

    def forget(self, customer: str) -> dict:
        ...

    def add_check(self, version: str, level: str, report: dict, when=...) -> None:
        ...

    def checks(self, last: int=...) -> list[dict]:
        ...

    def enter(self) -> tuple[str, Count | None]:
        ...

    def leave(self, name: str, lost: int) -> None:
        ...

    def recover(self) -> int:
        ...
ROLES: tuple

def log_row(when: float, version: str, role: str, customer: dict, answer: dict, id: str=...) -> dict:
    ...
SECONDS: float

def moments(when: Any) -> float | np.ndarray:
    ...

def read_outcomes(path: str | os.PathLike, spec: data.TableSpec, time: str=..., form: str=...) -> pd.DataFrame:
    ...
ISO: Any
PERIODS: Any

class Count:
    path: Path
    fd: Any
    map: Any
    value: Any

    def __init__(self, path: Path):
        ...

    def add(self) -> None:
        ...

    def close(self) -> None:
        ...

def left_behind(path: Path) -> int | None:
    ...

class Buffer:
    log: PredictionLog
    id: str
    size: int
    every: float
    batch: int
    rows: Any
    held: Any
    dropped: Any
    failed: Any
    trouble: Any
    ends: Any
    found_lost: Any
    lock: Any

    def __init__(self, log: PredictionLog, id: str=..., size: int=..., every: float=..., batch: int=...):
        ...

    def put(self, *entry) -> None:
        ...

    @property
    def lost(self) -> int:
        ...

    def flush(self) -> bool:
        ...

    def close(self, seconds: float=...) -> int:
        ...

@dataclass(repr=False)
class Result(Brief):
    path: Path
    totals: dict
    weeks: pd.DataFrame

def run(run_dir: str=...) -> Result:
    ...
