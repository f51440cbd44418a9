# Made from the module by `make export`.
from typing import Any
__all__ = ['MOST', 'QUICK', 'log_', 'RETRY', 'OPEN', 'WATCHED', 'METHODS', 'QUEUE', 'SHADOWS', 'LARGE', 'SPARE', 'Json', 'problem', 'Refused', 'read_body', 'parse', 'customer_model', 'Serving', 'Live', 'Challenger', 'Metrics', 'key_fits', 'below', 'Guard', 'Api', 'Answer', 'FieldError', 'Answers', 'Problem', 'Health', 'Ready', 'About', 'Board', 'create_app', 'serve']
from typing import TYPE_CHECKING
import asyncio, hmac, json, logging, os, socket, time
from bisect import bisect_left
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Annotated
import orjson, pandas as pd
from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, WithJsonSchema, create_model
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, RedirectResponse, Response
from . import abtest, data, flow, log, predict, registry, watch
from .core import STEPS as STEPS, ROLES as ROLES, MODELS as MODELS, DEMO as DEMO, STAY as STAY, CHURN as CHURN, NEUTRAL as NEUTRAL, ACCENT as ACCENT, ChurnError as ChurnError, SettingsError as SettingsError, DataError as DataError, RunError as RunError, path_of as path_of, count_of as count_of, flag_of as flag_of, frame_of as frame_of, numbers_of as numbers_of, no_numbers as no_numbers, no_shares as no_shares, atomic_path as atomic_path, to_plain as to_plain, write_json as write_json, DamagedFile as DamagedFile, read_json as read_json, read_rows as read_rows, settings_model as settings_model, Settings as Settings, load_settings as load_settings, settings_for as settings_for, RunDir as RunDir, write_text as write_text, demo_run_dir as demo_run_dir, reuse_demo as reuse_demo, without_password as without_password, with_variables as with_variables, seed_for as seed_for, rank_auc as rank_auc, plot_style as plot_style, new_figure as new_figure, any_script as any_script, save_figure as save_figure, named as named, Brief as Brief, versions as versions, now as now
from . import __version__
from collections.abc import Callable
from typing import Any

class Json(Response):
    media_type: str

    def render(self, content: Any) -> bytes:
        ...

def problem(status: int, detail: str, errors: list[dict]=..., headers: dict | None=...) -> Response:
    ...

class Refused(Exception):
    args: Any
    kw: Any

    def __init__(self, *args, **kw):
        ...

    def response(self) -> Response:
        ...

async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    ...

def parse(body: bytes) -> Any:
    ...

def customer_model(schema: list[dict]) -> type[BaseModel]:
    ...
MOST: int
QUICK: float

class Serving:
    predictor: predict.Predictor
    card: str
    version: Any
    schema: Any
    model: Any
    quick: Any

    def __init__(self, predictor: predict.Predictor, card: str=...):
        ...

    def one(self, customer: dict, strict: bool=..., reasons: int=...) -> dict:
        ...

    def many(self, customers: list[dict], strict: bool=..., reasons: int=...) -> list[dict]:
        ...

    def partly(self, customers: list[dict], strict: bool=..., reasons: int=...) -> dict:
        ...
log_: Any

class Live:
    registry: Any
    models: str | os.PathLike
    ref: str
    loads: Any
    failures: Any
    trouble: Any
    again: Any
    seen: Any
    current: Any

    def __init__(self, models: str | os.PathLike, ref: str=...):
        ...

    def refresh(self) -> None:
        ...
RETRY: int

class Challenger:
    models: str | os.PathLike
    settings: Any
    live: Any
    refused: Any
    dropped: Any
    trouble: Any
    seen: Any
    again: Any

    def __init__(self, models: str | os.PathLike, settings: Any):
        ...

    def refresh(self) -> None:
        ...

    @property
    def serving(self) -> Serving | None:
        ...

    def answers(self, customer: dict, serving: Serving) -> bool:
        ...

class Metrics:
    BOUNDS: tuple
    requests: Any
    buckets: Any
    seconds: Any
    levels: Any
    waiting: Any

    def __init__(self):
        ...

    def answered(self, path: str, method: str, status: int, seconds: float) -> None:
        ...

    def text(self, live: Live, log: log.Buffer | None, rival: Challenger | None=...) -> str:
        ...
OPEN: tuple
WATCHED: tuple
METHODS: tuple

def key_fits(headers: list[tuple[bytes, bytes]], key: bytes) -> bool:
    ...

def below(scope: dict) -> str:
    ...

class Guard:
    app: Callable
    metrics: Metrics
    key: Any
    paths: tuple
    most: int

    def __init__(self, app: Callable, metrics: Metrics, key: str=..., paths: tuple=..., most: int=...):
        ...

    async def __call__(self, scope, receive, send):
        ...
QUEUE: int

class Api:
    live: Live
    settings: Any
    metrics: Any
    waiting: Any
    rival: Challenger | None
    book: log.PredictionLog | None
    log: Any
    pool: Any
    beside: Any
    all_settings: Any
    board: Any
    keep: Any
    documents: Any
    shadows: Any

    def __init__(self, live: Live, settings: Any, book: log.PredictionLog | None=..., rival: Challenger | None=..., all_settings: Settings | None=...):
        ...

    async def in_thread(self, do: Callable, *args) -> Any:
        ...

    def prune(self) -> None:
        ...

    async def body(self, request: Request) -> Any:
        ...

    def note(self, when: float, customers: list[dict], answers: list[dict | None], roles: list[str]) -> None:
        ...

    def options(self, request: Request, *names: str) -> dict:
        ...
    ask: Any
    challenge: Any
    predict: Any

    def shadow(self, when: float, customers: list[dict]) -> None:
        ...
    in_shadow: Any
    batch: Any
    challenge_some: Any
    model: Any
    health: Any
    ready: Any
    measures: Any
    home: Any

    def openapi(self, app: FastAPI, secured: bool) -> dict:
        ...
    dashboard: Any
    overview: Any

    def look(self) -> dict:
        ...
    docs: Any
SHADOWS: int

class Answer(BaseModel):
    id: str | None = ...
    churn_probability: float = ...
    churn_prediction: int = ...
    risk_level: str = ...
    version: str = ...
    reasons: list[str] | None = ...
    warnings: list[str] | None = ...

class FieldError(BaseModel):
    field: str
    reason: str
    row: int | None = ...

class Answers(BaseModel):
    version: str = ...
    predictions: list[Answer | None] = ...
    answered: int | None = ...
    refused: int | None = ...
    errors: list[FieldError] | None = ...

class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str = ...
    errors: list[FieldError] = ...

class Health(BaseModel):
    status: str

class Ready(Health):
    version: str = ...
    problem: str | None = ...

class About(BaseModel):
    version: str
    alias: str = ...
    model: str | None = ...
    created: str | None
    run: str | None = ...
    thresholds: dict[str, float] | None = ...
    metrics: dict | None = ...
    versions: dict[str, str] | None = ...
    columns: list[dict] = ...
    card: str = ...

class Board:
    make: Callable
    least: float
    body: Any
    until: Any
    task: Any

    def __init__(self, make: Callable, least: float=...):
        ...

    async def get(self) -> bytes:
        ...
LARGE: int

class _Plain(APIRoute):

    def get_route_handler(self):
        ...

def create_app(models: str | os.PathLike=..., ref: str=..., settings: Settings | str | os.PathLike | None=..., book: log.PredictionLog | str | os.PathLike | None=...) -> FastAPI:
    ...
SPARE: int

def serve(models: str | os.PathLike=..., ref: str=..., settings: Settings | None=..., book: log.PredictionLog | None=...) -> None:
    ...
