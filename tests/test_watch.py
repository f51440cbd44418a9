"""The monitor: levels and exit codes, the log and files, the alert hook, and real customers who are not like those of training."""
import json, shutil, sys, threading, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
import numpy as np, pandas as pd, pytest
from churn_nb import data, monitor, performance, predict, registry, watch
from churn_nb.cli import main
from churn_nb.core import *
from churn_nb.log import PredictionLog

@pytest.fixture(scope='module')
def traffic(tmp_path_factory):
    "Ten weeks, the last three of another world."
    return watch.invent_traffic(tmp_path_factory.mktemp('traffic'), weeks=10, customers=300, change=7)

@pytest.fixture(scope='module')
def calm(tmp_path_factory): return watch.invent_traffic(tmp_path_factory.mktemp('calm'), weeks=6, customers=300)

# The log

def test_a_changed_world_is_an_alarm_and_says_why(traffic):
    report = watch.check_log(*traffic)
    kinds = {f.what: f for f in report.findings}
    assert report.exit_code == 20 and {'drift', 'calibration', 'concept'} <= {*kinds}
    assert kinds['drift'].text.startswith('monthly_charges') and 'more leave than said' in kinds['calibration'].text and 'more often' in kinds['concept'].text
    assert [f.level for f in report.findings] == sorted((f.level for f in report.findings), key=lambda l: -watch.LEVELS[l])

def test_the_numbers_are_those_of_the_rooms_below(traffic):
    book, models = traffic
    report, p = watch.check_log(book, models, since='14d'), predict.Predictor.load('champion', models)
    said = book.read(since='14d', inputs=True)
    t = monitor.drift(registry.Registry(models).get(1).profile, data.coerce(said, p.spec), p.spec)
    pd.testing.assert_frame_equal(report.drift, t)
    assert report.rows == len(said) == said.customer.nunique()
    weeks = performance.weekly(book.read(outcomes=True), line=p.metadata.get('calibration_line'))
    pd.testing.assert_frame_equal(report.weeks, weeks)

def test_a_calm_world_is_quiet(calm, tmp_path, monkeypatch, capsys):
    book, models = calm
    monkeypatch.chdir(tmp_path)
    assert main(['monitor', '--log', book.where, '--models', str(models)]) == 0
    assert capsys.readouterr().out.startswith('Quiet: ') and len([*Path('monitor').glob('*/report.html')]) == 1
    assert main(['monitor', '--log', book.where, '--models', str(models), '--quiet']) == 0 and capsys.readouterr().out == ''
    assert len([*Path('monitor').glob('*/report.json')]) == 2 and [c['level'] for c in book.checks(2)] == ['quiet']*2

def test_each_customer_counts_once_and_nameless_ones_all(calm, tmp_path):
    book, models = calm
    mine = PredictionLog(tmp_path/'monitor.db')
    t, p = data.make_customers(50, seed=3).drop(columns='churned'), predict.Predictor.load('champion', models)
    for _ in range(3): mine.write_table(t, p.predict_frame(t), '1', id='customer_id')
    mine.write_table(t, p.predict_frame(t).assign(id=None), '1')
    assert watch.check_log(mine, models).rows == 100

def test_segments_and_calibration_are_those_of_four_weeks(calm):
    report = watch.check_log(*calm, settings=load_settings(overrides={'monitor.segments': ['contract_type']}))
    known = calm[0].read(outcomes=True).dropna(subset='left')
    recent = (known.time > known.time.max()-pd.Timedelta(days=28)).sum()
    assert report.segments.outcomes.sum() == report.calibration['outcomes'] == recent < len(known)

def test_a_model_is_judged_by_its_calibration_line(calm):
    "A line that says: all customers are nearly alike. The estimates and the bet believe it."
    said, version = calm[0].read(outcomes=True), registry.Registry(calm[1]).get(1)
    said['time'] += pd.Timestamp('2026-11-22T20:00Z')-said.time.max()     # the last week has no outcomes yet
    judged = lambda line: watch.look_back(said, '1', {**version.metadata, 'calibration_line': line}, load_settings())
    right, wrong = judged(version.metadata['calibration_line']), judged([0, .1])
    assert right['findings'] == [] and [f.what for f in wrong['findings']] == ['performance', 'concept'] and wrong['concept']['crossed']
    assert wrong['weeks'].estimated_auc.max() < .6 < right['weeks'].estimated_auc.min()

def test_the_commands_exit_codes(traffic, tmp_path, monkeypatch, capsys):
    book, models = traffic
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as e: main(['monitor', '--log', book.where, '--models', str(models), '--notebook'])
    assert e.value.code == 20
    said, folder = capsys.readouterr().out, next(Path('monitor').iterdir())
    assert said.startswith('Alarm: ') and str(folder/'report.html') in said
    kept = read_json(folder/'report.json')
    assert kept['level'] == 'alarm' and kept['exit_code'] == 20 and kept['findings'][0]['level'] == 'alarm'
    nb = read_json(folder/'report.ipynb')
    shown = ''.join(json.dumps(o) for c in nb['cells'] for o in c.get('outputs', []))
    assert 'monthly_charges' in shown and kept['sentence'] in shown and '"output_type": "error"' not in shown
    assert main(['monitor', '--log', 'none.db', '--models', str(models)]) == 1 and 'no prediction log' in capsys.readouterr().err
    PredictionLog('empty.db')
    assert main(['monitor', '--log', 'empty.db', '--models', str(models)]) == 1 and 'no predictions yet' in capsys.readouterr().err
    assert main(['monitor', '--log', book.where, '--models', str(models), '--since', 'soon']) == 1 and 'is no time' in capsys.readouterr().err
    for wrong in (['monitor'], ['monitor', '--log', '--new', 'x.csv'], ['monitor', '--new']):
        with pytest.raises(SystemExit) as e: main(wrong)
        assert e.value.code == 2

# Files

def test_a_file_like_the_training_table_is_quiet_and_a_shifted_one_is_not(calm, tmp_path, monkeypatch, capsys):
    _, models = calm
    monkeypatch.chdir(tmp_path)
    new = data.make_customers(800, seed=77)
    new.drop(columns='churned').to_csv('same.csv', index=False)
    assert main(['monitor', '--new', 'same.csv', '--models', str(models)]) == 0 and 'no outcomes known' in capsys.readouterr().out
    new.assign(monthly_charges=new.monthly_charges*1.08).drop(columns='churned').to_parquet('more.parquet')
    with pytest.raises(SystemExit) as e: main(['monitor', '--new', 'more.parquet', '--models', str(models)])
    assert e.value.code == 10 and 'monthly_charges' in capsys.readouterr().out
    new.assign(contract_type='Lifetime').to_csv('unseen.csv', index=False)
    with pytest.raises(SystemExit) as e: main(['monitor', '--new', 'unseen.csv', '--models', str(models)])
    said = capsys.readouterr().out
    assert e.value.code == 20 and 'contract_type' in said and '800 outcomes known' in said     # the target was in the file
    new.drop(columns=['contract_type', 'tenure_months']).to_csv('less.csv', index=False)
    assert main(['monitor', '--new', 'less.csv', '--models', str(models)]) == 1
    said = capsys.readouterr().err
    assert 'contract_type' in said and 'tenure_months' in said
    new.assign(tenure_months=new.tenure_months.astype(str)+' months').to_csv('words.csv', index=False)
    with pytest.raises(SystemExit) as e: main(['monitor', '--new', 'words.csv', '--models', str(models)])
    said = capsys.readouterr().out
    assert e.value.code == 20 and 'cannot be read' in said and '100% missing' in said

def test_a_few_values_far_outside_are_a_warning_although_nothing_has_drifted(calm):
    book, models = calm
    new = data.make_customers(500, seed=78).drop(columns='churned')
    fine = watch.check_file(new, models)
    assert not [f for f in fine.findings if 'far outside' in f.text]
    new.loc[:5, 'monthly_charges'] = 99_999
    report = watch.check_file(new, models)
    [said] = [f.text for f in report.findings if 'far outside' in f.text]
    assert said.startswith('monthly_charges: 6 values are far outside the range of training (') and 'such as 99,999' in said and not report.drift.drifted.any()
    new.loc[2:5, 'monthly_charges'] = 50
    assert not [f for f in watch.check_file(new, models).findings if 'far outside' in f.text], 'two of 500 are no reason to wake anybody'

def test_customers_whom_the_model_has_learned_from_are_a_warning_in_any_order(calm):
    book, models = calm
    kept = predict.Predictor.load('champion', models).background
    new = data.make_customers(700, seed=77)
    assert watch._known_rows(new, p := predict.Predictor.load('champion', models)) == 0
    mixed = pd.concat([new, kept.sample(30, random_state=0).assign(customer_id=[f'K{i}' for i in range(30)], churned=0)], ignore_index=True).sample(frac=1, random_state=1)
    said = [f.text for f in watch.check_file(mixed, models).findings if f.what == 'data']
    assert any(t.startswith(f'30 of the {len(kept)} training customers') for t in said), said
    assert watch._known_rows(mixed.drop(columns='churned'), p) == 0, 'where no answers are given, none are known'
    few = mixed.assign(**{c: 1 for c in p.spec.features if c != 'contract_type'})
    assert watch._known_rows(few, p) == 0, 'customers who are alike anyway'

def test_telco_those_who_have_stayed_long_are_not_those_who_have_just_come(telco, tmp_path, monkeypatch, capsys):
    "Trained on customers of up to 24 months: of the others, tenure and what was paid so far have drifted; random halves are quiet."
    from churn_nb.flow import run_flow
    monkeypatch.chdir(tmp_path)
    table = pd.read_csv(telco)
    table[table.tenure <= 24].to_csv('first.csv', index=False); table[table.tenure > 24].to_csv('later.csv', index=False)
    fast = {'compare.models': ['logistic_regression', 'lightgbm'], 'tune.draws': 2, 'tune.folds': 3, 'compare.folds': 3, 'explain.sample': 20}
    run_flow(load_settings(overrides={'data.source': 'first.csv', 'data.target': 'Churn', 'run.engine': 'python', **fast}))
    with pytest.raises(SystemExit) as e: main(['monitor', '--new', 'later.csv'])
    report = watch.check_file('later.csv')
    again = watch.check_file(pd.read_csv('later.csv'))    # the table itself
    assert (none := watch.check_file(pd.read_csv('later.csv').head(0))).level == 'warning' and 'holds no customers' in str(none), 'an empty export is not quiet'
    assert (again.source, again.level, again.drift.column.tolist()) == ('a DataFrame', report.level, report.drift.column.tolist())
    gone = {*report.drift.column[report.drift.drifted]}
    assert e.value.code == 20 and {'tenure', 'TotalCharges', 'Contract'} <= gone and report.findings[0].level == 'alarm'
    assert 'tenure: values moved by' in capsys.readouterr().out and report.predictions.drifted.all()
    half = table.sample(frac=.5, random_state=0)
    half.to_csv('half.csv', index=False); rest = table.drop(half.index)
    run_flow(load_settings(overrides={'data.source': 'half.csv', 'data.target': 'Churn', 'run.engine': 'python', 'registry.models': 'halves', **fast}))
    for seed in range(5):
        rest.sample(1500, random_state=seed).drop(columns='Churn').to_csv('other.csv', index=False)
        assert watch.check_file('other.csv', 'halves').level == 'quiet'

# The alert hook

@pytest.fixture
def listener():
    "A web server that keeps what it is sent."
    got = []
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, json.loads(self.rfile.read(int(self.headers['content-length'])))))
            if self.path.startswith('/elsewhere'): self.send_response(302); self.send_header('Location', '/target'); self.end_headers(); return
            self.send_response(500 if self.path.startswith('/broken') else 204); self.end_headers()
        do_GET = do_POST
        def log_message(self, *_): pass
    server = HTTPServer(('127.0.0.1', 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{server.server_port}', got
    server.shutdown()

def test_alarms_are_sent_on(traffic, calm, listener, tmp_path, monkeypatch, capsys):
    url, got = listener
    monkeypatch.chdir(tmp_path)
    keep = [sys.executable, '-c', '"import sys, os; open(\'told.json\', \'w\').write(sys.stdin.read()); open(\'level\', \'w\').write(os.environ[\'CHURN_NB_LEVEL\'])"']
    sets = ['--set', f'monitor.webhook={url}/hook?secret=1', '--set', f'monitor.command={" ".join(keep)}']
    with pytest.raises(SystemExit): main(['monitor', '--log', traffic[0].where, '--models', str(traffic[1]), *sets])
    (path, told), = got
    assert path == '/hook?secret=1' and told['level'] == 'alarm' and told['text'].startswith('churn_nb: Alarm') and told['findings'] and Path(told['report']).exists()
    assert read_json('told.json') == told and Path('level').read_text() == 'alarm' and capsys.readouterr().err == ''
    assert main(['monitor', '--log', calm[0].where, '--models', str(calm[1]), *sets]) == 0 and len(got) == 1     # nobody is told that all is well

def test_a_hook_that_fails_is_said_and_changes_nothing(traffic, listener, tmp_path, monkeypatch, capsys):
    url, got = listener
    monkeypatch.chdir(tmp_path)
    for hook, says in ((f'{url}/broken?secret', 'answers 500'), (f'{url}/elsewhere?secret', 'answers 302'), ('http://127.0.0.1:1/secret', 'cannot be reached')):
        with pytest.raises(SystemExit) as e: main(['monitor', '--log', traffic[0].where, '--models', str(traffic[1]), '--set', f'monitor.webhook={hook}'])
        said = capsys.readouterr().err
        assert e.value.code == 20 and says in said and 'secret' not in said
    assert [p for p, _ in got] == ['/broken?secret', '/elsewhere?secret']
    for command, says in (('no-such-program', 'cannot be run'), ("sh -c 'echo why >&2; exit 3'", 'ended with 3: why'), ("'", 'cannot be run')):
        with pytest.raises(SystemExit) as e: main(['monitor', '--log', traffic[0].where, '--models', str(traffic[1]), '--set', f'monitor.command={command}'])
        assert e.value.code == 20 and says in capsys.readouterr().err
    assert watch.tell(watch.check_log(*traffic), command='sleep 5', seconds=.3) == ['the command was stopped after 0.3 seconds']

def test_a_webhook_that_is_no_web_server(traffic, tmp_path, monkeypatch, capsys):
    "What answers is something else, or the address is none: said, and the exit code is still that of the alarm."
    import socket
    monkeypatch.chdir(tmp_path)
    with socket.create_server(('127.0.0.1', 0)) as s:
        def answer():
            c, _ = s.accept()
            with c: c.recv(100); c.sendall(b'SSH-2.0-OpenSSH\r\n')
        threading.Thread(target=answer, daemon=True).start()
        for hook in (f'http://127.0.0.1:{s.getsockname()[1]}/secret', 'http://127.0.0.1:x/secret', 'http://127.0.0.1/a secret', 'http://'):
            with pytest.raises(SystemExit) as e: main(['monitor', '--log', traffic[0].where, '--models', str(traffic[1]), '--set', f'monitor.webhook={hook}'])
            said = capsys.readouterr().err
            assert e.value.code == 20 and 'the webhook' in said and 'secret' not in said

def test_somebody_is_told_though_the_log_cannot_keep_the_check(traffic, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    def locked(*_, **__): raise RunError('database is locked')
    monkeypatch.setattr(PredictionLog, 'add_check', locked)
    assert main(['monitor', '--log', traffic[0].where, '--models', str(traffic[1]), '--set', 'monitor.command=tee told.json']) == 1
    assert 'locked' in capsys.readouterr().err and read_json('told.json')['level'] == 'alarm'

def test_customers_of_a_version_that_did_not_ask_for_a_column(calm, tmp_path):
    "They are left out, and do not make the column seem missing."
    book, models = PredictionLog(tmp_path/'monitor.db'), calm[1]
    t, p = data.make_customers(300, seed=5).drop(columns='churned'), predict.Predictor.load('champion', models)
    book.write_table(t, p.predict_frame(t), '1', id='customer_id')
    book.write_table(t.drop(columns='tenure_months').assign(customer_id=[f'old{i}' for i in range(300)]), p.predict_frame(t).assign(id=[f'old{i}' for i in range(300)]), '0', id='customer_id')
    report = watch.check_log(book, models)
    assert report.rows == 300 and report.level == 'quiet'
    gone = PredictionLog(tmp_path/'gone.db')
    gone.write_table(t.drop(columns='tenure_months'), p.predict_frame(t), '1', id='customer_id')
    assert any(f.level == 'alarm' and f.text.startswith('tenure_months') for f in watch.check_log(gone, models).findings)

# The page and the overview

def test_hostile_names_stay_text(calm, tmp_path):
    report = watch.check_log(*calm)
    report.drift.loc[0, ['column', 'reason', 'drifted']] = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', True]
    report.findings.append(watch.Finding('warning', 'drift', '<b>bold</b>'))
    html = watch.save_report(report, tmp_path/'r').read_text()
    assert '<script' not in html and '<img src=x' not in html and '<b>bold' not in html and '&lt;script&gt;' in html
    assert 'http' not in html.replace('http-equiv', '')     # nothing is loaded from anywhere

def test_a_report_can_be_read_again(traffic, tmp_path):
    report = watch.check_log(*traffic)
    watch.save_report(report, tmp_path/'r')
    assert watch.read_report(tmp_path/'r').to_dict() == report.to_dict()

def test_the_overview_holds_the_numbers_of_the_api(traffic, tmp_path):
    book, models = traffic
    seen, report = watch.overview(book, models), watch.check_log(book, models, history='84d', together=False)
    said = book.read()
    assert seen['totals'] == dict(predictions=len(said), customers=said.customer.nunique(), outcomes=2700, lost=0)
    assert sum(d['predictions'] for d in seen['days']) == len(said) and len(seen['days']) in (70, 71)
    day = said[said.time.dt.strftime('%Y-%m-%d') == seen['days'][3]['day']]
    assert seen['days'][3] == dict(day=seen['days'][3]['day'], predictions=len(day), mean_probability=pytest.approx(day.probability.mean()), high=int((day.risk_level == 'HIGH').sum()))
    assert seen['status'] == report.level == 'alarm' and [a['text'] for a in seen['alarms']][:len(report.findings)] == [f.text for f in report.findings]
    assert seen['drift']['drifted'] == report.drift.drifted.sum() and len(seen['drift']['columns']) == len(report.drift) and seen['performance'] == report.to_dict()['weeks']
    assert seen['champion']['version'] == '1' and seen['challenger'] is None and 'Model card' in seen['champion']['card']
    assert json.loads(json.dumps(seen, allow_nan=False)) == seen

def test_the_overview_counts_what_was_returned_and_remembers_earlier_checks(calm, tmp_path):
    book, models = PredictionLog(tmp_path/'monitor.db'), calm[1]
    t, p = data.make_customers(60, seed=3).drop(columns='churned'), predict.Predictor.load('champion', models)
    for role in ('champion', 'challenger', 'shadow'): book.write_table(t, p.predict_frame(t), '1', role, id='customer_id')
    earlier = dict(level='warning', what='drift', text='monthly_charges: was away for a day')
    for when in ('3d', '2d'): book.add_check('1', 'warning', {'findings': [earlier]}, when)
    seen = watch.overview(book, models)
    assert sum(d['predictions'] for d in seen['days']) == 120 and seen['totals']['predictions'] == 180
    (kept,) = [a for a in seen['alarms'] if a['text'] == earlier['text']]     # once, with the time of the latest check
    assert abs(pd.Timestamp(kept['time'])-pd.Timestamp.now('UTC')+pd.Timedelta(days=2)) < pd.Timedelta(hours=1)

def test_the_overview_of_nothing(calm, tmp_path):
    for book in (None, PredictionLog(tmp_path/'new.db')):
        seen = watch.overview(book, calm[1])
        assert seen['status'] == 'quiet' and seen['days'] == [] and seen['drift'] is None and seen['logged'] == (book is not None)

def test_a_version_of_before_says_what_to_do(traffic, tmp_path):
    "A profile without the new sketch: the monitor refuses, the overview shows the rest."
    book, models = traffic
    shutil.copytree(models, tmp_path/'models')
    folder = tmp_path/'models/versions/1'
    write_json(folder/'profile.json', dict(columns={}, probability={}))
    write_json(folder/'manifest.json', {'files': {n: registry.sha256(folder/n) for n in read_json(folder/'manifest.json')['files']}})
    state = read_json(tmp_path/'models/registry.json')
    state['versions']['1']['manifest'] = registry.sha256(folder/'manifest.json'); write_json(tmp_path/'models/registry.json', state)
    with pytest.raises(ChurnError, match='earlier churn_nb'): watch.check_log(book, tmp_path/'models')
    seen = watch.overview(book, tmp_path/'models')
    assert seen['status'] == 'warning' and 'earlier churn_nb' in seen['sentence'] and seen['days'] and seen['drift'] is None

def test_the_overview_of_another_process_is_the_same(traffic):
    book, models = traffic
    plain = lambda d: {k: v for k, v in d.items() if k not in ('generated', 'period', 'alarms', 'drift')}
    there, here = watch.overview_elsewhere(book, models), watch.overview(book, models)
    assert plain(there) == plain(here) and there['drift']['columns'] == here['drift']['columns']
    with pytest.raises(RunError, match='could not be made'): watch.overview_elsewhere(book, models, ref='17')

def test_silence_is_not_quiet(calm):
    report = watch.check_log(*calm, since=time.time()+60)
    assert report.rows == 0 and report.exit_code == 10 and 'nothing has been predicted' in report.findings[0].text

def test_a_webhook_that_is_none_is_refused_before_the_work():
    with pytest.raises(SettingsError, match='not usable') as e: load_settings(overrides={'monitor.webhook': 'ftp://x'})
    assert 'webhook' in e.value.problems[0]
