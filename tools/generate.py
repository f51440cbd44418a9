"""Writes what is made from the notebooks besides the module: settings.ini (from nbs/00_core.ipynb), README.md (from
nbs/index.ipynb), the reference pages of the site and the type stubs (from the module), and the site's pages for changes and benchmarks (from
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
    text = re.sub(r'`((?!README)(?:examples/)?[A-Z]+\.(?:md|cff))`', r'[\1](\1)', text)    # files that the site does not have
    text = re.sub(r'^(# .*?)\n+> (.*)', r'\1\n\n\2', text)
    return '<!-- Made from nbs/index.ipynb by `make export`; edit the notebook. -->\n\n' + re.sub(r'\n{3,}', '\n\n', text).strip() + '\n'

def changelog() -> str:
    "CHANGELOG.md as a page of the site."
    text = (ROOT/'CHANGELOG.md').read_text(encoding='utf-8').split('\n', 1)[1]
    return '---\ntitle: "Changelog"\nsubtitle: "What changed, for those who use it."\n---\n\n<!-- Made from CHANGELOG.md by `make export`. -->\n' + text

GROUPS = dict(
    quick=('Starting', 'What is paid before anything is done.'),
    whole=('A whole run', 'The ten steps on the 5,000 built-in customers, against a plain scikit-learn script that does the same work without notebooks, record or report. All sides take turns in one session; a ratio below 1 means that churn_nb is faster. The plain script is not part of the project: point `--plain` at your own to repeat the comparison.'),
    predict=('Predicting', 'One customer, and files of any size. The raw booster is the library called on numbers that are ready in memory, the least anybody could pay.'),
    serve=('Serving', 'The HTTP API on one core, against an empty endpoint on the same server.'),
    log=('The prediction log', 'What it costs to keep every prediction, and to ask what became of them.'),
    drift=('Drift', 'Speed, and above all how often an alarm is false. Every column is checked in every round; a round with at least one alarm counts.'))

def benchmarks() -> str:
    "nbs/benchmarks.json as a page of the site."
    import json
    kept = json.loads((ROOT/'nbs/benchmarks.json').read_text(encoding='utf-8'))
    number = lambda x: '' if x is None else f'{x:,.0f}' if abs(x) >= 1000 else f'{x:.3g}'
    said = lambda r: '' if r.get('goal') is None else f'{"at least" if r["met"] == (r["value"] >= r["goal"]) else "at most"} {number(r["goal"])}'
    text = ['---\ntitle: "Benchmarks"\nsubtitle: "Every figure with the command that made it."\n---\n',
            '<!-- Made from nbs/benchmarks.json by `make export`; measure anew with `make bench ARGS="--site"`. -->\n',
            'Speed is measured, never guessed, and never asserted in a test: machines differ and are noisy. Where it can be, a figure is a ratio of two things measured in turns in the same session. A goal that is missed stays in the table.\n',
            '```sh\nmake bench                    # everything: writes bench.json\nmake bench ARGS="--site"      # and keeps the figures of this page\n```\n']
    for key, (title, words) in GROUPS.items():
        if key not in kept: continue
        part = kept[key]
        text.append(f'## {title}\n\n{words}\n\n| what | measured | goal | command |\n|:---|---:|---:|:---|')
        text += [f'| {r["name"]} | **{number(r["value"])}** {r["unit"]} | {said(r)}{"" if r.get("met", True) is not False else ", missed"} | `{r["command"]}` |' for r in part['rows']]
        text.append(f'\nMeasured on {part["date"]}: {part["machine"]}.\n')
    newest = max(kept.values(), key=lambda part: part['date'])
    text.append('## Versions\n\n' + ', '.join(f'{k} {v}' for k, v in newest['versions'].items()) + '.')
    return '\n'.join(text) + '\n'

def pages() -> dict[str, str]:
    "Every file that is made, with its text."
    from churn_nb.docs import reference, rooms
    from stubs import stub
    made = {f'nbs/reference/{name}': text for name, text in reference(ROOT/'nbs').items()}
    made |= {f'churn_nb/{room}.pyi': stub(ROOT/f'churn_nb/{room}.py') for room in rooms(ROOT/'nbs')}
    return {'settings.ini': settings_ini(), 'README.md': readme(), 'nbs/changelog.qmd': changelog(), 'nbs/benchmarks.qmd': benchmarks(), **made}

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
