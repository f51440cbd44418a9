"""The documentation site. Everything short of rendering is checked anywhere: pages and their titles, the sidebar, links and anchors,
pictures and their alternative texts, outputs, the reference. Where quarto is on PATH the site is rendered and opened in a browser."""
import functools, http.server, importlib, inspect, json, os, re, shutil, subprocess, sys, tempfile, threading
from pathlib import Path
import pytest, yaml
from conftest import ROOT
from churn_nb import docs

NBS = ROOT/'nbs'
PAGES = sorted(p for p in [*NBS.rglob('*.ipynb'), *NBS.rglob('*.qmd')] if not any(part[0] in '._' for part in p.relative_to(NBS).parts))
NOTEBOOKS = [p for p in PAGES if p.suffix == '.ipynb']
ids = lambda p: p.relative_to(NBS).as_posix()
CONFIG = yaml.safe_load((ROOT/'_quarto.yml').read_text(encoding='utf-8'))
LINK = re.compile(r'(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+(?:\([^()]*\))?)(?:\s+"[^"]*")?\)')

def cells(path): return json.loads(path.read_text(encoding='utf-8'))['cells']
def source(cell): return ''.join(cell['source'])

@functools.lru_cache(None)
def prose(path):
    "The Markdown of a page, without code."
    text = path.read_text(encoding='utf-8') if path.suffix == '.qmd' else '\n\n'.join(source(c) for c in cells(path) if c['cell_type'] == 'markdown')
    return re.sub(r'^( *)```.*?^\1```', '', text, flags=re.M | re.S)

def anchor(heading):
    "The anchor that pandoc gives a heading."
    text = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', heading)
    text = re.sub(r'[^\w\s.-]', '', re.sub(r'[`*]', '', text)).lower().strip()
    return re.sub(r'^[^a-z]+', '', re.sub(r'\s+', '-', text))

@functools.lru_cache(None)
def anchors(path):
    "Every anchor of a page."
    found = []
    for heading in re.findall(r'^#{1,6} (.+)$', prose(path), re.M):
        given = re.search(r'\{#([^}\s]+)[^}]*\}\s*$', heading)
        found.append(given[1] if given else anchor(heading))
    if path.suffix == '.ipynb':
        room = next((r for r, p in docs.rooms(NBS).items() if p == path), None)
        if room: found += [f'src-{n}' for n in docs.public_names(room)]
    return found

def hrefs(node):
    "All pages that a part of _quarto.yml names."
    if isinstance(node, dict): return [*([node['href']] if 'href' in node else []), *(h for v in node.values() for h in hrefs(v))]
    if isinstance(node, list): return [h for v in node for h in (hrefs(v) if not isinstance(v, str) else [v])]
    return []

def test_every_page_is_in_the_menu_and_every_entry_is_a_page():
    named = [*hrefs(CONFIG['website']['navbar']['left']), *hrefs(CONFIG['website']['sidebar'])]
    there = {ids(p) for p in PAGES}
    assert not [h for h in named if h not in there], 'the menu names pages that are not there'
    assert there - {*named} == {'index.ipynb'}, 'pages that no menu leads to'
    for sidebar in CONFIG['website']['sidebar']:
        once = hrefs(sidebar)
        assert len(once) == len({*once}), f'twice in the sidebar {sidebar["title"]}'

def test_the_ten_lessons_stand_in_order():
    steps = next(s for s in CONFIG['website']['sidebar'][0]['contents'] if s.get('section') == 'The ten steps')
    assert [h[:2] for h in hrefs(steps)] == [f'{i:02}' for i in range(1, 11)]

@pytest.mark.parametrize('path', PAGES, ids=ids)
def test_title_and_subtitle(path):
    if path.suffix == '.ipynb': assert re.fullmatch(r'# \S.*\n\n?> \S.+', source(cells(path)[0])), 'a page begins with a title and a subtitle, alone in their cell: what else it holds is not shown'
    else:
        front = yaml.safe_load(re.match(r'---\n(.*?)\n---\n', path.read_text(encoding='utf-8'), re.S)[1])
        assert front['title'] and front['subtitle']
    assert len(prose(path).split()) > 30, 'a page with next to nothing on it'

@pytest.mark.parametrize('path', PAGES, ids=ids)
def test_links_lead_somewhere(path):
    broken = []
    for picture, text, url in LINK.findall(prose(path)):
        if re.match(r'https?://', url): continue
        if picture and not text.strip(): broken.append(f'{url}: a picture without an alternative text')
        file, _, to = url.partition('#')
        target = (path.parent/file).resolve() if file else path
        if re.match(r'\w+:|/', url): broken.append(f'{url}: neither https nor relative')
        elif not target.exists(): broken.append(f'{url}: no such file')
        elif to and target.suffix in ('.ipynb', '.qmd') and to not in anchors(target): broken.append(f'{url}: no such heading')
        elif not picture and target not in PAGES and NBS in target.parents and target.suffix in ('.ipynb', '.qmd'): broken.append(f'{url}: not a page of the site')
    assert not broken, broken

@pytest.mark.parametrize('path', PAGES, ids=ids)
def test_headings_can_be_linked_to(path):
    if path.parent.name == 'reference':
        found = anchors(path)
        assert len(found) == len({*found}), 'the same anchor twice'
    levels = [len(h) for h in re.findall(r'^(#{1,6}) ', prose(path), re.M)]
    assert not [b for a, b in zip(levels, levels[1:]) if b > a+1], 'a heading level is left out'

@pytest.mark.parametrize('path', NOTEBOOKS, ids=ids)
def test_pictures_say_what_they_show(path):
    bare = [source(c)[:80] for c in cells(path) if c['cell_type'] == 'code' and not re.search(r'^#\|\s*hide\b', source(c), re.M)
            and any({'image/png', 'image/svg+xml'} & {*o.get('data', {})} for o in c['outputs']) and not re.search(r'^#\| fig-alt: ".{25,}"$', source(c), re.M)]
    assert not bare, f'pictures without `#| fig-alt: "..."`: {bare}'

HERE = [f'{Path(p)}/' for p in (ROOT.parent, Path.home(), tempfile.gettempdir())]    # folders of this machine; of others by their shape
NOISE = {r'\wWarning[:\s(]': 'a warning', r'\d+%\|': 'a progress bar', r'\bit/s\b': 'a progress bar', r'(?<![\w:/.<"\'`-])/(?!opt/|srv/|etc/|usr/)[A-Za-z][\w.-]*/[\w.-]+/[\w.-]+|\b[A-Z]:\\\w|'+'|'.join(map(re.escape, HERE)): 'a path of one machine',
         r'Traceback \(most recent': 'a traceback', r' at 0x[0-9a-f]{6,}': 'an object nobody can read'}
@pytest.mark.parametrize('path', NOTEBOOKS, ids=ids)
def test_outputs_are_fit_to_be_read(path):
    seen = []
    for c in cells(path):
        if c['cell_type'] != 'code' or re.search(r'^#\|\s*hide\b', source(c), re.M): continue
        for o in c['outputs']:
            if o['output_type'] == 'stream' and o['name'] == 'stderr': seen.append(f'stderr: {"".join(o["text"])[:80]}')
            shown = o.get('text') or next((o['data'][k] for k in ('text/html', 'image/png', 'text/markdown', 'text/plain') if k in o.get('data', {})), '')
            if 'image/png' in o.get('data', {}) and 'text/html' not in o['data']: continue
            text = ''.join(shown)
            if len(text) > 120_000: seen.append(f'{len(text)/1e3:.0f} kB of output: {source(c)[:60]}')
            seen += [f'{what}: {m[0]!r} in the output of {source(c)[:60]!r}' for pattern, what in NOISE.items() if (m := re.search(pattern, text))]
    assert not seen, seen

def test_every_public_name_is_in_the_reference():
    missing = []
    for room in docs.rooms(NBS):
        page = (NBS/f'reference/{room}.qmd').read_text(encoding='utf-8')
        module = importlib.import_module(f'churn_nb.{room}')
        for name in docs.public_names(room):
            sym = getattr(module, name)
            if inspect.isclass(sym) or inspect.isroutine(sym):
                if f'## {name} {{#{name}}}' not in page: missing.append(f'{room}.{name}')
                elif not (sym.__doc__ or '').strip(): missing.append(f'{room}.{name}: no docstring')
            elif f'`{name}`' not in page: missing.append(f'{room}.{name}')
    assert not missing, missing
    import churn_nb
    index = (NBS/'reference/index.qmd').read_text(encoding='utf-8')
    assert not [n for n in churn_nb.__all__ if n != '__version__' and f'`churn_nb.{n}`' not in index]

def test_papers_agree_with_the_version():
    import churn_nb
    assert f'## {churn_nb.__version__}' in (ROOT/'CHANGELOG.md').read_text(encoding='utf-8')
    assert str(yaml.safe_load((ROOT/'CITATION.cff').read_text(encoding='utf-8'))['version']) == churn_nb.__version__

def test_ci_runs_the_two_commands_of_the_readme():
    flow = yaml.safe_load((ROOT/'.github/workflows/ci.yml').read_text(encoding='utf-8'))
    job = flow['jobs']['two-commands']
    said = [s.get('run', '') for s in job['steps']]
    assert job['strategy']['matrix']['python'] == ['3.11', '3.12', '3.13']
    readme = (ROOT/'README.md').read_text(encoding='utf-8')
    for command in ('make run', 'make test'): assert command in readme and [s for s in said if s.startswith(command)]
    for form in (ROOT/'.github/ISSUE_TEMPLATE').glob('*.yml'): assert yaml.safe_load(form.read_text(encoding='utf-8'))

def test_without_quarto_one_sentence_says_what_to_install(tmp_path):
    for tool in ('bash', 'sh', 'make', 'env', 'grep', 'touch'):
        if shutil.which(tool): (tmp_path/tool).symlink_to(shutil.which(tool))
    done = subprocess.run([shutil.which('make'), '-o', '.venv/.ready', 'docs'], cwd=ROOT, capture_output=True, text=True, env={**os.environ, 'PATH': str(tmp_path)})
    assert done.returncode
    first = [line for line in done.stderr.splitlines() if not line.startswith('make')]
    assert len(first) == 1 and 'Quarto' in first[0] and 'quarto.org' in first[0], done.stderr

@pytest.fixture(scope='module')
def processed(tmp_path_factory):
    "The pages as nbdev hands them to Quarto, made in a copy."
    folder = tmp_path_factory.mktemp('site')/'churn_nb'
    names = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split('\n')
    for name in filter(None, names):
        src, dst = ROOT/name, folder/name
        if not src.exists() and not src.is_symlink(): continue
        dst.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(src, dst, follow_symlinks=False)
    code = 'from nbdev.serve import proc_nbs\nif __name__ == "__main__": print(proc_nbs(n_workers=1))'
    (folder/'process.py').write_text(code)
    done = subprocess.run([sys.executable, 'process.py'], cwd=folder, capture_output=True, text=True, env={**os.environ, 'PYTHONPATH': str(folder)})
    assert done.returncode == 0, done.stderr[-3000:]
    return folder/'_proc'

def test_processed_pages(processed):
    "Code is there and folded, names link to descriptions that exist, every anchor that the reference links to is there once."
    assert {ids(p) for p in PAGES} <= {p.relative_to(processed).as_posix() for p in processed.rglob('*') if p.is_file()}
    links, wrong = 0, []
    for path in NOTEBOOKS:
        page = processed/path.relative_to(NBS)
        text = json.loads(page.read_text(encoding='utf-8'))
        room = next((r for r, p in docs.rooms(NBS).items() if p == path), None)
        shown = '\n'.join(''.join(o.get('data', {}).get('text/markdown', '')) for c in text['cells'] for o in c.get('outputs', []))
        if room:
            for name in docs.public_names(room):
                sym = getattr(importlib.import_module(f'churn_nb.{room}'), name)
                if inspect.isclass(sym) or inspect.isroutine(sym):
                    if shown.count(f'{{#src-{name}}}') != 1: wrong.append(f'{path.name}: {name} is described {shown.count("{#src-"+name+"}")} times')
            folded = [source(c) for c in text['cells'] if c['cell_type'] == 'code' and source(c).startswith('#| code-fold: true')]
            exported = [c for c in cells(path) if c['cell_type'] == 'code' and re.search(r'^#\|\s*exports?\b', source(c), re.M) and not re.search(r'^#\|\s*hide\b', source(c), re.M)]
            if len(folded) != len(exported): wrong.append(f'{path.name}: {len(exported)} exported cells, {len(folded)} folded')
        if [c for c in text['cells'] if c['cell_type'] == 'code' and not source(c).strip()]: wrong.append(f'{path.name}: an empty cell')
        for _, _, url in LINK.findall('\n'.join(source(c) for c in text['cells'] if c['cell_type'] == 'markdown')):
            file, _, to = url.partition('#')
            if 'reference/' not in file: continue
            links += 1
            target = NBS/Path(os.path.normpath(path.relative_to(NBS).parent/file))
            if not target.exists() or to and to not in anchors(target): wrong.append(f'{path.name}: {url}')
    assert not wrong, wrong
    assert links > 20

# ---------------------------------------------------------------- with Quarto, in a browser

class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args): pass

@pytest.fixture(scope='module')
def site(processed, tmp_path_factory):
    "The rendered site behind a web server; its address."
    if not shutil.which('quarto'): pytest.skip('quarto is not on PATH: the site is not rendered here')
    done = subprocess.run([str(Path(sys.executable).parent/'nbdev-docs')], cwd=processed.parent, capture_output=True, text=True, env={**os.environ, 'PYTHONPATH': str(processed.parent)})
    assert done.returncode == 0, (done.stdout+done.stderr)[-4000:]
    assert not re.findall(r'^.*\bWARN(?:ING)?\b.*$', done.stdout+done.stderr, re.M), 'Quarto warns'
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(Quiet, directory=str(processed.parent/'_docs')))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{server.server_address[1]}', processed.parent/'_docs'
    server.shutdown()

def test_rendered_site_in_a_browser(site, tmp_path):
    "Every page opens without an error in the console, every link inside the site leads somewhere, search finds, and nothing is wider than a phone."
    chromium = shutil.which('chromium') or shutil.which('chromium-browser')
    if not chromium: pytest.skip('chromium is not installed: the site is not opened in a browser')
    from playwright.sync_api import sync_playwright
    url, folder = site
    pages = sorted(p.relative_to(folder).as_posix() for p in folder.rglob('*.html'))
    assert len(pages) >= len(PAGES)
    wrong = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=['--no-sandbox', '--disable-gpu', '--disable-background-networking'])
        page = browser.new_page(viewport=dict(width=1280, height=900))
        page.on('console', lambda m: wrong.append(f'{page.url}: {m.text}') if m.type == 'error' else None)
        page.on('pageerror', lambda e: wrong.append(f'{page.url}: {e}'))
        page.on('request', lambda r: None if r.url.startswith((url, 'data:', 'blob:')) else wrong.append(f'{page.url} asks {r.url}'))
        page.on('response', lambda r: wrong.append(f'{r.url}: {r.status}') if r.status >= 400 else None)
        anchors_of, links = {}, {}
        for name in pages:
            page.set_viewport_size(dict(width=1280, height=900))
            page.goto(f'{url}/{name}', wait_until='load')
            anchors_of[name] = {*page.eval_on_selector_all('[id]', 'all => all.map(e => e.id)')}
            links[name] = page.eval_on_selector_all('a[href]', 'all => all.map(a => a.href)')
            if bare := page.eval_on_selector_all('img:not([alt]), img[alt=""]', 'all => all.map(i => i.src.slice(0, 80))'): wrong.append(f'{name}: pictures without alt {bare}')
            page.set_viewport_size(dict(width=375, height=800))
            wide = page.evaluate('document.documentElement.scrollWidth')
            if wide > 380: wrong.append(f'{name}: {wide} px wide on a phone')
        for name, all_links in links.items():
            for link in all_links:
                if not link.startswith(url): continue
                file, _, to = link[len(url)+1:].partition('#')
                file = file or 'index.html'
                if file.endswith('.html') and file not in anchors_of: wrong.append(f'{name}: {link} leads nowhere')
                elif to and file in anchors_of and to not in anchors_of[file]: wrong.append(f'{name}: no place {to} on {file}')
        page.set_viewport_size(dict(width=1280, height=900))
        page.goto(url+'/index.html')
        page.keyboard.press('/')
        page.wait_for_selector('.aa-Input', timeout=15_000).fill('calibration')
        page.wait_for_selector('.aa-Item', timeout=15_000)
        page.screenshot(path=tmp_path/'search.png')
        for name, width in (('index', 1280), ('index', 375), ('features', 375)):
            page.set_viewport_size(dict(width=width, height=900)); page.goto(f'{url}/{name}.html'); page.screenshot(path=tmp_path/f'{name}_{width}.png')
        browser.close()
    assert not wrong, wrong
