# Made from the module by `make export`.
from typing import Any
__all__ = ['SHARE', 'COLUMNS', 'FOLDS', 'DEALT', 'check_profile', 'Counts', 'measure', 'measure_probabilities', 'compare_numbers', 'compare_labels', 'compare_shares', 'adjust', 'judge', 'drift', 'prediction_drift', 'domain_classifier', 'Summary', 'summarise', 'histograms', 'plot_drift', 'plot_monitor', 'Result', 'together_sentence', 'run', 'demo']
from typing import TYPE_CHECKING
import html, math
from dataclasses import dataclass
import numpy as np, pandas as pd
from . import data, predict, registry
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from churn_nb.data import TableSpec
from matplotlib.figure import Figure

def check_profile(profile: dict) -> dict:
    ...

class Counts(dict):

    def __add__(self, other):
        ...
    __radd__ = __add__

def measure(new: pd.DataFrame, profile: dict, spec: TableSpec | list[str] | None=...) -> Counts:
    ...

def measure_probabilities(p: np.ndarray, profile: dict) -> Counts:
    ...

def compare_numbers(ref: dict, counts: dict) -> tuple[float, float, float, float, float]:
    ...

def compare_labels(ref: dict, counts: dict) -> tuple[float, float, float, float, float]:
    ...

def compare_shares(k: int, n: int, j: int, m: int) -> float:
    ...
SHARE: float

def adjust(p: np.ndarray) -> np.ndarray:
    ...
COLUMNS: list

def judge(profile: dict, counts: Counts, alpha: float=..., min_shift: float=...) -> pd.DataFrame:
    ...

def drift(reference: dict | pd.DataFrame, new: pd.DataFrame, spec: TableSpec | list[str] | None=..., alpha: float=..., min_shift: float=...) -> pd.DataFrame:
    ...

def prediction_drift(profile: dict, p: np.ndarray | Counts, alpha: float=..., min_shift: float=...) -> pd.DataFrame:
    ...
FOLDS: int
DEALT: int

def domain_classifier(reference: pd.DataFrame, new: pd.DataFrame, spec: TableSpec, seed: int=..., rows: int=..., alpha: float=..., min_auc: float=...) -> dict:
    ...

@dataclass
class Summary:
    count: int
    mean_probability: float
    high_risk: int
    distribution: pd.DataFrame

    def to_dict(self) -> dict:
        ...

    def __str__(self):
        ...

def summarise(predictions: pd.DataFrame, bins: int=...) -> Summary:
    ...

def histograms(profile: dict, counts: Counts, most: int=...) -> dict[str, dict]:
    ...

def plot_drift(t: pd.DataFrame, profile: dict, counts: Counts, most: int=...) -> Figure:
    ...

def plot_monitor(t: pd.DataFrame, profile: dict, counts: Counts, p: np.ndarray, medium: float=..., high: float=..., bins: int=...) -> Figure:
    ...

@dataclass(repr=False)
class Result(Brief):
    drift: pd.DataFrame
    together: dict
    summary: Summary
    figure: object

    @property
    def sentence(self) -> str:
        ...

def together_sentence(d: dict) -> str:
    ...

def run(run_dir: str=...) -> Result:
    ...

def demo(**overrides) -> RunDir:
    ...
