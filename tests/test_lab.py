"""The notebooks in JupyterLab: `make lab` starts it, every notebook runs through the server's own interface, and what is saved leaves nothing for git to see."""
import base64, copy, io, json, os, select, shutil, signal, socket, subprocess, sys, time, urllib.error, urllib.request, uuid, warnings
from pathlib import Path
import pytest
from conftest import ROOT

import nbformat, websocket
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbdev.clean import nbdev_clean
from nbdev.config import get_config
from nbdev.test import nb_test_cells

NOTEBOOKS = sorted(p.relative_to(ROOT/'nbs').as_posix() for p in (ROOT/'nbs').rglob('*.ipynb') if not any(part[0] in '._' for part in p.relative_to(ROOT/'nbs').parts))
START = 'start.ipynb'
CELL = 300   # seconds that one cell may take

# ---- a copy of the project, somebody's home, and the lab in it
def run(*command, cwd, ok=True, **env):
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, env={**os.environ, **env})
    assert done.returncode == 0 or not ok, f'{command}: {done.stdout}{done.stderr}'
    return done.stdout

def git(*args, cwd, ok=True): return run('git', '-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false', *args, cwd=cwd, ok=ok)

def copied(folder: Path) -> Path:
    "The tracked files and the new ones as a git checkout of their own, with this environment as its .venv."
    for name in filter(None, run('git', 'ls-files', '-co', '--exclude-standard', cwd=ROOT).split('\n')):
        src, dst = ROOT/name, folder/name
        if not src.exists() and not src.is_symlink(): continue
        dst.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(src, dst, follow_symlinks=False)
    (folder/'.venv').symlink_to(sys.prefix)
    git('init', '-q', '-b', 'main', cwd=folder)
    (folder/'.git/info').mkdir(exist_ok=True)
    (folder/'.git/info/exclude').write_text('/.venv\n')   # .gitignore means a folder, and here it is a link
    git('add', '-A', cwd=folder)
    git('commit', '-q', '-m', 'as it is', cwd=folder)
    return folder

def somebodys(home: Path) -> Path:
    "A home with a kernel called python3 that does not start, and a configuration whose hook spoils what is saved."
    kernel = home/'.local/share/jupyter/kernels/python3/kernel.json'
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps(dict(argv=[str(home/'no-such-python'), '{connection_file}'], display_name='Not ours', language='python')))
    (home/'.jupyter').mkdir()
    (home/'.jupyter/jupyter_server_config.py').write_text("def spoil(model, **kwargs):\n    if model['type'] == 'notebook': model['content']['cells'] = []\nc.ContentsManager.pre_save_hook = spoil\n")
    return home

def free_port() -> int:
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); return s.getsockname()[1]

class Lab:
    "`make lab` in a copy of the project, and what a browser would ask of it."
    def __init__(self, folder: Path):
        import matplotlib
        self.root, self.home = copied(folder/'churn_nb'), somebodys(folder/'home')
        self.port, self.token, self.log = free_port(), uuid.uuid4().hex, folder/'lab.log'
        self.url = f'http://127.0.0.1:{self.port}'
        env = {k: v for k, v in os.environ.items() if not k.startswith(('JUPYTER', 'MAKE', 'PYTEST_XDIST'))} | dict(HOME=str(self.home), JUPYTER_TOKEN=self.token, IN_TEST='1', PYTHONPATH=str(self.root),
            MPLCONFIGDIR=matplotlib.get_cachedir(), JUPYTER_PATH=str(self.home/'.local/share/jupyter'))
        arguments = f'--no-browser --port {self.port} --ServerApp.port_retries=0 --ServerApp.allow_root=True --LabApp.expose_app_in_browser=True'
        with self.log.open('w') as log: self.process = subprocess.Popen(['make', '-o', '.venv/.ready', 'lab', f'ARGS={arguments}'], cwd=self.root, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.wait()

    def wait(self, seconds=120):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, f'make lab ended:\n{self.log.read_text()}'
            try: return self.ask('api/status')
            except OSError: time.sleep(.2)
        raise AssertionError(f'JupyterLab does not answer after {seconds} s:\n{self.log.read_text()}')

    def ask(self, path: str, method='GET', body=None, raw=False):
        request = urllib.request.Request(f'{self.url}/{path}', method=method, data=None if body is None else json.dumps(body).encode(), headers={'Authorization': f'token {self.token}', 'Content-Type': 'application/json'})
        with urllib.request.urlopen(request, timeout=60) as answer: data = answer.read()
        return data if raw else json.loads(data) if data else None

    def open(self, name: str) -> dict: return self.ask(f'api/contents/{name}?type=notebook&content=1')['content']
    def save(self, name: str, nb: dict): return self.ask(f'api/contents/{name}', 'PUT', dict(type='notebook', format='json', content=nb))
    def file(self, name: str) -> bytes: return (self.root/'nbs'/name).read_bytes()
    def status(self) -> str: return git('status', '--porcelain', cwd=self.root)

    def stop(self):
        try: self.ask('api/shutdown', 'POST')
        except OSError: pass
        try: self.process.wait(20)
        except subprocess.TimeoutExpired: os.killpg(self.process.pid, signal.SIGKILL); self.process.wait()

class Kernel:
    "The kernel of one open notebook, spoken to over its websocket."
    def __init__(self, lab: Lab, name: str, seconds: float = CELL):
        self.lab, self.session, self.name, self.seconds = lab, Session(), name, seconds
        self.opened = lab.ask('api/sessions', 'POST', dict(path=name, name=name, type='notebook', kernel=dict(name='python3')))
        self.socket = websocket.create_connection(f'ws://127.0.0.1:{lab.port}/api/kernels/{self.opened["kernel"]["id"]}/channels?session_id={self.session.session}', timeout=60, header=[f'Authorization: token {lab.token}'])
    def __enter__(self): return self
    def __exit__(self, error, *_):
        self.socket.close()
        try: self.lab.ask(f'api/sessions/{self.opened["id"]}', 'DELETE')
        except OSError:   # a kernel that has died is being started again
            if not error: raise

    def received(self, end: float) -> dict:
        "The next message. The server's pings keep the socket alive, so that its own timeout never comes: a silent kernel would be waited for without end."
        while select.select([self.socket.sock], [], [], max(0, end - time.monotonic()))[0]:
            code, frame = self.socket.recv_data_frame(control_frame=True)
            if code == websocket.ABNF.OPCODE_CLOSE: raise ConnectionError('the server has closed the connection to the kernel')
            if code != websocket.ABNF.OPCODE_TEXT: continue
            m = json.loads(frame.data)
            if m['msg_type'] == 'status' and m['content']['execution_state'] in ('restarting', 'dead'): raise ConnectionError('the kernel has died')
            return m
        raise TimeoutError(f'no answer after {self.seconds} s')

    def request(self, kind: str, content: dict):
        "What comes back for one message: the reply, and the outputs. A cell that takes too long is interrupted, so that its traceback says where it stood."
        message = {**self.session.msg(kind, content), 'channel': 'shell', 'buffers': []}
        self.socket.send(json.dumps(message, default=json_default))
        reply, outputs, idle, end, late = None, [], False, time.monotonic() + self.seconds, False
        while reply is None or not idle:
            try: m = self.received(end)
            except TimeoutError:
                if late: raise
                late, end = True, time.monotonic() + 30
                self.lab.ask(f'api/kernels/{self.opened["kernel"]["id"]}/interrupt', 'POST')
                continue
            if m['parent_header'].get('msg_id') != message['header']['msg_id']: continue
            if m['channel'] == 'shell': reply = m['content']
            elif m['msg_type'] == 'status': idle = m['content']['execution_state'] == 'idle'
            elif m['msg_type'] == 'clear_output': outputs = []
            elif m['msg_type'] in ('stream', 'display_data', 'execute_result', 'error'): outputs.append(json.loads(json.dumps(nbformat.v4.output_from_msg(m))))
        if late: raise TimeoutError('\n'.join([f'interrupted after {self.seconds} s:', *reply.get('traceback', [])]))
        return reply, joined(outputs)

    def run(self, code: str): return self.request('execute_request', dict(code=code, silent=False, store_history=True, user_expressions={}, allow_stdin=False, stop_on_error=True))

def joined(outputs: list) -> list:
    "Neighbours of one stream as one output, as JupyterLab keeps them."
    out = []
    for o in outputs:
        if out and o['output_type'] == 'stream' == out[-1]['output_type'] and o['name'] == out[-1]['name']: out[-1]['text'] += o['text']
        else: out.append(o)
    return out

def to_run(path: Path) -> set:
    "The ids of the cells that nbdev-test would run: not the slow ones, not those with `#| eval: false`."
    flags = get_config(path=path).tst_flags
    return {c['id'] for c in nb_test_cells(path, flags.split() if isinstance(flags, str) else flags)}

class Silent(AssertionError):
    "A kernel that never answered or has died."

def executed(lab: Lab, name: str, seconds: float = CELL) -> tuple[dict, dict]:
    "The notebook with fresh outputs, and what the kernel says of its language; an assertion with the traceback if a cell fails."
    nb, chosen = lab.open(name), to_run(lab.root/'nbs'/name)
    with Kernel(lab, name, seconds) as kernel:
        language = kernel.request('kernel_info_request', {})[0]['language_info']
        for i, cell in enumerate(nb['cells']):
            if cell['cell_type'] != 'code' or cell['id'] not in chosen: continue
            where = f'nbs/{name}, cell {i} (id {cell["id"]}):\n\n{cell["source"]}\n\n'
            try: reply, cell['outputs'] = kernel.run(cell['source'])
            except (TimeoutError, OSError, websocket.WebSocketException) as e: raise Silent(f'{where}{type(e).__name__}: {e}') from None
            cell['execution_count'] = reply.get('execution_count')
            if reply['status'] != 'ok': pytest.fail(where + '\n'.join(reply.get('traceback', [str(reply)])), pytrace=False)
    return nb, language

def noisy(nb: dict, language: dict) -> dict:
    "The same notebook as a browser sends it after a day's work: counts, timings, folded cells, widgets, another kernel."
    nb = copy.deepcopy(nb)
    nb['metadata'] |= dict(language_info=language, kernelspec=dict(display_name='Python 3 (ipykernel)', language='python', name='conda-env-churn-py'), toc={}, widgets={'application/vnd.jupyter.widget-state+json': dict(state={}, version_major=2, version_minor=0)})
    for i, cell in enumerate(nb['cells']):
        cell['metadata'] |= dict(trusted=True, scrolled=True, editable=True, slideshow={}, execution={'iopub.status.busy': f'2026-01-01T00:00:{i % 60:02}Z'})
        if cell['cell_type'] != 'code': continue
        cell['metadata'] |= dict(collapsed=True, jupyter=dict(outputs_hidden=True))
        cell['execution_count'] = i + 1
        for o in cell['outputs']:
            if o['output_type'] == 'execute_result': o['execution_count'] = i + 1
            if 'metadata' in o: o['metadata'] |= {'needs_background': 'light'}
    return nb

def essence(nb: dict) -> list: return [(c['id'], c['cell_type'], c['source'], c['metadata'].get('tags')) for c in nb['cells']]

@pytest.fixture(scope='session')
def lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp('lab'))
    yield lab
    lab.stop()

# ---- every notebook
@pytest.mark.parametrize('name', NOTEBOOKS)
def test_notebook_runs_and_saves_without_noise(lab, name):
    before = lab.file(name)
    stored = lab.open(name)
    try: fresh, language = executed(lab, name)
    except Silent as e:   # seen once, and not found again in hundreds of notebooks: it is told, and tried again
        warnings.warn(f'tried again: {e}')
        fresh, language = executed(lab, name)
    lab.save(name, fresh)
    saved = lab.open(name)
    assert essence(saved) == essence(stored), 'saved after a run: a cell, a tag or an id has changed'
    print(f'{name}: {sum(bool(c.get("execution_count")) for c in fresh["cells"])} cells ran; the fresh outputs are {"the stored ones" if lab.file(name) == before else "not the stored ones to the byte"}')
    for nb in (stored, noisy(stored, language)):
        lab.save(name, nb)
        assert lab.file(name) == before, f'nbs/{name}: saved with the outputs it had, and the file differs'
    assert lab.status() == '', 'git sees changes'

# ---- the lab itself
def tiny(*sources) -> dict:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources], metadata=dict(kernelspec=dict(display_name='python3', language='python', name='python3')))
    return json.loads(json.dumps(nb))

@pytest.fixture
def scratch(lab):
    yield 'scratch.ipynb'
    (lab.root/'nbs/scratch.ipynb').unlink(missing_ok=True)

def test_a_broken_cell_is_found(lab, scratch):
    lab.save(scratch, tiny('x = 1', '#| slow\n1/0', '#| notest\n1/0', '#| eval: false\n1/0', 'y = x', 'assert y == 2, "y is not two"'))
    with pytest.raises(pytest.fail.Exception, match=r'scratch\.ipynb, cell 5[\s\S]*y is not two'): executed(lab, scratch)

@pytest.mark.parametrize('code, said', [('import time\nfor _ in range(600): time.sleep(.1)', r'interrupted after 2 s[\s\S]*KeyboardInterrupt'), ('import os, signal; os.kill(os.getpid(), signal.SIGKILL)', 'the kernel has died')], ids=['hangs', 'dies'])
def test_a_cell_that_never_answers_is_found(lab, scratch, code, said):
    lab.save(scratch, tiny('x = 1', code))
    with pytest.raises(Silent, match=rf'scratch\.ipynb, cell 1[\s\S]*{said}'): executed(lab, scratch, seconds=2)

def test_saved_as_nbdev_clean_leaves_it(lab, scratch, tmp_path):
    nb = tiny('import matplotlib.pyplot as plt', 'object()', 'print("a"); print("b")', 'plt.plot([1, 2]); plt.show()', '')
    nb['cells'][1]['metadata']['tags'] = ['parameters']
    path = lab.root/'nbs'/scratch
    path.write_text(json.dumps(nb))
    fresh, language = executed(lab, scratch)
    assert [len(c['outputs']) for c in fresh['cells']] == [0, 1, 1, 1, 0]
    lab.save(scratch, noisy(fresh, language))
    saved = path.read_bytes()
    nbdev_clean.__wrapped__(str(path))
    assert path.read_bytes() == saved, 'nbdev-clean finds something left to clean'
    text, cells = saved.decode(), json.loads(saved)['cells']
    assert cells[1]['metadata'] == {'tags': ['parameters']} and cells[2]['outputs'][0]['text'] == ['a\n', 'b\n']
    assert not [w for w in (' at 0x', 'widget', 'conda', 'language_info', 'scrolled', 'trusted', 'iopub', 'needs_background') if w in text]
    assert {c['execution_count'] for c in cells} == {None}
    from PIL import Image
    assert Image.open(io.BytesIO(base64.b64decode(cells[3]['outputs'][0]['data']['image/png']))).mode == 'P', 'a picture is stored with its palette, as make refresh does'

def test_run_again_is_saved_as_it_was(lab, scratch):
    "A styled table has another id at every run, and an object another address."
    lab.save(scratch, tiny('import pandas as pd', "table = pd.DataFrame({'a': [1, 2]}); table.style.bar()", 'table', 'object()', 'n = 1', 'n'))
    files = []
    for n in (1, 1, 2):
        nb = lab.open(scratch)
        nb['cells'][4]['source'] = f'n = {n}'
        lab.save(scratch, nb)
        lab.save(scratch, executed(lab, scratch)[0])
        files.append(lab.file(scratch))
    assert files[0] == files[1] and b'T_' in files[0]
    assert json.loads(files[2])['cells'][5]['outputs'][0]['data']['text/plain'] == ['2'], 'another output is kept'

def test_what_was_saved_stays_trusted(lab):
    trusted = lambda: [c['metadata'].get('trusted') for c in lab.open(START)['cells'] if c['cell_type'] == 'code']
    assert all(trusted()), 'the start page opens without its coloured tables: nobody trusts it'
    nb = lab.open(START)
    nb['cells'][-1]['source'] += ' '
    try: lab.save(START, nb); assert all(trusted())
    finally: git('checkout', '-q', f'nbs/{START}', cwd=lab.root)

def test_lab_page_and_kernel(lab):
    assert b'jupyter-config-data' in lab.ask('lab', raw=True)
    assert f'/lab/tree/{START}' in lab.log.read_text()
    specs = lab.ask('api/kernelspecs')
    assert specs['default'] == 'python3' and [*specs['kernelspecs']] == ['python3'] and specs['kernelspecs']['python3']['spec']['display_name'] == 'Python 3 (churn_nb)'
    with Kernel(lab, START) as kernel: out = kernel.run('import sys, os, churn_nb; print(sys.prefix, os.getcwd(), churn_nb.__file__, sep="\\n")')[1][0]['text'].split()
    assert os.path.realpath(out[0]) == os.path.realpath(sys.prefix) and Path(out[1]) == lab.root/'nbs' and Path(out[2]).parent == lab.root/'churn_nb'

def test_figures_are_shown(lab):
    "A figure that no pyplot knows: IPython shows it only where the kernel was told so."
    code = 'from matplotlib.figure import Figure\nfig = Figure(figsize=(3, 2)); fig.subplots()\nfig'
    with Kernel(lab, START) as kernel: outputs = kernel.run(code)[1]
    from PIL import Image
    assert Image.open(io.BytesIO(base64.b64decode(outputs[0]['data']['image/png']))).width > 500, 'twice 100 dots to the inch'

def test_strangers_are_kept_out(lab):
    request = urllib.request.Request(f'{lab.url}/api/contents')
    with pytest.raises(urllib.error.HTTPError) as e: urllib.request.urlopen(request, timeout=20)
    assert e.value.code == 403
    assert '127.0.0.1' in lab.log.read_text() and '0.0.0.0' not in lab.log.read_text()

def test_nothing_is_installed_at_home(lab):
    config = sorted(p.relative_to(lab.home).as_posix() for p in (lab.home/'.jupyter').rglob('*') if p.is_file() and 'lab' not in p.parts)
    assert config == ['.jupyter/jupyter_server_config.py'] and 'spoil' in (lab.home/'.jupyter/jupyter_server_config.py').read_text()
    assert not (lab.home/'.gitconfig').exists() and not list(lab.home.rglob('nbsignatures.db'))

# ---- git
def test_hooks_are_installed_once_and_only_here(lab):
    prepare = [sys.executable, 'tools/jupyter/prepare.py']
    config = (lab.root/'.git/config').read_text()
    assert 'nbdev-merge' in config and os.access(lab.root/'.git/hooks/post-merge', os.X_OK)
    assert run(*prepare, cwd=lab.root) == '' and (lab.root/'.git/config').read_text() == config
    assert lab.status() == ''

def test_without_git_nothing_is_said(tmp_path):
    for name in ('tools/jupyter/prepare.py', f'nbs/{START}'):
        (tmp_path/name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT/name, tmp_path/name)
    assert run(sys.executable, 'tools/jupyter/prepare.py', cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent)) == ''
    assert not (tmp_path/'.git').exists()

@pytest.fixture
def two_branches(tmp_path):
    "A checkout that knows the drivers, and a function that makes two branches, each with its own edit of one small notebook, and merges them."
    for name in ('.gitattributes', 'tools/jupyter/prepare.py'):
        (tmp_path/name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT/name, tmp_path/name)
    (tmp_path/'.venv').symlink_to(sys.prefix)
    path = tmp_path/'nbs/a.ipynb'
    path.parent.mkdir()
    def write(nb): path.write_text(nbformat.writes(nbformat.from_dict(nb))+'\n')
    def merge(ours, theirs):
        nb = tiny('x = 1', 'print(x)', 'y = 2')
        nb['cells'][1]['outputs'] = [dict(output_type='stream', name='stdout', text='1\n')]
        git('init', '-q', '-b', 'main', cwd=tmp_path)
        (tmp_path/'.git/info').mkdir(exist_ok=True)
        (tmp_path/'.git/info/exclude').write_text('/.venv\n')
        write(nb)
        git('add', '-A', cwd=tmp_path); git('commit', '-q', '-m', 'base', cwd=tmp_path)
        run(sys.executable, 'tools/jupyter/prepare.py', cwd=tmp_path)
        for branch, edit in (('theirs', theirs), ('main', ours)):
            git('checkout', '-q', *(['-b'] if branch == 'theirs' else []), branch, cwd=tmp_path)
            changed = copy.deepcopy(nb); edit(changed['cells']); write(changed)
            git('commit', '-q', '-am', branch, cwd=tmp_path)
        git('merge', '-q', '--no-edit', 'theirs', cwd=tmp_path, ok=False)
        return path, git('status', '--porcelain', cwd=tmp_path)
    return merge

def outputs(text):
    def edit(cells): cells[1]['outputs'][0]['text'] = text
    return edit

def test_other_outputs_are_no_conflict(two_branches):
    path, status = two_branches(outputs('one\n'), outputs('eins\n'))
    nb = nbformat.read(path, as_version=4)
    nbformat.validate(nb)
    assert [c.source for c in nb.cells] == ['x = 1', 'print(x)', 'y = 2'] and nb.cells[1].outputs[0].text == 'one\n'
    assert status == '', 'merged, and nothing is left to do'

def test_other_code_is_a_conflict_that_opens(two_branches):
    def ours(cells): cells[2]['source'] = 'y = 3'
    def theirs(cells): cells[2]['source'] = 'y = 4'
    path, status = two_branches(ours, theirs)
    nb = nbformat.read(path, as_version=4)
    sources = [c.source for c in nb.cells]
    assert sources[:2] == ['x = 1', 'print(x)'] and {'y = 3', 'y = 4'} < {*sources} and any('<<<<<<<' in s for s in sources)
    assert status.startswith('UU'), 'git says that it is to be looked at'

def test_diff_shows_cells(lab):
    nb = lab.open(START)
    nb['cells'][-1]['source'] += '\n\nAnother sentence.'
    try:
        lab.save(START, nb)
        shown = git('diff', cwd=lab.root)
        assert '+Another sentence.' in shown and '"cell_type"' not in shown
    finally: git('checkout', '-q', f'nbs/{START}', cwd=lab.root)

# ---- in a browser
WIDGET = 'window.jupyterapp?.shell?.currentWidget'
CODE = f"[...{WIDGET}.content.model.cells].filter(m => m.type === 'code')"

def test_start_page_in_a_browser(lab):
    playwright = pytest.importorskip('playwright.sync_api', reason='playwright is not installed')
    chromium = next((p for p in map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome')) if p), None)
    with playwright.sync_playwright() as p:
        try: browser = p.chromium.launch(executable_path=chromium, args=['--no-sandbox'])
        except playwright.Error as e: pytest.skip(f'no browser: {str(e)[:200]}')
        try:
            page = browser.new_page(viewport=dict(width=1280, height=900))
            outside = []
            page.on('request', lambda r: outside.append(r.url) if not r.url.startswith((lab.url, lab.url.replace('http', 'ws'), 'data:', 'blob:')) else None)
            page.goto(f'{lab.url}/lab/tree/{START}?token={lab.token}')
            page.wait_for_function(f"() => {{ const w = {WIDGET}; return w?.context?.isReady && w.context.sessionContext.session?.kernel?.status === 'idle' }}", timeout=120_000)
            page.get_by_role('heading', name='Start here').first.wait_for()
            page.wait_for_timeout(1500)   # a kernel's description arrives after it is idle
            assert page.locator('.jp-Dialog').count() == 0, 'a question before the first page'
            assert page.evaluate(f'{WIDGET}.context.model.dirty') is False, 'marked as changed before anybody has touched it'
            page.get_by_role('menuitem', name='Run', exact=True).click()
            page.get_by_text('Run All Cells', exact=True).click()
            page.wait_for_function(f"() => {CODE}.every(m => m.executionCount > 0 && m.executionState !== 'running')", timeout=300_000)
            wrong = page.evaluate(f"() => {CODE}.flatMap(m => m.outputs.toJSON()).filter(o => o.output_type === 'error' || (o.text ?? '').includes('Traceback'))")
            assert not wrong, f'a cell of the start page fails: {wrong}'
            shown = page.evaluate(f"() => {CODE}.flatMap(m => m.outputs.toJSON()).flatMap(o => Object.keys(o.data ?? {{}}))")
            assert shown.count('text/html') >= 4 and shown.count('image/png') == 1
            assert page.locator('.jp-OutputArea-output table').first.is_visible()
            page.keyboard.press('Control+s')
            page.wait_for_function(f"() => {WIDGET}.context.model.dirty === false", timeout=60_000)
            assert page.locator('.jp-Dialog').count() == 0, 'a question after saving'
        finally: browser.close()
    assert not outside, f'the page asks other hosts: {outside}'
    assert lab.status() == '', 'the start page was run and saved, and git sees a change'
