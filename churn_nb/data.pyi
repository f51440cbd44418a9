# Made from the module by `make export`.
from typing import Any
__all__ = ['CONTRACTS', 'PAYMENTS', 'PARTNER', 'MISSING', 'FLAGS', 'DATES', 'TARGETS', 'LEFT', 'STAYED', 'ROLE_NAMES', 'churn_probability', 'make_customers', 'fingerprint', 'load_table', 'TableSpec', 'synthetic_spec', 'coerce', 'suspected_leaks', 'only_leavers', 'infer_spec', 'draft_settings', 'make_schema', 'violations', 'conversions', 'Validation', 'validate', 'customer_groups', 'fold_rows', 'split', 'Loaded', 'load_run', 'Result', 'cautions', 'run', 'storable', 'demo', 'Customers', 'read_frame', 'table_settings', 'load']
from typing import TYPE_CHECKING
import csv, dataclasses, difflib, io, os, re
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
import numpy as np
import pandas as pd
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from pandera.pandas import DataFrameSchema
CONTRACTS: dict
PAYMENTS: tuple
PARTNER: Any

def churn_probability(df: pd.DataFrame, noise: np.ndarray) -> np.ndarray:
    ...

def make_customers(n: int=..., seed: int=..., truth: bool=...) -> pd.DataFrame:
    ...

def fingerprint(df: pd.DataFrame) -> str:
    ...

def load_table(source: str | os.PathLike, query: str=..., id: str=...) -> pd.DataFrame:
    ...
MISSING: tuple
FLAGS: dict

@dataclass
class TableSpec:
    target: str
    positive: str = ...
    negative: str = ...
    id: str = ...
    numeric: list[str] = ...
    categorical: list[str] = ...
    binary: dict[str, dict[str, int]] = ...
    date: list[str] = ...
    ignored: dict[str, str] = ...
    roles: dict[str, str] = ...
    levels: dict[str, list[str]] = ...
    notes: dict[str, str] = ...
    formats: dict[str, str] = ...
    blanks: dict[str, list[str]] = ...

    @property
    def features(self) -> list[str]:
        ...

    def kind(self, column: str) -> str:
        ...

    def to_dict(self) -> dict:
        ...

    @classmethod
    def from_dict(cls, d: dict) -> TableSpec:
        ...

def synthetic_spec() -> TableSpec:
    ...

def coerce(df: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    ...

class _Column:
    name: str
    s: pd.Series
    n: Any

    def __init__(self, name: str, s: pd.Series):
        ...

    def words(self) -> str:
        ...

    def labels(self) -> pd.Series:
        ...

    def blank(self) -> np.ndarray:
        ...

    def filled(self) -> int:
        ...

    def distinct(self) -> int:
        ...

    def numbers(self) -> np.ndarray:
        ...

    def bad_numbers(self) -> int:
        ...

    def whole(self) -> bool:
        ...

    def is_text(self) -> bool:
        ...
DATES: tuple
TARGETS: tuple
LEFT: Any
STAYED: Any
ROLE_NAMES: dict

def suspected_leaks(df: pd.DataFrame, spec: TableSpec, limit: float=...) -> dict[str, float]:
    ...

def only_leavers(df: pd.DataFrame, spec: TableSpec, chance: float=...) -> dict[str, int]:
    ...

def infer_spec(df: pd.DataFrame, settings: Settings | None=...) -> TableSpec:
    ...

def draft_settings(df: pd.DataFrame, settings: Settings | None=...) -> tuple[Settings, dict[str, str]]:
    ...

def make_schema(spec: TableSpec, target: bool=...) -> DataFrameSchema:
    ...

def violations(df: pd.DataFrame, spec: TableSpec, target: bool=...) -> pd.DataFrame:
    ...

def conversions(df: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    ...

@dataclass(repr=False)
class Validation:
    rows: int
    columns: int
    violations: pd.DataFrame
    conversions: pd.DataFrame
    warnings: list[str] = ...

    @property
    def ok(self) -> bool:
        ...

    def to_dict(self) -> dict:
        ...

    def words(self) -> list[str]:
        ...

    def __str__(self) -> str:
        ...
    __repr__ = __str__

def validate(df: pd.DataFrame, spec: TableSpec, target: bool=...) -> Validation:
    ...

def customer_groups(df: pd.DataFrame, spec: TableSpec) -> np.ndarray | None:
    ...

def fold_rows(y: np.ndarray, folds: int, seed: int, groups: np.ndarray | None=...) -> list[tuple[np.ndarray, np.ndarray]]:
    ...

def split(df: pd.DataFrame, spec: TableSpec, test_size: float=..., seed: int=...) -> tuple[pd.DataFrame, pd.DataFrame]:
    ...

@dataclass
class Loaded:
    spec: TableSpec
    train: pd.DataFrame
    test: pd.DataFrame

    def X(self, part: str=...) -> pd.DataFrame:
        ...

    def y(self, part: str=...) -> pd.Series:
        ...

    def groups(self, part: str=...) -> np.ndarray | None:
        ...

    def ids(self, part: str=...) -> pd.Series:
        ...

def load_run(run: RunDir | str | os.PathLike) -> Loaded:
    ...

@dataclass(repr=False)
class Result(Brief):
    summary: dict
    spec: TableSpec
    validation: Validation
    columns: pd.DataFrame
    parts: pd.DataFrame
    sample: pd.DataFrame

def cautions(df: pd.DataFrame, spec: TableSpec, report: Validation, test_size: float=..., test: pd.DataFrame | None=...) -> list[str]:
    ...

def run(run_dir: str=...) -> Result:
    ...

def storable(raw: pd.DataFrame) -> pd.DataFrame:
    ...

def demo(**overrides) -> RunDir:
    ...

@dataclass(repr=False, eq=False)
class Customers:
    frame: pd.DataFrame
    spec: TableSpec
    validation: Validation
    settings: Settings

    @property
    def canonical(self) -> pd.DataFrame:
        ...

    @property
    def columns(self) -> pd.DataFrame:
        ...

    @property
    def churn_rate(self) -> float:
        ...

    def __len__(self) -> int:
        ...

    def __repr__(self) -> str:
        ...

def read_frame(df: pd.DataFrame) -> pd.DataFrame:
    ...

def table_settings(source: str | os.PathLike | pd.DataFrame, settings: Settings | str | os.PathLike | None=..., target: str=..., positive: str | int=..., id: str=..., query: str=..., **overrides) -> Settings:
    ...

def load(source: str | os.PathLike | pd.DataFrame=..., *, target: str=..., positive: str | int=..., id: str=..., query: str=..., settings: Settings | str | os.PathLike | None=...) -> Customers:
    ...
