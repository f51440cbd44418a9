# Made from the module by `make export`.
from typing import Any
__all__ = ['EPS', 'METRICS', 'KIND', 'PERIODS', 'PLAYERS', 'MARGINS', 'estimate', 'measure', 'one_each', 'realised', 'recalibrated', 'weekly', 'plot_performance', 'calibration_check', 'segment_values', 'holm', 'by_segment', 'ConceptDrift', 'loss_drift', 'plot_evidence', 'compare_with_reference', 'Result', 'as_weeks', 'run']
from typing import TYPE_CHECKING
from dataclasses import dataclass
import numpy as np, pandas as pd
from scipy import stats
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .evaluate import calibration_line, log_odds, wilson
from matplotlib.figure import Figure
from typing import Any
EPS: Any

def estimate(p: np.ndarray, confidence: float=...) -> pd.DataFrame:
    ...
METRICS: tuple
KIND: int

def measure(y: np.ndarray, p: np.ndarray, confidence: float=..., minimum: int=...) -> dict:
    ...
PERIODS: dict

def one_each(df: pd.DataFrame, by: str=..., groups: tuple=...) -> pd.DataFrame:
    ...

def realised(df: pd.DataFrame, by: str=..., groups: tuple=..., confidence: float=..., minimum: int=...) -> pd.DataFrame:
    ...

def recalibrated(p: np.ndarray, line: tuple[float, float] | None) -> np.ndarray:
    ...

def weekly(df: pd.DataFrame, by: str=..., confidence: float=..., minimum: int=..., line: tuple[float, float] | None=...) -> pd.DataFrame:
    ...

def plot_performance(table: pd.DataFrame, role: str=...) -> Figure:
    ...

def calibration_check(df: pd.DataFrame, limit: float=..., confidence: float=..., reference: float | None=..., minimum: int=...) -> dict:
    ...

def segment_values(values: pd.Series, smallest: int=..., most: int=...) -> pd.Series:
    ...

def holm(p: np.ndarray) -> np.ndarray:
    ...

def by_segment(df: pd.DataFrame, columns: list[str], role: str=..., days: int | None=..., confidence: float=..., minimum: int=..., smallest: int=..., margin: float=..., limit: float=...) -> pd.DataFrame:
    ...
PLAYERS: Any

class ConceptDrift:
    state: Any

    def __init__(self, alpha: float=..., tolerance: float=..., state: dict | None=...):
        ...

    def __repr__(self):
        ...

    @property
    def alarm(self) -> bool:
        ...

    def update(self, p: np.ndarray, y: np.ndarray, times: np.ndarray) -> pd.DataFrame:
        ...

def loss_drift(df: pd.DataFrame, alpha: float=..., tolerance: float=..., horizon: int=..., by: str=..., role: str=..., until: Any=..., state: dict | None=..., line: tuple[float, float] | None=...) -> tuple[pd.DataFrame, dict]:
    ...

def plot_evidence(curve: pd.DataFrame, alpha: float=...) -> Figure:
    ...
MARGINS: dict

def compare_with_reference(table: pd.DataFrame, metrics: dict, role: str=..., weeks: int=..., margins: dict | None=..., confidence: float=...) -> list[dict]:
    ...

@dataclass(repr=False)
class Result(Brief):
    table: pd.DataFrame
    calibration: dict
    figure: object

    @property
    def sentence(self) -> str:
        ...

def as_weeks(p: np.ndarray, y: np.ndarray, weeks: int=..., seed: int=...) -> pd.DataFrame:
    ...

def run(run_dir: str=...) -> Result:
    ...
