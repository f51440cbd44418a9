# Made from the module by `make export`.
from typing import Any
__all__ = ['BROKEN', 'RECODED', 'LEAST', 'METRICS', 'DAYS', 'ALARM', 'KEPT', 'cut_window', 'schema_problems', 'run_settings', 'seen_before', 'overlap_words', 'compare_models', 'gate', 'only_one', 'Decision', 'record', 'decisions', 'retrain', 'Every', 'every', 'next_time', 'schedule', 'command', 'call', 'drift_alarm', 'retrain_once', 'cron_file', 'systemd_files', 'github_file', 'write_files']
from typing import TYPE_CHECKING
import contextlib, json, os, platform, re, secrets, shlex, subprocess, sys, time
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
import numpy as np, pandas as pd
from . import data, flow, monitor, predict, registry
from .abtest import compare_paired
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .performance import segment_values
from collections.abc import Callable, Iterable, Iterator

def cut_window(df: pd.DataFrame, window: str=..., time: str=...) -> pd.DataFrame:
    ...
BROKEN: float
RECODED: float
LEAST: int

def schema_problems(df: pd.DataFrame, spec: data.TableSpec, test_size: float=...) -> tuple[list[str], list[str]]:
    ...

def run_settings(settings: Settings, spec: data.TableSpec, df: pd.DataFrame, source: str) -> Settings:
    ...

def seen_before(rows: pd.DataFrame, version: registry.Version, folders: Iterable[str | os.PathLike], sha256: str=...) -> tuple[np.ndarray, dict]:
    ...

def overlap_words(overlap: dict) -> str:
    ...
METRICS: tuple

def compare_models(y: np.ndarray, champion: np.ndarray, challenger: np.ndarray, customers: pd.DataFrame, settings: Settings) -> dict:
    ...

def gate(evidence: dict, settings: Settings) -> list[dict]:
    ...

@contextlib.contextmanager
def only_one(models: str | os.PathLike, **about) -> Iterator[tuple]:
    ...

@dataclass(repr=False)
class Decision:
    decision: str
    reason: str
    words: str
    before: int
    after: int
    version: int | None = ...
    run: str = ...
    evidence: dict = ...
    settings: dict = ...
    time: str = ...
    dry_run: bool = ...
    id: str = ...

    def __post_init__(self):
        ...

    def __repr__(self):
        ...

    def __str__(self):
        ...

def record(models: str | os.PathLike, decision: Decision) -> Path:
    ...

def decisions(models: str | os.PathLike=...) -> pd.DataFrame:
    ...

class _Retrain:
    registry: Any
    settings: Settings
    dry_run: bool
    out: Any
    source: Any
    window: Any
    tell: Any
    progress: Any
    champion: Any
    pipeline: Any
    evidence: Any
    run: Any

    def __init__(self, source, models, settings: Settings, window: str, dry_run: bool, out, tell, progress):
        ...

    def decide(self, decision: str, reason: str, words: str, **more) -> Decision:
        ...

    def look(self) -> pd.DataFrame | None:
        ...

    def challenge(self, df: pd.DataFrame, note) -> None:
        ...

    def work(self, note) -> Decision:
        ...

    def failed(self, e: BaseException) -> Decision:
        ...

def retrain(source: str | os.PathLike, models: str | os.PathLike=..., settings: Settings | None=..., window: str=..., dry_run: bool=..., out: str | os.PathLike | None=..., tell: Callable | None=..., progress: Callable | None=...) -> Decision:
    ...
DAYS: tuple

@dataclass(frozen=True)
class Every:
    minutes: int
    hour: int
    minute: int
    day: int | None = ...

    def __str__(self):
        ...

def every(text: str, at: str=...) -> Every:
    ...

def next_time(when: Every, after: float) -> float:
    ...

def schedule(when: Every, do: Callable, drifted: Callable | None=..., once: bool=..., tell: Callable=..., clock: Callable=..., sleep: Callable=...) -> None:
    ...

def command(*words: str) -> list[str]:
    ...

def call(argv: list[str], grace: float=...) -> int:
    ...
ALARM: int
KEPT: int

def drift_alarm(models: str, more: list[str]=...) -> bool:
    ...

def retrain_once(argv: list[str]) -> str:
    ...

def cron_file(when: Every, argv: list[str], folder: Path) -> str:
    ...

def systemd_files(when: Every, argv: list[str], folder: Path) -> dict[str, str]:
    ...

def github_file(when: Every, argv: list[str], models: str=..., runs: str=...) -> str:
    ...

def write_files(kind: str, folder: str | os.PathLike, when: Every, argv: list[str], models: str, runs: str) -> list[Path]:
    ...
