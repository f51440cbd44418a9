# Made from the module by `make export`.
from typing import Any
__all__ = ['BLOCK', 'LEVELS', 'LAST_DAY', 'FINE', 'WRONG', 'ODD', 'LARGEST', 'EXACT', 'LISTED', 'NOBODY', 'CHUNK', 'FEW', 'EXPANSION', 'BLOCK_BYTES', 'LEVEL_COLOURS', 'probabilities', 'risk_level', 'spec_of', 'customer_table', 'predict_churn', 'Problem', 'Field', 'read_column', 'make_fields', 'Untranslated', 'Encoder', 'PlainPart', 'FilledPart', 'BentPart', 'TablePart', 'known_words', 'translate', 'invent_customers', 'prove', 'column_problems', 'value_problems', 'refuse', 'nobodies', 'in_short', 'Predictor', 'ParquetSource', 'Dialect', 'survey', 'TextSource', 'open_source', 'safe_cell', 'Output', 'FileSummary', 'plot_risk', 'riskiest', 'give_reasons', 'Result', 'level_table', 'run', 'demo']
from typing import TYPE_CHECKING
import codecs, contextlib, copy, csv, difflib, html, io, itertools, json, os, re, threading, time, warnings, zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
import numpy as np, pandas as pd
from . import data, registry
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .features import BUCKETS
from churn_nb.data import TableSpec
from collections.abc import Callable, Iterable, Iterator
from matplotlib.figure import Figure
from sklearn.base import BaseEstimator
import pyarrow as pa
BLOCK: int

def probabilities(pipeline: BaseEstimator, frame: pd.DataFrame) -> np.ndarray:
    ...
LEVELS: tuple

def risk_level(p: np.ndarray, medium: float=..., high: float=...) -> np.ndarray:
    ...

def spec_of(pipeline: BaseEstimator) -> TableSpec | None:
    ...

def customer_table(customers: dict | list[dict] | pd.Series | pd.DataFrame, needed: list[str]) -> pd.DataFrame:
    ...
LAST_DAY: int

def predict_churn(customers: dict | list[dict] | pd.Series | pd.DataFrame, pipeline: BaseEstimator, medium: float=..., high: float=..., threshold: float=...) -> dict | pd.DataFrame:
    ...

@dataclass(frozen=True)
class Problem:
    row: int
    column: str
    value: object
    what: str
    error: bool = ...

    def __str__(self) -> str:
        ...
FINE: int
WRONG: int
ODD: int
LARGEST: float

@dataclass
class Field:
    name: str
    kind: str
    low: float = ...
    high: float = ...
    labels: dict = ...
    levels: list = ...
    seen: list = ...
    form: str = ...
    blanks: list = ...
    role: str = ...
    example: object = ...

    def __post_init__(self):
        ...

    @property
    def what(self) -> dict[int, str]:
        ...

def read_column(f: Field, column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    ...

def make_fields(spec: data.TableSpec, metadata: dict=..., words: dict[str, list]=...) -> list[Field]:
    ...

class Untranslated(Exception):
    ...

class Encoder:
    domain: Any
    dtype: str
    width: Any
    parts: Any
    words: Any

    def __init__(self, features: BaseEstimator, words: dict[str, list], dtype: str):
        ...

    def __call__(self, values: dict[str, np.ndarray]) -> np.ndarray:
        ...

class PlainPart:
    names: list[str]

    def __init__(self, names: list[str]):
        ...

    def __call__(self, out, at, values):
        ...

class FilledPart:
    names: list[str]
    fills: Any

    def __init__(self, names: list[str], fills: Iterable[float]):
        ...

    def __call__(self, out, at, values):
        ...

class BentPart:
    fills: Any
    knots: Any
    mean: Any
    scale: Any
    width: Any

    def __init__(self, names: list[str], imputer: BaseEstimator, bends: BaseEstimator, scaler: BaseEstimator):
        ...

    def __call__(self, out, at, values):
        ...

class TablePart:
    tables: list[tuple]

    def __init__(self, tables: list[tuple]):
        ...

    def __call__(self, out, at, values):
        ...

def known_words(model: BaseEstimator) -> dict[str, list]:
    ...

class _Proxy:
    handle: Any
    free: Any

    def __init__(self):
        ...

    def __del__(self):
        ...

def translate(model: BaseEstimator, words: dict[str, list]) -> Callable:
    ...

def invent_customers(fields: list[Field], n: int=..., seed: int=...) -> pd.DataFrame:
    ...
EXACT: float

def prove(predict: Callable, pipeline: BaseEstimator, fields: list[Field], golden: dict=...) -> float:
    ...
LISTED: int

def column_problems(names: list[str], fields: list[Field], spec: data.TableSpec, strict: bool=...) -> list[Problem]:
    ...

def value_problems(fields: list[Field], marks: dict[str, np.ndarray], value: Callable, strict: bool=...) -> list[Problem]:
    ...

def refuse(problems: list[Problem], what: str=...) -> None:
    ...
NOBODY: str

def nobodies(fields: list[Field], values: dict[str, np.ndarray], n: int) -> np.ndarray:
    ...

def in_short(problems: list[Problem]) -> list[str]:
    ...

class Predictor:
    pipeline: BaseEstimator
    metadata: dict
    background: pd.DataFrame | None
    version: Any
    spec: Any
    model: Any
    thresholds: Any
    fields: Any
    note: Any

    def __init__(self, pipeline: BaseEstimator, metadata: dict, background: pd.DataFrame | None=..., version: str=...):
        ...

    def __reduce__(self):
        ...

    def __repr__(self):
        ...

    @property
    def schema(self) -> list[dict]:
        ...

    @classmethod
    def load(cls, ref: str | int=..., models: str | os.PathLike=..., **override) -> Predictor:
        ...

    @classmethod
    def from_run(cls, run: RunDir | str | os.PathLike) -> Predictor:
        ...

    def predict_one(self, customer: Mapping | pd.Series, *, strict: bool=..., reasons: int=...) -> dict:
        ...

    def predict_frame(self, df: pd.DataFrame | list[dict], *, strict: bool=..., reasons: int=...) -> pd.DataFrame:
        ...

    def reasons(self, customers, top: int=...) -> list[list[str]]:
        ...

    def validate(self, customers, *, strict: bool=...) -> list[Problem]:
        ...

    def predict_file(self, source: str | os.PathLike, target: str | os.PathLike, *, chunk: int=..., reasons: int=..., strict: bool=..., progress=..., note=...) -> FileSummary:
        ...
CHUNK: int
FEW: int

class ParquetSource:
    unit: str
    path: Path
    total: Any
    wanted: Any
    nested: Any
    names: Any
    file: Any

    def __init__(self, path: Path, needed: list[str], encoded: list[str]):
        ...

    def chunks(self, rows: int) -> Iterator[tuple]:
        ...

    def close(self) -> None:
        ...
EXPANSION: int
BLOCK_BYTES: Any

@dataclass
class Dialect:
    encoding: str
    delimiter: str
    names: list[str]
    size: int
    lines: int
    damaged: int
    above: int

def survey(path: Path) -> Dialect:
    ...

class TextSource:
    unit: str
    path: Path
    names: Any
    total: Any
    wanted: Any
    ragged: Any
    dialect: Any

    def __init__(self, path: Path, needed: list[str]):
        ...

    def chunks(self, rows: int) -> Iterator[tuple]:
        ...

    def close(self) -> None:
        ...

    def warnings(self, rows: int) -> list[str]:
        ...

class _Counted:
    stream: Any
    count: Any
    closed: Any

    def __init__(self, stream):
        ...

    def read(self, n: int=...) -> bytes:
        ...

    def readable(self) -> bool:
        ...

    def close(self) -> None:
        ...

def open_source(path: str | os.PathLike, needed: list[str], encoded: list[str]=...) -> ParquetSource | TextSource:
    ...

def safe_cell(text: str) -> str:
    ...

class Output:
    target: Path
    rejects: Any
    kind: Any
    stack: Any
    writer: Any
    bad: Any
    rejected: Any

    def __init__(self, target: Path):
        ...

    def __enter__(self):
        ...

    def __exit__(self, kind, e, trace):
        ...

    def write(self, table: pa.Table) -> None:
        ...

    def reject(self, row: int, id: str | None, reasons: list[str]) -> None:
        ...

class _Own(Exception):
    ...

class FileSummary(dict):
    filled: Any

    def __init__(self, **known):
        ...

    def note(self, fields: list[Field], read: dict, bad: np.ndarray, columns: dict, numbers: np.ndarray, strict: bool) -> None:
        ...

    def add(self, table: pa.Table, named: bool) -> None:
        ...

    def about_ids(self) -> list[str]:
        ...

    def finish(self, problems: list[Problem], out: Output, seconds: float) -> FileSummary:
        ...

    def __str__(self) -> str:
        ...

def plot_risk(p: np.ndarray, medium: float=..., high: float=..., title: str=...) -> Figure:
    ...
LEVEL_COLOURS: tuple

def riskiest(predictions: pd.DataFrame, top: int=...) -> pd.DataFrame:
    ...

def give_reasons(pipeline: BaseEstimator, customers: pd.DataFrame, background: pd.DataFrame, spec: data.TableSpec, top: int=...) -> list[str]:
    ...

@dataclass(repr=False)
class Result(Brief):
    predictions: pd.DataFrame
    riskiest: pd.DataFrame
    levels: pd.DataFrame
    figure: object

def level_table(predictions: pd.DataFrame) -> pd.DataFrame:
    ...

def run(run_dir: str=...) -> Result:
    ...

def demo(**overrides) -> RunDir:
    ...
