# Made from the module by `make export`.
from typing import Any
__all__ = ['BUCKETS', 'DOMAIN', 'domain_names', 'DomainFeatures', 'Bends', 'Columns', 'SafeNames', 'Piece', 'make_preprocessor', 'origins', 'describe', 'brief', 'same_as', 'strengths', 'feature_table', 'churn_along', 'feature_figure', 'Result', 'run', 'demo']
from typing import TYPE_CHECKING
from dataclasses import dataclass
import numpy as np, pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .data import CONTRACTS as CONTRACTS, PAYMENTS as PAYMENTS, PARTNER as PARTNER, MISSING as MISSING, FLAGS as FLAGS, DATES as DATES, TARGETS as TARGETS, LEFT as LEFT, STAYED as STAYED, ROLE_NAMES as ROLE_NAMES, churn_probability as churn_probability, make_customers as make_customers, fingerprint as fingerprint, load_table as load_table, TableSpec as TableSpec, synthetic_spec as synthetic_spec, coerce as coerce, suspected_leaks as suspected_leaks, only_leavers as only_leavers, infer_spec as infer_spec, draft_settings as draft_settings, make_schema as make_schema, violations as violations, conversions as conversions, Validation as Validation, validate as validate, customer_groups as customer_groups, fold_rows as fold_rows, split as split, Loaded as Loaded, load_run as load_run, cautions as cautions, storable as storable, Customers as Customers, read_frame as read_frame, table_settings as table_settings, load as load
from matplotlib.figure import Figure
from sklearn.pipeline import Pipeline
BUCKETS: dict
DOMAIN: dict

def domain_names(spec: TableSpec) -> tuple[dict[str, str], dict[str, str]]:
    ...

class DomainFeatures(TransformerMixin, BaseEstimator):
    spec: TableSpec
    interactions: bool
    domain: bool

    def __init__(self, spec: TableSpec, interactions: bool=..., domain: bool=...):
        ...

    def fit(self, X: pd.DataFrame, y: np.ndarray | None=...) -> DomainFeatures:
        ...

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        ...

    def get_feature_names_out(self, input_features: list[str] | None=...) -> np.ndarray:
        ...

    def __sklearn_tags__(self):
        ...

class Bends(TransformerMixin, BaseEstimator):
    quantiles: tuple
    taken: tuple

    def __init__(self, quantiles: tuple=..., taken: tuple=...):
        ...

    def fit(self, X: pd.DataFrame, y: np.ndarray | None=...) -> Bends:
        ...

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        ...

    def get_feature_names_out(self, input_features: list[str] | None=...) -> np.ndarray:
        ...

class Columns:
    binary: Any
    kind: str
    limit: int
    bucket: Any

    def __init__(self, spec: TableSpec, kind: str, limit: int=...):
        ...

    def __repr__(self):
        ...

    def __call__(self, X: pd.DataFrame) -> list[str]:
        ...

class SafeNames:
    names: Any

    def __init__(self, names: list[str]):
        ...

    def __call__(self, part: str, name: str) -> str:
        ...

class Piece:
    taken: tuple[str, ...]

    def __init__(self, taken: tuple[str, ...]):
        ...

    def __call__(self, column: str, level) -> str:
        ...

def make_preprocessor(spec: TableSpec, settings: Settings, family: str) -> Pipeline:
    ...

def origins(names: list[str], spec: TableSpec) -> dict[str, str]:
    ...

def describe(name: str, spec: TableSpec) -> str:
    ...

def brief(column: str, spec: TableSpec) -> str:
    ...

def same_as(spec: TableSpec) -> dict[str, str]:
    ...

def strengths(X: pd.DataFrame, y: pd.Series, spec: TableSpec, settings: Settings) -> pd.Series:
    ...

def feature_table(X: pd.DataFrame, y: pd.Series, spec: TableSpec, settings: Settings) -> pd.DataFrame:
    ...

def churn_along(x: pd.Series, y: pd.Series, bins: int=...) -> pd.DataFrame:
    ...

def feature_figure(alone: pd.Series, along: dict, mean: float, engineered: list[str]) -> Figure:
    ...

@dataclass(repr=False)
class Result(Brief):
    features: pd.DataFrame
    left_out: dict[str, str]
    figure: object

def run(run_dir: str=...) -> Result:
    ...

def demo(**overrides) -> RunDir:
    ...
