"""The repository agrees with itself: notebooks, module, README, settings.ini, and what may not be in them."""
import ast, json, re, shutil, subprocess, sys
from pathlib import Path
import pytest
from conftest import ROOT
from churn_nb.core import STEPS, load_settings

NOTEBOOKS = sorted((ROOT/'nbs').glob('[0-9]*.ipynb'))
READERS = [ROOT/'nbs/start.ipynb', *sorted((ROOT/'nbs/guides').glob('*.ipynb'))]    # notebooks that export nothing
def cells(path): return json.loads(path.read_text(encoding='utf-8'))['cells']
def source(cell): return ''.join(cell['source'])

@pytest.fixture(scope='module')
def copy(tmp_path_factory):
    "The tracked files and the new ones, in another folder, where export and clean may write."
    folder = tmp_path_factory.mktemp('copy')/'churn_nb'
    names = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split('\n')
    for name in filter(None, names):
        src, dst = ROOT/name, folder/name
        if not src.exists() and not src.is_symlink(): continue
        dst.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(src, dst, follow_symlinks=False)
    return folder

def run(*command, cwd): return subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)
def everything(folder): return {p.relative_to(folder).as_posix(): p.read_bytes() for d in ('nbs', 'churn_nb') for p in sorted((folder/d).rglob('*')) if p.is_file() and '__pycache__' not in p.parts}

def test_export_and_clean_change_nothing(copy):
    before = everything(copy)
    for tool in ('nbdev-export', 'nbdev-clean'):
        done = run(Path(sys.executable).parent/tool, cwd=copy)
        assert done.returncode == 0, done.stderr
        after = everything(copy)
        changed = sorted(k for k in {**before, **after} if before.get(k) != after.get(k))
        assert not changed, f'{tool} changes {changed}: run `make export` and commit'

def test_made_files_are_up_to_date(root):
    done = run(sys.executable, 'tools/generate.py', '--check', cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr

def test_settings_file_holds_the_defaults(root):
    assert load_settings(root/'settings.ini') == load_settings()

@pytest.mark.parametrize('step', STEPS)
def test_step_notebook_has_one_parameters_cell(step):
    tagged = [c for c in cells(ROOT/f'nbs/{step}.ipynb') if 'parameters' in c['metadata'].get('tags', [])]
    assert len(tagged) == 1 and re.match(r"run_dir: str = ''", source(tagged[0])), 'papermill needs exactly one cell tagged parameters'

@pytest.mark.parametrize('path', NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_shape(path):
    first = source(cells(path)[0])
    assert re.match(r'# .+\n\n?> .+', first), 'a notebook begins with a title and a one-line subtitle'
    for c in cells(path):
        s = source(c)
        if c['cell_type'] != 'code': continue
        assert not [o for o in c['outputs'] if o['output_type'] == 'error'], f'a stored error: {s[:80]}'
        if re.search(r'^#\|\s*exports?\b', s, re.M): assert len(s.splitlines()) <= 50, f'an exported cell of over 50 lines: {s[:80]}'
        if 'nbdev_export()' in s: pytest.fail('nbdev_export() inside a notebook would export the library during a run')
    assert path.stat().st_size < 1_500_000, 'stored outputs should be small'

@pytest.mark.parametrize('path', NOTEBOOKS + READERS, ids=lambda p: p.stem)
def test_imports_stand_alone(path):
    "The documentation build executes every cell that holds an import: nothing else may stand there."
    for c in cells(path):
        if c['cell_type'] != 'code' or source(c).startswith('%'): continue
        body = ast.parse(source(c)).body
        kinds = {isinstance(n, (ast.Import, ast.ImportFrom)) for n in body}
        assert len(kinds) < 2, f'an import together with other code: {source(c)[:100]}'

def _exported(path):
    return '\n'.join(source(c) for c in cells(path) if c['cell_type'] == 'code' and re.search(r'^#\|\s*exports?\b', source(c), re.M))

def test_rooms_import_only_from_lower_numbers():
    number = {re.search(r'^#\|\s*default_exp\s+(\S+)', '\n'.join(map(source, cells(p))), re.M)[1]: p.stem for p in NOTEBOOKS}
    for path in NOTEBOOKS:
        for node in ast.walk(ast.parse(_exported(path))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or '').startswith('churn_nb'): continue
            names = [a.name for a in node.names] if node.module == 'churn_nb' else [node.module.split('.')[1]]
            for n in names: assert number.get(n, '') < path.stem, f'{path.stem} imports from {number[n]}'

def test_public_functions_are_documented():
    "Every public function and class has a docstring. (What it takes: tests/test_module.py.)"
    missing = []
    for path in NOTEBOOKS:
        for node in ast.parse(_exported(path)).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith('_') and not ast.get_docstring(node): missing.append(f'{path.stem}: {node.name}')
    assert not missing, missing

FORBIDDEN = {r'use_label_encoder': 'a deprecated option', r"filterwarnings\(\s*['\"]ignore['\"]\s*\)": 'silences every warning',
             r"simplefilter\(\s*['\"]ignore['\"]\s*\)": 'silences every warning', r"select_dtypes\([^)]*object": 'pandas 3 text is not object'}
@pytest.mark.parametrize('pattern', FORBIDDEN)
def test_textbook_mistakes_stay_out(pattern):
    found = [f'{p.stem}: {FORBIDDEN[pattern]}' for p in NOTEBOOKS if re.search(pattern, _exported(p))]
    assert not found, found
