"""Writes what is made from the notebooks besides the module: settings.ini (from nbs/00_core.ipynb), README.md (from
nbs/index.ipynb), the reference pages of the site (from the module), and its pages for changes and benchmarks (from
CHANGELOG.md and nbs/benchmarks.json). Usage: python tools/generate.py [--check], where --check only says what is out of date."""
import re, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

def settings_ini() -> str:
    "The settings with their defaults, commented."
    from churn_nb.core import load_settings
    return load_settings().to_ini()

def readme(index: Path = ROOT/'nbs/index.ipynb') -> str:
    "index.ipynb as Markdown, without its front matter and hidden cells; links are made relative to the top level."
    import nbformat
    from nbconvert import MarkdownExporter
    nb = nbformat.read(index, as_version=4)
    nb.cells = [c for c in nb.cells if not re.search(r'^#\|\s*hide\b', c.source, re.M) and c.cell_type != 'raw']
    for c in nb.cells:
        if c.cell_type == 'code': c.source = re.sub(r'^#\|.*\n', '', c.source, flags=re.M)
    text, _ = MarkdownExporter().from_notebook_node(nb)
    text = re.sub(r'\]\((?!\w+:|#|/)([^)]+)\)', lambda m: f']({"nbs/" + m[1] if (ROOT/"nbs"/m[1].split("#")[0]).exists() else m[1]})', text)
    text = re.sub(r'^(# .*?)\n+> (.*)', r'\1\n\n\2', text)
    return '<!-- Made from nbs/index.ipynb by `make export`; edit the notebook. -->\n\n' + re.sub(r'\n{3,}', '\n\n', text).strip() + '\n'

def changelog() -> str:
    "CHANGELOG.md as a page of the site."
    text = (ROOT/'CHANGELOG.md').read_text(encoding='utf-8').split('\n', 1)[1]
    return '---\ntitle: "Changelog"\nsubtitle: "What changed, for those who use it."\n---\n\n<!-- Made from CHANGELOG.md by `make export`. -->\n' + text

def pages() -> dict[str, str]:
    "Every file that is made, with its text."
    from churn_nb.docs import reference
    made = {f'nbs/reference/{name}': text for name, text in reference(ROOT/'nbs').items()}
    return {'settings.ini': settings_ini(), 'README.md': readme(), 'nbs/changelog.qmd': changelog(), **made}

def main() -> int:
    stale, made = [], pages()
    for old in (ROOT/'nbs/reference').glob('*'):
        if f'nbs/reference/{old.name}' in made: continue
        stale.append(f'nbs/reference/{old.name}, which no room has any more')
        if '--check' not in sys.argv: old.unlink()
    for name, text in made.items():
        path = ROOT/name
        if path.exists() and path.read_text(encoding='utf-8') == text: continue
        stale.append(name)
        if '--check' in sys.argv: continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
    if stale: print(('Out of date: ' if '--check' in sys.argv else 'Written: ') + ', '.join(stale))
    return int(bool(stale) and '--check' in sys.argv)

if __name__ == '__main__': sys.exit(main())
