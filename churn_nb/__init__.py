"""Customer churn, end to end: ten notebooks that read as a course and run as a product.

    import churn_nb
    customers = churn_nb.load('customers.csv')     # what the table is, checked
    result = churn_nb.run('customers.csv')         # the ten steps, and a report for people
    result.predictor.predict_one({...})            # the model, for one customer, a frame or a file

`dir(churn_nb)` lists the names at the top and the rooms (modules), one for each notebook.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:   # for editors and type checkers (`as` makes a name public to them); at run time a name is loaded when first used
    from . import (
        abtest as abtest, cli as cli, compare as compare, core as core, data as data, docs as docs, eda as eda,
        evaluate as evaluate, explain as explain, export as export, features as features, flow as flow,
        log as log, monitor as monitor, performance as performance, predict as predict, registry as registry,
        retrain as retrain, serve as serve, tracking as tracking, tune as tune, watch as watch)
    from .core import (
        ChurnError as ChurnError, DataError as DataError, RunDir as RunDir, RunError as RunError,
        Settings as Settings, SettingsError as SettingsError, load_settings as load_settings)
    from .data import (
        Customers as Customers, TableSpec as TableSpec, load as load, load_run as load_run,
        load_table as load_table, make_customers as make_customers)
    from .export import export_onnx as export_onnx
    from .flow import Run as Run, StepFailed as StepFailed, report as report, run as run, run_flow as run_flow
    from .log import PredictionLog as PredictionLog
    from .predict import Predictor as Predictor, predict_churn as predict_churn
    from .registry import Registry as Registry, load_production as load_production
    from .serve import create_app as create_app

# Names of the rooms at the top, loaded when first used (PEP 562), so that `import churn_nb` costs nothing.
_LAZY = {
    **dict.fromkeys(["ChurnError", "DataError", "RunDir", "RunError", "Settings", "SettingsError", "load_settings"], "core"),
    **dict.fromkeys(["Customers", "TableSpec", "load", "load_run", "load_table", "make_customers"], "data"),
    **dict.fromkeys(["Registry", "load_production"], "registry"),
    **dict.fromkeys(["Predictor", "predict_churn"], "predict"),
    **dict.fromkeys(["PredictionLog"], "log"),
    **dict.fromkeys(["export_onnx"], "export"),
    **dict.fromkeys(["Run", "StepFailed", "report", "run", "run_flow"], "flow"),
    **dict.fromkeys(["create_app"], "serve"),
}
_ROOMS = ("core", "data", "eda", "features", "compare", "tune", "evaluate", "explain", "registry", "tracking", "predict", "export", "log", "monitor", "performance", "flow", "watch", "abtest", "serve", "retrain", "cli", "docs")
__all__ = ["__version__", *_LAZY]


if not TYPE_CHECKING:   # a checker that saw it would take every name for one of ours
    def __getattr__(name):
        from importlib import import_module
        if name in _LAZY:
            value = globals()[name] = getattr(import_module(f".{_LAZY[name]}", __name__), name)
            return value
        if name in _ROOMS:
            return import_module(f".{name}", __name__)
        message = f"module {__name__!r} has no attribute {name!r}"
        if not name.startswith("_"):
            from difflib import get_close_matches
            near = get_close_matches(name, [*_LAZY, *_ROOMS], 3, .6)
            message += f". Did you mean {' or '.join(near)}?" if near else ". dir(churn_nb) lists what there is."
        raise AttributeError(message)


def __dir__():
    return sorted([*__all__, *_ROOMS])
