"""The dashboard page in a real browser: its numbers, how it updates itself, what it says when something is missing or wrong, and whom it lets read it."""
import copy, datetime as dt, json, math, random, re, shutil, socket, threading, time
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
        page.wait_for_function("document.getElementById('status').textContent != 'Loading …'")
        return page
    yield go
    for c in contexts: c.close()
    assert not wrong, wrong
    strangers = {u for u in asked if not u.startswith((server.url, 'data:'))}
    assert not strangers, strangers

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
