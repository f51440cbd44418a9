# Made from the module by `make export`.
from typing import Any
__all__ = ['parser', 'list_runs', 'find_run', 'init', 'run', 'runs', 'report', 'predict', 'serve', 'retrain', 'schedule', 'outcomes', 'log', 'monitor', 'abtest', 'models', 'main']
import argparse, contextlib, os, re, shlex, signal, sys, time, warnings
from pathlib import Path
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from . import __version__

def parser() -> argparse.ArgumentParser:
    ...

def list_runs(out: str | os.PathLike) -> list[Path]:
    ...

def find_run(text: str, out: str | os.PathLike, done: bool=...) -> RunDir:
    ...

def init(args: argparse.Namespace) -> None:
    ...

def run(args: argparse.Namespace) -> None:
    ...

def runs(args: argparse.Namespace) -> None:
    ...

def report(args: argparse.Namespace) -> None:
    ...

class _FileBar:
    every: float
    last: Any
    bar: Any

    def __init__(self, every: float=...):
        ...

    def __enter__(self):
        ...

    def __exit__(self, *args):
        ...

    def __call__(self, done, total, what) -> None:
        ...

def predict(args: argparse.Namespace) -> None:
    ...

def serve(args: argparse.Namespace) -> None:
    ...

def retrain(args: argparse.Namespace) -> None:
    ...

def schedule(args: argparse.Namespace) -> None:
    ...

def outcomes(args: argparse.Namespace) -> None:
    ...

def log(args: argparse.Namespace) -> None:
    ...

def monitor(args: argparse.Namespace) -> None:
    ...

def abtest(args: argparse.Namespace) -> None:
    ...

def models(args: argparse.Namespace) -> None:
    ...

def main(argv: list[str] | None=...) -> int:
    ...
