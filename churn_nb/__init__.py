"""Customer churn, end to end: ten notebooks that read as a course and run as a product."""

__version__ = "0.1.0"

# Names of the rooms at the top, loaded when first used (PEP 562), so that `import churn_nb` costs nothing.
_LAZY = {
    **dict.fromkeys(["ChurnError", "DataError", "RunDir", "RunError", "Settings", "SettingsError", "load_settings"], "core"),
    **dict.fromkeys(["TableSpec", "load_run", "load_table", "make_customers"], "data"),
    **dict.fromkeys(["Registry", "load_production"], "registry"),
    **dict.fromkeys(["Predictor", "predict_churn"], "predict"),
    **dict.fromkeys(["PredictionLog"], "log"),
    **dict.fromkeys(["export_onnx"], "export"),
    **dict.fromkeys(["report", "run_flow"], "flow"),
    **dict.fromkeys(["create_app"], "serve"),
}
_ROOMS = ("core", "data", "eda", "features", "compare", "tune", "evaluate", "explain", "registry", "tracking", "predict", "export", "log", "monitor", "performance", "flow", "watch", "abtest", "serve", "retrain", "cli", "docs")
__all__ = ["__version__", *_LAZY]


def __getattr__(name):
    from importlib import import_module
    if name in _LAZY:
        value = globals()[name] = getattr(import_module(f".{_LAZY[name]}", __name__), name)
        return value
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*__all__, *_ROOMS])
