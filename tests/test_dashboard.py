"""The dashboard page in a real browser: its numbers, how it updates itself, what it says when something is missing or wrong, and whom it lets read it."""
import copy, datetime as dt, json, math, os, random, re, shutil, socket, threading, time
from decimal import ROUND_HALF_UP, Decimal
import pytest
from conftest import ROOT

playwright = pytest.importorskip('playwright.sync_api', reason='the dashboard is tested in a browser: playwright is not installed')
CSP = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
POLL = .4   # seconds between two questions of the page, in these tests
CARD = '# Model card: who is about to leave\n\nXGBoost, trained **2026-10-30**.\n\n## Measured\n\n| metric | value | interval |\n|---|---|---|\n| auc | 0.849 | 0.832 to 0.866 |\n\n- one\n- two\n\n#### Use\n\n```python\nPredictor.load("champion")\n```\n'

# ---- what the server says
def overview(weeks=8, seed=1):
    "Several weeks of a champion and a challenger: traffic, risk, drift, outcomes that lag three weeks behind, alarms."
    rng, start = random.Random(seed), dt.date(2026, 9, 28)
    model = lambda version, auc: dict(version=version, model='xgboost', title='gradient boosting (XGBoost)', created='2026-09-27T08:15:00+00:00', run=f'20260927-08150{version}-e3547a', card=CARD,
        metrics={k: dict(value=v, low=v-.017, high=v+.016) for k, v in dict(auc=auc, average_precision=.667, log_loss=.4119, brier=.1361, top_decile_lift=2.8437).items()})
    days = [dict(day=str(start + dt.timedelta(d)), predictions=rng.randint(90, 160), mean_probability=rng.uniform(.24, .3) + .002*d, high=rng.randint(12, 34)) for d in range(7*weeks) if d not in (10, 11)]
    edges = [round(.05*i, 2) for i in range(21)]
    shape = lambda a: [math.exp(-a*e)*(1 + .5*math.sin(9*e)) for e in edges[:-1]]
    norm = lambda w: [x/sum(w) for x in w]
    bell = lambda m: norm([math.exp(-((i-m)/2.2)**2) for i in range(10)])
    numeric = lambda name, shift, drifted, top=70: dict(column=name, kind='number', shift=shift, unit='sd', p_adjusted=.00002 if drifted else .41, missing_reference=.001, missing_new=.013, drifted=drifted,
        reason=f'the mean moved by {shift:.2f} standard deviations' if drifted else 'the test finds no difference', labels=[f'{top*i/10:g} to {top*(i+1)/10:g}' for i in range(10)], reference=bell(4.5), new=bell(4.5 + 4*shift))
    category = lambda name, labels, old, new, drifted: dict(column=name, kind='category', shift=sum(abs(a-b) for a, b in zip(old, new))/2, unit='share', p_adjusted=.004 if drifted else .73, missing_reference=0., missing_new=0., drifted=drifted,
        reason='“Two year” is rarer by 12.0 percentage points' if drifted else 'the test finds no difference', labels=labels, reference=old, new=new)
    columns = [numeric('monthly_charges', .06, False, 120), numeric('tenure_months', .62, True), category('contract_type', ['Month-to-month', 'One year', 'Two year'], [.55, .21, .24], [.66, .22, .12], True),
               numeric('total_charges', .08, False, 8000), category('payment_method', ['Electronic check', 'Mailed check', 'Bank transfer', 'Credit card'], [.34, .23, .22, .21], [.35, .22, .22, .21], False), numeric('num_support_tickets', .03, False, 10)]
    weekly = []
    for w in range(weeks):
        for role, base in (('champion', .845), ('challenger', .853)):
            if role == 'challenger' and w < 3: continue
            est, real, known_ = base - .004*w, base - .009*w + rng.uniform(-.012, .012), w < weeks - 3
            weekly.append(dict(week=str(start + dt.timedelta(7*w)), role=role, predictions=rng.randint(600, 1100), outcomes=rng.randint(500, 600) if known_ else 0, estimated_auc=None if w == 4 else est, estimated_low=None if w == 4 else est-.02, estimated_high=None if w == 4 else est+.02,
                **({k: None for k in ('auc', 'auc_low', 'auc_high', 'log_loss', 'brier', 'top_decile_lift', 'observed_rate', 'calibration')} if not known_ else dict(auc=real, auc_low=real-.03, auc_high=real+.03, log_loss=.4123+.004*w, brier=.1361+.002*w, top_decile_lift=2.8-.1*w, observed_rate=.262+.011*w, calibration=.0002-.004*w)), predicted_rate=.265+.003*w))
    weekly[0]['calibration'] = -.0003
    return dict(generated='2026-11-22T16:00:00+00:00', period=dict(since='2026-09-28T00:00:00+00:00', until='2026-11-22T16:00:00+00:00'), champion=model('3', .8487), challenger=model('4', .8531), serving=dict(share=.1, shadow=False),
        totals=dict(predictions=12345, customers=7043, outcomes=2718, lost=0), days=days, risk=dict(edges=edges, champion=[round(1500*x) for x in norm(shape(3))], challenger=[round(170*x) for x in norm(shape(2.8))], reference=norm(shape(4)), levels=dict(LOW=812, MEDIUM=402, HIGH=286)),
        drift=dict(rows=812, since='2026-11-15T00:00:00+00:00', drifted=2, columns=columns), performance=weekly, status='warning',
        alarms=[dict(time='2026-11-20T06:00:00+00:00', level='warning', what='drift', text='tenure_months and contract_type have drifted against version 3.'), dict(time='2026-11-13T06:00:00+00:00', level='warning', what='calibration', text='26.8 % were predicted to leave, 29.5 % did'),
                dict(time='2026-10-20T06:00:00+00:00', level='alarm', what='performance', text='realised AUC 0.801 is below the reference 0.849')])

class Server:
    "The page and its data on 127.0.0.1, as `churn-nb serve` answers them; what it says can be changed while it runs."
    def __init__(self):
        self.data, self.key, self.status, self.keys = overview(), None, 200, []
        with socket.socket() as s: s.bind(('127.0.0.1', 0)); self.port = s.getsockname()[1]
        self.url = f'http://127.0.0.1:{self.port}/'
        self.start()
    def app(self):
        from fastapi import FastAPI, Request, Response
        from jinja2 import Environment, FileSystemLoader
        app, page = FastAPI(), Environment(loader=FileSystemLoader(ROOT/'nbs'), autoescape=True).get_template('dashboard.html.j2')
        @app.get('/dashboard')
        def dashboard(): return Response(page.render(version='0.1.0', poll=POLL, data_url='dashboard/data'), media_type='text/html; charset=utf-8', headers={'Content-Security-Policy': CSP})
        @app.get('/dashboard/data')
        def data(request: Request):
            self.keys.append(request.headers.get('x-api-key'))
            if self.key and self.keys[-1] != self.key: return Response('{"status": 401}', 401, media_type='application/problem+json')
            return Response(self.data if isinstance(self.data, str) else json.dumps(self.data), self.status, media_type='application/json')
        return app
    def start(self):
        import uvicorn
        self.server = uvicorn.Server(uvicorn.Config(self.app(), host='127.0.0.1', port=self.port, log_level='error', timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=self.server.run, daemon=True); self.thread.start()
        while not self.server.started: time.sleep(.02)
    def stop(self): self.server.should_exit = True; self.thread.join(10)

@pytest.fixture(scope='module')
def browser():
    chromium = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')
    if not chromium: pytest.skip('the dashboard is tested in a browser: no chromium is on PATH')
    with playwright.sync_playwright() as p:
        b = p.chromium.launch(executable_path=chromium, args=['--no-sandbox', '--disable-gpu'])
        yield b
        b.close()

@pytest.fixture(scope='module')
def shared():
    s = Server()
    yield s
    s.stop()

@pytest.fixture
def server(shared):
    shared.data, shared.key, shared.status, shared.keys = overview(), None, 200, []
    return shared

@pytest.fixture
def visit(browser, server):
    "Opens the dashboard; at the end nothing may have been logged as an error, and nothing asked of anyone else."
    contexts, wrong, asked = [], [], []
    def go(data=None, width=1200, expect_errors=False, **more):
        if data is not None: server.data = data
        context = browser.new_context(viewport=dict(width=width, height=800), timezone_id='Europe/Zurich', locale='en-GB', **more); contexts.append(context)
        page = context.new_page(); page.set_default_timeout(20_000)
        page.on('pageerror', lambda e: wrong.append(f'page error: {e}'))
        page.on('console', lambda m: wrong.append(f'console: {m.text}') if m.type in ('error', 'warning') and not (expect_errors and 'Failed to load resource' in m.text) else None)
        page.on('dialog', lambda d: (wrong.append(f'a script of the data ran: {d.message}'), d.dismiss()))
        page.on('request', lambda r: asked.append(r.url))
        page.goto(server.url + 'dashboard')
        until(page, "document.getElementById('status').textContent != 'Loading …'")
        return page
    yield go
    for c in contexts: c.close()
    assert not wrong, wrong
    strangers = {u for u in asked if not u.startswith((server.url, 'data:'))}
    assert not strangers, strangers

def until(page, expression, seconds=10):
    "Waits for the page (wait_for_function would need the unsafe-eval that the page's policy forbids)."
    for _ in range(20*seconds):
        if page.evaluate(expression): return
        page.wait_for_timeout(50)
    pytest.fail(f'never true: {expression}')

# ---- numbers
def fixed(v, digits):   # as JavaScript's toFixed: ties away from 0; no minus before a zero
    rounded = Decimal(v).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)
def lookup(data, path):
    for k in path.split('.'): data = data[int(k)] if isinstance(data, list) else data.get(k) if isinstance(data, dict) else None
    return data
PERCENT = r'serving\.share|days\.\d+\.mean_probability|risk\.(edges|reference)\.\d+|drift\.columns\.\d+\.(missing_\w+|reference\.\d+|new\.\d+)|performance\.\d+\.(predicted|observed)_rate'
COUNT = r'totals\.\w+|days\.\d+\.(predictions|high)|risk\.(champion|challenger)\.\d+|risk\.levels\.\w+|drift\.(rows|drifted)|performance\.\d+\.(predictions|outcomes)'

def expected(data, key):
    "What the page should show for a data-key, by rules written down a second time."
    if key.startswith('share:'):
        path = key[6:]; whole = lookup(data, path.rpartition('.')[0])
        return fixed(100*(lookup(data, path)/sum(whole.values() if isinstance(whole, dict) else whole)), 1) + ' %'
    v = lookup(data, key)
    if v is None: return '–'
    if re.fullmatch(r'days\.\d+\.day|performance\.\d+\.week|period\.\w+', key): d = dt.date.fromisoformat(v[:10]); return f'{d.day} {d:%b}'.replace('Sep', 'Sept')
    if re.fullmatch(r'alarms\.\d+\.time|drift\.since|\w+\.created', key):
        from zoneinfo import ZoneInfo
        t = dt.datetime.fromisoformat(v).astimezone(ZoneInfo('Europe/Zurich')); return f'{t.day} {t:%b %Y, %H:%M}'.replace('Sep', 'Sept')
    if isinstance(v, str): return v
    if re.fullmatch(PERCENT, key): s = fixed(100*v, 1) + ' %'
    elif re.fullmatch(COUNT, key): s = f'{v:,}'
    elif 'top_decile_lift' in key: s = fixed(v, 2) + '×'
    elif key.endswith('p_adjusted') and v < .001: s = '< 0.001'
    else: s = fixed(v, 3)
    return s.replace('-', '−')

def leaves(data, path=''):
    if isinstance(data, (dict, list)):
        for k, v in (data.items() if isinstance(data, dict) else enumerate(data)): yield from leaves(v, f'{path}.{k}' if path else str(k))
    elif isinstance(data, (int, float)) and not isinstance(data, bool): yield path

def shown(page): return page.eval_on_selector_all('[data-key]', 'list => list.map(e => [e.dataset.key, e.textContent])')

def check_numbers(page, data):
    pairs = [(k, t) for k, t in shown(page) if not k.endswith('.card')]
    wrong = [(k, t, expected(data, k)) for k, t in pairs if t != expected(data, k)]
    assert not wrong, wrong[:10]
    missing = set(leaves(data)) - {k for k, _ in pairs}
    assert not missing, sorted(missing)[:10]
    return pairs

def test_every_number_is_that_of_the_json(visit, server):
    page = visit()
    pairs = dict(check_numbers(page, server.data))
    assert len(pairs) > 500
    assert (pairs['champion.metrics.auc.value'], pairs['totals.predictions'], pairs['champion.metrics.top_decile_lift.value'], pairs['drift.columns.1.p_adjusted'], pairs['share:risk.levels.MEDIUM'], pairs['serving.share']) == ('0.849', '12,345', '2.84×', '< 0.001', '26.8 %', '10.0 %')
    assert pairs['performance.2.calibration'] == '−0.008' and pairs['alarms.0.time'] == '20 Nov 2026, 07:00'
    assert page.get_attribute('time[data-key="alarms.0.time"]', 'title') == '2026-11-20 06:00:00 UTC'
    bare = page.evaluate('''() => { const out = [], walk = document.createTreeWalker(document.getElementById('main'), NodeFilter.SHOW_TEXT)
        while (walk.nextNode()) if (/[0-9]/.test(walk.currentNode.data) && !walk.currentNode.parentElement.closest('[data-key], svg')) out.push(walk.currentNode.data.trim()); return out }''')
    assert set(bare) <= {'of 6 columns drifted, by', '4 columns without drift'}, bare
    sentence = page.inner_text('#status')
    assert sentence == '▲ Warning: tenure_months and contract_type have drifted against version 3 (20 Nov 2026, 07:00).'

def test_charts_draw_the_numbers(visit, server):
    "The heights of the bars are the numbers: read back from the SVG, they are proportional to the JSON."
    page = visit()
    bars = page.evaluate('''() => [...document.querySelectorAll('#traffic svg')][0].querySelectorAll('g').length''')
    assert bars == len(server.data['days'])
    heights = page.evaluate('''() => [...document.querySelectorAll('#traffic svg')[0].querySelectorAll('g > rect:first-child')].map(r => +r.getAttribute('height'))''')
    scale = heights[0]/server.data['days'][0]['predictions']
    assert heights == pytest.approx([scale*d['predictions'] for d in server.data['days']], abs=.01)
    title = lambda role, w: f'Week of {dt.date.fromisoformat(w["week"]).day} {dt.date.fromisoformat(w["week"]):%b}, {role}: {fixed(w["auc"], 3)} ({fixed(w["auc_low"], 3)} to {fixed(w["auc_high"], 3)})'.replace('Sep', 'Sept')
    points = page.eval_on_selector_all('#performance svg:first-of-type title', 'list => list.map(e => e.textContent)')
    assert {title(w['role'], w) for w in server.data['performance'] if w['auc'] is not None} <= set(points)
    pieces = page.evaluate('''() => [...document.querySelectorAll('#performance svg')][0].querySelectorAll('path.stroke').length''')
    assert pieces == 3, 'the estimate of week 5 is unknown: two pieces for the champion, a point and a piece for the challenger'

# ---- it updates itself
def test_it_updates_itself_and_disturbs_nobody(visit, server):
    page = visit()
    page.click('summary:has-text("without drift")')
    page.focus('details[data-id="weeks"] summary'); page.keyboard.press('Enter')
    page.evaluate("document.querySelector('#performance-h').scrollIntoView()"); page.wait_for_timeout(700)
    top = page.evaluate("document.querySelector('#performance-h').getBoundingClientRect().top")
    changed = copy.deepcopy(server.data)
    changed['totals']['predictions'], changed['performance'][0]['auc'], changed['status'] = 12400, .7777, 'alarm'
    changed['drift']['columns'][0]['drifted'], changed['drift']['drifted'] = True, 3
    changed['alarms'].insert(0, dict(time='2026-11-21T06:00:00+00:00', level='alarm', what='performance', text='the model is worse than it was'))
    server.data, began = changed, time.monotonic()
    until(page, "document.querySelector('[data-key=\"totals.predictions\"]').textContent == '12,400'")
    assert time.monotonic() - began < POLL + 3
    check_numbers(page, changed)
    assert page.inner_text('#status') == '■ Alarm: the model is worse than it was (21 Nov 2026, 07:00).'
    assert page.evaluate("document.activeElement.closest('details')?.dataset.id") == 'weeks'
    assert page.eval_on_selector_all('details[open]', 'l => l.map(e => e.dataset.id)') == ['rest', 'weeks']
    assert abs(page.evaluate("document.querySelector('#performance-h').getBoundingClientRect().top") - top) < 3, 'the reader is where the reader was'

def test_opened_details_stay_with_their_column(visit, server):
    page = visit()
    page.click('article:has-text("contract_type") summary')
    changed = copy.deepcopy(server.data); changed['drift']['columns'][1].update(drifted=False)   # so contract_type moves up to the first place
    server.data = changed
    until(page, "document.querySelector('#drift h4').textContent == 'contract_type'")
    assert page.eval_on_selector_all('details[open]', 'l => l.map(e => e.dataset.id)') == ['column table contract_type']

def test_server_gone_and_back(visit, server):
    page = visit(expect_errors=True)
    server.stop()
    try:
        page.wait_for_selector('body.stale')
        assert 'The server does not answer. What you see is old' in page.inner_text('#status') and page.inner_text('#refresh') == 'Try again'
        check_numbers(page, server.data)
        assert page.evaluate("getComputedStyle(document.querySelector('main .n')).color == getComputedStyle(document.querySelector('.eyebrow')).color") is False
        for mode in ('light', 'dark'): page.emulate_media(color_scheme=mode); assert not low_contrast(page)
    finally: server.start()
    page.click('#refresh')
    page.wait_for_selector('body:not(.stale)')
    assert page.inner_text('#status').startswith('▲ Warning')

@pytest.mark.parametrize('status, body, words', [(500, '{}', 'answers with an error (500)'), (200, '{"totals": NaN', 'cannot be read'), (200, 'null', 'cannot be read')])
def test_an_answer_that_is_none(visit, server, status, body, words):
    server.status = status
    page = visit(body, expect_errors=True)
    assert words in page.inner_text('#status') and page.is_hidden('#main')
    server.status, server.data = 200, overview()
    page.wait_for_selector('#main:visible')

def test_key(visit, server):
    server.key = 'right'
    page = visit(expect_errors=True)
    assert page.inner_text('#status').startswith('This server asks for a key') and page.is_hidden('#main') and page.get_by_label('The key of this API').is_visible()
    page.fill('#secret', 'wrong'); page.keyboard.press('Enter')
    until(page, "document.getElementById('status').textContent.includes('That key does not fit')")
    assert page.get_attribute('#secret', 'aria-invalid') == 'true' and page.evaluate('sessionStorage.length') == 0
    asked = len(server.keys); page.wait_for_timeout(int(2500*POLL)); assert len(server.keys) == asked, 'a wrong key is not tried again and again'
    page.fill('#secret', 'right'); page.click('#key button')
    page.wait_for_selector('#main:visible')
    assert page.is_hidden('#key') and page.evaluate('[localStorage.length, document.cookie, Object.values(sessionStorage).join()]') == [0, '', 'right'] and 'right' not in page.url
    page.reload(); page.wait_for_selector('#main:visible')
    assert set(server.keys) == {None, 'wrong', 'right'}

# ---- nothing yet, everything wrong
EMPTY = dict(generated='2026-11-24T16:00:00+00:00', champion=None, challenger=None, totals=dict(predictions=0, customers=0, outcomes=0, lost=0), days=[], risk={}, drift=None, performance=[], alarms=[], status='quiet')
@pytest.mark.parametrize('data', [EMPTY, {}, {k: None for k in EMPTY}], ids=['empty', 'no keys', 'nulls'])
def test_nothing_yet(visit, data):
    page = visit(data)
    said = page.inner_text('main')
    for words in ('churn-nb run', 'No predictions yet', 'churn-nb monitor --new FILE', 'churn-nb outcomes FILE', 'No alarms'): assert words in said, words
    assert page.inner_text('#status').startswith('● All quiet: no alarm') and 'NaN' not in said and 'undefined' not in said

def test_partly_nothing(visit, server):
    data = overview(); data['challenger'] = None; data['serving'] = dict(share=0, shadow=False); data['risk']['challenger'] = data['risk']['reference'] = None
    data['performance'] = [{**w, **{k: None for k in ('auc', 'auc_low', 'auc_high', 'observed_rate')}, 'outcomes': 0} for w in data['performance'] if w['role'] == 'champion']
    said = visit(data).inner_text('main')
    assert 'No challenger. To try' in said and '--alias challenger' in said and 'No outcomes yet' in said and 'stored without a profile' in said
    data = overview(); data['serving'] = dict(share=0, shadow=True)
    assert 'works in shadow' in visit(data).inner_text('#models')

HOSTILE = '<img src=x onerror=alert(1)>'
def hostile():
    "Every text is markup or 3,000 letters long, every fifth number is null, 300 columns of which 40 drifted."
    data, rng = overview(), random.Random(3)
    base = data['drift']['columns']
    data['drift']['columns'] = [{**copy.deepcopy(base[i % 6]), 'column': HOSTILE + str(i), 'drifted': i < 40} for i in range(300)]
    data['drift']['columns'][0]['column'], data['drift']['columns'][1]['column'], data['drift']['columns'][2]['column'] = HOSTILE, 'x'*3000, HOSTILE   # the same name twice
    data['drift']['columns'][2]['labels'] = ['"quoted" & \'both\'', '</script><script>alert(2)</script>', 'y'*3000]
    data['drift']['columns'][3].update(reference=None, new=None, labels=None, p_adjusted=None, shift=None, reason=None)
    for a in data['alarms']: a['text'] = HOSTILE + 'z'*3000
    data['champion'].update(title=HOSTILE, run='r'*3000, card=f'# {HOSTILE}\n\n<script>alert(3)</script>\n\n[x](javascript:alert(4)) **{HOSTILE}** `{HOSTILE}`\n\n| {HOSTILE} |\n|---|\n| {"w"*3000} |\n\n```\n<b>')
    data['champion']['metrics'][HOSTILE.replace('.', '')] = dict(value=.5, low=None, high=None)
    def holes(x):
        for k, v in (x.items() if isinstance(x, dict) else enumerate(x)):
            if isinstance(v, (dict, list)): holes(v)
            elif isinstance(v, float) and rng.random() < .2: x[k] = None
    holes(data['days']); holes(data['performance']); holes(data['risk']); holes(data['drift'])
    return data

@pytest.mark.parametrize('width', [360, 1200])
def test_hostile_data(visit, server, width):
    page = visit(hostile(), width=width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    check_numbers(page, server.data)
    assert page.evaluate("document.querySelectorAll('main img, main script, main a').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert HOSTILE in page.inner_text('#drift') and HOSTILE in page.inner_text('#status')
    attributes = page.evaluate("[...document.querySelectorAll('svg *, svg')].flatMap(e => [...e.attributes].map(a => a.value)).filter(v => /NaN|undefined|Infinity/.test(v))")
    assert not attributes, attributes[:5]
    server.data = {**server.data, 'totals': dict(predictions=1)}
    until(page, "document.querySelector('[data-key=\"totals.predictions\"]').textContent == '1'")

# ---- for everybody
@pytest.mark.parametrize('width', [360, 375, 768, 1200])
def test_no_sideways_scrolling(visit, width):
    page = visit(width=width)
    for opened in ('false', 'true'):
        page.evaluate(f"document.querySelectorAll('details').forEach(d => d.open = {opened})")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size(dict(width=360, height=800)); page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("Math.min(...[...document.querySelectorAll('main svg[role=img] text')].filter(t => t.checkVisibility()).map(t => 12 * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width))") > 10, 'the words in the charts can be read'

def low_contrast(page):
    "Pairs of text and ground below 4.5 to 1 (WCAG 2.2, 1.4.3), computed for every visible text from what the browser really uses."
    return page.evaluate('''() => {
        const rgb = c => c.match(/[0-9.]+/g).map(Number), lum = c => { const [r, g, b] = rgb(c).slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b }
        const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor, v = rgb(c); if (v.length < 4 || v[3] > 0) return c } return 'rgb(255,255,255)' }
        const out = {}, walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        while (walk.nextNode()) { const e = walk.currentNode.parentElement; if (!walk.currentNode.data.trim() || !e.checkVisibility() || ['SCRIPT', 'NOSCRIPT'].includes(e.tagName)) continue
            const style = getComputedStyle(e), ink = e.closest('svg') ? style.fill : style.color, [a, b] = [lum(ink), lum(ground(e))].sort((x, y) => y - x), ratio = (a + .05) / (b + .05)
            if (ratio < 4.5) out[`${e.tagName}.${e.className} ${ink} on ${ground(e)}`] = ratio }
        return out }''')

@pytest.mark.parametrize('mode', ['light', 'dark'])
def test_contrast(visit, mode):
    page = visit(color_scheme=mode)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert not low_contrast(page)
    for status in ('quiet', 'warning', 'alarm', 'gone'):
        page.evaluate(f"document.getElementById('box').className = 'status {status}'"); assert not low_contrast(page)

def test_structure(visit):
    page = visit()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.get_attribute('html', 'lang') == 'en' and page.title() and [page.locator(t).count() for t in ('h1', 'main', 'body > header', 'nav[aria-label]', 'footer')] == [1, 1, 1, 1, 1]
    levels = page.eval_on_selector_all('h1, h2, h3, h4, h5, h6', "l => l.filter(e => e.checkVisibility()).map(e => +e.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), levels
    unnamed = page.evaluate('''() => [...document.querySelectorAll('svg')].filter(s => !(s.getAttribute('role') == 'img' && s.getAttribute('aria-label')?.length > 20) && s.getAttribute('aria-hidden') != 'true').length''')
    assert unnamed == 0
    assert page.evaluate("[...document.querySelectorAll('section')].every(s => document.getElementById(s.getAttribute('aria-labelledby'))?.textContent)")
    assert page.evaluate("[...document.querySelectorAll('input')].every(i => i.labels.length == 1)") and page.evaluate("[...document.querySelectorAll('table')].every(t => t.caption.textContent && [...t.querySelectorAll('th')].every(h => h.scope))")
    assert page.eval_on_selector_all('[aria-live]', 'l => l.map(e => [e.id, e.ariaLive])') == [['status', 'polite']]
    assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size == document.querySelectorAll('[id]').length")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == 'smooth'
    page.emulate_media(reduced_motion='reduce')
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == 'auto'
    said = page.inner_text('#models')   # the card's Markdown
    assert page.locator('#models pre').first.inner_text() == 'Predictor.load("champion")' and page.locator('#models li').count() == 4 and '**' not in said and '##' not in said

def test_keyboard_reaches_every_control(visit):
    page = visit()
    wanted = page.evaluate('''() => { const l = [...document.querySelectorAll('a, button, input, summary, [tabindex]')].filter(e => e.checkVisibility()); l.forEach((e, i) => e.dataset.stop = i); return l.length }''')
    reached, invisible = set(), []
    for _ in range(wanted + 2):
        page.keyboard.press('Tab')
        stop, outline = page.evaluate("[document.activeElement.dataset.stop, getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth]")
        if stop is not None: reached.add(int(stop))
        if stop is not None and outline != 'solid3px': invisible.append((stop, outline))
    assert reached == set(range(wanted)) and not invisible

def test_print(visit):
    page = visit(color_scheme='dark'); page.emulate_media(media='print')
    assert page.is_hidden('#nav') and page.is_hidden('#refresh') and page.evaluate("getComputedStyle(document.body).backgroundColor") == 'rgb(255, 255, 255)'
    assert not low_contrast(page)

# ---- the real server
def test_the_real_server_shows_what_the_python_api_says(browser, tmp_path):
    "Weeks of traffic in the log, `churn-nb serve` over it, one more answer while the page is open: every number shown is that of `watch.overview`."
    import subprocess, sys
    import httpx
    from churn_nb import data as room, watch
    from churn_nb.core import load_settings
    book, models = watch.invent_traffic(tmp_path, weeks=6, customers=250, change=4)
    report = watch.check_log(book, models)
    book.add_check(report.version, report.level, report.to_dict())
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); port = s.getsockname()[1]
    served = subprocess.Popen([sys.executable, '-c', 'import sys; from churn_nb.cli import main; sys.exit(main())', 'serve', '--models', str(models), '--log', str(tmp_path/'monitor.db'), '--port', str(port)], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env={**os.environ, 'PYTHONPATH': str(ROOT), 'CHURN_NB_API_KEY': 'open sesame'})
    try:
        assert 'A key is asked for' in served.stdout.readline()+served.stdout.readline()
        url, key = f'http://127.0.0.1:{port}', {'X-API-Key': 'open sesame'}
        assert httpx.get(f'{url}/dashboard').status_code == 200 and httpx.get(f'{url}/dashboard/data').status_code == 401
        page = browser.new_context(timezone_id='Europe/Zurich', locale='en-GB').new_page()
        wrong = []
        page.on('pageerror', lambda e: wrong.append(str(e)))
        page.goto(f'{url}/dashboard')
        page.get_by_label(re.compile('key', re.I)).fill('open sesame'); page.keyboard.press('Enter')
        until(page, "document.querySelector('[data-key=\"totals.predictions\"]')?.textContent == '1,500'", 60)
        customer = {k: v for k, v in room.make_customers(1, seed=3).iloc[0].to_dict().items() if k != 'churned'}
        assert httpx.post(f'{url}/predict', json={**customer, 'customer_id': 'the newest'}, headers=key, timeout=30).status_code == 200
        until(page, "document.querySelector('[data-key=\"totals.predictions\"]').textContent == '1,501'", 120)     # by itself, when the overview is made anew
        told, mine = httpx.get(f'{url}/dashboard/data', headers=key).json(), watch.overview(book, models, load_settings())
        for d in (told, mine):
            for a in d['alarms']: a.pop('time')
            for k in ('generated', 'period'): d.pop(k)
            d['drift'].pop('since')
        assert told == mine
        numbers = {k: v for k, v in shown(page) if not re.search(r'time|period|since|day$|week$|card$', k)}
        assert len(numbers) > 300 and {k: expected(mine, k) for k in numbers} == numbers
        assert page.locator('#status').inner_text().startswith(('Alarm', '■ Alarm')) or 'Alarm' in page.locator('body').inner_text()
        assert not wrong, wrong
    finally: served.terminate(); served.wait(20)
