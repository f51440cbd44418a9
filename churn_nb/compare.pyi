# Made from the module by `make export`.
from typing import Any
__all__ = ['MEMBERS', 'FAMILY', 'START', 'METRICS', 'LOWER_IS_BETTER', 'SIMPLICITY', 'MARGIN', 'TITLES', 'METRIC_TITLES', 'make_model', 'top_decile_lift', 'metrics', 'CrossValidation', 'cross_validate', 'corrected_t_test', 'leaderboard', 'rank', 'guessing', 'choose', 'leaderboard_figure', 'Result', 'run', 'demo']
from typing import TYPE_CHECKING
import threading, time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
import joblib, numpy as np, pandas as pd
from sklearn.base import clone
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .data import CONTRACTS as CONTRACTS, PAYMENTS as PAYMENTS, PARTNER as PARTNER, MISSING as MISSING, FLAGS as FLAGS, DATES as DATES, TARGETS as TARGETS, LEFT as LEFT, STAYED as STAYED, ROLE_NAMES as ROLE_NAMES, churn_probability as churn_probability, make_customers as make_customers, fingerprint as fingerprint, load_table as load_table, TableSpec as TableSpec, synthetic_spec as synthetic_spec, coerce as coerce, suspected_leaks as suspected_leaks, only_leavers as only_leavers, infer_spec as infer_spec, draft_settings as draft_settings, make_schema as make_schema, violations as violations, conversions as conversions, Validation as Validation, validate as validate, customer_groups as customer_groups, fold_rows as fold_rows, split as split, Loaded as Loaded, load_run as load_run, cautions as cautions, storable as storable, Customers as Customers, read_frame as read_frame, table_settings as table_settings, load as load
from .features import BUCKETS as BUCKETS, DOMAIN as DOMAIN, domain_names as domain_names, DomainFeatures as DomainFeatures, Bends as Bends, Columns as Columns, SafeNames as SafeNames, Piece as Piece, make_preprocessor as make_preprocessor, origins as origins, describe as describe, brief as brief, same_as as same_as, strengths as strengths, feature_table as feature_table, churn_along as churn_along, feature_figure as feature_figure
from collections.abc import Callable
from matplotlib.figure import Figure
from sklearn.base import BaseEstimator
MEMBERS: tuple
FAMILY: Any
START: dict

def make_model(name: str, spec: TableSpec, settings: Settings, **params) -> BaseEstimator:
    ...
METRICS: tuple
LOWER_IS_BETTER: tuple

def top_decile_lift(y: np.ndarray, p: np.ndarray, share: float=...) -> float:
    ...

def metrics(y: np.ndarray, p: np.ndarray, threshold: float=...) -> dict[str, float]:
    ...

@dataclass
class CrossValidation:
    folds: pd.DataFrame
    oof: pd.DataFrame

class _Fold:
    train: Any
    test: Any
    y: Any
    test_y: Any
    rows: Any
    lock: Any
    ready: Any

    def __init__(self, X, y, train, test):
        ...

    def prepared(self, features):
        ...

def cross_validate(models: dict, X: pd.DataFrame, y: pd.Series, folds: int=..., seed: int=..., workers: int=..., progress: Callable | None=..., groups: np.ndarray | None=...) -> CrossValidation:
    ...

def corrected_t_test(differences: np.ndarray, test_share: float) -> float:
    ...

def leaderboard(folds: pd.DataFrame, metric: str=..., alpha: float=...) -> pd.DataFrame:
    ...

def rank(model: str) -> int:
    ...
SIMPLICITY: tuple
MARGIN: float

def guessing(y: np.ndarray) -> dict:
    ...

def choose(board: pd.DataFrame, metric: str, chance: float, margin: float=...) -> tuple[str, str]:
    ...
TITLES: Any
METRIC_TITLES: Any

def leaderboard_figure(folds: pd.DataFrame, board: pd.DataFrame, best: str, metric: str) -> Figure:
    ...

@dataclass(repr=False)
class Result(Brief):
    leaderboard: pd.DataFrame
    comparison: dict
    figure: object

def run(run_dir: str=...) -> Result:
    ...

def demo(**overrides) -> RunDir:
    ...
