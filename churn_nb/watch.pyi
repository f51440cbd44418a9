# Made from the module by `make export`.
from typing import Any
__all__ = ['LEVELS', 'SEVERE', 'NOTHING', 'Finding', 'worst', 'drift_findings', 'Report', 'Look', 'look_at', 'performance_findings', 'look_back', 'check_file', 'check_log', 'page', 'save_report', 'read_report', 'message', 'tell', 'overview', 'overview_elsewhere', 'invent_traffic', 'run']
import html, json, os, shlex, subprocess, sys, urllib.request
from dataclasses import dataclass, field
from pathlib import Path
import numpy as np, pandas as pd
from . import data, evaluate, flow, log, monitor, performance, predict, registry
from .compare import TITLES
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
LEVELS: dict
SEVERE: int

@dataclass(frozen=True)
class Finding:
    level: str
    what: str
    text: str

def worst(findings: list[Finding]) -> str:
    ...

def drift_findings(t: pd.DataFrame, min_shift: float=..., what: str=...) -> list[Finding]:
    ...

@dataclass(repr=False)
class Report(Brief):
    version: str
    model: str
    source: str
    rows: int
    time: str
    findings: list
    drift: pd.DataFrame
    predictions: pd.DataFrame
    customers: dict
    weeks: pd.DataFrame
    segments: pd.DataFrame
    calibration: dict
    concept: dict
    histograms: dict = ...

    @property
    def level(self) -> str:
        ...

    @property
    def exit_code(self) -> int:
        ...

    @property
    def sentence(self) -> str:
        ...

    def to_dict(self) -> dict:
        ...

    def __str__(self):
        ...

@dataclass
class Look:
    rows: int
    drift: pd.DataFrame
    predictions: pd.DataFrame
    customers: dict
    histograms: dict
    findings: list

def look_at(customers: pd.DataFrame, predictor: predict.Predictor, profile: dict, settings: Settings, p: np.ndarray | None=..., together: bool=...) -> Look:
    ...

def performance_findings(weeks: pd.DataFrame, segments: pd.DataFrame, calibration: dict, concept: dict, metrics: dict) -> list[Finding]:
    ...

def look_back(said: pd.DataFrame, version: str, metadata: dict, settings: Settings) -> dict:
    ...
NOTHING: Any

def check_file(path: str | os.PathLike | pd.DataFrame, models: str | os.PathLike=..., ref: str=..., settings: Settings | str | os.PathLike | None=..., query: str=...) -> Report:
    ...

def check_log(book: log.PredictionLog | str | os.PathLike, models: str | os.PathLike=..., ref: str=..., settings: Settings | str | os.PathLike | None=..., since: str | float | None=..., history: str | float=..., together: bool=..., loaded: tuple | None=...) -> Report:
    ...

def page(report: Report) -> str:
    ...

def save_report(report: Report, folder: str | os.PathLike) -> Path:
    ...

def read_report(folder: str | os.PathLike) -> Report:
    ...

def message(report: Report, where: str=...) -> dict:
    ...

def tell(report: Report, webhook: str=..., command: str=..., where: str=..., seconds: float=...) -> list[str]:
    ...

class _NoRedirect(urllib.request.HTTPRedirectHandler):

    def redirect_request(self, *args):
        ...

def overview(book: log.PredictionLog | None, models: str | os.PathLike=..., settings: Settings | None=..., since: str | float | None=..., history: str | float=..., ref: str=..., predictor: predict.Predictor | None=...) -> dict:
    ...

def overview_elsewhere(book: log.PredictionLog, models: str | os.PathLike=..., settings: Settings | None=..., ref: str=..., seconds: float=...) -> dict:
    ...

def invent_traffic(folder: str | os.PathLike, weeks: int=..., customers: int=..., change: int | None=..., seed: int=..., until: pd.Timestamp | None=...) -> tuple[log.PredictionLog, Path]:
    ...

def run(report_dir: str=...) -> Report:
    ...
