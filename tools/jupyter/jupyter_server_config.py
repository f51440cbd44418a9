"""What `make lab` gives to JupyterLab: a notebook is saved as `nbdev-clean` would leave it, so that git sees edits and nothing else.

It is read with --config, so nothing is installed in your home, and your own theme and shortcuts stay. `c` comes from Jupyter.
"""
import sys, warnings
from pathlib import Path
from nbdev.clean import clean_nb
from nbdev.config import get_config

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT/'tools'))
from shrink import shrink_notebook

KERNEL = dict(display_name='python3', language='python', name='python3')

def clean_before_save(model, **kwargs):
    "The notebook without what changes at every run: counts, timings, folded cells, the state of widgets, the name of your kernel. Tags and outputs stay."
    if model['type'] != 'notebook' or model['content'].get('nbformat') != 4: return
    nb, cfg = model['content'], get_config(path=ROOT)
    # `trusted` never reaches the file: Jupyter takes it out after signing the notebook as yours.
    clean_nb(nb, clear_all=cfg.clear_all, allowed_metadata_keys=cfg.get('allowed_metadata_keys') or [], clean_ids=cfg.clean_ids,
        allowed_cell_metadata_keys=[*(cfg.get('allowed_cell_metadata_keys') or []), 'trusted'], allowed_out_metadata_keys=cfg.get('allowed_out_metadata_keys') or [])
    nb['metadata'].pop('widgets', None)
    nb['metadata']['kernelspec'] = dict(KERNEL)
    shrink_notebook(nb)

warnings.filterwarnings('ignore', 'Overriding existing pre_save_hook')   # Jupyter reads this file twice
c.ContentsManager.pre_save_hook = clean_before_save
c.NotebookNotary.data_dir = str(Path(sys.prefix)/'share/jupyter')   # who signed what: in .venv, not in your home
c.KernelSpecManager.allowed_kernelspecs = {'python3'}
c.LabApp.app_settings_dir = str(ROOT/'tools/jupyter/settings')
c.LabApp.check_for_updates_class = 'jupyterlab.NeverCheckForUpdate'
c.LabApp.news_url = None
c.LabApp.extension_manager = 'readonly'   # the versions are those of requirements.lock
c.LanguageServerManager.autodetect = False
