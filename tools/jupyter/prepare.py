"""What `make lab` does before JupyterLab opens: git learns to merge and to compare notebooks, and the notebooks of this checkout are trusted, so that their tables show in colour.

Everything is written into this repository's own .git and .venv; outside a git checkout only the second happens.
"""
import subprocess, sys
from pathlib import Path
import nbformat
from nbformat.sign import NotebookNotary

ROOT = Path(__file__).resolve().parents[2]
# .gitattributes names the drivers, these lines say what they are. Without .venv git does what it would do without them.
DRIVERS = {
    'merge.jupyternotebook.name': 'notebooks cell by cell (nbdev-merge)',
    'merge.jupyternotebook.driver': 'if [ -x .venv/bin/nbdev-merge ]; then .venv/bin/nbdev-merge %O %A %B %P; else git merge-file %A %O %B; fi',
    'diff.jupyternotebook.command': 'PATH="$PWD/.venv/bin:$PATH" nbdev-diff-driver',
}
HOOK = '#!/bin/sh\n# Written by `make lab`: what a pull brought is trusted as the rest of the checkout is.\n[ -x .venv/bin/python ] && .venv/bin/python tools/jupyter/prepare.py || true\n'

def git(*args) -> str | None:
    "What git answers, or None where it does not."
    try: done = subprocess.run(['git', *args], cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError: return None
    return done.stdout.strip() if done.returncode == 0 else None

def install() -> None:
    "The drivers into .git/config and the hook into .git/hooks, where they are not yet; a hook of your own stays."
    if git('rev-parse', '--show-prefix') != '': return   # no checkout, or only a folder inside another one's
    for key, value in DRIVERS.items():
        if git('config', '--local', key) != value: git('config', '--local', key, value)
    hook = ROOT/git('rev-parse', '--git-path', 'hooks/post-merge')
    if not hook.exists() and ROOT in hook.resolve().parents:
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK)
        hook.chmod(0o755)

def trust() -> None:
    "Sign the notebooks, in .venv."
    data = Path(sys.prefix)/'share/jupyter'
    notary = NotebookNotary(data_dir=str(data))
    for path in sorted((ROOT/'nbs').rglob('*.ipynb')):
        if '.ipynb_checkpoints' in path.parts: continue
        try: nb = nbformat.read(path, as_version=4)
        except Exception as e: print(f'{path.relative_to(ROOT)} is not a notebook that opens: {e}', file=sys.stderr); continue
        if not notary.check_signature(nb): notary.sign(nb)

if __name__ == '__main__': install(); trust()
