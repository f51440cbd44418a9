"""The module as a person meets it in an editor: a small top, names found with Tab, type hints everywhere, errors that teach."""
import ast, builtins, html, importlib, inspect, re, subprocess, sys
import pandas as pd, pytest
import churn_nb
from conftest import ROOT
from churn_nb import DataError, SettingsError

ROOMS = churn_nb._ROOMS

def tree(name): return ast.parse((ROOT/'churn_nb'/f'{name}.py').read_text(encoding='utf-8'))

def public(body, prefix=''):
    "Public functions and methods of a module or class."
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith('_'): yield from public(node.body, f'{node.name}.')
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith('_'): yield prefix+node.name, node

@pytest.mark.parametrize('room', ROOMS)
def test_every_public_function_says_what_it_takes(room):
    missing, bare, lines = [], [], (ROOT/'churn_nb'/f'{room}.py').read_text(encoding='utf-8').split('\n')
    for name, f in public(tree(room).body):
        args = [a for a in [*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs] if a.arg not in ('self', 'cls')]
        if bad := [a.arg for a in args if a.annotation is None] + (['return'] if f.returns is None else []): missing.append(f'{name}: {", ".join(bad)}')
        if '.' not in name and [a.arg for a in args] != ['args']: bare += [f'{name}: {a.arg}' for a in args if '#' not in lines[a.end_lineno-1]]
    assert not missing, 'no type hint'
    assert not bare, 'parameters without a comment'

@pytest.mark.parametrize('room', ROOMS)
def test_type_hints_name_things_that_exist(room):
    "Imports under TYPE_CHECKING are never executed: an editor would stumble over a wrong one, and nobody else."
    for node in tree(room).body:
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == 'TYPE_CHECKING'): continue
        for statement in node.body:
            if isinstance(statement, ast.Import): [importlib.import_module(a.name) for a in statement.names]
            else:
                module = importlib.import_module('.'*statement.level+(statement.module or ''), 'churn_nb')
                for a in statement.names: assert hasattr(module, a.name) or importlib.import_module(f'{module.__name__}.{a.name}'), a.name

@pytest.mark.parametrize('room', ROOMS)
def test_stub_knows_every_public_name_and_method(room):
    "What a type checker reads: nothing is missing that is there at run time, methods that are put into a class later least of all."
    module, stub = importlib.import_module(f'churn_nb.{room}'), ast.parse((ROOT/f'churn_nb/{room}.pyi').read_text(encoding='utf-8'))
    bound, classes = {'Any'}, {}
    for node in stub.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)): bound |= {(a.asname or a.name).split('.')[0] for a in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)): bound.add(node.name)
        elif isinstance(node, ast.AnnAssign): bound.add(node.target.id)
        if isinstance(node, ast.ClassDef): classes[node.name] = {getattr(n, 'name', None) or ast.unparse(getattr(n, 'target', None) or n.targets[0]) for n in node.body if not isinstance(n, ast.Expr)}
    assert not {*module.__all__} - bound
    for name, has in classes.items():
        there = {n for n in vars(getattr(module, name, None) or type('', (), {})) if not n.startswith('_')}
        assert not {n for n in there if callable(inspect.getattr_static(getattr(module, name), n)) or isinstance(inspect.getattr_static(getattr(module, name), n), (property, classmethod, staticmethod))} - has, name
    hints = [h for f in ast.walk(stub) if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef)) for h in [f.returns, *(a.annotation for a in [*f.args.args, *f.args.kwonlyargs])] if h]
    used = {n.id for h in hints for n in ast.walk(h) if isinstance(n, ast.Name)}
    assert not [n for n in used if n not in bound and not hasattr(builtins, n)]

def test_editors_know_every_setting():
    from churn_nb.core import settings_model
    keys = {c.name: {ast.unparse(n.target) for n in c.body if isinstance(n, ast.AnnAssign)} for c in ast.parse((ROOT/'churn_nb/core.pyi').read_text(encoding='utf-8')).body if isinstance(c, ast.ClassDef)}
    for name, field in settings_model().model_fields.items():
        assert name in keys['Settings'] and keys['_'+name.capitalize()] == {*field.annotation.model_fields}, name

def test_methods_are_called_by_their_names():
    "help() and tracebacks speak of `Predictor.load`, not of the `_load` of a cell."
    for cls in (churn_nb.Predictor, churn_nb.Registry, churn_nb.RunDir, churn_nb.Settings, churn_nb.PredictionLog):
        for name, f in vars(cls).items():
            f = getattr(f, '__func__', f)
            assert not inspect.isfunction(f) or f.__qualname__ == f'{cls.__name__}.{name}', f

@pytest.mark.parametrize('call, said', [
    (lambda c: c.load_table(c.make_customers(60)), 'A customer table is named by its path; DataFrame is none'), (lambda c: c.Predictor.from_run(None), 'A run directory is named by its path'),
    (lambda c: c.Registry(None), 'A registry is named by its path'), (lambda c: c.PredictionLog(5), 'A prediction log is named by its path'), (lambda c: c.load_settings([]), 'A settings file is named by its path'),
    (lambda c: c.make_customers(-1), 'customers: -1 is no whole number'), (lambda c: c.export_onnx('champion', 'x.onnx'), 'A Predictor is needed'), (lambda c: c.predict_churn({}, 'champion'), 'The pipeline of step 8 is needed')])
def test_what_is_of_the_wrong_kind_is_named(call, said):
    with pytest.raises(churn_nb.ChurnError, match=said): call(churn_nb)

def test_the_top_is_what_editors_are_told():
    told = {}
    for node in ast.walk(ast.parse((ROOT/'churn_nb/__init__.py').read_text(encoding='utf-8'))):
        if isinstance(node, ast.ImportFrom) and node.level: told |= {a.name: node.module for a in node.names}
    assert {n for n, m in told.items() if m is None} == {*ROOMS}
    assert {n: m for n, m in told.items() if m} == churn_nb._LAZY
    assert (ROOT/'churn_nb/py.typed').is_file()
    assert not {*churn_nb._LAZY} & {*ROOMS}, 'a function would hide a room'
    imported = [a for node in ast.walk(ast.parse((ROOT/'churn_nb/__init__.py').read_text(encoding='utf-8'))) if isinstance(node, ast.ImportFrom) and node.level for a in node.names]
    assert len(imported) == len(churn_nb._LAZY)+len(ROOMS) and all(a.asname == a.name for a in imported), 'mypy --strict takes a name for public only when it is imported as itself'
    for name in churn_nb.__all__: assert getattr(churn_nb, name) is not None and name in dir(churn_nb)

def test_importing_costs_nothing_and_completes(tmp_path):
    code = 'import churn_nb, sys; assert {"load", "run", "Predictor", "flow"} <= set(dir(churn_nb)); print([m for m in ("numpy", "pandas", "sklearn") if m in sys.modules])'
    assert subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, cwd=ROOT).stdout == '[]\n'

@pytest.mark.parametrize('wrong, right', [('lode', 'load'), ('Predicter', 'Predictor'), ('monitr', 'monitor')])
def test_a_wrong_name_is_answered_with_the_right_one(wrong, right):
    with pytest.raises(AttributeError, match=f'Did you mean .*{right}'): getattr(churn_nb, wrong)
    with pytest.raises(ImportError): exec(f'from churn_nb import {wrong}')

# ---- load

def test_load_says_everything_that_is_wrong_at_once():
    df = churn_nb.make_customers(100)
    with pytest.raises(DataError) as e: churn_nb.load(df, target='churnd', id='customer')
    assert "did you mean 'churned'" in str(e.value) and "did you mean 'customer_id'" in str(e.value)
    with pytest.raises(SettingsError) as e: churn_nb.run(df, tune__drawz=3, data__sauce='x', targt='churned')
    assert '"draws"' in str(e.value) and 'sauce' in str(e.value) and 'targt' in str(e.value)

def test_load_takes_settings_and_leaves_the_frame_alone(tmp_path):
    df = churn_nb.make_customers(200).rename(columns={'churned': ' left '})
    before = df.copy()
    (tmp_path/'settings.ini').write_text('[data]\ntarget = left\nignore =\n    num_referrals\n')
    said = churn_nb.load(df, settings=tmp_path/'settings.ini')
    assert said.spec.target == 'left' and 'num_referrals' in said.spec.ignored
    assert churn_nb.load(df, target='has_partner', settings=said.settings).spec.target == 'has_partner'
    pd.testing.assert_frame_equal(df, before)

def test_what_a_notebook_shows_is_escaped():
    bad = '<script>alert(1)</script>'
    df = churn_nb.make_customers(100).rename(columns={'has_partner': bad})
    df.loc[0, 'contract_type'] = bad
    shown = churn_nb.load(df)._repr_html_()
    assert bad not in shown and html.escape(bad) in shown

# ---- run

QUICK = dict(run__engine='python', compare__models=['logistic_regression'], tune__draws=2, evaluate__bootstrap=50, compare__folds=2, tune__folds=2)

@pytest.fixture(scope='module')
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp('run')
    return churn_nb.run(churn_nb.make_customers(400), target='churned', run__out=str(folder/'runs'), registry__models=str(folder/'models'), progress=False, **QUICK)

def test_run_of_a_frame_can_be_read_asked_and_repeated(result):
    assert result.best_model == 'logistic_regression' and .4 < result.metrics['auc'] <= 1
    assert len(result.predictions) == 80 and len(result.leaderboard) == 1 and 'reasons' in result.riskiest and result.report.is_file()
    customer = churn_nb.make_customers(1, seed=5).drop(columns='churned').iloc[0].to_dict()
    assert result.predictor.predict_one(customer) == churn_nb.Run(result.path).predictor.predict_one(customer)
    assert re.search(r'<b>.*customers', result._repr_html_()) and '<table' in result._repr_html_()
    kept = churn_nb.load(settings=result.path/'settings.ini')      # the frame is gone by now; its table stays with the run
    pd.testing.assert_frame_equal(kept.frame, churn_nb.make_customers(400), check_dtype=False)

def test_run_that_cannot_begin_leaves_nothing(tmp_path):
    with pytest.raises(DataError): churn_nb.run(churn_nb.make_customers(100), target='nothing', run__out=str(tmp_path/'runs'), **QUICK)
    assert not (tmp_path/'runs').exists()

@pytest.mark.parametrize('name, ask', [('01_data/train.parquet', lambda r: churn_nb.data.load_run(r.dir)), ('09_predict/predictions.parquet', lambda r: r.predictions), ('09_predict/predictions.parquet', lambda r: churn_nb.flow.report(r.dir))])
def test_a_damaged_table_of_a_run_is_named(result, name, ask):
    path = result.path/'artifacts'/name
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-30])
        with pytest.raises(churn_nb.RunError, match=f'{path.name} is damaged'): ask(result)
    finally: path.write_bytes(whole)

def test_ids_of_the_riskiest_stay_as_they_are_written(result):
    path = result.path/'artifacts/09_predict/riskiest.csv'
    whole, kept = path.read_bytes(), result.riskiest
    try:
        kept.assign(id=['00485', 'NA', *map('{:05}'.format, range(len(kept)-2))]).to_csv(path, index=False)
        assert result.riskiest.id.tolist()[:3] == ['00485', 'NA', '00000']
    finally: path.write_bytes(whole)

def test_registry_and_predictor_show_themselves(result):
    models = churn_nb.Registry(result.dir.settings.registry.models)
    assert '<td>champion</td>' in models._repr_html_() and '<td>logistic_regression</td>' in models._repr_html_()
    assert 'tenure_months' in churn_nb.Predictor.load(models=models.path)._repr_html_()
    models.file.write_text('{')
    assert 'damaged' in models._repr_html_() or 'cannot be read' in models._repr_html_()
