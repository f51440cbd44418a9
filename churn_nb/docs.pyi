# Made from the module by `make export`.
from typing import Any
__all__ = ['rooms', 'public_names', 'methods', 'signature', 'parameters', 'describe', 'Shown', 'FoldSource', 'targets', 'linked', 'LinkNames', 'PlainTables', 'reference_page', 'reference']
from typing import TYPE_CHECKING
import importlib, inspect, re
from pathlib import Path
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from typing import Any

def rooms(nbs: str | Path) -> dict[str, Path]:
    ...

def public_names(room: str) -> list[str]:
    ...

def methods(cls: type) -> dict[str, object]:
    ...

class _Plain:
    value: Any

    def __init__(self, value):
        ...

    def __repr__(self):
        ...

def signature(sym: Any, name: str) -> str:
    ...

def parameters(sym: Any) -> list[str]:
    ...

def describe(sym: Any, name: str) -> str:
    ...

class Shown:
    sym: Any
    title_level: int
    name: Any

    def __init__(self, sym: Any, name: str | None=..., title_level: int=...):
        ...

class FoldSource:
    nb: Any

    def __init__(self, nb: Any):
        ...

    def begin(self) -> None:
        ...

def targets(nbs: str | Path) -> dict[str, str]:
    ...

def linked(text: str, to: dict[str, str], folder: str) -> str:
    ...

class LinkNames:
    to: Any
    folder: Any

    def __init__(self, nb: Any):
        ...

    def __call__(self, cell) -> None:
        ...

class PlainTables:
    nb: Any

    def __init__(self, nb: Any):
        ...

    def __call__(self, cell) -> None:
        ...

def reference_page(room: str, notebook: Path) -> str:
    ...

def reference(nbs: str | Path) -> dict[str, str]:
    ...
