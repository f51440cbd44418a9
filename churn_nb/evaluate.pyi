# Made from the module by `make export`.
from typing import Any
__all__ = ['HEADLINE', 'bootstrap_counts', 'resampled_metrics', 'intervals', 'report_table', 'threshold_table', 'gains_table', 'reached', 'manager_sentence', 'wilson', 'calibration_table', 'calibration_error', 'log_odds', 'calibration_line', 'permutation_importances', 'importances', 'draw_confusion', 'draw_roc', 'draw_precision_recall', 'draw_calibration', 'draw_gains', 'draw_importances', 'panels', 'draw_all', 'save_panels', 'best_possible_auc', 'Result', 'run', 'demo']
from typing import TYPE_CHECKING
from dataclasses import dataclass
import numpy as np, pandas as pd
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .data import CONTRACTS as CONTRACTS, PAYMENTS as PAYMENTS, PARTNER as PARTNER, MISSING as MISSING, FLAGS as FLAGS, DATES as DATES, TARGETS as TARGETS, LEFT as LEFT, STAYED as STAYED, ROLE_NAMES as ROLE_NAMES, churn_probability as churn_probability, make_customers as make_customers, fingerprint as fingerprint, load_table as load_table, TableSpec as TableSpec, synthetic_spec as synthetic_spec, coerce as coerce, suspected_leaks as suspected_leaks, only_leavers as only_leavers, infer_spec as infer_spec, draft_settings as draft_settings, make_schema as make_schema, violations as violations, conversions as conversions, Validation as Validation, validate as validate, customer_groups as customer_groups, fold_rows as fold_rows, split as split, Loaded as Loaded, load_run as load_run, cautions as cautions, storable as storable, Customers as Customers, read_frame as read_frame, table_settings as table_settings, load as load
from .features import BUCKETS as BUCKETS, DOMAIN as DOMAIN, domain_names as domain_names, DomainFeatures as DomainFeatures, Bends as Bends, Columns as Columns, SafeNames as SafeNames, Piece as Piece, make_preprocessor as make_preprocessor, origins as origins, describe as describe, brief as brief, same_as as same_as, strengths as strengths, feature_table as feature_table, churn_along as churn_along, feature_figure as feature_figure
from .compare import MEMBERS as MEMBERS, FAMILY as FAMILY, START as START, METRICS as METRICS, LOWER_IS_BETTER as LOWER_IS_BETTER, SIMPLICITY as SIMPLICITY, MARGIN as MARGIN, TITLES as TITLES, METRIC_TITLES as METRIC_TITLES, make_model as make_model, top_decile_lift as top_decile_lift, metrics as metrics, CrossValidation as CrossValidation, cross_validate as cross_validate, corrected_t_test as corrected_t_test, leaderboard as leaderboard, rank as rank, guessing as guessing, choose as choose, leaderboard_figure as leaderboard_figure
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.base import BaseEstimator
import os

def bootstrap_counts(n: int, resamples: int, seed: int) -> np.ndarray:
    ...

def resampled_metrics(y: np.ndarray, p: np.ndarray, counts: np.ndarray, threshold: float=...) -> dict[str, np.ndarray]:
    ...

def intervals(y: np.ndarray, p: np.ndarray, threshold: float=..., resamples: int=..., confidence: float=..., seed: int=...) -> pd.DataFrame:
    ...
HEADLINE: tuple

def report_table(y: np.ndarray, p: np.ndarray, threshold: float=...) -> pd.DataFrame:
    ...

def threshold_table(y: np.ndarray, p: np.ndarray, threshold: float=...) -> pd.DataFrame:
    ...

def gains_table(y: np.ndarray, p: np.ndarray) -> pd.DataFrame:
    ...

def reached(gains: pd.DataFrame, share: float) -> float:
    ...

def manager_sentence(y: np.ndarray, p: np.ndarray, share: float=...) -> str:
    ...

def wilson(k: float | np.ndarray, n: float | np.ndarray, z: float=...) -> tuple:
    ...

def calibration_table(y: np.ndarray, p: np.ndarray, bins: int=...) -> pd.DataFrame:
    ...

def calibration_error(table: pd.DataFrame) -> float:
    ...

def log_odds(p: np.ndarray) -> np.ndarray:
    ...

def calibration_line(y: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    ...

def permutation_importances(pipeline: BaseEstimator, X: pd.DataFrame, y: np.ndarray, seed: int=..., budget: int=...) -> pd.Series:
    ...

def importances(pipeline: BaseEstimator, X: pd.DataFrame, y: np.ndarray, spec: TableSpec, seed: int=...) -> tuple[pd.DataFrame, str]:
    ...

def draw_confusion(ax: Axes, y: np.ndarray, p: np.ndarray, threshold: float) -> None:
    ...

def draw_roc(ax: Axes, y: np.ndarray, p: np.ndarray, auc: tuple[float, float, float], seed: int=...) -> None:
    ...

def draw_precision_recall(ax: Axes, y: np.ndarray, p: np.ndarray, average_precision: tuple[float, float, float]) -> None:
    ...

def draw_calibration(ax: Axes, y: np.ndarray, p: np.ndarray) -> None:
    ...

def draw_gains(ax: Axes, y: np.ndarray, p: np.ndarray, share: float=...) -> None:
    ...

def draw_importances(ax: Axes, table: pd.DataFrame, what: str, top: int=...) -> None:
    ...

def panels(y: np.ndarray, p: np.ndarray, table: pd.DataFrame, important: pd.DataFrame, what: str, threshold: float=..., seed: int=...) -> dict:
    ...

def draw_all(draw: dict) -> Figure:
    ...

def save_panels(fig: Figure, paths: dict, whole: str | os.PathLike, dpi: int=...) -> None:
    ...

def best_possible_auc(r: RunDir, y: pd.Series) -> float | None:
    ...

@dataclass(repr=False)
class Result(Brief):
    metrics: pd.DataFrame
    report: pd.DataFrame
    thresholds: pd.DataFrame
    calibration: pd.DataFrame
    importances: pd.DataFrame
    best_possible_auc: float | None
    sentence: str
    figure: object

def run(run_dir: str=...) -> Result:
    ...

def demo(**overrides) -> RunDir:
    ...
