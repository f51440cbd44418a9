# Made from the module by `make export`.
from typing import Any
__all__ = ['GOLDEN', 'KNOWN_TYPES', 'FORMATS', 'NO_PICKLE', 'QUIET_THREADS', 'KEY', 'ALIASES', 'LEAST', 'POINTS', 'PROFILE', 'Coerce', 'production_pipeline', 'raw_customers', 'pickle_globals', 'check_portable', 'plain_params', 'golden_batch', 'save_model', 'sha256', 'read_metadata', 'load_model', 'start_checker', 'check_fresh', 'stop_checker', 'warm_checker', 'cool_checker', 'describe_model', 'Result', 'label_name', 'reference_profile', 'model_card', 'Version', 'Registry', 'register_run', 'run', 'production_file', 'load_production', 'demo']
from typing import TYPE_CHECKING
import contextlib, hashlib, hmac, io, json, os, pickle, pickletools, platform, re, secrets, shutil, stat, subprocess, sys, time, warnings, zipfile
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
import numpy as np, pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from . import data
from .compare import TITLES
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from collections.abc import Iterator
from sklearn.pipeline import Pipeline
from typing import Any

class Coerce(TransformerMixin, BaseEstimator):
    spec: data.TableSpec

    def __init__(self, spec: data.TableSpec):
        ...

    def fit(self, X: pd.DataFrame, y: np.ndarray | None=...) -> Coerce:
        ...

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        ...

    def __getstate__(self):
        ...

    def __setstate__(self, state):
        ...

    def get_feature_names_out(self, input_features: list[str] | None=...) -> np.ndarray:
        ...

    def __sklearn_is_fitted__(self) -> bool:
        ...

    def __sklearn_tags__(self):
        ...

def production_pipeline(tuned: BaseEstimator, spec: data.TableSpec, X: pd.DataFrame, y: pd.Series) -> Pipeline:
    ...

def raw_customers(r: RunDir, index: pd.Index) -> pd.DataFrame:
    ...

def pickle_globals(obj: Any) -> list[tuple[str, str]]:
    ...

def check_portable(obj: Any) -> list[tuple[str, str]]:
    ...
GOLDEN: int

def plain_params(model: BaseEstimator) -> dict:
    ...

def golden_batch(pipeline: BaseEstimator, X: pd.DataFrame) -> dict:
    ...
KNOWN_TYPES: tuple
FORMATS: dict

def save_model(pipeline: BaseEstimator, folder: str | os.PathLike, metadata: dict=..., format: str=...) -> Path:
    ...

def sha256(path: str | os.PathLike) -> str:
    ...

def read_metadata(path: str | os.PathLike) -> dict:
    ...
NO_PICKLE: str

def load_model(path: str | os.PathLike, golden: bool=..., allow_versions: bool=..., meta: dict | None=...) -> Pipeline:
    ...
QUIET_THREADS: dict

def start_checker(modules: list[str]=...) -> subprocess.Popen:
    ...

def check_fresh(checker: subprocess.Popen, model: Path, customers: pd.DataFrame, expected: np.ndarray, timeout: float=...) -> dict:
    ...

def stop_checker(checker: subprocess.Popen | None) -> None:
    ...

def warm_checker(run_dir: str) -> None:
    ...

def cool_checker() -> None:
    ...

def describe_model(r: RunDir, spec: data.TableSpec, pipeline: BaseEstimator, customers: pd.DataFrame, seconds: float) -> dict:
    ...

@dataclass(repr=False)
class Result(Brief):
    check: dict
    metadata: dict
    path: Path = ...

    @property
    def table(self) -> pd.DataFrame:
        ...
KEY: str
ALIASES: tuple
LEAST: int
POINTS: int

def label_name(v: Any) -> str:
    ...
PROFILE: int

def reference_profile(X: pd.DataFrame, p: np.ndarray, spec: data.TableSpec) -> dict:
    ...

def model_card(meta: dict) -> str:
    ...

@dataclass
class Version:
    number: int
    path: Path = ...
    metadata: dict = ...
    aliases: list[str] = ...
    files: dict[str, str] = ...

    @property
    def spec(self) -> data.TableSpec:
        ...

    @property
    def card(self) -> str:
        ...

    @property
    def profile(self) -> dict:
        ...

    @property
    def file(self) -> Path:
        ...

    def read(self, name: str) -> bytes:
        ...

    def verify(self) -> Version:
        ...

    @property
    def leaks(self) -> list[str]:
        ...

    def unlike(self, other: Version) -> str:
        ...

class Registry:
    path: Any

    def __init__(self, path: str | os.PathLike=...):
        ...

    def __repr__(self) -> str:
        ...

    @property
    def file(self) -> Path:
        ...

    def read(self, trusted: bool=...) -> dict:
        ...

    @contextlib.contextmanager
    def change(self, trusted: bool=...) -> Iterator[dict]:
        ...

    def state(self) -> tuple | None:
        ...

    def versions(self) -> list[Version]:
        ...

    def get(self, ref: str | int=...) -> Version:
        ...

    def aliases(self) -> dict[str, int]:
        ...

    def history(self) -> list[dict]:
        ...

    def load(self, ref: str | int=..., allow_versions: bool=..., golden: bool=...) -> tuple[Version, Pipeline]:
        ...

    def register(self, run: RunDir | str | os.PathLike, check: bool | None=..., format: str=...) -> Version:
        ...

    def promote(self, ref: str | int, alias: str=..., instead_of: int | None=...) -> Version:
        ...

    def rollback(self) -> Version:
        ...

    def delete(self, ref) -> int:
        ...

    def gc(self) -> list[str]:
        ...

    def verify(self) -> dict[int, str]:
        ...

    def dismiss(self) -> int:
        ...

    def sign(self) -> None:
        ...

    def compare(self, a: str | int, b: str | int) -> pd.DataFrame:
        ...

def register_run(run: RunDir | str | os.PathLike, models: str | os.PathLike) -> dict:
    ...

def run(run_dir: str=...) -> Result:
    ...

def production_file(run: RunDir | str | os.PathLike) -> Path:
    ...

def load_production(run: RunDir | str | os.PathLike) -> Pipeline:
    ...

def demo(**overrides) -> RunDir:
    ...
