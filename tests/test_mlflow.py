"MLflow: a real server (SQLite, 127.0.0.1) gets runs, versions and aliases; one that is down, silent or refusing costs a run nothing but a sentence."
import json, os, re, shutil, signal, socket, sqlite3, subprocess, sys, time, urllib.request
from pathlib import Path
import numpy as np, pandas as pd, pytest
pytest.importorskip('mlflow')
from churn_nb import Predictor, cli, data, eda, flow, registry, tracking
from churn_nb.core import ChurnError, RunDir, demo_run_dir, read_json

SMALL = [x for s in ('data.rows=300', 'compare.models=xgboost', 'compare.folds=2', 'tune.draws=1', 'tune.folds=2', 'evaluate.bootstrap=50', 'explain.sample=15', 'explain.background=10') for x in ('--set', s)]
HOME = {f'{step}/{name}' for step, names in {'01_data': 'raw.parquet train.parquet test.parquet truth.parquet spec.json summary.json validation.json', '02_eda': 'report.json report.txt', '04_compare': 'oof.parquet', '05_tune': 'pipeline.joblib', '06_evaluate': 'predictions.parquet',
        '07_explain': 'customer.json shap_values.parquet waterfall.png', '09_predict': 'predictions.parquet riskiest.csv'}.items() for name in names.split()}   # stay at home; the model travels as a version

def free_port() -> int:
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); return s.getsockname()[1]

def environment(uri: str = '', **more) -> dict:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(('MLFLOW_', 'CHURN_NB_'))}
    return {**kept, **({'MLFLOW_TRACKING_URI': uri} if uri else {}), **more}

def command(cwd, *args, uri: str = '', before: str = '', after: str = '', **env):
    "`churn-nb` in a fresh process."
    code = f'import sys\n{before}\nfrom churn_nb.cli import main\nstatus = main()\n{after}\nsys.exit(status)'
    return subprocess.run([sys.executable, '-c', code, *map(str, args)], cwd=cwd, env=environment(uri, **env), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)

@pytest.fixture(scope='module')
def work(tmp_path_factory): return tmp_path_factory.mktemp('work')

@pytest.fixture(scope='module')
def starting(tmp_path_factory):
    "The server, not waited for."
    home, port = tmp_path_factory.mktemp('server'), free_port()
    with open(home/'log.txt', 'wb') as log:
        p = subprocess.Popen([sys.executable, '-m', 'mlflow', 'server', '--backend-store-uri', f'sqlite:///{home}/mlflow.db', '--artifacts-destination', str(home/'files'), '--host', '127.0.0.1', '--port', str(port), '--workers', '1'],
            cwd=home, env=environment(MLFLOW_DISABLE_TELEMETRY='true', DO_NOT_TRACK='true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION='false'), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    yield p, home, f'http://127.0.0.1:{port}'
    os.killpg(p.pid, signal.SIGKILL); p.wait()

@pytest.fixture(scope='module')
def first(starting, work):
    "A run made without MLFLOW_TRACKING_URI, while the server starts: its folder, and what the command said."
    said = command(work, 'run', '--engine', 'python', '--set', 'run.workers=1', *SMALL, after="print('IMPORTED', *[m for m in sys.modules if m.split('.')[0] == 'mlflow'], sep='|')")
    assert said.returncode == 0, said.stderr
    return next((work/'runs').iterdir()), said.stdout

@pytest.fixture(scope='module')
def server(starting, first):
    "The address of the server, which answers, and the folder it keeps its files in."
    p, home, uri = starting
    end = time.monotonic()+120
    while True:
        try: urllib.request.urlopen(f'{uri}/health', timeout=5).read(); break
        except OSError:
            assert p.poll() is None and time.monotonic() < end, (home/'log.txt').read_text()
            time.sleep(.2)
    with pytest.MonkeyPatch.context() as m:
        for k in [k for k in os.environ if k.startswith(('MLFLOW_', 'CHURN_NB_'))]: m.delenv(k)
        for k, v in tracking.MANNERS.items(): m.setenv(k, v)
        m.setenv('MLFLOW_TRACKING_URI', uri)
        yield uri, home/'files'

@pytest.fixture(scope='module')
def client(server):
    from mlflow import MlflowClient
    return MlflowClient(server[0])

@pytest.fixture
def here(monkeypatch):
    "The work of the fresh process in this one, for speed; the fresh process itself has tests of its own."
    monkeypatch.setattr(tracking, '_ask', lambda job, *words, seconds=0: dict(uri=os.environ['MLFLOW_TRACKING_URI'], **dict(track=tracking._track, sync=tracking._sync)[job](*words)))

@pytest.fixture(scope='module')
def tracked(server, work, first):
    "The first run resumed at its last step, now with MLFLOW_TRACKING_URI."
    said = command(work, 'run', '--from', '10', uri=server[0])
    assert said.returncode == 0, said.stderr
    return RunDir(first[0]), said.stdout

def aliases(client) -> dict:
    "alias -> our number, as the server says."
    m = client.get_registered_model('churn_nb')
    return {a: int(client.get_model_version('churn_nb', n).tags['churn_nb.version']) for a, n in m.aliases.items()}

def another(run: RunDir, name: str, rows: int) -> RunDir:
    "A copy of a run whose model was trained on fewer customers."
    shutil.copytree(run.path, place := run.path.parent.parent/'elsewhere'/name)
    text = (place/'settings.ini').read_text()
    (place/'settings.ini').write_text(text.replace('check = True', 'check = False'))
    train = place/'artifacts/01_data/train.parquet'
    pd.read_parquet(train).iloc[:rows].to_parquet(train)
    registry.run(place)
    return RunDir(place)

def files_of(client, key: str, folder: str = '') -> list[str]:
    return [f for x in client.list_artifacts(key, folder) for f in (files_of(client, key, x.path) if x.is_dir else [x.path])]

# ---- a run

def test_without_the_address_nothing_is_imported(first):
    folder, said = first
    assert re.search(r'^IMPORTED$', said, re.M), 'mlflow was imported'
    assert 'MLflow' not in said and 'tracked' not in read_json(folder/'run.json')

def test_the_end_of_a_run_says_where_it_is(tracked, client, server):
    run, said = tracked
    record = run.record()['tracked']
    assert record['url'].startswith(server[0]) and record['aliases'] == ['champion'] and record['model'] == 'churn_nb', record
    assert f'Tracked in MLflow: {record["url"]}, registered as version {record["version"]} of churn_nb (champion).' in said.splitlines()
    info = client.get_run(record['run']).info
    assert info.status == 'FINISHED' and info.run_name == run.id and client.get_experiment(info.experiment_id).name == 'churn_nb'
    assert info.end_time == 1000*int(pd.Timestamp(run.record()['finished']).timestamp()) > info.start_time

def test_parameters_metrics_and_tags(tracked, client):
    run = tracked[0]
    there, tuned, measured = client.get_run(run.record()['tracked']['run']).data, read_json(run.path/'artifacts/05_tune/tuned.json'), read_json(run.path/'artifacts/06_evaluate/metrics.json')
    flat = {f'{s}.{k}': ', '.join(v) if isinstance(v, list) else str(v) for s, keys in run.settings.as_dict().items() for k, v in keys.items()}
    assert there.params == {**flat, 'tuned.model': tuned['model'], **{f'tuned.{k}': str(v) for k, v in tuned['params'].items()}} and there.params['data.rows'] == '300'
    for name, m in measured.items():
        for part, value in m.items():
            if value is not None: assert there.metrics[name if part == 'value' else f'{name}_{part}'] == value
    assert len(measured) >= 9 and {k: v for k, v in there.metrics.items() if k.startswith('seconds/')} == {f'seconds/{s}': t for s, t in run.record()['seconds'].items()}
    assert there.tags['churn_nb.data_sha256'] == run.record()['data']['sha256'] and there.tags['churn_nb.versions.scikit-learn'] == run.record()['versions']['scikit-learn']

def test_files_arrive_as_they_are_and_customers_stay(tracked, client, tmp_path):
    run = tracked[0]
    key, ids = run.record()['tracked']['run'], data.load_run(run).ids('test')
    names = files_of(client, key)
    assert {'report.html', 'settings.ini', 'card.md', 'artifacts/06_evaluate/roc.png', 'artifacts/04_compare/leaderboard.csv', 'artifacts/02_eda/eda.png'} <= {*names}
    there = Path(client.download_artifacts(key, '', str(tmp_path)))
    for name in names:
        content = (there/name).read_bytes()
        if name.startswith('artifacts/') or name == 'settings.ini': assert content == (run.path/name).read_bytes(), name
        assert not [i for i in ids if i.encode() in content], f'{name} names customers'
    assert (there/'report.html').read_text().count('Left out of this copy') >= 2 and [i for i in ids if i in (run.path/'report.html').read_text()]

def test_no_cell_of_an_untidy_table_leaves(tmp_path):
    "Ids that repeat, remarks, mail addresses, a number that is a word: steps 1 and 2 speak of them, and what they say stays."
    df = data.make_customers(300, seed=2).astype(object)
    df = pd.concat([df, df.iloc[[5]*30]], ignore_index=True)
    df['mail'], df['remark'] = [f'p{i}@example.com' for i in range(len(df))], [f'Mrs Jones{i} called' for i in range(len(df))]
    df.loc[7, 'tenure_months'], df.loc[9, 'tenure_months'] = 'Mr Smith', 'eleven'
    df.to_csv(tmp_path/'customers.csv', index=False)
    run = demo_run_dir(data__source=str(tmp_path/'customers.csv'), data__id='customer_id')
    for step in (data, eda): step.run(run.path)
    flow.report(run)
    words = [b'C0000', b'@example.com', b'Jones', b'Mr Smith', b'eleven']
    kept = b''.join(f.read_bytes() for f in (run.path/'artifacts').rglob('*.[jt]*'))+(run.path/'report.html').read_bytes()
    assert [w for w in words if w in kept] == words, 'the test has lost its bait'
    shared = tracking.shared_files(run)
    assert {*shared} == {'artifacts/02_eda/eda.png', 'settings.ini', 'report.html'} and not [(n, w) for n, c in shared.items() for w in words if w in c]

def test_somebody_decided_about_every_file_of_a_run(tracked):
    run = tracked[0]
    there = {f'{p.parent.name}/{p.name}' for p in (run.path/'artifacts').rglob('*') if p.is_file() and not p.name.startswith('churn_model_')}
    shared = {f'{s}/{n}' for s, names in tracking.SHARED.items() for n in names}
    assert not (new := there-shared-HOME), f'may these leave? Put them into tracking.SHARED or HOME: {new}'
    assert not (missing := shared-there), f'tracking.SHARED names files that no run has: {missing}'
    assert not shared & HOME and not [n for n in shared if n.endswith(('.parquet', '.joblib', '.jsonl'))]

def test_tracking_again_changes_nothing(tracked, client, here):
    run = tracked[0]
    before = run.record()['tracked']
    assert tracking.track_run(run) == before == run.record()['tracked']
    found = client.search_runs([client.get_experiment_by_name('churn_nb').experiment_id])
    assert [r.info.run_id for r in found] == [before['run']] and found[0].info.status == 'FINISHED'
    assert len(client.get_metric_history(before['run'], 'auc')) == 1 and len(client.search_model_versions("name='churn_nb'")) == 1

# ---- a version

@pytest.fixture(scope='module')
def customers():
    "Ordinary ones, and some with missing, unseen, extreme and textual values."
    df = data.make_customers(500, seed=9).drop(columns='churned')
    df.loc[3:40, 'tenure_months'] = np.nan
    df.loc[5:9, 'contract_type'], df.loc[10:12, 'payment_method'], df.loc[20, 'monthly_charges'] = None, 'Barter', 1e9
    return df.assign(num_referrals=df['num_referrals'].astype(str), has_partner=df['has_partner'].map({0: 'No', 1: 'Yes'}).where(df.index % 7 > 0))

def test_the_same_numbers_to_the_last_bit(tracked, work, customers):
    import mlflow.pyfunc
    there, ours = mlflow.pyfunc.load_model('models:/churn_nb@champion'), Predictor.load('champion', work/'models')
    expected = ours.predict_frame(customers)
    pd.testing.assert_frame_equal(there.predict(customers), expected, check_exact=True)
    pd.testing.assert_frame_equal(there.predict(customers.iloc[7:8]), expected.iloc[7:8], check_exact=True)
    assert expected['churn_probability'].nunique() > 50
    with pytest.raises(Exception, match='tenure_months'): there.predict(customers.drop(columns='tenure_months'))

def test_what_comes_back_is_the_version(tracked, client, work, tmp_path):
    import mlflow
    ours = registry.Registry(work/'models').get('champion')
    noted = client.get_model_version_by_alias('churn_nb', 'champion')
    assert noted.tags['churn_nb.version'] == str(ours.number) and noted.tags['churn_nb.sha256'] == ours.metadata['sha256'] and noted.run_id == tracked[0].record()['tracked']['run'] and noted.description == ours.card
    there = Path(mlflow.artifacts.download_artifacts('models:/churn_nb@champion', dst_path=str(tmp_path)))/'data'/str(ours.number)
    assert {f.name: registry.sha256(f) for f in there.iterdir()} == {**ours.files, 'manifest.json': registry.sha256(ours.path/'manifest.json')}

@pytest.mark.parametrize('name', ['model', 'profile', 'manifest'])
def test_a_tampered_file_is_refused(tracked, server, work, name):
    import mlflow.pyfunc
    ours = registry.Registry(work/'models').get('champion')
    file = next(server[1].rglob({'model': ours.file.name, 'profile': 'profile.json', 'manifest': 'manifest.json'}[name]))
    content = file.read_bytes()
    middle = len(content)//2
    file.write_bytes(content[:middle]+bytes([content[middle] ^ 1])+content[middle+1:])
    try:
        with pytest.raises(ChurnError, match='nothing has been loaded'): mlflow.pyfunc.load_model('models:/churn_nb@champion')
    finally: file.write_bytes(content)
    mlflow.pyfunc.load_model('models:/churn_nb@champion')

# ---- aliases

@pytest.mark.filterwarnings('ignore:.*An input example was not provided')
def test_aliases_follow(tracked, client, work, here):
    "Two more versions; each change is followed by the call that the command makes."
    ours = registry.Registry(work/'models')
    for name, rows in (('second', 200), ('third', 150)): ours.register(other := another(tracked[0], name, rows), check=False)
    said = tracking.track_run(other, ours.path)
    assert said['aliases'] == [] and client.get_model_version('churn_nb', said['version']).tags['churn_nb.version'] == '3' and aliases(client) == {'champion': 1} == ours.aliases()
    for change in (lambda: ours.promote(3, 'challenger'), lambda: ours.promote(2), lambda: ours.promote(3), lambda: ours.rollback(), lambda: ours.promote(1, 'challenger')):
        change()
        assert 'note' not in tracking.sync_aliases(ours) and aliases(client) == ours.aliases(), change
    assert ours.aliases() == {'champion': 2, 'challenger': 1} and len(client.search_model_versions("name='churn_nb'")) == 3

def test_the_command_takes_the_aliases_along(tracked, client, work, server, here):
    ours = registry.Registry(work/'models')
    said = command(work, 'models', 'rollback', uri=server[0])
    assert said.returncode == 0 and not said.stderr and 'is champion' in said.stdout and aliases(client) == ours.aliases()
    ours.promote(3)
    assert aliases(client) != ours.aliases()    # nobody has told the server
    tracking.track_run(tracked[0])
    assert aliases(client) == ours.aliases() and ours.aliases()['champion'] == 3

@pytest.mark.filterwarnings('ignore:.*An input example was not provided')
def test_another_registry_does_not_take_the_champion(tracked, client, tmp_path, work, here, monkeypatch):
    other = another(tracked[0], 'at-home', 100)
    before, theirs = aliases(client), registry.Registry(tmp_path/'models')
    theirs.register(other, check=False)
    said = tracking.track_run(other, theirs.path)
    assert 'CHURN_NB_MLFLOW_MODEL' in said['note'] and said['version'] and said['aliases'] == [] and aliases(client) == before
    monkeypatch.setenv('CHURN_NB_MLFLOW_MODEL', 'mine')
    assert tracking.sync_aliases(theirs) == dict(uri=os.environ['MLFLOW_TRACKING_URI'], model='mine', aliases={'champion': '1'})
    assert client.get_registered_model('mine').aliases == {'champion': '1'} and aliases(client) == before

def test_a_run_without_a_version(tracked, client, tmp_path, here):
    "It is logged, and no alias moves."
    run, before = another(tracked[0], 'unregistered', 120), aliases(client)
    said = tracking.track_run(run)
    assert f'churn-nb models register {run.id}' in said['note'] and 'version' not in said and client.get_run(said['run']).data.metrics['auc'] and aliases(client) == before
    run.update(registered=None)
    assert {*tracking.track_run(run)} == {'uri', 'run', 'url'}

def test_a_run_resumed_with_other_settings(tracked, client, here):
    run = RunDir(shutil.copytree(tracked[0].path, tracked[0].path.parent.parent/'elsewhere'/tracked[0].id))
    old = tracked[0].record()['tracked']['run']
    text = (run.path/'settings.ini').read_text()
    (run.path/'settings.ini').write_text(text.replace('top = 20', 'top = 21'))
    run = RunDir(run.path)
    run.update(started='2001-02-03T04:05:06+00:00')    # the order in which runs are found does not matter
    new = tracking.track_run(run)['run']
    assert new != old and 'churn_nb.superseded' in client.get_run(old).data.tags and client.get_run(new).data.params['predict.top'] == '21' == str(run.settings.predict.top)
    assert tracking.track_run(run)['run'] == new

# ---- a server that does not help

def again(folder, monkeypatch) -> tuple[dict, list[str]]:
    "The last step of the run again, in this process: run.json, and the lines for the terminal."
    monkeypatch.chdir(folder.parents[1])
    record = flow.run_flow(run=folder, from_step='10')
    return record, flow.summary(RunDir(folder))

def test_a_server_that_is_down(first, monkeypatch):
    port = free_port()
    monkeypatch.setenv('MLFLOW_TRACKING_URI', f'http://ann:s3cret@127.0.0.1:{port}')
    start = time.monotonic()
    record, lines = again(first[0], monkeypatch)
    assert time.monotonic()-start < 40
    assert record['status'] == 'done' and record['registered']['version'] == 1 and record['tracked'] == {'uri': f'http://***@127.0.0.1:{port}', 'error': 'nobody answers at this address (connection refused).'}
    assert f'NOT TRACKED in MLflow at http://***@127.0.0.1:{port}: nobody answers at this address (connection refused).' in lines and 's3cret' not in (first[0]/'run.json').read_text()

def test_what_the_commands_say_then(first, work, monkeypatch, capsys):
    monkeypatch.setattr(tracking, '_ask', lambda *args, seconds: dict(uri='http://x', error='it is down.'))
    monkeypatch.setenv('MLFLOW_TRACKING_URI', 'http://x')
    monkeypatch.chdir(work)
    assert cli.main(['models', 'track', 'latest']) == 1
    assert capsys.readouterr() == ('', f'churn-nb: Run {first[0].name} is NOT TRACKED in MLflow at http://x: it is down.\n') and read_json(first[0]/'run.json')['tracked']['error'] == 'it is down.'
    assert cli.main(['models', 'promote', '1']) == 0 and registry.Registry('models').aliases()['champion'] == 1
    out, err = capsys.readouterr()
    assert 'Version 1 (xgboost) is champion' in out and err == 'churn-nb: warning: this is done, but MLflow at http://x has not followed: it is down.\n'

def test_a_server_that_accepts_and_says_nothing(first, monkeypatch):
    with socket.socket() as silent:
        silent.bind(('127.0.0.1', 0)); silent.listen(16)
        monkeypatch.setenv('MLFLOW_TRACKING_URI', f'http://127.0.0.1:{silent.getsockname()[1]}')
        start = time.monotonic()
        said = tracking.track_run(first[0], seconds=3)
        assert said['error'] == 'it was not done within 3 seconds.' and 3 <= time.monotonic()-start < 10

def test_a_server_that_refuses(first, tmp_path, monkeypatch):
    "A web page that is no MLflow server; what the fresh process does, done in this one."
    code = "import http.server as h\nclass H(h.BaseHTTPRequestHandler):\n def do_GET(self): self.send_response(403); self.end_headers(); self.wfile.write(b'go away')\n do_POST = do_GET\ns = h.HTTPServer(('127.0.0.1', 0), H); print(s.server_port, flush=True); s.serve_forever()"
    p = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        monkeypatch.setenv('MLFLOW_TRACKING_URI', f'http://127.0.0.1:{p.stdout.readline().strip()}')
        monkeypatch.setattr(sys, 'argv', ['', 'track', str(tmp_path/'answer.json'), str(first[0]), ''])
        tracking._answer()
        said = read_json(tmp_path/'answer.json')
        assert {*said} == {'error'} and '403' in said['error'] and 'go away' in said['error'] and '\n' not in said['error']
    finally: p.kill(); p.wait(); p.stdout.close()

def test_what_was_tracked_is_forgotten_when_the_run_changes(first, monkeypatch):
    RunDir(first[0]).update(tracked=dict(uri='http://x', run='1', url='http://x/1'))
    monkeypatch.delenv('MLFLOW_TRACKING_URI')
    record, lines = again(first[0], monkeypatch)
    assert record['tracked'] is None and 'MLflow' not in ' '.join(lines)

def test_without_the_extra(first, monkeypatch):
    monkeypatch.setenv('MLFLOW_TRACKING_URI', 'http://127.0.0.1:1')
    monkeypatch.setitem(sys.modules, 'mlflow', None)
    record, lines = again(first[0], monkeypatch)
    assert record['status'] == 'done' and 'NOT TRACKED in MLflow at http://127.0.0.1:1: MLFLOW_TRACKING_URI is set, but MLflow is not installed: pip install "churn_nb[mlflow]"' in lines

def test_one_sqlite_file_and_nothing_in_the_working_directory(tracked, starting, work, tmp_path, monkeypatch):
    "The tables are those of the server, copied: making them takes ten seconds."
    registry.Registry(work/'models').promote(1)
    (tmp_path/'here').mkdir(); (tmp_path/'store').mkdir()
    with sqlite3.connect(starting[1]/'mlflow.db') as there, sqlite3.connect(tmp_path/'store/mlflow.db') as copy: there.backup(copy)
    monkeypatch.chdir(tmp_path/'here')
    for k, v in dict(MLFLOW_TRACKING_URI='sqlite:///../store/mlflow.db', MLFLOW_EXPERIMENT_NAME='by file', CHURN_NB_MLFLOW_MODEL='by_file').items(): monkeypatch.setenv(k, v)
    said = tracking.track_run(tracked[0])
    assert re.fullmatch(r'Tracked in MLflow: run \w+ in sqlite:///../store/mlflow.db, registered as version 1 of by_file \(champion\)\.', tracking.tracked_words(said)), said
    assert not [*(tmp_path/'here').iterdir()] and {p.name for p in (tmp_path/'store').iterdir()} == {'mlflow.db', 'mlruns'}

def test_the_working_directory_stays_clean(tracked, work): assert {p.name for p in work.iterdir()} <= {'runs', 'models', 'elsewhere'}
