"""The prediction log: several processes, kill -9, PostgreSQL, outcomes, forgetting, files."""
import os, re, shutil, signal, socket, subprocess, sys, tempfile, time
from pathlib import Path
import numpy as np, pandas as pd, pytest
import churn_nb
from churn_nb import data, predict, registry
from churn_nb.cli import main
from churn_nb.core import *
from churn_nb.log import Buffer, Count, PredictionLog, _tables, log_row, log_url, moments, read_outcomes

def answer(i, p=.7): return {'id': f'C{i}', 'churn_probability': p, 'churn_prediction': int(p >= .5), 'risk_level': 'HIGH' if p > .6 else 'LOW'}
def rows(n, when=0., start=0, version='1', role='champion'): return [log_row(when+i, version, role, {'plan': 'a', 'months': i}, answer(start+i, (i % 100)/100)) for i in range(n)]

def _free_port() -> int:
    with socket.create_server(('127.0.0.1', 0)) as s: return s.getsockname()[1]

@pytest.fixture(scope='session')
def postgres():
    "The URL of a PostgreSQL: CHURN_TEST_DATABASE_URL, or one that is started from the binaries of this machine."
    if url := os.environ.get('CHURN_TEST_DATABASE_URL'): yield url; return
    pytest.importorskip('psycopg')
    found = sorted(Path('/usr/lib/postgresql').glob('*/bin/initdb')) or [Path(p) for p in [shutil.which('initdb')] if p]
    if not found: pytest.skip('no PostgreSQL here: install it (Debian: postgresql), or name one in CHURN_TEST_DATABASE_URL')
    bin_, home, port = found[-1].parent, Path(tempfile.mkdtemp(prefix='churn_nb-pg-')), _free_port()
    as_user = []
    if os.geteuid() == 0:   # PostgreSQL refuses to run as root
        if not shutil.which('setpriv'): pytest.skip('PostgreSQL does not run as root, and there is no setpriv')
        as_user = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups']
        shutil.chown(home, 'nobody', 'nogroup')
    quiet = dict(check=True, capture_output=True, cwd=home)
    subprocess.run([*as_user, bin_/'initdb', '-D', home/'data', '-U', 'churn', '-A', 'trust', '--no-sync'], **quiet)
    server = subprocess.Popen([*as_user, bin_/'postgres', '-D', home/'data', '-p', str(port), '-k', '', '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'], cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if subprocess.run([bin_/'pg_isready', '-h', '127.0.0.1', '-p', str(port)], capture_output=True).returncode == 0: break
            time.sleep(.1)
        else: pytest.fail('PostgreSQL did not start')
        yield f'postgresql://churn@127.0.0.1:{port}/postgres'
    finally: server.send_signal(signal.SIGINT); server.wait(20); shutil.rmtree(home, ignore_errors=True)

@pytest.fixture(params=['sqlite', 'postgres'])
def where(request, tmp_path):
    "An empty log of either kind."
    if request.param == 'sqlite': return str(tmp_path/'monitor.db')
    url = request.getfixturevalue('postgres')
    log = PredictionLog(url)
    with log.engine.begin() as c:
        for t in ('predictions', 'outcomes', 'writers', 'checks'): c.exec_driver_sql(f'TRUNCATE churn_{t}')
    log.close()
    return url

# Both kinds

def test_a_table_is_logged_with_its_own_answers_or_not_at_all(where):
    customers = pd.DataFrame({'id': [f'C{i}' for i in range(6)], 'months': range(6)})
    said = pd.DataFrame([answer(i, p) for i, p in enumerate([.9, .1, .8, .2, .7, .3])])
    with PredictionLog(where) as log:
        assert log.write_table(customers, said.sort_values('churn_probability'), '1', id='id') == 6, 'sorted to be looked at: still of these customers'
        got = log.read(inputs=True).set_index('customer')
        assert got.loc[customers.id, 'months'].tolist() == [*range(6)] and got.loc[customers.id, 'probability'].tolist() == said.churn_probability.tolist()
        wrong = [(said.iloc[::-1].reset_index(drop=True), {}, 'those of other customers'), (said.head(3), {}, '6 customers and 3 answers'), (said.drop(columns='risk_level'), {}, 'no column risk_level'),
            (said.assign(churn_probability='much'), {}, 'no number'), (said.assign(churn_probability=7), {}, 'not between 0 and 1'), (said, dict(when=time.time()*1000), 'milliseconds'), (said, dict(when=float('inf')), 'no time'), (said, dict(when=[1., 2.]), 'one time, or one for each'), (said, dict(role='boss'), 'no role')]
        for answers, more, why in wrong:
            with pytest.raises(DataError, match=why): log.write_table(customers, answers, '1', **{'id': 'id', **more})
        assert len(log.read()) == 6, 'nothing of a refused table stays'
        for missing in (np.nan, None, pd.NA): assert log.write_table(customers.drop(columns='id'), said.assign(id=missing), '2') == 6
        assert log.read(version=2).customer.isna().all() and log.forget('nan') == dict(predictions=0, outcomes=0), 'a customer without an id is nobody'
        with pytest.raises(DataError, match='none has been'): log.record_outcomes(['C1', 'C2'], pd.Series([1, pd.NA], dtype='Int64'))

FORKED = """
import os, sys, time
from churn_nb.log import Buffer, PredictionLog
said = {'churn_probability': .5, 'churn_prediction': 1, 'risk_level': 'HIGH'}
buffer = Buffer(PredictionLog(sys.argv[1]), every=.05)
put = lambda who, n: [buffer.put(time.time(), '1', 'champion', {}, {**said, 'id': f'{who}{i}'}) for i in range(n)]
put('before', 2)
child = os.fork()
if not child:
    put('child', 5)
    os._exit(buffer.close())          # ends without its atexit, as a worker that is told to stop
quiet = os.fork()
if not quiet: os._exit(buffer.close())      # puts nothing in
put('parent', 3)
assert [os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in (child, quiet)] == [0, 0]
assert buffer.close() == 0
"""

def test_a_forked_process_logs_too(where):
    "gunicorn --preload and multiprocessing fork after the app has been made: the writing thread stays in the parent."
    done = subprocess.run([sys.executable, '-W', 'ignore', '-c', FORKED, where], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    log = PredictionLog(where)
    assert sorted(log.read().customer) == ['before0', 'before1', *[f'child{i}' for i in range(5)], *[f'parent{i}' for i in range(3)]]
    assert log.totals()['lost'] == 0 and log.recover() == 0

def test_what_goes_in_comes_out(where):
    log = PredictionLog(where)
    log.write([*rows(250, moments('2026-11-02')), *rows(50, moments('2026-11-09'), 500, '2', 'challenger')])
    got = log.read(inputs=True)
    assert len(got) == 300 and got.time.is_monotonic_increasing and got.time[0] == pd.Timestamp('2026-11-02', tz='UTC')
    assert got.months.tolist() == [*range(250), *range(50)] and got.probability.iloc[7] == .07 and got.customer.iloc[-1] == 'C549'
    weeks = log.summary()
    assert weeks[['version', 'role', 'predictions', 'high']].values.tolist() == [['1', 'champion', 250, 78], ['2', 'challenger', 50, 0]]
    for w in weeks.itertuples():
        part = got[got.version == w.version]
        assert w.mean_probability == pytest.approx(part.probability.mean(), abs=1e-12) and w.high == (part.risk_level == 'HIGH').sum() and w.decisions == part.decision.sum()
    for role, counts in log.histogram(20).items(): assert counts.tolist() == np.histogram(got[got.role == role].probability+1e-12, 20, (0, 1))[0].tolist()
    assert {k: log.totals()[k] for k in ('predictions', 'customers', 'outcomes', 'lost')} == dict(predictions=300, customers=300, outcomes=0, lost=0)
    assert len(log.read(since='2026-11-09')) == 50 and len(log.read(until='2026-11-09')) == 250 and len(log.read(role=['challenger', 'shadow'])) == 50

def test_a_week_begins_on_monday(where):
    log = PredictionLog(where)
    log.write([*rows(1, moments('2026-11-08T23:59')), *rows(1, moments('2026-11-09'))])
    assert [f'{t:%Y-%m-%d}' for t in log.summary().start] == ['2026-11-02', '2026-11-09'] and [f'{t:%Y-%m-%d}' for t in log.summary('day').start] == ['2026-11-08', '2026-11-09']

def test_outcomes_join_what_was_said_before_them(where):
    log = PredictionLog(where)
    log.write([{**rows(1)[0], 'customer': c, 'time': float(t)} for c, t in (('A', 100), ('A', 200), ('A', 300), ('B', 100), ('a', 100))])
    log.record_outcomes(['A', 'A', 'B'], [0, 1, 1], [200, 250, 50])
    assert log.read(outcomes=True)['left'].fillna(-1).tolist() == [0, -1, -1, 0, -1]    # A at 100, B, a, A at 200 (its own second counts), A at 300
    assert log.read(outcomes=True, horizon=40/86400)['left'].fillna(-1).tolist() == [-1, -1, -1, 0, -1]
    log.record_outcomes(['A', 'C', 'C'], [1, 0, 1], [200, 5, 5])     # mended; twice in one file: the last
    assert log.read(outcomes=True)['left'].iloc[0] == 1 and log.totals()['outcomes'] == 4

def test_one_customer_is_forgotten_and_the_old_go(where):
    log = PredictionLog(where)
    log.write([*rows(5, moments('40d')), *rows(5, moments('2d'), 3)]); log.record_outcomes(['C3', 'C4'], [1, 0])
    log.add_check('1', 'alarm', {'text': 'x'}, '50d'); log.add_check('1', 'quiet', {'text': 'y'})
    assert log.forget('C3') == dict(predictions=2, outcomes=1) and 'C3' not in {*log.read().customer}
    assert log.prune(30) == dict(predictions=4, outcomes=0, checks=1) and [c['level'] for c in log.checks()] == ['quiet']

def test_odd_texts_and_a_number_that_is_none(where, caplog):
    log = PredictionLog(where)
    b = Buffer(log, 'id', every=.05)
    b.put(0, '1', 'champion', {'id': 'x', 'plan': 'a\0b', 'note': "'; DROP TABLE churn_predictions; --"}, {**answer(1), 'id': "O'Brien\0\ud800"})
    b.put(0, '1', 'champion', {}, {**answer(2), 'churn_probability': None})
    b.put(0, '1', 'champion', {}, answer(3))
    assert b.close() == 1
    got = log.read(inputs=True)
    assert got.customer.tolist() == ["O'Brien\ufffd?", 'C3'] and got.plan[0] == 'a\0b' and got.note[0].startswith("';") and log.totals()['lost'] == 1

WRITER = '''
import sys, time
from churn_nb.log import *
log = PredictionLog(sys.argv[1]); b = Buffer(log, every=.02)
for i in range(int(sys.argv[3])): b.put(float(i), '1', 'champion', {'i': i}, dict(id=sys.argv[2]+str(i), churn_probability=.5, churn_prediction=1, risk_level='LOW'))
print('put', flush=True)
if sys.argv[4] == 'stay': time.sleep(60)
assert b.close() == 0
'''
def start(where, name, n, then): return subprocess.Popen([sys.executable, '-c', WRITER, where, name, str(n), then], stdout=subprocess.PIPE, text=True)

def test_four_processes_write_at_once(where):
    procs = [start(where, f'p{k}-', 3000, 'end') for k in range(4)]
    assert [p.wait(120) for p in procs] == [0]*4
    log = PredictionLog(where)
    got = log.read().customer
    assert len(got) == got.nunique() == 12_000 and log.totals()['lost'] == 0 and log.recover() == 0

def test_a_killed_process_loses_at_most_its_buffer_and_the_number_is_told(where):
    "The writer is killed while it writes; what was taken on and is not in the database is counted, exactly."
    total = 20_000
    p = start(where, 'k', total, 'stay')
    assert p.stdout.readline() == 'put\n'
    p.kill(); p.wait(10)
    log = PredictionLog(where)
    kept = len(log.read())
    assert kept < total, 'the writer was too quick for this test'
    assert log.recover() == total-kept and log.totals()['lost'] == total-kept
    assert log.recover() == 0

def test_a_writer_that_lives_is_not_taken_for_dead(where):
    p = start(where, 'alive', 100, 'stay')
    try:
        assert p.stdout.readline() == 'put\n'
        log = PredictionLog(where)
        assert log.recover() == 0
        until = time.time()+20
        while len(log.read()) < 100 and time.time() < until: time.sleep(.1)
        assert len(log.read()) == 100
    finally: p.kill(); p.wait(10)
    assert log.recover() == 0 and log.totals()['lost'] == 0     # everything had been written

def test_two_that_find_the_log_empty_both_open_it(where):
    "Another process creates the table between the look and the creation."
    import sqlalchemy as sa
    table, other = _tables()['predictions'], sa.create_engine(log_url(where))
    table.metadata.drop_all(other)
    def first(*_, **__):
        with other.begin() as c: c.execute(sa.schema.CreateTable(table))
    sa.event.listen(table, 'before_create', first, once=True)
    log = PredictionLog(where)
    assert log.write(rows(2)) == 2 and log.totals()['outcomes'] == 0
    log.close(); other.dispose()

def test_a_table_that_is_gone_for_a_while_costs_no_row(where, caplog):
    "The rows are not to blame: they wait."
    log = PredictionLog(where)
    b = Buffer(log, every=.02)
    with log.engine.begin() as c: c.exec_driver_sql('ALTER TABLE churn_predictions RENAME TO churn_away')
    for i in range(5): b.put(0., '1', 'champion', {}, answer(i))
    time.sleep(.5)
    assert b.trouble and b.failed == 0 and b.lost == 5
    with log.engine.begin() as c: c.exec_driver_sql('ALTER TABLE churn_away RENAME TO churn_predictions')
    assert b.close() == 0 and log.read().customer.tolist() == [f'C{i}' for i in range(5)] and log.totals()['lost'] == 0

def test_a_refused_row_and_a_busy_database_at_once(where, caplog, monkeypatch):
    "Each row is written once and counted once, in the order in which it came, whatever happens in between."
    log, write, calls = PredictionLog(where), PredictionLog.write, []
    def busy(self, rows, writer=''):
        calls.append(len(rows))
        if len(calls) in (1, 2, 6): raise RunError('busy')
        return write(self, rows, writer)
    b = Buffer(log, every=60, batch=6)
    for i in range(7): b.put(0., '1', 'champion', {}, {**answer(i), **({'risk_level': None} if i == 3 else {'churn_probability': 'x'} if i == 4 else {})})
    monkeypatch.setattr(PredictionLog, 'write', busy)
    assert [b.flush(), b.flush(), b.flush(), b.flush()] == [False, False, False, True]
    assert b.failed == 2 and log.read().customer.tolist() == ['C0', 'C1', 'C2', 'C5', 'C6']
    assert b.close() == 2 and log.totals()['lost'] == 2 and log.recover() == 0

def test_a_fault_nobody_thought_of_does_not_end_the_thread(where, caplog, monkeypatch):
    log, write = PredictionLog(where), PredictionLog.write
    def odd(self, rows, writer=''):
        if any(r['customer'] == 'C1' for r in rows): raise OverflowError('too large for the driver')
        return write(self, rows, writer)
    monkeypatch.setattr(PredictionLog, 'write', odd)
    b = Buffer(log, every=.02)
    for i in range(3): b.put(0., '1', 'champion', {}, answer(i))
    time.sleep(.3)
    assert b.thread.is_alive() and b.failed == 1
    b.put(0., '1', 'champion', {}, answer(4))
    assert b.close() == 1 and log.read().customer.tolist() == ['C0', 'C2', 'C4']

def test_what_is_put_in_after_the_end_is_dropped_and_harms_nobody(where, caplog):
    b = Buffer(PredictionLog(where))
    assert b.close() == 0 and not b.thread.is_alive()
    b.put(0., '1', 'champion', {}, answer(1))
    assert b.close() == b.dropped == 1

FORGOTTEN = """
import sys
from churn_nb.log import *
b = Buffer(PredictionLog(sys.argv[1]), every=600)
b.put(0., '1', 'champion', {}, dict(id='7', churn_probability=.5, churn_prediction=1, risk_level='LOW'))"""

def test_a_program_that_ends_without_closing_loses_nothing(where):
    assert subprocess.run([sys.executable, '-c', FORGOTTEN, where]).returncode == 0
    log = PredictionLog(where)
    assert log.read().customer.tolist() == ['7'] and log.recover() == 0

FULL = """
import os, signal, sys
from churn_nb.log import *
b = Buffer(PredictionLog(sys.argv[1]), every=600, size=5)
for i in range(20): b.put(0., '1', 'champion', {}, dict(id=str(i), churn_probability=.5, churn_prediction=1, risk_level='LOW'))
os.kill(os.getpid(), signal.SIGKILL)"""

def test_what_was_dropped_before_the_end_is_counted_too(where):
    assert subprocess.run([sys.executable, '-c', FULL, where]).returncode == -9
    log = PredictionLog(where)
    assert [log.recover(), log.recover(), log.totals()['lost']] == [20, 0, 20]

def test_outcomes_that_cannot_be_are_refused_and_ids_are_read_as_in_predictions(where):
    log = PredictionLog(where)
    log.write([{**r, 'customer': '7'} for r in rows(1)])
    for left, times in (([2], 5), ([float('nan')], 5), ([1], float('nan')), ([1, 0], 5)):
        with pytest.raises(DataError): log.record_outcomes(['7'], left, times)
    with pytest.raises(DataError, match='none has been'): log.record_outcomes(['7', None], [1, 1], 5)
    assert log.totals()['outcomes'] == 0
    log.record_outcomes(pd.Series([7., 8.]), [1, 0], 5)     # a column of numbers with gaps
    assert log.read(outcomes=True)['left'].tolist() == [1] and log.forget(7.) == dict(predictions=1, outcomes=1)

def test_broken_connections_are_made_anew(postgres, caplog):
    log = PredictionLog(postgres)
    b, before = Buffer(log, every=.02), len(log.read())
    for i in range(3):
        with log.engine.begin() as c: c.exec_driver_sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = %s', ('client backend',))
        b.put(0., '1', 'champion', {}, answer(i)); time.sleep(.1)
    assert b.close() == 0 and len(log.read()) == before+3

# SQLite

def test_close_keeps_its_time_and_says_what_is_left(tmp_path, caplog):
    import sqlite3
    log = PredictionLog(tmp_path/'monitor.db')
    b, other = Buffer(log, every=.02), sqlite3.connect(tmp_path/'monitor.db', isolation_level=None)
    other.execute('BEGIN IMMEDIATE')
    for i in range(3): b.put(0., '1', 'champion', {}, answer(i))
    start_ = time.perf_counter()
    assert b.close(.5) == 3 and time.perf_counter()-start_ < 3 and '3 predictions were not logged' in caplog.text
    assert [*tmp_path.glob('*.count')]     # the next process says it again
    other.execute('COMMIT'); b.thread.join(20)

def test_a_file_that_is_deleted_is_begun_anew(tmp_path, caplog):
    "With its write-ahead file left behind, as somebody does who makes room."
    import sqlite3
    log = PredictionLog(tmp_path/'monitor.db')
    log.write(rows(500)); (tmp_path/'monitor.db').unlink()
    b = Buffer(PredictionLog(tmp_path/'monitor.db'), every=.02); b.close()
    b = Buffer(log, every=.02); b.put(0., '1', 'champion', {}, answer(1)); time.sleep(.3)
    for f in tmp_path.glob('monitor.db'): f.unlink()
    b.put(0., '1', 'champion', {}, answer(2))
    assert b.close() == 0 and 'was deleted or replaced' in caplog.text
    assert PredictionLog(tmp_path/'monitor.db', create=False).read().customer.tolist() == ['C2']
    assert sqlite3.connect(tmp_path/'monitor.db').execute('PRAGMA integrity_check').fetchone() == ('ok',) and (tmp_path/'monitor.db').stat().st_mode & 0o077 == 0

def test_counts_of_odd_names_and_of_other_logs(tmp_path):
    odd, longer = PredictionLog(tmp_path/'mon[1].db'), PredictionLog(tmp_path/'mon[1].db.old')
    for where in (odd.file, longer.file): assert subprocess.run([sys.executable, '-c', FULL, where]).returncode == -9
    (tmp_path/'.mon[1].db.x.count').mkdir()     # somebody else's
    assert [odd.recover(), odd.totals()['lost'], longer.recover(), longer.totals()['lost']] == [20, 20, 20, 20]

def test_a_count_has_its_place_on_the_disk(tmp_path):
    "Writing into a hole of a full disk would be a signal that ends the process."
    assert Count(tmp_path/'.a.count').path.stat().st_blocks > 0

def test_places_that_are_none():
    for where in ('sqlite://', 'sqlite:///:memory:', 'mysql://h/x', 'postgresql://h:port/x', 'foo://x'):
        with pytest.raises(SettingsError): PredictionLog(where)
    for when in ('', 'NaT', None):
        with pytest.raises(DataError, match='is no time'): moments(when)

def test_input_columns_named_like_those_of_the_log(tmp_path):
    log = PredictionLog(tmp_path/'monitor.db')
    log.write([log_row(0, '1', 'champion', {'time (input)': 3, 'time': 1, 'left': 2, 'half': '\ud800'}, answer(1))])
    got = log.read(inputs=True, outcomes=True)
    assert got.columns.is_unique and got['time (input)'].tolist() == [1] and got['time (input) (input)'].tolist() == [3] and got['left (input)'].tolist() == [2] and got.half.tolist() == ['?']

def test_a_log_is_private_and_lives_in_a_folder_that_exists(tmp_path):
    PredictionLog(tmp_path/'a b%20?.db').write(rows(3))
    assert (tmp_path/'a b%20?.db').stat().st_mode & 0o077 == 0
    with pytest.raises(RunError, match='No such file'): PredictionLog(tmp_path/'no'/'x.db')
    (tmp_path/'text.db').write_text('id,churn\n'*100)
    with pytest.raises(RunError, match='not a database'): PredictionLog(tmp_path/'text.db')
    with pytest.raises(RunError, match='no prediction log'): PredictionLog(tmp_path/'none.db', create=False)
    assert not (tmp_path/'none.db').exists()

def test_a_forgotten_customer_is_not_in_the_file(tmp_path):
    log = PredictionLog(tmp_path/'monitor.db')
    log.write([{**r, 'customer': 'Unmistakable-4711'} for r in rows(200)])
    assert any(b'Unmistakable-4711' in f.read_bytes() for f in tmp_path.iterdir())
    log.forget('Unmistakable-4711')
    assert not any(b'Unmistakable-4711' in f.read_bytes() for f in tmp_path.iterdir())

def test_passwords_are_not_shown():
    with pytest.raises(RunError) as e: PredictionLog('postgresql://me:topsecret@127.0.0.1:1/x?connect_timeout=1')
    assert 'topsecret' not in str(e.value) and '127.0.0.1' in str(e.value)

# Outcomes from files, and the commands

@pytest.fixture(scope='module')
def models(tmp_path_factory):
    out = tmp_path_factory.mktemp('log')
    registry.Registry(out/'models').register(registry.demo())
    return out/'models'

def test_outcomes_by_command(models, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    log = PredictionLog('monitor.db'); log.write([{**r, 'customer': c} for r, c in zip(rows(3), ('007', 'B', 'C'))])
    Path('left.csv').write_text('customer_id,churned,day\n007,1,2026-11-05\nB,0,2026-11-05\nX,0,2026-11-05\n')
    assert main(['outcomes', 'left.csv', '--time', 'day', '--models', str(models)]) == 0
    said = capsys.readouterr().out
    assert '3 outcomes recorded' in said and '1 left, 2 stayed' in said and '1 of the customers have no prediction' in said
    assert log.read(outcomes=True)['left'].fillna(-1).tolist() == [1, 0, -1]
    for day, fits in ((1_772_000_000, True), (2026, False), (20261105, False), (1_772_000_000_000, False)):     # a number: seconds, nothing else
        pd.DataFrame(dict(customer_id=['B'], churned=[0], day=[day])).to_parquet('numbers.parquet')
        if fits: assert read_outcomes('numbers.parquet', data.synthetic_spec(), 'day').time.tolist() == [day]; continue
        with pytest.raises(DataError, match='day is no time as'): read_outcomes('numbers.parquet', data.synthetic_spec(), 'day')
    Path('bad.csv').write_text('customer_id,churned\nC,1\n,0\nB,vielleicht\n')
    assert main(['outcomes', 'bad.csv', '--models', str(models)]) == 1
    said = capsys.readouterr().err
    assert 'row 2: customer_id is empty' in said and "row 3: churned is neither 1 nor 0: 'vielleicht'" in said
    assert log.totals()['outcomes'] == 3
    Path('crm.csv').write_text('nr;state\nC;gone\nB;here\n')
    assert main(['outcomes', 'crm.csv', '--id', 'nr', '--target', 'state', '--positive', 'gone', '--negative', 'here']) == 0
    assert log.read(outcomes=True, customer='C')['left'].tolist() == [1]
    assert main(['outcomes', 'left.csv', '--time', 'month', '--models', str(models)]) == 1 and 'no column "month"' in capsys.readouterr().err

def test_log_by_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(['log']) == 1 and 'no prediction log monitor.db' in capsys.readouterr().err
    PredictionLog('monitor.db').write(rows(50, moments('2d')))
    assert main(['log']) == 0
    said = capsys.readouterr().out
    assert '50 predictions of 50 customers, 0 outcomes' in said and re.search(r'champion +1 +50', said)
    assert main(['log', 'forget', 'C7']) == 0 and '1 predictions' in capsys.readouterr().out
    assert main(['log', 'prune', '0']) == 1 and main(['log', 'prune', 'x']) == 1 and main(['log', 'forget']) == 1
    assert main(['log', 'prune', '1']) == 0 and PredictionLog('monitor.db').totals()['predictions'] == 0

def test_a_file_is_logged_when_asked_and_not_when_it_fails(models, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    people = data.make_customers(300, seed=5).drop(columns='churned')
    people.to_csv('new.csv', index=False)
    assert main(['predict', 'new.csv', 'scores.csv', '--models', str(models), '--log', '--chunk', '100']) == 0
    log = PredictionLog('monitor.db')
    got, scores = log.read(inputs=True), pd.read_csv('scores.csv')
    assert got.customer.tolist() == people.customer_id.tolist() and np.allclose(got.probability, scores.churn_probability, rtol=0, atol=1e-15)
    back = predict.Predictor.load('champion', models).predict_frame(got[data.synthetic_spec().features])
    assert np.allclose(back.churn_probability, got.probability, rtol=0, atol=1e-12)     # the inputs are what was scored
    def torn(self, *a, **k):
        if self.totals()['predictions'] > 450: raise RunError('disk full')
        return write(self, *a, **k)
    write = PredictionLog.write
    monkeypatch.setattr(PredictionLog, 'write', torn)
    assert main(['predict', 'new.csv', 'other.csv', '--models', str(models), '--log', '--chunk', '100']) == 1
    assert len(log.read()) == 300 and not Path('other.csv').exists()

def test_outcomes_that_could_be_read_in_two_ways_are_refused(tmp_path):
    spec = data.TableSpec(target='left', positive='1', negative='0', id='id')
    def read(text, **more):
        (tmp_path/'o.csv').write_text(text)
        return read_outcomes(tmp_path/'o.csv', spec, **more)
    def refused(text, *said, **more):
        with pytest.raises(DataError) as e: read(text, **more)
        assert len(e.value.problems) == len(said) and all(w in p for w, p in zip(said, e.value.problems)), e.value.problems
    refused('id,left,day\nA,1,05.06.2026\nB,1,13/06/2026\nC,1,2026-06-05\n', "row 1: day is no time as 2026", 'row 2', time='day')
    assert read('id,left,day\nA,1,05.06.2026\n', time='day', form='%d.%m.%Y').time.tolist() == [moments('2026-06-05T23:59:59')]
    assert read('id,left,day\nA,1,2026-06-05 08:30\nA,1,2026-06-05T08:30+02:00\n', time='day').time.tolist() == [moments('2026-06-05T08:30'), moments('2026-06-05T06:30')]
    refused('id,left\nA,1\nB,0\nA,0\nB,0\n', 'row 1: A has both', 'row 3: A has both')
    refused('id,left,day\nA,1,2026-06-05\nA,0,2026-06-06\nA,0,2026-06-05\n', 'row 1', 'row 3', time='day')
    refused('id,left,day\nA,1,2930-01-01\n', 'row 1: day lies in the future', time='day')
    refused('id,left\n" ",1\n', 'row 1: id is empty')

def test_an_empty_id_is_nobody(tmp_path):
    log = PredictionLog(tmp_path/'monitor.db')
    log.write([log_row(0, '1', 'champion', {}, {**answer(1), 'id': i}) for i in ('', '  ', None, '0')])
    assert log.read().customer.fillna('nobody').tolist() == ['nobody']*3+['0'] and log.totals()['customers'] == 1

def test_outcomes_older_than_what_was_said_are_told(models, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    PredictionLog('monitor.db').write(rows(3, moments('2026-11-10')))
    Path('o.csv').write_text('customer_id,churned,day\nC0,1,2026-11-01\nC1,0,2026-11-12\n')
    assert main(['outcomes', 'o.csv', '--time', 'day', '--models', str(models)]) == 0
    assert '1 outcomes are older than every prediction' in capsys.readouterr().out

def test_outcomes_of_nobody_are_asked_about(models, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    PredictionLog('monitor.db').write(rows(3, moments('2026-11-10')))
    for ids, said in ((('X1', 'X2'), 'None of the 2 customers has a prediction in the log: is it another log'), (('C0', 'X2'), '1 of the customers have no prediction')):
        Path('o.csv').write_text('customer_id,churned,day\n'+''.join(f'{i},1,2026-11-12\n' for i in ids))
        assert main(['outcomes', 'o.csv', '--time', 'day', '--models', str(models)]) == 0
        assert said in capsys.readouterr().out

def test_a_period_that_is_none_is_named(where):
    with pytest.raises(DataError, match="'year' is no period; there are week and day"): PredictionLog(where).summary('year')
