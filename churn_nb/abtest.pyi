# Made from the module by `make export`.
from typing import Any
__all__ = ['ENOUGH', 'DAY', 'BETTER', 'EFFECT', 'LOG', 'customer_text', 'hashed', 'assign', 'assign_many', 'boundary', 'sample_size', 'duration', 'effect_table', 'auc_sample_size', 'difference_of_rates', 'sample_ratio', 'mixture_half', 'mixture_p', 'sequential', 'draw_sequential', 'peeking', 'draw_peeking', 'placements', 'delong', 'delong_difference', 'paired_draws', 'percentile_difference', 'compare_paired', 'profit', 'compare_profit', 'Verdict', 'verdict', 'first_answers', 'shadow_pairs', 'by_day', 'group_table', 'own_metrics', 'model_table', 'Experiment', 'analyse']
from typing import TYPE_CHECKING
import math
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
import numpy as np, pandas as pd
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .evaluate import bootstrap_counts, intervals, resampled_metrics, wilson
from collections.abc import Iterable
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from typing import Any

def customer_text(customer: str | float | None) -> str:
    ...

def hashed(customer: str, salt: str=...) -> float:
    ...

def assign(customer: str | float | None, share: float, salt: str=...) -> bool:
    ...

def assign_many(customers: Iterable, share: float, salt: str=...) -> np.ndarray:
    ...

def boundary(alpha: float=..., power: float=...) -> float:
    ...

def sample_size(base_rate: float, effect: float, power: float=..., alpha: float=..., share: float=..., sequential: bool=...) -> int:
    ...

def duration(n: int, per_day: float, horizon: float=...) -> int:
    ...

def effect_table(base_rate: float, per_day: float, effects: tuple[float, ...]=..., power: float=..., alpha: float=..., share: float=..., horizon: float=...) -> pd.DataFrame:
    ...

def auc_sample_size(auc: float, gain: float, base_rate: float, correlation: float=..., power: float=..., alpha: float=..., sequential: bool=...) -> int:
    ...

def difference_of_rates(left_a: float | np.ndarray, n_a: float | np.ndarray, left_b: float | np.ndarray, n_b: float | np.ndarray, confidence: float=...) -> dict:
    ...

def sample_ratio(n_a: int, n_b: int, share: float, alpha: float=...) -> dict:
    ...

def mixture_half(variance: float | np.ndarray, effect: float, alpha: float=...) -> float | np.ndarray:
    ...

def mixture_p(estimate: float | np.ndarray, variance: float | np.ndarray, effect: float) -> float | np.ndarray:
    ...
ENOUGH: int
DAY: list

def sequential(df_by_day: pd.DataFrame, effect: float=..., alpha: float=...) -> pd.DataFrame:
    ...

def draw_sequential(ax: Axes, looks: pd.DataFrame, alpha: float=...) -> None:
    ...

def peeking(base_rate: float=..., effect: float=..., days: int=..., per_day: int=..., share: float=..., experiments: int=..., alpha: float=..., smallest: float=..., seed: int=...) -> pd.DataFrame:
    ...

def draw_peeking(ax: Axes, table: pd.DataFrame, alpha: float=...) -> None:
    ...

def placements(y: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ...

def delong(y: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ...

def delong_difference(y: np.ndarray, champion: np.ndarray, challenger: np.ndarray, confidence: float=...) -> dict:
    ...

class _Ranking:
    order: Any
    edges: Any
    leavers: Any
    before: Any
    stop: Any

    def __init__(self, y: np.ndarray, p: np.ndarray):
        ...

    def __call__(self, counts: np.ndarray) -> dict[str, np.ndarray]:
        ...

    def total(self, counts, which):
        ...

    def reached(self, called, found, places):
        ...

def paired_draws(y: np.ndarray, models: list, samples: int=..., seed: int=..., metrics: tuple[str, ...]=...) -> dict[str, np.ndarray]:
    ...
BETTER: Any

def percentile_difference(gain: float, draws: np.ndarray, confidence: float=...) -> dict:
    ...

def compare_paired(y: np.ndarray, champion: np.ndarray, challenger: np.ndarray, metrics: tuple[str, ...]=..., confidence: float=..., samples: int=..., seed: int=...) -> pd.DataFrame:
    ...

def profit(y: np.ndarray, p: np.ndarray, value: float, cost: float, success: float=..., share: float=..., threshold: float | None=...) -> float:
    ...

def compare_profit(y: np.ndarray, champion: np.ndarray, challenger: np.ndarray, value: float, cost: float, success: float=..., share: float=..., threshold: float | None=..., confidence: float=..., samples: int=..., seed: int=...) -> pd.DataFrame:
    ...

@dataclass
class Verdict:
    decision: str
    reasons: list[str]
    until: str | None = ...
    customers: int | None = ...

    def __str__(self):
        ...

def verdict(gain: float, variance: float, effect: float, customers: int, per_day: float=..., last: dict | pd.Series | None=..., metric: str=..., enough: bool=..., problems: Iterable[str]=..., alpha: float=..., power: float=...) -> Verdict:
    ...
EFFECT: Any
LOG: list

def first_answers(rows: pd.DataFrame) -> pd.DataFrame:
    ...

def shadow_pairs(rows: pd.DataFrame) -> pd.DataFrame:
    ...

def by_day(first: pd.DataFrame) -> pd.DataFrame:
    ...

def group_table(rows: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    ...

def own_metrics(y: np.ndarray, p: np.ndarray, confidence: float=...) -> dict[str, tuple]:
    ...

def model_table(first: pd.DataFrame, confidence: float=...) -> pd.DataFrame:
    ...

@dataclass(repr=False)
class Experiment(Brief):
    metric: str
    effect: float
    alpha: float
    groups: pd.DataFrame
    sample_ratio: dict
    rates: dict
    models: pd.DataFrame
    paired: pd.DataFrame
    sequential: pd.DataFrame
    verdict: Verdict

    def __str__(self):
        ...

    def to_dict(self) -> dict:
        ...

    def draw(self) -> Figure | None:
        ...

def analyse(df: pd.DataFrame, share: float, metric: str=..., effect: float | None=..., alpha: float=..., power: float=..., since: Any=..., until: Any=..., horizon: float=..., samples: int=..., seed: int=...) -> Experiment:
    ...
