"Retraining: the gate, what a killed process leaves, real servers that switch over, and files for other schedulers."
import contextlib, json, os, re, shlex, shutil, signal, subprocess, sys, time
from datetime import datetime
from pathlib import Path
import httpx, numpy as np, pandas as pd, pytest
from churn_nb import cli, data, flow, registry, retrain as room
from churn_nb.core import *

QUICK = {'run.engine': 'python', 'compare.models': ['logistic_regression'], 'compare.folds': 3, 'tune.method': 'none', 'evaluate.bootstrap': 100, 'explain.sample': 20, 'explain.background': 20, 'registry.check': False}
MAIN = ('-c', 'import sys; from churn_nb.cli import main; sys.exit(main())')

def quick(**more): return load_settings(overrides={**QUICK, **{k.replace('__', '.'): v for k, v in more.items()}})

def instead_of_ten_steps(run, on_progress=None):
    "What a retrain needs of a run: steps 1, 5 and 8."
    import joblib
    from churn_nb import compare
    r = RunDir(run)
    data.run(str(r.path)); loaded = data.load_run(r)
    joblib.dump(compare.make_model('logistic_regression', loaded.spec, r.settings).fit(loaded.X(), loaded.y()), r.artifact('05_tune', 'pipeline.joblib'))
    write_json(r.artifact('05_tune', 'tuned.json'), {'model': 'logistic_regression', 'params': {}})
    registry.run(str(r.path))

def customers(seed, n=1500, changed=False, prefix=''):
    df = data.make_customers(n, seed=seed)
    if changed: df['churned'] = (np.random.default_rng(seed).random(n) < .05+.5*(df.avg_monthly_usage_gb < 12)).astype(int)
    return df.assign(customer_id=prefix+df.customer_id)

@pytest.fixture(scope='module')
def made(tmp_path_factory):
    "A registry with a champion, its run, and three tables."
    here = tmp_path_factory.mktemp('retrain')
    customers(1, 800).to_csv(here/'old.csv', index=False)
    customers(2, prefix='N').to_csv(here/'same.csv', index=False)
    customers(3, changed=True, prefix='N').to_csv(here/'changed.csv', index=False)
    r = RunDir.create(quick(data__source=str(here/'old.csv')), here/'runs')
    instead_of_ten_steps(r.path)
    registry.Registry(here/'models').register(r)
    return here

@pytest.fixture
def place(made, tmp_path, monkeypatch):
    monkeypatch.chdir(shutil.copytree(made, tmp_path/'place'))
    return Path.cwd()

@pytest.fixture
def short(monkeypatch): monkeypatch.setattr(flow, 'run_flow', instead_of_ten_steps)

def aliases(): return registry.Registry('models').aliases()
def told(): return [read_json(p) for p in sorted(Path('models/decisions').glob('*.json'))]

def call(*args, **env):
    p = subprocess.run([sys.executable, *MAIN, *map(str, args)], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, env={**os.environ, **env})
    assert 'Traceback' not in p.stderr, p.stderr
    return p.returncode, p.stdout, p.stderr

# The decision

def test_a_better_challenger_is_promoted_and_all_is_recorded(place, short):
    said = []
    d = room.retrain('changed.csv', 'models', quick(retrain__segments=['contract_type', 'tenure_months']), tell=said.append)
    assert (d.decision, d.before, d.after, d.version) == ('promote', 1, 2, 2) and aliases() == {'champion': 2}
    [file] = told()
    assert file == json.loads(json.dumps(to_plain(vars(d)))) and room.Decision(**file).words == d.words
    e = file['evidence']
    assert [m['metric'] for m in e['metrics']] == list(room.METRICS) and all(m['low'] <= m['gain'] <= m['high'] for m in e['metrics'])
    assert [g['name'] for g in e['gate']] == ['schema', 'better', 'segments', 'calibration'] and len(e['segments']) == 7
    assert e['table']['sha256'] == registry.sha256('changed.csv') and (e['table']['rows'], e['rows']) == (1500, 300) and e['overlap'] == dict(known=True, same_table=False, rows=0, customers=0)
    assert file['settings']['metric'] == 'auc' and (Path('runs')/file['run']).is_dir() and registry.Registry('models').get(2).metadata['run'] == file['run']
    assert any('Training' in s for s in said) and any('Promoting' in s for s in said) and Path('models/.retrain.lock').read_text() == ''

def test_the_figures_are_those_of_both_models_on_the_untouched_rows(place, short):
    d = room.retrain('changed.csv', 'models', quick())
    loaded, r = data.load_run(RunDir(f'runs/{d.run}')), registry.Registry('models')
    raw = pd.read_csv('changed.csv').loc[loaded.test.index]
    for n, who in ((1, 'champion'), (2, 'challenger')): assert d.evidence['metrics'][0][who] == pytest.approx(rank_auc(raw.churned, r.load(n)[1].predict_proba(raw)[:, 1]), abs=1e-12)
    assert not {*loaded.test.index} & {*loaded.train.index} and len(loaded.test) == d.evidence['rows']

def test_no_better_is_kept_and_not_registered(place, short):
    d = room.retrain('same.csv', 'models', quick())
    assert (d.decision, d.reason, d.after, d.version) == ('keep', 'gate', 1, None) and aliases() == {'champion': 1}
    assert [*registry.Registry('models').read()['versions']] == ['1'] and 'Version 1 stays champion' in d.words and [t['decision'] for t in told()] == ['keep']
    assert registry.Registry('models').register(f'runs/{d.run}').number == 2 and aliases() == {'champion': 1}     # who wants it can have it

def test_a_column_that_has_become_a_leak_keeps_the_challenger_out(place, short):
    t = pd.read_csv('changed.csv')
    t['num_referrals'] = t.churned*9 + t.index % 2      # from now on it is filled in when somebody has left
    t.to_csv('leak.csv', index=False)
    d = room.retrain('leak.csv', 'models', quick())
    assert d.evidence['leaks'] == ['num_referrals'] and [g['name'] for g in d.evidence['gate'] if not g['passed']] == ['leaks'], 'better it is, and no wonder'
    assert (d.decision, d.reason) == ('keep', 'gate') and aliases() == {'champion': 1} and 'looks like a leak' in d.words

def test_a_dry_run_decides_and_leaves_nothing(place, short):
    before = Path('models/registry.json').read_bytes()
    d = room.retrain('changed.csv', 'models', quick(), dry_run=True)
    assert d.decision == 'promote' and 'would replace version 1' in d.words and 'Dry run' in str(d) and d.after == 1
    assert Path('models/registry.json').read_bytes() == before and not Path('models/decisions').exists()

def test_rows_that_the_champion_learned_from_do_not_judge(place, short):
    old = pd.read_csv('old.csv')
    pd.concat([old, pd.read_csv('same.csv')]).to_csv('both.csv', index=False)
    d = room.retrain('both.csv', 'models', quick())
    loaded, train = data.load_run(RunDir(f'runs/{d.run}')), data.load_run(RunDir(next(p for p in Path('runs').iterdir() if p.name == registry.Registry('models').get(1).metadata['run']))).train
    seen = loaded.test.customer_id.isin(train.customer_id)
    assert d.evidence['overlap']['rows'] == seen.sum() > 50 and d.evidence['rows'] == (~seen).sum() and any('CAUTION' in n and 'left out' in n for n in d.evidence['notes'])
    room.retrain('old.csv', 'models', quick())       # the very table: the same split, so that its untouched rows are the champion's
    assert told()[-1]['evidence']['overlap'] | {'customers': 0} == dict(known=True, same_table=True, rows=0, customers=0)
    shutil.rmtree('runs')
    assert 'nobody can tell' in str(room.retrain('old.csv', 'models', quick()).evidence['notes'])

def test_known_customers_with_other_values_or_without_an_id_are_said(place, short):
    old, v = pd.read_csv('old.csv'), registry.Registry('models').get(1)
    folder = next(Path('runs').iterdir())
    train = data.load_run(RunDir(folder)).train
    mine = old[old.customer_id.isin(train.customer_id)].sample(200, random_state=0)
    seen, o = room.seen_before(mine.assign(tenure_months=mine.tenure_months+1), v, ['runs'])
    assert not seen.any() and (o['rows'], o['customers']) == (0, 200)
    said = room.overlap_words(o)
    assert said.startswith('CAUTION: 200 of the untouched rows are of customers whom the champion was trained on, with other values since') and 'flatters it' in said
    evidence = dict(overlap=o, rows=250, metrics=[dict(metric='auc', champion=.7, challenger=.7, gain=0., low=-.1, high=.1)], gate=[dict(name='better', passed=False, text='no')])
    assert 'judged on 250 customers in a state that neither was trained on' in room._words(evidence, 1, False, quick())
    assert 'judged on 250 customers that neither was trained on' in room._words(evidence | dict(overlap=o | dict(customers=0)), 1, False, quick())
    seen, o = room.seen_before(mine.drop(columns='customer_id'), v, ['runs'])
    assert seen.all() and (o['rows'], o['customers']) == (200, None), 'without an id, by all that is known of them'

def test_overlap_that_leaves_too_few_is_said(place, short):
    train = data.load_run(RunDir(next(Path('runs').iterdir()))).train
    old = pd.read_csv('old.csv').loc[train.index]
    old.to_csv('seen.csv', index=False)
    d = room.retrain('seen.csv', 'models', quick())
    assert d.evidence['overlap']['kept'] and d.evidence['overlap']['rows'] == d.evidence['rows'] == len(old)//5 and any('flatters' in n for n in d.evidence['notes']) and 'neither' not in d.words

@pytest.mark.parametrize('spoil, said', [
    (lambda d: d.drop(columns=['num_referrals', 'contract_type']), ['"num_referrals"', '"contract_type"']),
    (lambda d: d.rename(columns={'churned': 'Churned'}), ['"churned"']),
    (lambda d: d.assign(churned=d.churned.map({0: 'no', 1: 'gone'})), ['neither', 'gone']),
    (lambda d: d.assign(churned=1), ['0 stayed']),
    (lambda d: d.head(30), ['only']),
    (lambda d: d.head(0), ['only 0 left and 0 stayed']),
    (lambda d: d.assign(tenure_months='long', contract_type='M'), ['tenure_months', 'contract_type']),
    (lambda d: d.assign(num_referrals=np.nan), ['num_referrals', 'holds nothing'])])
def test_a_table_that_breaks_the_schema_is_refused_before_anything_is_trained(place, spoil, said):
    spoil(pd.read_csv('changed.csv')).to_csv('broken.csv', index=False)
    d = room.retrain('broken.csv', 'models', quick())
    assert (d.decision, d.reason, d.after) == ('keep', 'schema', 1) and len([*Path('runs').iterdir()]) == 1 and aliases() == {'champion': 1}
    assert all(s in d.words for s in said), d.words
    assert [t['reason'] for t in told()] == ['schema'] and len(d.evidence['gate']) == 1

def test_a_few_odd_values_and_a_new_column_are_only_said(place, short):
    df = pd.read_csv('changed.csv').assign(colour='red').astype({'tenure_months': object})
    df.loc[:9, 'tenure_months'] = 'many'
    df.loc[:300, 'contract_type'] = 'Flat'      # a new tariff
    df.to_csv('odd.csv', index=False)
    d = room.retrain('odd.csv', 'models', quick())
    assert d.decision == 'promote' and 'colour' not in registry.Registry('models').get(2).spec.features and any('colour' in n for n in d.evidence['notes']) and any('tenure_months' in n for n in d.evidence['notes']) and any("'Flat'" in n for n in d.evidence['notes'])

def test_the_champion_that_changed_meanwhile_is_not_replaced(place, short):
    reg = registry.Registry('models')
    other = RunDir.create(quick(data__source=str(Path('same.csv').resolve())), 'runs'); instead_of_ten_steps(other.path)
    assert reg.register(other).number == 2
    d = room.retrain('changed.csv', 'models', quick(), tell=lambda s: 'Promoting' in s and reg.promote(2))
    assert (d.decision, d.reason, d.after, d.version) == ('keep', 'champion', 2, 3) and aliases() == {'champion': 2} and told()[-1]['reason'] == 'champion'

def test_settings_of_another_model_are_refused(place):
    with pytest.raises(SettingsError, match='another|do not fit') as e: room.retrain('changed.csv', 'models', quick(data__target='left', retrain__segments=['region'], retrain__time='tenure_months'))
    assert len(e.value.problems) == 3 and told()[-1]['decision'] == 'failed'

def test_a_failing_run_is_recorded_and_changes_nothing(place, monkeypatch):
    def fails(run, on_progress=None): raise flow.StepFailed('Step 05_tune failed: no memory')
    monkeypatch.setattr(flow, 'run_flow', fails)
    with pytest.raises(flow.StepFailed): room.retrain('changed.csv', 'models', quick())
    [file] = told()
    assert (file['decision'], file['reason'], file['after']) == ('failed', 'error', 1) and 'no memory' in file['words'] and aliases() == {'champion': 1}
    said = []
    monkeypatch.setattr(flow, 'run_flow', instead_of_ten_steps)
    room.retrain('changed.csv', 'models', quick(), tell=said.append)
    assert not any('did not finish' in s for s in said)      # it has ended, badly, and said so

def test_a_window_with_decimal_commas(place):
    df = pd.read_csv('changed.csv')
    df.to_csv('comma.csv', index=False, sep=';', decimal=',')
    df = data.load_table('comma.csv')
    used = room.cut_window(df, '600'); used.attrs = df.attrs
    spec = data.infer_spec(data.load_table('changed.csv'), quick(data__target='churned'))
    r = room._new_run(used, False, quick(), spec, 'comma.csv', 'runs')
    again = data.load_table(r.settings.data.source)
    assert data.coerce(again, data.infer_spec(again, r.settings)).monthly_charges.tolist() == pd.read_csv('changed.csv').monthly_charges.tolist()[-600:]

def test_the_gate_lets_noise_through_as_rarely_as_it_says():
    s, rng, passed = quick(evaluate__bootstrap=50), np.random.default_rng(0), 0
    for _ in range(200):
        z = rng.normal(size=400); y = rng.random(400) < 1/(1+np.exp(1-z))
        a, b = (1/(1+np.exp(1-z-rng.normal(0, .7, 400))) for _ in range(2))
        passed += all(g['passed'] for g in room.gate(room.compare_models(y, a, b, None, s), s))
    assert passed <= 12      # 2.5 % of 200 are 5; more than 12 in one of 500 cases

def test_a_database_is_read_once(place, short):
    import sqlite3
    with contextlib.closing(sqlite3.connect('crm.db')) as db: pd.read_csv('changed.csv').to_sql('customers', db, index=False); db.commit()
    d = room.retrain('sqlite:///crm.db', 'models', quick(data__query='select * from customers where tenure_months > 1'))
    assert d.decision == 'promote' and RunDir(f'runs/{d.run}').settings.data.source.endswith('window.parquet') and d.evidence['table']['rows'] == (pd.read_csv('changed.csv').tenure_months > 1).sum()

def test_a_damaged_record_hides_nothing(place):
    Path('models/decisions').mkdir()
    for name, text in (('20260101-000000-a', '{'), ('20260102-000000-b', '[]'), ('20260103-000000-c', '{"evidence": null}')): Path(f'models/decisions/{name}.json').write_text(text)
    room.record('models', room.Decision('keep', 'gate', 'stays', 1, 1, time='2026-02-01T00:00:00+00:00'))
    assert room.decisions('models').decision.tolist() == ['unreadable']*3+['keep']
    code, out, err = call('retrain', '--history')
    assert code == 0 and out.count('unreadable') == 3 and 'keep' in out

# Killed, and at the same time

CHILD = '''
import os, signal, sys, time
sys.path.insert(0, {tests!r})
from test_retrain import *
point = {point!r}
def die(words):
    if point in words: os.kill(os.getpid(), signal.SIGKILL)
if not {real}: flow.run_flow = instead_of_ten_steps
if point == 'the record': room.record = lambda *a: os.kill(os.getpid(), signal.SIGKILL)
if point == 'wait': die = lambda words: ('Training' in words) and (print('here', flush=True), time.sleep(600))
room.retrain('changed.csv', 'models', quick(), tell=die)
'''

def child(point, real=False): return subprocess.Popen([sys.executable, '-c', CHILD.format(tests=str(Path(__file__).parent), point=point, real=real)], stdout=subprocess.PIPE, text=True)

@pytest.mark.parametrize('point, stage', [('Reading', 'the start'), ('Training', 'the run'), ('Comparing', 'the comparison'), ('Promoting', 'the promotion')])
def test_killed_it_changes_nothing_and_the_next_one_says_so(place, short, point, stage):
    before = aliases()
    assert child(point).wait(120) == -signal.SIGKILL
    assert aliases() == before == {'champion': 1} and not told() and registry.Registry('models').verify()[1] == ''
    said = []
    d = room.retrain('same.csv', 'models', quick(), tell=said.append)
    assert any('did not finish' in s and stage in s for s in said), said
    assert [(t['decision'], t['reason']) for t in told()] == [('failed', 'killed'), ('keep', 'gate')] and stage in told()[0]['words'] and d.before == 1

def test_killed_between_promotion_and_record_the_record_is_completed(place, short):
    assert child('the record').wait(120) == -signal.SIGKILL
    assert aliases() == {'champion': 2} and not told()
    said = []
    room.retrain('same.csv', 'models', quick(), tell=said.append)
    assert any('had promoted version 2' in s for s in said) and (told()[0]['decision'], told()[0]['after'], told()[1]['before']) == ('promote', 2, 2)

def test_killed_in_the_middle_of_the_real_run(place):
    p = child('never', real=True)
    for _ in range(600):
        if any(Path('runs').glob('*/artifacts/04_compare/leaderboard.csv')): break
        assert p.poll() is None; time.sleep(.1)
    p.kill(); p.wait()
    assert aliases() == {'champion': 1}
    with room.only_one('models') as (_, unfinished): assert unfinished['stage'] == 'the run' and unfinished['pid'] == p.pid

def test_two_at_once_exclude_each_other(place, short):
    p = child('wait')
    try:
        assert p.stdout.readline() == 'here\n'
        with pytest.raises(RunError, match=f'process {p.pid} .*since 20') as e: room.retrain('same.csv', 'models', quick())
        code, out, err = call('retrain', '--data', 'same.csv')
        assert code == 1 and str(p.pid) in err and not told()
    finally: p.kill(); p.wait()
    with room.only_one('models') as (_, unfinished): assert unfinished['pid'] == p.pid

# The whole, with a real server

def test_a_running_server_switches_over_and_back(place):
    "The command, the ten steps, and a server that is never restarted."
    server = subprocess.Popen([sys.executable, *MAIN, 'serve', '--port', '0', '--set', 'serve.poll=0.2'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        line = ''
        while 'http://127' not in line: line = server.stdout.readline(); assert line
        url, one = re.search(r'http://127\.0\.0\.1:\d+', line)[0], customers(9, 1).drop(columns='churned').to_dict('records')[0]
        def answer(version):
            for _ in range(150):
                if (got := httpx.post(f'{url}/predict', json=one).json())['version'] == version: return got['churn_probability']
                time.sleep(.2)
            raise AssertionError(f'still {got}')
        first = answer('1')
        code, out, err = call('retrain', '--data', 'changed.csv', *(w for k, v in QUICK.items() for w in ('--set', f'{k}={",".join(v) if isinstance(v, list) else v}')))
        assert code == 0 and 'Version 2 replaces version 1' in out, (out, err)
        second = answer('2')
        assert abs(second-registry.Registry('models').load(2)[1].predict_proba(pd.DataFrame([one]))[0, 1]) < 1e-9 and second != first
        assert call('models', 'rollback')[0] == 0
        assert answer('1') == first
        code, out, _ = call('retrain', '--history')
        assert code == 0 and 'promote' in out and 'changed' not in out
    finally: server.terminate(); server.communicate(timeout=30)

def test_exit_codes(place, tmp_path):
    pd.read_csv('changed.csv').assign(churned=0).to_csv('broken.csv', index=False)
    code, out, err = call('retrain', '--data', 'broken.csv')
    assert code == 1 and 'stays champion' in out and not err
    assert call('retrain', '--data', 'broken.csv', '--models', tmp_path/'none')[0] == 1 and call('retrain')[0] == 1 and call('retrain', '--dat', 'x')[0] == 2
    code, out, err = call('retrain', '--data', 'missing.csv')
    assert code == 1 and 'missing.csv' in err and told()[-1]['decision'] == 'failed'

# When

def test_schedule_ends_cleanly_with_its_child(tmp_path):
    code = '''
import signal, sys, time
from churn_nb import cli, retrain as room
signal.signal(signal.SIGTERM, cli._terminated)
t = [0]
room.schedule(room.every('day'), lambda: room.retrain_once([sys.executable, '-c', "import time; open('child', 'w').write('x'); time.sleep(600)"]), clock=lambda: time.time()+t[0], sleep=lambda s: t.__setitem__(0, t[0]+s))
'''
    p = subprocess.Popen([sys.executable, '-c', code], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    for _ in range(300):
        if (tmp_path/'child').exists(): break
        time.sleep(.1)
    import psutil
    kids = psutil.Process(p.pid).children()
    assert len(kids) == 1
    p.send_signal(signal.SIGTERM)
    out, _ = p.communicate(timeout=40)
    assert p.returncode == 0 and out.splitlines()[-1].endswith('stopped') and not kids[0].is_running()

def test_the_command_waits_and_stops(place):
    p = subprocess.Popen([sys.executable, *MAIN, 'schedule', '--every', 'week', '--at', 'sun 04:30', '--data', 'new.csv'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = p.stdout.readline()
    assert 'every Sun at 04:30; next: Sun ' in line
    p.send_signal(signal.SIGINT)
    out, err = p.communicate(timeout=30)
    assert p.returncode == 0 and out.rstrip().endswith('stopped') and not err
    code, out, err = call('schedule', '--every', '5h', '--at', 'noon', '--data', 'new.csv')
    assert code == 1 and '5h' in err and 'noon' in err

def test_on_drift_asks_the_monitor(place, monkeypatch):
    asked = []
    for code, expected in ((0, False), (10, False), (20, True)):
        monkeypatch.setattr(room, 'call', lambda argv: asked.append(argv) or code)
        assert room.drift_alarm('models') is expected
    assert asked[0][-4:] == ['monitor', '--log', '--models', 'models']
    monkeypatch.setattr(room, 'call', lambda argv: 1)
    with pytest.raises(RunError, match='code 1'): room.drift_alarm('models')
    monkeypatch.setattr(room, 'drift_alarm', lambda *a: False)
    monkeypatch.setattr(room, 'retrain', lambda *a, **kw: pytest.fail('retrained without an alarm'))
    with pytest.raises(SystemExit) as e: cli.main(['retrain', '--data', 'same.csv', '--on-drift'])
    assert e.value.code == 3

@pytest.mark.parametrize('zone', ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'])
def test_a_year_of_times(zone, monkeypatch):
    monkeypatch.setenv('TZ', zone); time.tzset()
    try:
        start, end = (datetime(y, 1, 1).timestamp() for y in (2026, 2027))
        for what, at, n, gap in (('week', 'wed 02:30', 52, 7*86_400), ('day', '02:30', 365, 86_400), ('day', '23:59', 365, 86_400), ('6h', '02:30', 4*365, 6*3600), ('hour', '0:10', 24*365, 3600)):
            t, times, when = start-1, [], room.every(what, at)
            while (t := room.next_time(when, t)) < end: times.append(t)
            gaps = np.diff(times)
            assert abs(len(times)-n) <= 1 and gaps.min() >= min(gap/2, gap-3600) and gaps.max() <= max(gap+3600, 1.5*gap), (what, len(times), gaps.min(), gaps.max())
            if what == 'week': assert {datetime.fromtimestamp(x).strftime('%a') for x in times} == {'Wed'}
    finally: monkeypatch.undo(); time.tzset()

# For others

AWKWARD = ['retrain', '--data', "/data/100% o'new \"q\" $HOME.csv", '--set', 'data.positive=\\n;#']

def test_cron_gives_the_words_as_they_are(tmp_path):
    fake = tmp_path/'my bin'/'churn-nb'; fake.parent.mkdir()
    fake.write_text(f'#!{sys.executable}\nimport json, os, sys\nprint(json.dumps([os.getcwd(), *sys.argv[1:]]))\n'); fake.chmod(0o755)
    line = room.cron_file(room.every('week'), [str(fake), *AWKWARD], tmp_path/'my bin').splitlines()[-1]
    assert re.match(r'0 3 \* \* 1 cd ', line) and not re.search(r'(?<!\\)%', line)       # cron ends the command at a bare %
    subprocess.run(['sh', '-c', line.split(' ', 5)[5].replace('\\%', '%')], check=True)
    assert json.loads((tmp_path/'my bin'/'retrain.log').read_text()) == [str(tmp_path/'my bin'), *AWKWARD]

@pytest.mark.skipif(not shutil.which('systemd-analyze'), reason='systemd is not installed')
def test_systemd_understands_the_files(tmp_path):
    files = room.systemd_files(room.every('week', 'sun 04:30'), [sys.executable, *AWKWARD], tmp_path)
    assert '100%% o' in files['churn_nb-retrain.service'] and '$$HOME' in files['churn_nb-retrain.service']      # single, systemd would put something else there, or nothing
    for name, text in files.items(): (tmp_path/name).write_text(text)
    p = subprocess.run(['systemd-analyze', 'verify', *(str(tmp_path/n) for n in files)], capture_output=True, text=True)
    assert p.returncode == 0 and str(tmp_path) not in p.stderr, p.stderr
    for words, day, at in ((('week',), 'Mon', '03:00:00'), (('week', 'sun 04:30'), 'Sun', '04:30:00'), (('week', 'sat'), 'Sat', '03:00:00'), (('6h',), '', ':00:00'), (('15m', '0:05'), '', '(05|20|35|50):00')):
        p = subprocess.run(['systemd-analyze', 'calendar', room._calendar(room.every(*words))], capture_output=True, text=True)
        assert p.returncode == 0 and re.search(rf'Next elapse: {day}.*{at}', p.stdout), (words, p.stdout, p.stderr)

def test_the_command_writes_files_for_each(place):
    import yaml
    given = ('schedule', '--every', 'week', '--at', 'sun 03:00', '--data', 'new.csv', '--set', 'retrain.segments=a,b', '--window', '365d', '--on-drift', '--engine', 'python')
    for kind, names in (('cron', ['churn_nb.crontab']), ('systemd', ['churn_nb-retrain.service', 'churn_nb-retrain.timer']), ('github', ['retrain.yml'])):
        code, out, err = call(*given, '--write', kind, 'made')
        assert code == 0 and all(f'Wrote made/{n}' in out for n in names), (out, err)
    run = yaml.safe_load(Path('made/retrain.yml').read_text())['jobs']['retrain']['steps'][4]['run']
    line = [l for l in Path('made/churn_nb.crontab').read_text().splitlines() if not l.startswith('#')][0]
    unit = re.search('^ExecStart=(.*)', Path('made/churn_nb-retrain.service').read_text(), re.M)[1]
    for text, table in ((run.split(' || ')[0], 'new.csv'), (line.split(' && ')[1].split(' >>')[0], str(place/'new.csv')), (unit, str(place/'new.csv'))):
        a = cli.parser().parse_args([w for w in shlex.split(text) if not w.endswith('churn-nb')])
        assert (a.do, a.data, a.set, a.window, a.on_drift, a.engine) == (cli.retrain, table, ['retrain.segments=a,b'], '365d', True, 'python')
    assert Path(shlex.split(unit)[0]).is_file() and call(*given, '--write', 'launchd', '.')[0] == 1

def test_a_retrain_on_drift_asks_the_real_monitor(tmp_path, monkeypatch):
    "The alarm of `churn-nb monitor --log` itself: of quiet weeks none, of a changed world one."
    from churn_nb import watch
    for name, change, alarm in (('calm', None, False), ('changed', 3, True)):
        (tmp_path/name).mkdir()
        _, models = watch.invent_traffic(tmp_path/name, weeks=5, customers=300, change=change)
        monkeypatch.chdir(tmp_path/name)
        assert room.drift_alarm(models) is alarm
        assert len([*(tmp_path/name/'monitor').glob('*/report.html')]) == 1
