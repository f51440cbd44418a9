"""What `make lab` gives to JupyterLab: notebooks open clean, and are saved as `nbdev-clean` would leave them, so that git sees edits and nothing else.

It is read with --config, so nothing is installed in your home, and your own theme and shortcuts stay.
"""
import json, re, sys, warnings
from pathlib import Path
from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from nbdev.clean import clean_nb
from nbdev.config import get_config as nbdev_config

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT/'tools'))
from shrink import shrink_notebook

IN_FILE = dict(kernelspec=dict(display_name='python3', language='python', name='python3'))
KERNEL = json.loads((ROOT/'tools/jupyter/kernels/python3/kernel.json').read_text())   # it shows figures that no pyplot knows, sharp, as nbdev-test stores them
IN_LAB = dict(kernelspec=dict(display_name=KERNEL['display_name'], language='python', name='python3'), language_info=dict(IPythonKernel.language_info))

def joined(v): return ''.join(v) if isinstance(v, list) else v

def shown(output) -> tuple:
    "What a reader sees of an output: where there is HTML, the text beside it is not shown, and the random id of a styled table is nothing to see."
    data = {k: joined(v) for k, v in output.get('data', {}).items()}
    if 'text/html' in data: data = {k: re.sub(r'\bT_[0-9a-f]{5}', 'T_', v) if k == 'text/html' else v for k, v in data.items() if k != 'text/plain'}
    return output['output_type'], output.get('name'), joined(output.get('text')), data

def keep_what_looks_the_same(nb, path) -> None:
    "An output that looks as the one in the file stays the one in the file."
    before = {c.get('id'): c.get('outputs', []) for c in json.loads(path.read_text(encoding='utf-8'))['cells']} if path.exists() else {}
    for cell in nb['cells']:
        old, new = before.get(cell['id'], []), cell.get('outputs', [])
        if len(old) == len(new): new[:] = [{**o, 'data': {k: joined(v) for k, v in o['data'].items()}} if 'data' in o and shown(o) == shown(n) else n for o, n in zip(old, new)]

def clean_before_save(model, path, contents_manager, **kwargs):
    "Take out what changes at every run: counts, timings, folded cells, the state of widgets, the name of your kernel, random ids. Tags and outputs stay."
    if model['type'] != 'notebook' or model['content'].get('nbformat') != 4: return
    nb, cfg = model['content'], nbdev_config(path=ROOT)
    # `trusted` never reaches the file: Jupyter takes it out when it signs the notebook as yours.
    clean_nb(nb, clear_all=cfg.clear_all, clean_ids=cfg.clean_ids, allowed_metadata_keys=cfg.get('allowed_metadata_keys') or [],
        allowed_cell_metadata_keys=[*(cfg.get('allowed_cell_metadata_keys') or []), 'trusted'], allowed_out_metadata_keys=cfg.get('allowed_out_metadata_keys') or [])
    nb['metadata'].pop('widgets', None)
    nb['metadata'].update(IN_FILE)
    shrink_notebook(nb)
    keep_what_looks_the_same(nb, Path(contents_manager.root_dir)/path.strip('/'))

class Notebooks(AsyncLargeFileManager):
    "Notebooks open with what JupyterLab would write into them when their kernel starts; else every tab is marked as changed before anybody has touched it."
    async def get(self, *args, **kwargs):
        model = await super().get(*args, **kwargs)
        if model['type'] == 'notebook' and model.get('content'): model['content']['metadata'].update(IN_LAB)
        return model

warnings.filterwarnings('ignore', 'Overriding existing pre_save_hook')   # Jupyter reads this file twice
c = get_config()  # noqa: F821
c.ServerApp.contents_manager_class = Notebooks
c.ContentsManager.pre_save_hook = clean_before_save
c.NotebookNotary.data_dir = str(Path(sys.prefix)/'share/jupyter')   # who signed what: in .venv, not in your home
c.KernelSpecManager.allowed_kernelspecs = {'python3'}
c.LabApp.app_settings_dir = str(ROOT/'tools/jupyter/settings')
c.LabApp.check_for_updates_class = 'jupyterlab.NeverCheckForUpdate'
c.LabApp.news_url = None
c.LabApp.extension_manager = 'readonly'   # the versions are those of requirements.lock
c.LanguageServerManager.autodetect = False
