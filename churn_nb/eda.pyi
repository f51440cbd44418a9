# Made from the module by `make export`.
from typing import Any
__all__ = ['COLUMN_HEAD', 'NUMBER_HEAD', 'KIND_COLOURS', 'wilson', 'column_auc', 'cramers_v', 'describe_columns', 'describe_numbers', 'count_categories', 'count_duplicates', 'class_balance', 'associations', 'correlations', 'find', 'TableReport', 'make_report', 'choose_panels', 'group_numbers', 'plot_table', 'Result', 'run', 'demo']
from typing import TYPE_CHECKING
import html
from dataclasses import dataclass, field
import numpy as np, pandas as pd
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from . import data
from .data import TableSpec, Loaded, load_run
from matplotlib.figure import Figure

def wilson(k: float | np.ndarray, n: float | np.ndarray, z: float=...) -> tuple:
    ...

def column_auc(x: pd.Series, y: pd.Series) -> float:
    ...

def cramers_v(a: np.ndarray, b: np.ndarray) -> float:
    ...

def describe_columns(raw: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    ...

def describe_numbers(table: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    ...

def count_categories(raw: pd.DataFrame, spec: TableSpec, top: int=...) -> pd.DataFrame:
    ...

def count_duplicates(raw: pd.DataFrame, id: str=...) -> dict[str, int]:
    ...

def class_balance(y: pd.Series, spec: TableSpec) -> pd.DataFrame:
    ...

def associations(X: pd.DataFrame, y: pd.Series, spec: TableSpec) -> pd.DataFrame:
    ...

def correlations(X: pd.DataFrame, y: pd.Series, telling: pd.DataFrame, target: str, most: int=...) -> tuple[pd.DataFrame, str]:
    ...

def find(raw: pd.DataFrame, table: pd.DataFrame, train: pd.DataFrame, spec: TableSpec, parts: dict, top: int=...) -> list[str]:
    ...

@dataclass
class TableReport:
    rows: int
    width: int
    trained_on: int
    target: str
    positive: str
    columns: pd.DataFrame
    numbers: pd.DataFrame
    categories: pd.DataFrame
    balance: pd.DataFrame
    duplicates: dict
    telling: pd.DataFrame
    correlations: pd.DataFrame
    measure: str
    dates: list = ...
    findings: list = ...

    @property
    def missing(self) -> int:
        ...

    def __str__(self):
        ...

    def to_dict(self) -> dict:
        ...

def make_report(loaded: Loaded, raw: pd.DataFrame | None=..., top: int=...) -> TableReport:
    ...
COLUMN_HEAD: list
NUMBER_HEAD: list
KIND_COLOURS: Any

def choose_panels(telling: pd.DataFrame, spec: TableSpec) -> list[tuple[str, str]]:
    ...

def group_numbers(x: pd.Series, most: int=..., date: bool=...) -> pd.Series:
    ...

def plot_table(loaded: Loaded, report: TableReport, top: int=...) -> Figure:
    ...

@dataclass(repr=False)
class Result(Brief):
    report: TableReport
    figure: object

    @property
    def findings(self) -> list[str]:
        ...

    def __str__(self):
        ...

def run(run_dir: str=...) -> Result:
    ...

def demo(**overrides) -> RunDir:
    ...
