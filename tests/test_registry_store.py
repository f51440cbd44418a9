"The registry under fire: many processes, kill -9, full disks, flipped bits, planted pickles, hostile names."
import json, os, pickle, platform, random, re, shutil, signal, subprocess, sys, time
from multiprocessing import get_context
from pathlib import Path
import numpy as np, pandas as pd, pytest
from churn_nb import registry
from churn_nb.cli import main
from churn_nb.core import ChurnError, RunError, read_json, write_json
from churn_nb.registry import KEY, Registry

@pytest.fixture(scope='module')
def run(): return registry.demo(data__rows=300, compare__models=['logistic_regression', 'lightgbm'], tune__draws=2)

@pytest.fixture(scope='module')
def three(run, tmp_path_factory):
    "A registry of three versions; copies of it are what the tests break."
    r = Registry(tmp_path_factory.mktemp('three')/'models')
    for i in range(3): r.register(another(run, tmp_path_factory.mktemp(f'run{i}'), i), check=False)
    return r

@pytest.fixture
def models(three, tmp_path):
    shutil.copytree(three.path, tmp_path/'models')
    return Registry(tmp_path/'models')

def another(run, folder, seed):
    "The same run with a model file of its own."
    from churn_nb.core import RunDir
    shutil.copytree(run.path, folder/'run')
    r = RunDir(folder/'run')
    path = registry.production_file(r)
    pipeline, meta = registry.load_model(path), registry.read_metadata(path)
    pipeline.serial = seed
    path.unlink(); path.with_suffix('.json').unlink()
    rows = registry.raw_customers(r, registry.data.load_run(r).test.index)
    new = registry.save_model(pipeline, path.parent, {**{k: v for k, v in meta.items() if k not in ('file', 'sha256', 'bytes', 'created')}, 'golden': registry.golden_batch(pipeline, rows), 'number': seed})
    write_json(r.path/'artifacts/08_registry/check.json', {**read_json(r.path/'artifacts/08_registry/check.json'), 'model': new.name, 'metadata': new.with_suffix('.json').name, 'identical': True})
    return r

def test_a_rehearsal_gives_way_to_the_first_model_of_another_table(run, tmp_path, capsys):
    "`make run` first, then a table of one's own: that model answers. Where the columns are the same, and for every later one, a person decides."
    table, models = registry.data.make_customers(300, seed=5), tmp_path/'models'
    def made(name, df):
        df.to_csv(tmp_path/name, index=False)
        return registry.demo(data__source=str(tmp_path/name), data__target='churned', compare__models=['logistic_regression'], tune__draws=1)
    same, own = made('same.csv', table), made('own.csv', table.drop(columns='num_referrals'))
    said = [registry.register_run(r.path, models) for r in (run, same, own, another(same, tmp_path, 1))]
    assert [(s['version'], s['aliases'], s.get('follows')) for s in said] == [(1, ['champion'], None), (2, [], None), (3, ['champion'], 1), (4, [], None)]
    assert [h['action'] for h in Registry(models).history()][-2:] == ['promote', 'register']
    main(['models', 'promote', '1', '--models', str(models)])    # a person may, and is told what that means for those who ask
    told = capsys.readouterr().out
    assert 'Unlike version 3 it needs num_referrals.' in told and 'Version 1 is a rehearsal: it has learned from built-in customers' in told
    for wrong in (True, '1', [1, 2], -1):
        with pytest.raises(ChurnError, match='instead_of'): Registry(models).promote(3, instead_of=wrong)

def test_a_model_with_a_suspect_column_does_not_answer_by_itself(run, tmp_path, capsys):
    "A leak that was found keeps a model from the throne until a person puts it there; the first model without one takes it."
    table, models = registry.data.make_customers(400, seed=6), tmp_path/'models'
    table['ended'] = ['2026-03-01' if left and i % 5 else None for i, left in enumerate(table.churned.isin([1, 'Yes', True]))]
    assert table['ended'].notna().sum() > 30
    table.to_csv(tmp_path/'leak.csv', index=False)
    leaking = registry.demo(data__source=str(tmp_path/'leak.csv'), data__target='churned', compare__models=['logistic_regression'], tune__draws=1)
    first = registry.register_run(leaking.path, models)
    assert (first['version'], first['aliases'], first['suspect']) == (1, [], True)
    from churn_nb import flow
    todo = flow._todo(leaking, [], [dict(name='ended'), dict(name='tenure months')], [])
    assert 'find out whether "ended" is known' in todo[0] and todo[1].startswith('Begin with tenure months:'), 'the report does not send anybody to work on a leak'
    with pytest.raises(RunError, match='No version .* is champion'): Registry(models).get('champion')
    fine = registry.register_run(run.path, models)
    assert (fine['version'], fine['aliases'], 'suspect' in fine) == (2, ['champion'], False)
    again = registry.register_run(another(leaking, tmp_path, 1).path, models)
    assert again['aliases'] == [], 'not even in place of a rehearsal'
    with pytest.warns(UserWarning) as warned: assert Registry(models).promote(1).aliases == ['champion']
    assert [str(w.message).partition(':')[0] for w in warned] == ['ended of its table looks like a leak', 'Unlike version 2 it needs ended.']
    capsys.readouterr(); main(['models', 'list', '--models', str(models)])
    assert 'champion, suspect' in capsys.readouterr().out
    leaking.update(run_id=leaking.id, status='done', data={}, metrics={})
    main(['runs', '--out', str(leaking.path.parent)])
    assert re.search(f'{leaking.id} +done, suspect ', capsys.readouterr().out)
    assert main(['models', 'promote', '2', '--models', str(models)]) == 0
    assert 'Unlike version 1 it does not know ended.' in capsys.readouterr().out
    with pytest.warns(UserWarning, match=r'Unlike version 2 it needs ended\.$'): assert Registry(models).rollback().number == 1

@pytest.fixture(autouse=True)
def no_key(monkeypatch): monkeypatch.delenv(KEY, raising=False)

def whole(r: Registry):
    "Everything that must hold at any moment: it opens, every listed version loads its papers, one champion at most, a linear history."
    state = Registry(r.path).read()
    for v in Registry(r.path).versions(): assert v.metadata['sha256'] == registry.sha256(v.file)
    champion = None
    for h in state['history']:
        if h['alias'] != 'champion': continue
        assert h['previous'] == champion
        champion = h['version']
    assert state['aliases'].get('champion') == champion == (state['champions'] or [None])[-1]
    assert all(int(n) < state['next'] for n in state['versions'])
    return state

# ---- what it is for

def test_register_promote_roll_back(models):
    assert [v.number for v in models.versions()] == [1, 2, 3] and models.aliases() == {'champion': 1}
    models.promote(3, 'challenger'); models.promote('challenger')
    assert models.aliases() == {'champion': 3} and models.get('champion').aliases == ['champion']
    models.promote('2')
    assert [models.rollback().number for _ in range(2)] == [3, 1]
    with pytest.raises(RunError, match='no earlier champion'): models.rollback()
    assert [(h['action'], h['version']) for h in models.history() if h['alias']] == [('register', 1), ('promote', 3), ('promote', 3), ('promote', 2), ('rollback', 3), ('rollback', 1)]
    with pytest.raises(RunError, match='Version 1 is champion'): models.delete('champion')
    assert models.delete(2) == 2 and not (models.path/'versions/2').exists()
    models.promote(3); models.promote(1)
    assert models.rollback().number == 3
    whole(models)

def test_a_version_holds_what_others_need(models, run):
    v, pipeline = models.load()
    assert {'churn_model', 'card', 'profile', 'background', 'manifest'} <= {p.stem.split('_2')[0] for p in v.path.iterdir()}
    assert v.metadata['ranges']['tenure_months'][0] >= 1 and v.spec.features == v.metadata['features'] and 'Model card' in v.card
    assert v.profile['columns']['contract_type']['rows'] == len(registry.data.load_run(run).train)
    assert len(pd.read_parquet(v.path/v.metadata['background'])) == 100
    rows = registry.raw_customers(run, registry.data.load_run(run).test.index)
    assert pipeline.predict_proba(rows)[:, 1] == pytest.approx(registry.load_production(run).predict_proba(rows)[:, 1])

def test_numbers_are_never_used_again(models, run, tmp_path):
    models.delete(3)
    assert models.register(another(run, tmp_path, 7), check=False).number == 4

def test_the_same_model_is_one_version(models, run, tmp_path):
    r = another(run, tmp_path, 8)
    assert models.register(r, check=False).number == models.register(r, check=False).number == 4

def test_a_fresh_process_is_asked(run, tmp_path, monkeypatch):
    r = another(run, tmp_path, 1)
    write_json(r.path/'artifacts/08_registry/check.json', {**read_json(r.path/'artifacts/08_registry/check.json'), 'identical': None})
    models = Registry(tmp_path/'models')
    assert models.register(r).number == 1
    monkeypatch.setattr(registry, 'check_fresh', lambda *a, **k: dict(identical=False, largest_difference=.5))
    other = Registry(tmp_path/'other')
    with pytest.raises(ChurnError, match='other predictions'): other.register(r)
    assert not other.versions() and not [*other.path.glob('.staging/*')]

# ---- names

@pytest.mark.parametrize('ref', ['../1', '1/', '..', '1\n', ' 1', '01', '0', '-1', '1.0', '', 'Champion', 'challenger', '１', '9'*400, None, True, '\0', 'versions/1', '~'])
def test_hostile_references(models, ref):
    with pytest.raises(RunError, match='is no version') as e: models.get(ref)
    assert len(str(e.value)) < 400

def test_yes_and_no_are_not_words(models, run):
    for ask in (lambda: models.load(golden='x'), lambda: models.load(allow_versions=1), lambda: models.register(run, check='no')):
        with pytest.raises(ChurnError, match='is neither True nor False'): ask()

def test_an_empty_registry_says_what_to_do(tmp_path):
    with pytest.raises(RunError, match='churn-nb models register RUN'): Registry(tmp_path/'nothing').load()
    assert not (tmp_path/'nothing').exists() and Registry(tmp_path/'nothing').versions() == [] and Registry(tmp_path/'nothing').state() is None

# ---- what must not be loaded

class Boom:
    def __reduce__(self): return os.mkdir, (self.marker,)

def planted(marker) -> bytes:
    boom = Boom(); boom.marker = str(marker)
    return pickle.dumps(boom)

def test_a_flipped_bit_in_any_file_is_refused_before_unpickling(models, monkeypatch):
    import joblib
    monkeypatch.setattr(joblib, 'load', lambda *a: pytest.fail('unpickled'))
    for path in sorted((models.path/'versions/1').iterdir()):
        old = path.read_bytes()
        for at in (0, len(old)//2, len(old)-1):
            path.write_bytes(old[:at] + bytes([old[at] ^ 1]) + old[at+1:])
            with pytest.raises(ChurnError, match='not the (file|one) that was registered'): models.load(1)
            with pytest.raises(ChurnError): models.promote(1)
        path.write_bytes(old)

def test_a_planted_pickle_never_runs(models, tmp_path):
    v, marker = models.get(1), tmp_path/'ran'
    v.file.write_bytes(planted(marker))
    with pytest.raises(ChurnError): models.load(1)
    meta = read_json(v.file.with_suffix('.json'))
    write_json(v.file.with_suffix('.json'), {**meta, 'sha256': registry.sha256(v.file)})     # with papers that fit
    with pytest.raises(ChurnError): models.load(1)
    files = {p.name: registry.sha256(p) for p in v.path.iterdir() if p.name != 'manifest.json'}
    write_json(v.path/'manifest.json', dict(files=files))                                    # and a manifest that fits
    with pytest.raises(ChurnError, match='manifest'): models.load(1)
    assert not marker.exists()

def test_whoever_can_write_everything_is_stopped_by_the_key(models, tmp_path, monkeypatch):
    monkeypatch.setenv(KEY, 'kept elsewhere')
    with pytest.raises(ChurnError, match='not signed'): models.load(1)
    models.sign(); models.load(1); models.promote(2)
    v, marker, state = models.get(2), tmp_path/'ran', read_json(models.file)
    v.file.write_bytes(planted(marker))
    write_json(v.file.with_suffix('.json'), {**read_json(v.file.with_suffix('.json')), 'sha256': registry.sha256(v.file)})
    write_json(v.path/'manifest.json', dict(files={p.name: registry.sha256(p) for p in v.path.iterdir() if p.name != 'manifest.json'}))
    state['versions']['2']['manifest'] = registry.sha256(v.path/'manifest.json')
    write_json(models.file, state)
    with pytest.raises(ChurnError, match='does not fit the key'): models.load(2)
    write_json(models.file, {k: x for k, x in state.items() if k != 'signature'})
    with pytest.raises(ChurnError, match='not signed'): models.load(2)
    assert not marker.exists()

def test_another_key_and_no_key(models, monkeypatch):
    monkeypatch.setenv(KEY, 'one'); models.sign()
    monkeypatch.setenv(KEY, 'two')
    with pytest.raises(ChurnError, match='does not fit'): models.load()
    write_json(models.file, {**(signed := read_json(models.file)), 'signature': 'ü'})
    with pytest.raises(ChurnError, match='does not fit'): models.load()
    write_json(models.file, signed)
    monkeypatch.delenv(KEY)
    models.load()                                                   # hashes are checked, the signature cannot be
    with pytest.raises(RunError, match=f'signed: set {KEY}'): models.promote(2)
    monkeypatch.setenv(KEY, 'one')
    assert models.promote(2).number == 2 and models.load()[0].number == 2

def test_links_lead_nowhere(models, tmp_path):
    v = models.get(1)
    outside = tmp_path/'outside.joblib'
    shutil.move(v.file, outside); v.file.symlink_to(outside)
    with pytest.raises(ChurnError, match='is a link'): models.load(1)
    shutil.move(models.path/'versions/2', tmp_path/'two'); (models.path/'versions/2').symlink_to(tmp_path/'two')
    with pytest.raises(ChurnError, match='is a link'): models.get(2)

@pytest.mark.parametrize('library', ['scikit-learn', 'xgboost', 'lightgbm'])
def test_another_minor_version_is_refused(models, library, monkeypatch):
    made = models.get(1).metadata
    monkeypatch.setattr(registry, 'versions', lambda: {**made['versions'], library: '0.1.2'})
    used = library == 'scikit-learn' or library in made['modules']
    if not used: models.load(1); return
    with pytest.raises(ChurnError, match=f'{library}.*here is 0.1.2'): models.load(1)
    models.load(1, allow_versions=True)

# ---- faults

def test_a_full_disk_changes_nothing(models, run, tmp_path, monkeypatch):
    before, new = models.file.read_bytes(), another(run, tmp_path, 5)
    def full(*a, **k): raise OSError(28, 'No space left on device')
    for name in ('os.fsync', 'churn_nb.registry.os.fsync'):
        with monkeypatch.context() as m:
            m.setattr(name, full)
            for action in (lambda: models.promote(2), models.gc, lambda: models.delete(3), lambda: models.register(new, check=False)):
                with pytest.raises(RunError, match='No space left.*as it was before'): action()
    assert models.file.read_bytes() == before and not [*models.path.glob('.staging/*')]
    whole(models)

def test_a_folder_that_cannot_be_written(run, tmp_path):
    (tmp_path/'file').write_text('')
    with pytest.raises(RunError, match='not the folder of a registry'): Registry(tmp_path/'file').register(another(run, tmp_path, 5), check=False)
    assert (tmp_path/'file').read_text() == ''

def test_a_read_only_folder_changes_nothing(models, run, tmp_path, monkeypatch):
    before, new = models.file.read_bytes(), another(run, tmp_path, 5)
    def refuse(*a, **k): raise PermissionError(13, 'Permission denied', str(models.path))
    monkeypatch.setattr(os, 'replace', refuse); monkeypatch.setattr(os, 'rename', refuse)
    for action in (lambda: models.promote(2), models.gc, lambda: models.delete(3), lambda: models.register(new, check=False)):
        with pytest.raises(RunError, match='Permission denied'): action()
    assert models.file.read_bytes() == before and not [*models.path.glob('.staging/*')] and (models.path/'versions/3').exists()
    whole(models)

def test_a_damaged_list_is_told(models):
    good = models.read()
    models.file.write_text(models.file.read_text()[:-40])
    with pytest.raises(RunError, match='cannot be read.*Restore'): models.versions()
    for wrong in ({'champions': [[]]}, {'aliases': {'champion': []}}, {'versions': {'１': {'manifest': 'x'}}}, {'versions': {'9'*5000: {}}}, {'next': 1}):
        models.file.write_text(json.dumps({**good, **wrong}))
        with pytest.raises(RunError, match='damaged'): models.versions()
    models.file.write_text('{"a": 1}')
    with pytest.raises(RunError, match='is damaged'): models.promote(2)
    assert models.file.read_text() == '{"a": 1}'

def test_gc_leaves_the_living_alone(models):
    here, days_ago = platform.node(), time.time()-2*86_400
    for name in (f'{here}-{os.getpid()}-aa', f'{here}-999999999-bb', f'{here}-strange-cc', 'elsewhere-5-dd', 'elsewhere-6-ee'): (models.path/'.staging'/name).mkdir(parents=True)
    os.utime(models.path/'.staging/elsewhere-6-ee', (days_ago, days_ago))   # another machine's, long ago
    (models.path/'versions/77').mkdir()
    assert sorted(models.gc()) == sorted(f'.staging/{n}' for n in (f'{here}-999999999-bb', f'{here}-strange-cc', 'elsewhere-6-ee'))+['versions/77']
    assert {p.name for p in (models.path/'.staging').iterdir()} == {f'{here}-{os.getpid()}-aa', 'elsewhere-5-dd'} and len(models.versions()) == 3

# ---- many at once, and kill -9

def _promotions(path, seed):
    for i in range(15):
        try: Registry(path).promote(random.Random(f'{seed} {i}').choice([1, 2, 3]))
        except RunError: pass

def test_promotions_by_many_processes_leave_one_champion_and_a_linear_history(models):
    fork = get_context('fork')
    workers = [fork.Process(target=_promotions, args=(models.path, i)) for i in range(6)]
    for w in workers: w.start()
    for w in workers: w.join(60); assert w.exitcode == 0
    state = whole(models)
    assert len(state['history']) > 30

def _act(path, runs):
    "Register, promote, roll back, delete and collect, until killed."
    r, rng = Registry(path), random.Random(os.getpid())
    while True:
        for new in runs:
            try:
                v = r.register(new, check=False)
                r.promote(v.number); r.gc()
                if rng.random() < .5: r.rollback(); r.delete(v.number)
            except ChurnError: pass

def test_kill_9_two_hundred_times(models, run, tmp_path):
    "Whatever is killed, and whenever: the registry opens, whole, and goes on working."
    runs = [another(run, tmp_path/str(i), 20+i) for i in range(2) if not (tmp_path/str(i)).mkdir()]
    write_json(models.file, {**models.read(), 'padding': 'x'*1_000_000})     # so that writing takes long enough to be hit
    fork, rng = get_context('fork'), random.Random(1)
    grown = 0
    for i in range(200):
        child = fork.Process(target=_act, args=(models.path, runs))
        child.start()
        time.sleep(rng.uniform(.002, .3))
        os.kill(child.pid, signal.SIGKILL); child.join()
        state = whole(models)
        grown = max(grown, state['next'])
    models.gc()
    assert not [*models.path.glob('.staging/*')] and {p.name for p in (models.path/'versions').iterdir()} == set(models.read()['versions'])
    assert grown > 6 and len(models.history()) > 20
    models.load()

# ---- the command

def test_the_command(models, tmp_path):
    def call(*args):
        p = subprocess.run([sys.executable, '-c', 'import sys; from churn_nb.cli import main; sys.exit(main())', 'models', *args, '--models', str(models.path)], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert 'Traceback' not in p.stderr
        return p.returncode, p.stdout + p.stderr
    assert call('list')[1].count('\n') == 4 and call('promote', '2') == (0, f'Version 2 (lightgbm) is champion in {models.path}.\n'.replace('lightgbm', models.get(2).metadata['model']))
    assert 'version 2' in call('compare', 'champion', '1')[1] and 'Model card' in call('show')[1] and call('rollback')[0] == 0
    assert call('delete', '1')[0] == 1 and call('show', '9')[0] == 1 and call('promote')[0] == 1 and call('burn')[0] == 2

def test_a_file_of_another_table_gets_a_hint(run, tmp_path, capsys, monkeypatch):
    "The champion knows other columns; a version that fits the file is named, and comparing the two warns."
    from churn_nb import cli, data
    other = data.make_customers(300, seed=2).rename(columns={'tenure_months': 'Dauer', 'monthly_charges': 'Beitrag'})
    other.to_csv(tmp_path/'other.csv', index=False)
    monkeypatch.chdir(tmp_path)
    r = Registry('models'); r.register(run, check=False)
    r.register(registry.demo(data__source=str(tmp_path/'other.csv'), data__target='churned', compare__models=['logistic_regression'], tune__draws=1), check=False)
    assert cli.main(['predict', 'other.csv', 'scores.csv']) == 1
    said = capsys.readouterr().err
    assert 'version 2 (logistic_regression, trained on other.csv) has these columns: --model 2' in said and not (tmp_path/'scores.csv').exists()
    assert cli.main(['predict', 'other.csv', 'scores.csv', '--model', '2']) == 0
    assert cli.main(['models', 'compare', '1', '2']) == 0 and 'do not compare like with like' in capsys.readouterr().out
    assert cli.main(['models', 'compare', '1', '1']) == 0 and 'like with like' not in capsys.readouterr().out
    (tmp_path/'settings.ini').write_text('[registry]\nmodels = elsewhere\n')
    assert cli.main(['predict', 'other.csv', 'x.csv']) == 1 and 'no model in elsewhere' in capsys.readouterr().err

# ---- what a newcomer found

def test_a_lost_list_is_not_begun_anew(models, run, monkeypatch):
    "Else a new registration would make a new champion, and gc would remove all the others."
    models.file.rename(models.path/'copy.json')
    for action in (models.versions, models.aliases, models.load, models.gc, lambda: models.promote(1), lambda: models.register(run, check=False)):
        with pytest.raises(RunError, match='is missing, though there are versions'): action()
    assert len([*(models.path/'versions').iterdir()]) == 3 and not models.file.exists()
    (models.path/'copy.json').rename(models.file)
    whole(models)

def test_the_list_is_there_before_what_it_lists(run, tmp_path, monkeypatch):
    "A first registration that is killed between the two leaves a registry that opens."
    r = Registry(tmp_path/'models')
    monkeypatch.setattr(registry, '_list_version', lambda *a: os._exit(9))
    pid = os.fork()
    if pid == 0: r.register(run, check=False); os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    assert r.versions() == [] and r.gc() and not [*(r.path/'versions').iterdir()]

def test_a_damaged_version_hides_no_other(models, capsys):
    from churn_nb import cli
    def call(*words): code = cli.main(['models', *words, '--models', str(models.path)]); said = capsys.readouterr(); return code, said.out+said.err
    assert call('verify')[0] == 0 and models.verify() == {1: '', 2: '', 3: ''}
    manifest, model = models.path/'versions/2/manifest.json', models.get(3).file
    manifest.write_bytes(manifest.read_bytes()+b' '); model.write_bytes(model.read_bytes()[:-1])
    code, said = call('list')
    assert code == 0 and said.count('\n') == 4 and 'DAMAGED' in said and 'manifest of version 2' in said
    code, said = call('verify')
    assert code == 1 and '2 of 3 versions' in said and 'version 2:' in said and 'version 3:' in said and 'version 1' not in said

def test_rolling_back_over_a_damaged_version(models):
    models.promote(2); models.promote(3)
    card = models.path/'versions/2/card.md'; card.write_text('')
    with pytest.raises(ChurnError, match='models delete 2'): models.rollback()
    assert models.aliases() == {'champion': 3}
    models.delete(2)
    assert models.rollback().number == 1
    whole(models)

def test_a_challenger_is_dismissed(models):
    with pytest.raises(RunError, match='no challenger'): models.dismiss()
    models.promote(2, 'challenger')
    with pytest.raises(RunError, match='models dismiss'): models.delete(2)
    assert models.dismiss() == 2 and models.aliases() == {'champion': 1} and models.delete(2) == 2
    whole(models)

def test_where_pickles_are_refused_none_is_promoted_or_registered(models, run, monkeypatch):
    monkeypatch.setenv(registry.NO_PICKLE, '1')
    for action in (lambda: models.promote(2), lambda: models.register(run, check=False)):
        with pytest.raises(ChurnError, match='is a pickle'): action()
    assert models.aliases() == {'champion': 1} and len(models.versions()) == 3

def test_one_model_registered_by_many_at_once_is_one_version(run, tmp_path):
    with get_context('fork').Pool(3) as pool: numbers = pool.starmap(_register_one, [(tmp_path/'models', run.path)]*3)
    assert numbers == [1, 1, 1] and [v.number for v in Registry(tmp_path/'models').versions()] == [1]

def _register_one(path, run): return Registry(path).register(run, check=False).number

def test_a_lock_that_is_a_link_leads_nowhere(models, tmp_path):
    (models.path/'.lock').unlink(missing_ok=True)
    (models.path/'.lock').symlink_to(tmp_path/'elsewhere')
    with pytest.raises(RunError, match='cannot be changed'): models.promote(2)
    assert not (tmp_path/'elsewhere').exists()
