# Made from the module by `make export`.
from typing import Any
__all__ = ['SHARED', 'LONGEST', 'SECONDS', 'MANNERS', 'shared_files', 'without_customers', 'hide_password', 'parameters', 'metrics', 'tags', 'papers', 'open_version', 'Tracked', 'track_run', 'sync_aliases', 'tracked_words', 'run']
from typing import TYPE_CHECKING
import contextlib, hashlib, hmac, io, json, os, re, shutil, subprocess, sys, tempfile
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from . import core as _core
from churn_nb import registry
import pandas as pd
SHARED: dict

def shared_files(run: RunDir) -> dict[str, bytes]:
    ...

def without_customers(page: str) -> str:
    ...

def hide_password(text: str) -> str:
    ...
LONGEST: int

def parameters(run: RunDir) -> dict[str, str]:
    ...

def metrics(run: RunDir) -> dict[str, float]:
    ...

def tags(run: RunDir) -> dict[str, str]:
    ...

def papers(folder: Path, number: int) -> dict:
    ...

def open_version(folder: str | os.PathLike, noted: dict) -> registry.Version:
    ...

class Tracked:
    predictor: Any

    def __init__(self, predictor: Any):
        ...

    def predict(self, customers: pd.DataFrame, params: dict | None=...) -> pd.DataFrame:
        ...
SECONDS: int
MANNERS: dict

def track_run(run: RunDir | str | os.PathLike, models: str | os.PathLike | None=..., seconds: float=...) -> dict:
    ...

def sync_aliases(registry: registry.Registry | str | os.PathLike, seconds: float=...) -> dict:
    ...

def tracked_words(said: dict) -> str:
    ...

def run(run_dir: str=...) -> str:
    ...
