# Made from the module by `make export`.
from typing import Any
__all__ = ['SPACES', 'STARTS', 'EarlyStoppedBooster', 'Smote', 'SmotePipeline', 'make_candidate', 'Fold', 'prepare_folds', 'draw_params', 'propose_tpe', 'Search', 'starting_points', 'search', 'Choice', 'choose', 'influence', 'tune_figure', 'strongest_member', 'with_member', 'Result', 'run', 'load_pipeline', 'demo']
from typing import TYPE_CHECKING
import contextlib, time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
import numpy as np, pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.pipeline import Pipeline
from . import compare
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .data import TableSpec, fold_rows, load_run
from collections.abc import Callable, Iterator
from matplotlib.figure import Figure
SPACES: dict
STARTS: dict

class EarlyStoppedBooster(ClassifierMixin, BaseEstimator):
    booster: BaseEstimator
    folds: int
    rounds: int
    max_trees: int
    class_weight: str | None
    random_state: int

    def __init__(self, booster: BaseEstimator, folds: int=..., rounds: int=..., max_trees: int=..., class_weight: str | None=..., random_state: int=...):
        ...

    def fit(self, X: pd.DataFrame, y: np.ndarray, sample_weight: np.ndarray | None=...) -> EarlyStoppedBooster:
        ...

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        ...

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        ...

    @property
    def feature_importances_(self) -> np.ndarray:
        ...

class Smote(TransformerMixin, BaseEstimator):
    spec: TableSpec
    neighbours: int
    random_state: int

    def __init__(self, spec: TableSpec, neighbours: int=..., random_state: int=...):
        ...

    def fit(self, X: pd.DataFrame, y: np.ndarray | None=...) -> Smote:
        ...

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        ...

    def get_feature_names_out(self, input_features: list[str] | None=...) -> np.ndarray:
        ...

    def fit_resample(self, X: pd.DataFrame, y: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
        ...

class SmotePipeline(Pipeline):

    def fit(self, X: pd.DataFrame, y: np.ndarray, **params) -> SmotePipeline:
        ...

def make_candidate(name: str, spec: TableSpec, settings: Settings, params: dict=..., imbalance: str=..., y: np.ndarray | None=...) -> BaseEstimator:
    ...

@dataclass
class Fold:
    X: object
    y: np.ndarray
    X_out: object
    y_out: np.ndarray

def prepare_folds(name: str, X: pd.DataFrame, y: pd.Series, spec: TableSpec, settings: Settings, imbalance: str=..., groups: np.ndarray | None=...) -> list[Fold]:
    ...

def draw_params(space: dict[str, list], draws: int, seed: int) -> list[dict]:
    ...

def propose_tpe(space: dict[str, list], draws: int, seed: int) -> Iterator[dict]:
    ...

@dataclass
class Search:
    name: str
    candidates: list[dict]
    sources: list[str]
    scores: pd.DataFrame
    effective: list[dict]

    def matrix(self, metric: str) -> np.ndarray:
        ...

    @property
    def trials(self) -> pd.DataFrame:
        ...

def starting_points(name: str, settings: Settings) -> list[dict]:
    ...

def search(name: str, X: pd.DataFrame, y: pd.Series, spec: TableSpec, settings: Settings, progress: Callable | None=..., groups: np.ndarray | None=...) -> Search:
    ...

class _Runner:
    found: Any
    folds: Any
    spec: Any
    settings: Any
    pool: Any
    progress: Any
    rows: Any
    means: Any
    total: Any

    def __init__(self, found, folds, spec, settings, pool, progress):
        ...

    def all(self, candidates, sources):
        ...

    def one_by_one(self, proposer, source):
        ...

@dataclass
class Choice:
    index: int
    best: int
    start: float
    top: float
    honest: float

    @property
    def optimism(self) -> float:
        ...

def choose(scores: np.ndarray) -> Choice:
    ...

def influence(trials: pd.DataFrame, metric: str, names: list[str]) -> pd.Series:
    ...

def tune_figure(found: Search, choice: Choice, metric: str) -> Figure:
    ...

def strongest_member(order: list[str]) -> str:
    ...

def with_member(ensemble: BaseEstimator, name: str, member: BaseEstimator) -> BaseEstimator:
    ...

@dataclass(repr=False)
class Result(Brief):
    tuned: dict
    trials: pd.DataFrame
    figure: object

def run(run_dir: str=...) -> Result:
    ...

def load_pipeline(run: RunDir) -> BaseEstimator:
    ...

def demo(**overrides) -> RunDir:
    ...
