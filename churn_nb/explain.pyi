# Made from the module by `make export`.
from typing import Any
__all__ = ['to_points', 'sampled_shap', 'Explanation', 'explain', 'raw_values', 'show_value', 'points', 'reasons', 'draw_beeswarm', 'draw_bar', 'draw_dependence', 'draw_waterfall', 'figures', 'find_customer', 'typical', 'Result', 'run', 'demo']
from typing import TYPE_CHECKING
import warnings
from dataclasses import dataclass
from functools import lru_cache
import numpy as np, pandas as pd
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .data import CONTRACTS as CONTRACTS, PAYMENTS as PAYMENTS, PARTNER as PARTNER, MISSING as MISSING, FLAGS as FLAGS, DATES as DATES, TARGETS as TARGETS, LEFT as LEFT, STAYED as STAYED, ROLE_NAMES as ROLE_NAMES, churn_probability as churn_probability, make_customers as make_customers, fingerprint as fingerprint, load_table as load_table, TableSpec as TableSpec, synthetic_spec as synthetic_spec, coerce as coerce, suspected_leaks as suspected_leaks, only_leavers as only_leavers, infer_spec as infer_spec, draft_settings as draft_settings, make_schema as make_schema, violations as violations, conversions as conversions, Validation as Validation, validate as validate, customer_groups as customer_groups, fold_rows as fold_rows, split as split, Loaded as Loaded, load_run as load_run, cautions as cautions, storable as storable, Customers as Customers, read_frame as read_frame, table_settings as table_settings, load as load
from .features import BUCKETS as BUCKETS, DOMAIN as DOMAIN, domain_names as domain_names, DomainFeatures as DomainFeatures, Bends as Bends, Columns as Columns, SafeNames as SafeNames, Piece as Piece, make_preprocessor as make_preprocessor, origins as origins, describe as describe, brief as brief, same_as as same_as, strengths as strengths, feature_table as feature_table, churn_along as churn_along, feature_figure as feature_figure
from .evaluate import save_panels
from collections.abc import Callable
from matplotlib.axes import Axes
from sklearn.base import BaseEstimator
from typing import Any

def to_points(values: np.ndarray, base: float) -> tuple[np.ndarray, float]:
    ...

def sampled_shap(predict: Callable, X: pd.DataFrame, background: pd.DataFrame, seed: int=..., budget: int=...) -> tuple[np.ndarray, float]:
    ...

@dataclass
class Explanation:
    values: np.ndarray
    base: float
    data: pd.DataFrame
    columns: list[str]
    unit: str
    method: str
    spec: TableSpec

    @property
    def probability(self) -> np.ndarray:
        ...

    def importance(self) -> pd.DataFrame:
        ...

def explain(pipeline: BaseEstimator, X: pd.DataFrame, background: pd.DataFrame, spec: TableSpec, seed: int=...) -> Explanation:
    ...

def raw_values(model: BaseEstimator, X: pd.DataFrame) -> pd.DataFrame:
    ...

def show_value(value: Any, column: str, spec: TableSpec, dates: bool=...) -> str:
    ...

def points(share: float) -> str:
    ...

def reasons(explanation: Explanation, i: int, top: int=...) -> list[str]:
    ...

def draw_beeswarm(ax: Axes, e: Explanation, top: int=...) -> None:
    ...

def draw_bar(ax: Axes, e: Explanation, top: int=...) -> None:
    ...

def draw_dependence(ax: Axes, e: Explanation, column: str, levels: int=...) -> None:
    ...

def draw_waterfall(ax: Axes, e: Explanation, i: int, who: str=..., top: int=...) -> None:
    ...

def figures(e: Explanation, i: int, who: str=...) -> dict:
    ...

def find_customer(ids: pd.Series, wanted: str) -> int:
    ...

def typical(r: RunDir, d: Loaded) -> pd.DataFrame:
    ...

@dataclass(repr=False)
class Result(Brief):
    explanation: Explanation
    importance: pd.DataFrame
    customer: dict
    figures: dict

def run(run_dir: str=...) -> Result:
    ...

def demo(**overrides) -> RunDir:
    ...
