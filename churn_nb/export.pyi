# Made from the module by `make export`.
from typing import Any
__all__ = ['OPSETS', 'KINDS', 'TOLERANCE', 'Graph', 'onnx_inputs', 'build_onnx', 'open_onnx', 'onnx_probabilities', 'gate_customers', 'export_onnx', 'run']
from typing import TYPE_CHECKING
import copy, json, os
from pathlib import Path
import numpy as np, pandas as pd
from . import data
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from .features import BUCKETS
from .predict import BentPart, Encoder, Field, FilledPart, LARGEST, PlainPart, Predictor, TablePart, Untranslated, probabilities, read_column
from typing import Any
import onnx
import onnxruntime

class Graph:
    nodes: Any
    constants: Any
    onnx: Any

    def __init__(self):
        ...

    def __call__(self, op: str, *inputs, domain: str=..., **attributes) -> str:
        ...

    def constant(self, value: Any) -> str:
        ...

    def cast(self, x: str, dtype: str) -> str:
        ...

    def inline(self, model: Any, x: str) -> str:
        ...

def onnx_inputs(fields: list[Field], customers: pd.DataFrame) -> dict[str, np.ndarray]:
    ...
OPSETS: dict

def build_onnx(predictor: Predictor) -> onnx.ModelProto:
    ...

def open_onnx(model: bytes | str | os.PathLike) -> onnxruntime.InferenceSession:
    ...

def onnx_probabilities(session: onnxruntime.InferenceSession, fields: list[Field], customers: pd.DataFrame) -> np.ndarray:
    ...
KINDS: tuple

def gate_customers(predictor: Predictor, n: int=..., seed: int=...) -> tuple[pd.DataFrame, list[str]]:
    ...
TOLERANCE: float

def export_onnx(predictor: Predictor, path: str | os.PathLike, rows: int=..., seed: int=...) -> dict:
    ...

def run(run_dir: str=...) -> dict:
    ...
