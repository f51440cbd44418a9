"Step 01 on tables that a notebook cannot show: odd dialects, refusals, size, and `coerce` under fire."
import bz2, gzip, io, json, lzma, sqlite3, time, zipfile
import numpy as np, pandas as pd, pytest
from churn_nb.core import DataError, RunError, load_settings, read_json
from churn_nb import data as D

def settings(**data): return load_settings(overrides={f'data.{k}': v for k, v in data.items()})

def table(n=200, seed=0):
    "A plain table of text, as a CSV file gives it."
    rng = np.random.default_rng(seed)
    return pd.DataFrame({'customerID': [f'{i:05d}-X' for i in range(n)], 'tenure': rng.integers(0, 72, n), 'charge': rng.normal(60, 20, n).round(2), 'plan': rng.choice(['Basic', 'Plus', 'Größe'], n),
                         'paperless': rng.choice(['Yes', 'No'], n), 'Churn': rng.choice(['Yes', 'No'], n, p=[.3, .7])}).astype('str')

def frames_equal(a, b): pd.testing.assert_frame_equal(a, b, check_exact=True)
def problems(f, *a, **k):
    with pytest.raises(DataError) as e: f(*a, **k)
    return str(e.value)

# --- reading ---------------------------------------------------------------------------------------------------

def german(t): return t.assign(charge=t.charge.str.replace('.', ','))
DIALECTS = {
    'plain': lambda t: t.to_csv(index=False).encode(), 'bom': lambda t: t.to_csv(index=False).encode('utf-8-sig'), 'latin-1': lambda t: t.to_csv(index=False).encode('latin-1'), 'utf-16': lambda t: t.to_csv(index=False).encode('utf-16'),
    'semicolons and decimal commas': lambda t: german(t).to_csv(index=False, sep=';').encode(), 'semicolons, decimal commas, latin-1': lambda t: german(t).to_csv(index=False, sep=';').encode('latin-1'),
    'commas and decimal commas, quoted': lambda t: german(t).to_csv(index=False, quoting=1).encode(), 'tabs': lambda t: t.to_csv(index=False, sep='\t').encode(), 'bars': lambda t: t.to_csv(index=False, sep='|').encode(),
    'windows line ends': lambda t: t.to_csv(index=False, lineterminator='\r\n').encode(), 'blanks in headers': lambda t: t.rename(columns=lambda c: f' {c}  ').to_csv(index=False).encode(),
    'blanks around values': lambda t: t.apply(lambda s: ' ' + s + ' ').to_csv(index=False).encode(), 'blank lines at the end': lambda t: t.to_csv(index=False).encode() + b'\n\n'}

@pytest.mark.parametrize('name', DIALECTS)
def test_every_dialect_gives_the_same_customers(tmp_path, name):
    t = table()
    (tmp_path/'t.csv').write_bytes(DIALECTS[name](t))
    raw = D.load_table(tmp_path/'t.csv')
    spec = D.infer_spec(raw)
    assert (spec.target, spec.positive, spec.id, spec.numeric, spec.categorical, list(spec.binary)) == ('Churn', 'Yes', 'customerID', ['tenure', 'charge'], ['plan'], ['paperless'])
    plain = D.infer_spec(t)
    frames_equal(D.coerce(raw, spec), D.coerce(t, plain))

def zipped(raw, *names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w') as z:
        for n in names: z.writestr(n, raw)
    return buffer.getvalue()
def zstd(raw):
    import pyarrow as pa
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, 'zstd') as s: s.write(raw)
    return out.getvalue().to_pybytes()

@pytest.mark.parametrize('pack', [gzip.compress, bz2.compress, lzma.compress, zstd, lambda r: zipped(r, 'a.csv')], ids=['gz', 'bz2', 'xz', 'zst', 'zip'])
@pytest.mark.parametrize('name', ['t.csv', 't.packed'])
def test_compressed_files_are_known_by_their_content(tmp_path, pack, name):
    (tmp_path/name).write_bytes(pack(table().to_csv(index=False).encode()))
    frames_equal(D.load_table(tmp_path/name), table())

def test_text_stays_text_and_quotes_hold(tmp_path):
    (tmp_path/'t.csv').write_text('id,note\n007,"a, ""b""\nc"\n1001.0,\n')
    raw = D.load_table(tmp_path/'t.csv')
    assert raw.id.tolist() == ['007', '1001.0'] and raw.note[0] == 'a, "b"\nc' and raw.note.isna().tolist() == [False, True]
    assert D.load_table(tmp_path/'t.csv', id='id').id.tolist() == ['007', '1001']
    assert len(raw.attrs['sha256']) == 64

@pytest.mark.parametrize('content,words', [(b'', 'empty'), (b'\n \n', 'empty'), (bytes(range(256))*50, 'binary'), (b'a,b,a\n1,2,3\n', '"a": columns 1, 3'), (b'a, a\n1,2\n', '"a": columns 1, 2'),
    (b'a,b\n1,2\n1,2,3\n4\n', 'line 4: 1 fields'), (gzip.compress(b'a,b\n1,2\n'*100)[:25], 'damaged'), (b'PAR1 this is not parquet', 'Parquet'), (zipped(b'a', 'a.csv', 'b.csv'), 'exactly one table'),
    (zipped(b'a', 'xl/workbook.xml'), 'Excel'), (b'\xd0\xcf\x11\xe0....', 'Excel'), (b'SQLite format 3\0...', 'sqlite:///')], ids=lambda v: v if isinstance(v, str) else '')
def test_unreadable_files_are_refused_with_a_sentence(tmp_path, content, words):
    (tmp_path/'t.csv').write_bytes(content)
    message = problems(D.load_table, tmp_path/'t.csv')
    assert words in message and 't.csv' in message

def test_missing_files_and_directories(tmp_path):
    assert 'no such file' in problems(D.load_table, tmp_path/'x.csv')
    assert 'directory' in problems(D.load_table, tmp_path)
    (tmp_path/'t.csv').write_text('id,b\n1,2\n')
    assert "did you mean 'id'" in problems(D.load_table, tmp_path/'t.csv', id='ID')

def test_parquet_and_sqlite(tmp_path):
    t = table().assign(tenure=lambda d: d.tenure.astype('int64'), charge=lambda d: d.charge.astype(float))
    t.to_parquet(tmp_path/'t.parquet')
    with sqlite3.connect(tmp_path/'t.db') as c: t.to_sql('customers', c, index=False); t.head(60).to_sql('few', c, index=False)
    url = f'sqlite:///{tmp_path}/t.db'
    spec = D.infer_spec(t)
    for raw in (D.load_table(tmp_path/'t.parquet'), D.load_table(url, 'customers'), D.load_table(url, 'select * from customers;')):
        assert D.infer_spec(raw) == spec
        frames_equal(D.coerce(raw, spec), D.coerce(table(), spec))
    assert len(D.load_table(url, 'select * from customers where tenure < 10')) < len(t)
    assert D.load_table(url, 'customers').attrs['sha256'] == D.load_table(url, 'select * from customers').attrs['sha256']
    assert 'customers, few' in problems(D.load_table, url) and 'customers, few' in problems(D.load_table, url, 'custmers')
    assert 'no such column' in problems(D.load_table, url, 'select plam from customers')

def test_database_urls_that_cannot_work(tmp_path):
    assert 'no file' in problems(D.load_table, f'sqlite:///{tmp_path}/none.db', 't') and not (tmp_path/'none.db').exists()
    message = problems(D.load_table, 'mysql+pymysql://me:secret@host/db', 't')
    assert 'not installed' in message and 'pip install' in message and 'secret' not in message
    assert 'knows no database' in problems(D.load_table, 'oddbase://host/db', 't')

# --- inference -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize('labels,positive', [(('False', 'True'), 'True'), (('0', '1'), '1'), (('1', '2'), '2'), (('Stayed', 'Churned'), 'Churned'), (('no', 'yes'), 'yes'), (('Existing Customer', 'Attrited Customer'), 'Attrited Customer'),
                                             (('active', 'gone away'), 'gone away'), (('0.0', '1.0'), '1'), (('-1', '1'), '1'), (('N', 'Y'), 'Y')])
@pytest.mark.parametrize('typed', [False, True])
def test_targets_of_every_kind(labels, positive, typed):
    t = table()
    left = (t.Churn == 'Yes').to_numpy()
    t['Churn'] = np.where(left, labels[1], labels[0])
    if typed: t = pd.read_csv(io.StringIO(t.to_csv(index=False)))
    spec = D.infer_spec(t)
    assert spec.positive == positive
    y = D.coerce(t, spec)
    assert y.Churn.dtype == 'int64' and (y.Churn == left).all()
    frames_equal(D.coerce(y, spec), y)
    frames_equal(D.coerce(y.iloc[[3]], spec), y.iloc[[3]])
    turned = D.infer_spec(t, settings(positive=labels[0]))
    assert (D.coerce(t, turned).Churn == ~left).all()

def test_an_undecidable_label_is_said_to_be_a_guess():
    note = D.infer_spec(table().replace({'Churn': {'Yes': '1', 'No': '2'}})).notes['data.positive']
    assert 'guess' in note and 'rarer' in note and 'positive = 2' in note

@pytest.mark.parametrize('name', ['Exited', 'is_churn', 'CHURNED', 'Attrition_Flag', 'Churn Label', 'left'])
def test_the_target_is_found_by_its_name(name): assert D.infer_spec(table().rename(columns={'Churn': name})).target == name

def test_ids():
    t = table()
    for ids, name, first in [([1001.0+i for i in range(200)], 'CustomerId', '1001'), ([f'{1001+i}.0' for i in range(200)], 'client_num', '1001'), ([f'{i:05d}' for i in range(200)], 'id', '00000'), (list(range(100000, 100200)), 'whatever', '100000')]:
        u = t.drop(columns='customerID').assign(**{name: ids})
        spec = D.infer_spec(u)
        assert spec.id == name and D.coerce(u, spec)[name].iloc[0] == first
    assert D.infer_spec(t.drop(columns='customerID')).id == ''
    assert D.infer_spec(t.drop(columns='customerID').assign(account_length=t.tenure)).id == ''
    both = D.infer_spec(t.assign(RowNumber=range(1, 201)))
    assert both.id == 'customerID' and 'RowNumber' in both.ignored
    repeated = t.assign(customerID=[f'c{i//2}' for i in range(200)])
    spec = D.infer_spec(repeated, settings(id='customerID'))
    assert D.validate(repeated, spec).violations.query('column == "customerID"').rows.tolist() == [200]
    assert 'customerID' in D.infer_spec(repeated).ignored

def test_odd_columns():
    t = table(300)
    rng = np.random.default_rng(1)
    t = t.assign(constant='x', empty=None, zip_code=rng.choice(['02139', '10001'], 300), area=rng.choice([408, 415, 510], 300), comment=[f'some words {i}' for i in range(300)], big=rng.choice([f'c{i}' for i in range(90)], 300),
        joined=pd.Series(pd.Timestamp('2020-01-01') + pd.to_timedelta(rng.integers(0, 999, 300), unit='D')).dt.strftime('%d.%m.%Y'), seen=pd.Timestamp('2021-05-05 10:00') + pd.to_timedelta(rng.integers(0, 99, 300), unit='D'),
        money=[f'${i+1000:,}.50' for i in range(300)], share=[f'{i%100} %' for i in range(300)], total=[' ' if i == 7 else str(i*1.5) for i in range(300)], service=rng.choice(['Yes', 'No', 'No internet service'], 300), senior=rng.choice([0, 1], 300), two=rng.choice([1, 2], 300))
    spec = D.infer_spec(t)
    kinds = {c: spec.kind(c) for c in t}
    assert kinds == dict(customerID='id', tenure='numeric', charge='numeric', plan='categorical', paperless='binary', Churn='target', constant='ignored', empty='ignored', zip_code='categorical', area='numeric', comment='ignored', big='categorical',
        joined='date', seen='date', money='numeric', share='numeric', total='numeric', service='categorical', senior='binary', two='numeric')
    assert set(t.columns) <= {*spec.notes, spec.target, spec.id}
    df = D.coerce(t, spec)
    assert df.money[0] == 1000.5 and df.share[42] == 42 and np.isnan(df.total[7]) and df.zip_code.str.startswith('0').any() and df.joined.between(18262, 19262).all() and df.seen.min() >= 18752
    frames_equal(D.coerce(df, spec), df)
    report = D.validate(t, spec)
    assert report.ok and 'row 8: \' \'' in str(report) and '$1,000.50' in str(report)
    json.dumps(report.to_dict())
    assert '<table' in report._repr_html_()

def test_day_and_month():
    t = table(60)
    first = lambda values: D.infer_spec(t.assign(since=values)).formats['since']
    assert first([f'{i%28+1:02d}/{i%12+1:02d}/2023' for i in range(60)]) == '%d/%m/%Y'
    assert first([f'{i%12+1:02d}/{i%28+1:02d}/2023' for i in range(60)]) == '%m/%d/%Y'
    unclear = D.infer_spec(t.assign(since=[f'{i%12+1:02d}/{(i+1)%12+1:02d}/2023' for i in range(60)]))
    assert 'cannot be told apart' in unclear.notes['since']
    said = lambda spec, t: [c for c in D.cautions(D.coerce(t, spec), spec, D.validate(t, spec)) if 'dayfirst' in c]
    t = t.assign(since=[f'{i%12+1:02d}/{(i+1)%12+1:02d}/2023' for i in range(60)])
    assert len(said(unclear, t)) == 1 and len(said(D.infer_spec(t, settings(date=['since'])), t)) == 1
    for answer, form in (('yes', '%d/%m/%Y'), ('no', '%m/%d/%Y')):
        told = D.infer_spec(t, settings(dayfirst=answer))
        assert told.formats['since'] == form and not said(told, t)
    sure = t.assign(since=[f'{i%12+1:02d}/{i%28+1:02d}/2023' for i in range(60)])
    assert D.infer_spec(sure, settings(dayfirst='yes')).formats['since'] == '%m/%d/%Y', 'what the dates themselves say is stronger'

def test_few_leavers_and_many_unreadable_values_are_cautions():
    t = table(1000)
    spec = D.infer_spec(t)
    assert not D.cautions(D.coerce(t, spec), spec, D.validate(t, spec))
    odd = t.assign(charge=t['charge'].astype(object).where(t.index % 10 > 0, 'unknown!'))
    spec = D.infer_spec(odd)
    said = D.cautions(D.coerce(odd, spec), spec, D.validate(odd, spec), test_size=.05)
    assert any('100 of 1,000 values (10%) count as missing' in c and "'unknown!'" in c for c in said) and any(c.startswith('Only about') for c in said) and len(said) == 2

def test_dates_in_two_orders_and_numbers_that_stand_for_nothing_are_cautions():
    t = table(1000)
    days = pd.to_datetime('2023-01-01') + pd.to_timedelta(np.arange(1000) % 365, unit='D')
    t['joined'] = np.where(np.arange(1000) % 2, days.strftime('%d/%m/%Y'), days.strftime('%m/%d/%Y'))
    t['tenure'] = t['tenure'].where(np.arange(1000) % 5 > 0, '-1')
    t['points'] = np.where(np.arange(1000) % 5, np.arange(1000) % 300, 9999).astype(str)
    t['balance'] = (np.arange(1000) % 300-1).astype(str)       # -1 like 0 and 1: now and then
    t['floor'] = (np.arange(1000) % 6-1).astype(str)           # few values: -1 is one of them
    t['due'] = (np.arange(1000) % 31-1).astype(str)            # a day before the first, as frequent as any other
    t['part'] = [f'{i % 61+10}-{i % 89+10}-{i*7 % 9000+1000}' for i in range(1000)]    # most are read by no format
    t['app'] = [['1.2.10', '1.2.11', '1.3.20', '2.0.15', '1.13.45'][i % 5] for i in range(1000)]    # versions
    t['plan price'] = [[99, 199, 499, 999][i % 4] for i in range(1000)]
    t['until'] = np.where(np.arange(1000) % 4 > 0, days.strftime('%Y-%m-%d'), '9999-12-31')
    spec = D.infer_spec(t)
    assert spec.ignored['joined'].startswith('dates that fit no one format: ') and 'written like' in spec.ignored['joined']
    assert 'app' in spec.categorical
    said = D.cautions(D.coerce(t, spec), spec, D.validate(t, spec))
    assert [c.split('"')[1] for c in said] == ['joined', 'tenure', 'points', 'until'], said
    given = D.infer_spec(t, settings(numeric=['tenure', 'points'], date=['until']))
    assert said[1:] == D.cautions(D.coerce(t, given), given, D.validate(t, given))[-3:], 'also where settings.ini says what the columns are'
    assert '200 of 1,000 values are -1, ' in said[1] and '200 of 1,000 values are 9999, ' in said[2]

def test_parquet_text_that_is_none_is_refused(tmp_path):
    import pyarrow as pa, pyarrow.parquet as pq
    good = pa.array([b'Basic']*60)
    spoilt = pa.array([b'Basic']*59 + [b'\xff\xfe'])
    for name, values in dict(good=good, spoilt=spoilt).items(): pq.write_table(pa.table({'plan': pa.StringArray.from_buffers(60, *values.buffers()[1:])}), tmp_path/f'{name}.parquet')
    assert D.load_table(tmp_path/'good.parquet').plan.tolist() == ['Basic']*60
    assert 'not a readable Parquet file' in problems(D.load_table, tmp_path/'spoilt.parquet')

def test_few_dates_in_the_other_order_are_a_caution():
    t, days = table(1000), pd.to_datetime('2023-01-01') + pd.to_timedelta(np.arange(1000) % 365, unit='D')
    t['joined'] = np.where(np.arange(1000) % 33 > 0, days.strftime('%d/%m/%Y'), days.strftime('%m/%d/%Y'))
    spec = D.infer_spec(t)
    [said] = D.cautions(D.coerce(t, spec), spec, D.validate(t, spec))
    assert said.startswith('"joined": some are written the other way round, such as ')

def test_an_id_that_occurs_twice_is_told_with_the_rows():
    t = table(1000)
    t = pd.concat([t, t.tail(100)], ignore_index=True)
    spec = D.infer_spec(t)
    [said] = D.cautions(D.coerce(t, spec), spec, D.validate(t, spec))
    assert said.startswith('Row numbers stand for the customers: "customerID" would, but 100 rows repeat')

@pytest.mark.parametrize('filler, told', [('', 'gone'), ('not asked', 'moved'), (0, 7), ('No', 'Yes')])
def test_what_only_leavers_have_is_named_whatever_the_others_hold(filler, told):
    "A blank, a word or a 0 for everybody who stayed, and something else for some of the leavers."
    t = table(1000)
    left = t['Churn'].eq('Yes').to_numpy()
    t['extra'] = np.where(left & (np.arange(1000) % 3 > 0), told, filler)
    spec = D.infer_spec(t)
    assert [*D._suspects(spec)] == ['extra'] and 'everybody who stayed has the same value' in D.validate(t, spec).warnings[0]
    t.loc[int(np.flatnonzero(~left)[0]), 'extra'] = told      # one who stayed has it too
    assert not D._suspects(D.infer_spec(t))

def test_phone_numbers_are_no_measures():
    t = table(200).assign(phone=[f'+44 20 79{i:02d} {i*37%10000:04d}' for i in range(200)], mobile=range(7_000_000_000, 7_000_000_000+200*31, 31), phone_lines=[i % 4 for i in range(200)], mobile_spend=[i*1.5 for i in range(200)])
    spec = D.infer_spec(t)
    assert spec.ignored.get('phone') == spec.ignored.get('mobile') == 'phone numbers' and {'phone_lines', 'mobile_spend'} <= {*spec.numeric}

def test_settings_win_over_guesses():
    t = table().assign(area=lambda d: (d.index % 3 + 408).astype('str'), flag=lambda d: np.where(d.index % 2, 'on', 'off'))
    spec = D.infer_spec(t, settings(categorical=['area'], binary=['flag'], ignore=['charge'], tenure='tenure', id='customerID', target='Churn', positive='No'))
    assert 'area' in spec.categorical and spec.binary['flag'] == {'off': 0, 'on': 1} and spec.ignored == {'charge': 'the settings say so'} and (spec.positive, spec.negative) == ('No', 'Yes')
    assert 'plan' in spec.categorical   # columns in no list are still inferred

def test_drafted_settings_say_the_same_as_inference(tmp_path):
    t = table().assign(constant='x', since='2024-01-15', joined=['2024-01-%02d' % (i % 28 + 1) for i in range(200)])
    drafted, notes = D.draft_settings(t)
    (tmp_path/'s.ini').write_text(drafted.to_ini(notes))
    again = load_settings(tmp_path/'s.ini')
    assert again == drafted
    a, b = D.infer_spec(t), D.infer_spec(t, again)
    assert (a.features, a.binary, a.formats, a.roles, a.id, a.target, a.positive) == (b.features, b.binary, b.formats, b.roles, b.id, b.target, b.positive)
    assert set(notes) <= {f'data.{k}' for k in drafted.as_dict()['data']} and 'constant' in notes['data.ignore']

def test_a_column_that_knows_the_answer_is_reported_and_kept():
    t = table(400)
    t['cancelled_on'] = [f'2024-01-{i%28+1:02d}' if c == 'Yes' else '' for i, c in enumerate(t.Churn)]
    t['reason'] = np.where(t.Churn == 'Yes', 'moved', 'none')
    spec = D.infer_spec(t, settings(target='Churn'))
    assert {'cancelled_on', 'reason'} <= set(spec.features)
    assert sum('leak' in w for w in D.validate(t, spec).warnings) == 2
    assert not any('leak' in n for c, n in spec.notes.items() if c not in ('cancelled_on', 'reason'))

def test_seven_hundred_levels_are_no_leak():
    rng = np.random.default_rng(0)
    t = table(3000).assign(city=rng.choice([f'city {i}' for i in range(700)], 3000))
    spec = D.infer_spec(t)
    assert 'city' in spec.categorical and not D.validate(t, spec).warnings
    assert not D.suspected_leaks(D.coerce(t, spec), spec, limit=.6)   # measured on its own rows, 700 levels look like knowledge

# --- refusals --------------------------------------------------------------------------------------------------

def three(t): t.loc[::5, 'Churn'] = 'Joined'; return t
def unknown(t): t.loc[[3, 8], 'Churn'] = ' '; return t
REFUSED = {'three values': (three, '3 different values'), 'one class': (lambda t: t.assign(Churn='No'), 'every customer has the label No'), 'missing labels': (unknown, '2 labels are missing (rows 4, 9)'), 'few rows': (lambda t: t.head(49), 'only 49 rows'),
    'no rows': (lambda t: t.head(0), 'no rows'), 'no feature': (lambda t: t[['customerID', 'Churn']].assign(x='1'), 'no column can be used'), 'no target': (lambda t: t.drop(columns='Churn'), '--target'),
    'two columns of one name': (lambda t: pd.concat([t, t[['plan']]], axis=1), '"plan" occurs more than once'), 'two leavers': (lambda t: t.assign(Churn=['Yes']*2 + ['No']*198), 'only 2 customers')}
@pytest.mark.parametrize('name', REFUSED)
def test_refusals_say_what_to_do(name):
    change, words = REFUSED[name]
    assert words in problems(D.infer_spec, change(table()))

def test_all_problems_at_once():
    t = unknown(table(40))
    message = problems(D.infer_spec, t, settings(target='Churn', id='customerId', ignore=['plam'], tenure='plan', numeric=['paperless'], positive='maybe'))
    for words in ("did you mean 'customerID'", "did you mean 'plan'", 'only 40 rows', '2 labels are missing', 'tenure: "plan" must be a number column', 'of "paperless" are no numbers', '"maybe" is not a label'): assert words in message
    assert 'as numeric and as ignore' in problems(D.infer_spec, table(), settings(numeric=['charge'], ignore=['charge']))
    assert '3 values' in problems(D.infer_spec, table(), settings(binary=['plan']))
    assert 'not dates' in problems(D.infer_spec, table(), settings(date=['plan']))

# --- coerce ----------------------------------------------------------------------------------------------------

JUNK = ['', ' ', 'NA', 'inf', '-inf', 'nan', '1,234', '1.234,5', '$5', '1e400', '١', '0x1', ' Yes', 'NO', 'true', '1.0', '2024-02-30', '31.12.2023', 'Größe', 'x'*300, None, np.nan, np.inf, -0.0, 1.0, 7, True, pd.NaT, pd.Timestamp('2024-01-01'), 10**20]
@pytest.mark.parametrize('seed', range(12))
def test_coerce_is_idempotent_and_row_by_row(seed):
    rng = np.random.default_rng(seed)
    spec = D.TableSpec('Churn', 'Yes', 'No', id='k', numeric=['a', 'b'], categorical=['c'], binary={'d': {'No': 0, 'Yes': 1}, 'e': {'off': 0, 'on': 1}}, date=['f', 'g'], levels={'c': ['Größe', 'Yes']}, formats={'b': ',', 'f': '%d.%m.%Y'})
    n = int(rng.choice([3, 40, 100]))
    raw = pd.DataFrame({c: pd.Series([JUNK[i] for i in rng.integers(0, len(JUNK), n)], dtype=object) for c in ('k', 'a', 'b', 'c', 'd', 'e', 'f', 'g')})
    if seed % 3 == 1: raw = raw.map(lambda v: v if isinstance(v, str) else None).astype('str')
    df = D.coerce(raw, spec)
    frames_equal(D.coerce(df, spec), df)
    assert not np.isinf(df[['a', 'b', 'd', 'e', 'f', 'g']].to_numpy()).any()
    for i in range(0, n, 7):
        frames_equal(D.coerce(pd.DataFrame([dict(raw.iloc[i])], index=[i]), spec), df.iloc[[i]])
        frames_equal(D.coerce(raw.iloc[[i]], spec), df.iloc[[i]])

def test_coerce_reads_types_alike():
    spec = D.infer_spec(table())
    df, typed = D.coerce(table(), spec), pd.read_csv(io.StringIO(table().to_csv(index=False)))
    for t in (typed, typed.convert_dtypes(), typed.astype({'plan': 'category'}), typed.astype(object), typed.assign(extra=1)[reversed([*typed.columns, 'extra'])], typed.rename(columns=lambda c: c + ' '), typed.assign(paperless=typed.paperless == 'Yes')): frames_equal(D.coerce(t, spec), df)
    frames_equal(D.coerce(pd.DataFrame([dict(typed.iloc[0], paperless='yes ', plan=typed.plan[0].upper())]), spec), df.head(1))
    assert D.coerce(typed.assign(Churn='?'), spec).Churn.isna().all()
    message = problems(D.coerce, typed.drop(columns=['plan', 'tenure']).assign(plam='x'), spec)
    assert "did you mean 'plam'" in message and '"tenure"' in message

def test_numbers_are_those_of_python():
    x = np.r_[np.random.default_rng(0).normal(size=2000)*10.**np.random.default_rng(1).integers(-12, 12, 2000), 0.1, 1/3]
    assert (D._numbers(pd.Series([repr(float(v)) for v in x], dtype='str')) == x).all()

def test_spelling_of_levels_follows_the_majority():
    t = table().assign(plan=lambda d: np.where(d.index % 10 == 0, d.plan.str.upper(), d.plan))
    spec = D.infer_spec(t)
    assert spec.levels['plan'] == ['Basic', 'Größe', 'Plus'] or len(spec.levels['plan']) == 3
    assert D.coerce(t, spec)['plan'].nunique() == 3

# --- the step --------------------------------------------------------------------------------------------------

def make_run(tmp_path, **data):
    from churn_nb.core import RunDir
    return RunDir.create(settings(**data), out=tmp_path)

def test_the_step_on_a_file(tmp_path):
    (tmp_path/'t.csv').write_bytes(DIALECTS['semicolons, decimal commas, latin-1'](table(500)))
    r = make_run(tmp_path, source=str(tmp_path/'t.csv'))
    result = D.run(r.path)
    loaded, summary = D.load_run(r), read_json(r.path/'artifacts/01_data/summary.json')
    assert (len(loaded.train), len(loaded.test)) == (400, 100) and loaded.y().mean() == pytest.approx(loaded.y('test').mean(), abs=.01)
    assert summary['rows'] == 500 and summary['positive'] == 'Yes' and not summary['synthetic'] and any('cp1252' in n for n in summary['notes'])
    assert not (r.path/'artifacts/01_data/truth.parquet').exists()
    frames_equal(pd.read_parquet(r.path/'artifacts/01_data/raw.parquet'), german(table(500)))
    for part in (loaded.train, loaded.test): frames_equal(D.coerce(part, loaded.spec), part)
    assert 'Größe' in result._repr_html_() and loaded.spec == result.spec
    assert loaded.ids().tolist() == loaded.train.customerID.tolist()

def test_the_synthetic_step_twice_and_its_truth(tmp_path):
    a, b = make_run(tmp_path, rows=400), make_run(tmp_path, rows=400)
    D.run(a.path), D.run(b.path)
    frames_equal(D.load_run(a).test, D.load_run(b).test)
    truth = pd.read_parquet(a.path/'artifacts/01_data/truth.parquet')
    assert truth.index.equals(D.load_run(a).test.index) and truth.churn_probability.equals(pd.Series(D.make_customers(400, 42, truth=True)[1])[truth.index].rename('churn_probability'))
    assert read_json(a.path/'artifacts/01_data/summary.json')['sha256'] == read_json(b.path/'artifacts/01_data/summary.json')['sha256']
    with pytest.raises(RunError, match='01_data'): D.load_run(make_run(tmp_path, rows=400))

def test_a_refused_table_leaves_no_split(tmp_path):
    three(table()).to_csv(tmp_path/'t.csv', index=False)
    r = make_run(tmp_path, source=str(tmp_path/'t.csv'))
    assert '3 different values' in problems(D.run, r.path) and not list(r.path.glob('artifacts/01_data/*.parquet'))

def test_the_seed_changes_the_customers_and_nothing_else():
    a, b = D.make_customers(50, 1), D.make_customers(50, 2)
    assert not a.equals(b) and list(a.columns) == list(b.columns) and a.equals(D.make_customers(50, 1))

# --- real and large --------------------------------------------------------------------------------------------

def test_telco(telco):
    raw = D.load_table(telco)
    spec = D.infer_spec(raw, settings(target='Churn', id='customerID'))
    assert spec == D.infer_spec(raw, settings(target='Churn', id='customerID'))
    assert spec.roles == dict(tenure='tenure', monthly_charge='MonthlyCharges', total_charge='TotalCharges') and 'SeniorCitizen' in spec.binary and not spec.ignored
    guessed = D.infer_spec(raw)
    assert (guessed.target, guessed.positive, guessed.id, guessed.features) == ('Churn', 'Yes', 'customerID', spec.features)
    report = D.validate(raw, spec)
    assert report.ok and not report.warnings and report.conversions.query('column == "TotalCharges"').rows.tolist() == [11, 7032]
    from sklearn.model_selection import train_test_split
    df = D.coerce(raw, spec)
    train, test = D.split(df, spec)
    assert len(test) == 1409 and test.index.equals(train_test_split(raw, test_size=.2, stratify=raw.Churn, random_state=42)[1].index)
    assert df.TotalCharges.isna().sum() == 11 and df.Churn.sum() == 1869

def test_mlc(mlc):
    spec = D.infer_spec(D.load_table(mlc), settings(target='churn'))
    assert spec.positive == 'yes' and spec.id == '' and {'state', 'area_code'} == set(spec.categorical) and len(spec.levels['state']) == 51
    assert spec.roles['tenure'] == 'account_length' and spec.roles['tickets'] == 'number_customer_service_calls'

def test_fifty_thousand_rows_and_sixty_columns(tmp_path):
    rng, n = np.random.default_rng(0), 50_000
    numbers = pd.DataFrame(rng.normal(100, 30, (n, 40)).round(2), columns=[f'measure {i}' for i in range(40)])
    labels = pd.DataFrame({f'label {i}': np.array([f'level {j}' for j in range(3 + 40*i)], dtype=object)[rng.integers(0, 3 + 40*i, n)] for i in range(17)})
    df = pd.concat([pd.DataFrame({'id': [f'K{i}' for i in range(n)]}), numbers, labels, pd.DataFrame({'city': rng.choice([f'city {j}' for j in range(700)], n), 'Churn': rng.choice(['Yes', 'No'], n)})], axis=1)
    df.to_csv(tmp_path/'big.csv', index=False)
    start = time.process_time()
    raw = D.load_table(tmp_path/'big.csv')
    spec = D.infer_spec(raw)
    assert D.validate(raw, spec).ok and raw.shape == (n, 60) and len(spec.numeric) == 40 and len(spec.categorical) == 18
    assert D.coerce(raw, spec).shape == (n, 60)
    assert time.process_time() - start < 40   # CPU seconds; about 7 on the machine where this was written

# --- what a fresh pair of eyes tried -----------------------------------------------------------------------------

def read(tmp_path, text):
    (tmp_path/'t.csv').write_text(text)
    return D.load_table(str(tmp_path/'t.csv'))

def test_what_stands_above_the_header(tmp_path):
    text = table().to_csv(index=False)
    for above in ('\n\n', '\r\n', '\ufeff\n', 'sep=,\n', '"sep=,"\r\n'): frames_equal(read(tmp_path, above+text), read(tmp_path, text))
    semicolons = read(tmp_path, 'sep=;\n'+text.replace(',', ';'))
    assert [*semicolons] == [*table()] and len(semicolons) == 200
    assert 'not to be the first line' in problems(read, tmp_path, 'Customers of May\n'+text)

def test_words_between_numbers_are_missing():
    t = table().assign(charge=lambda d: d.charge.where(np.arange(200) % 9 > 0, '-'), tenure=lambda d: d.tenure.where(np.arange(200) % 7 > 0, 'unknown'))
    spec = D.infer_spec(t)
    assert {'charge', 'tenure'} <= {*spec.numeric} and "'-'" in spec.notes['charge'] and "'unknown'" in spec.notes['tenure']
    df = D.coerce(t, spec)
    assert df.charge.isna().sum() == 23 and df.charge.notna().equals(t.charge != '-')
    assert D.infer_spec(table().assign(x=[*'abcd']*50)).kind('x') == 'categorical'

def test_one_word_or_nothing_is_a_flag():
    t = table().assign(promo=lambda d: np.where(np.arange(200) % 3 > 0, '', 'Y'), plain='Y')
    spec = D.infer_spec(t)
    assert spec.binary['promo'] == {'': 0, 'Y': 1} and 'plain' in spec.ignored
    df = D.coerce(t, spec)
    assert [*df.promo[:4]] == [1, 0, 0, 1] and df.promo.notna().all()
    frames_equal(D.coerce(df, spec), df)

@pytest.mark.parametrize('name, labels, positive', [('retained', ['1', '0'], '0'), ('Is Active', ['Yes', 'No'], 'No'), ('renewed', ['True', 'False'], 'False'), ('not renewed', ['1', '0'], '1'), ('churn', ['1', '0'], '1'), ('Kündigung', ['ja', 'nein'], 'ja')])
def test_a_name_that_says_who_stayed(name, labels, positive):
    t = table().rename(columns={'Churn': name})
    t[name] = np.where(t[name] == 'Yes', *labels)
    spec = D.infer_spec(t, settings(target=name))
    assert spec.positive == positive and ('a guess' in spec.notes['data.positive']) == (positive in ('0', 'No', 'False'))

def test_rows_of_one_customer_stay_together(tmp_path):
    rng = np.random.default_rng(0)
    noise = pd.DataFrame(rng.normal(size=(300, 4)), columns=[*'abcd']).assign(id=np.arange(300), churn=rng.integers(0, 2, 300))
    noise.loc[len(noise)] = noise.loc[0].copy()
    pd.concat([noise]*2).to_csv(tmp_path/'n.csv', index=False)
    r = make_run(tmp_path, source=str(tmp_path/'n.csv'), target='churn', id='id')
    D.run(str(r.path))
    d = D.load_run(r)
    assert not {*d.ids('train')} & {*d.ids('test')} and len(d.train)+len(d.test) == 602
    for a, b in D.fold_rows(d.y(), 5, 42, d.groups()): assert not {*d.ids().iloc[a]} & {*d.ids().iloc[b]}
    assert '302 rows repeat the id' in ' '.join(read_json(r.path/'artifacts/01_data/summary.json')['cautions'])
    from churn_nb import compare, tune
    s = load_settings(overrides={'compare.models': ['lightgbm'], 'tune.folds': 3})
    honest = compare.cross_validate({'lightgbm': compare.make_model('lightgbm', d.spec, s)}, d.X(), d.y(), 5, groups=d.groups()).folds.auc.mean()
    flattered = compare.cross_validate({'lightgbm': compare.make_model('lightgbm', d.spec, s)}, d.X(), d.y(), 5).folds.auc.mean()
    assert honest < .6 < .7 < flattered
    y = d.y().to_numpy()
    for fold, (_, b) in zip(tune.prepare_folds('lightgbm', d.X(), d.y(), d.spec, s, groups=d.groups()), D.fold_rows(y, 3, 42, d.groups())): assert [*fold.y_out] == [*y[b]] and len(fold.X_out) == len(b)

def test_rows_that_repeat_without_an_id_are_said(tmp_path):
    t = table(1000).drop(columns='customerID')
    spec = D.infer_spec(t)
    assert not D.cautions(D.coerce(t, spec), spec, D.validate(t, spec))
    twice = pd.concat([t, t.head(30)], ignore_index=True)
    assert '30 rows repeat an earlier one' in D.cautions(D.coerce(twice, spec), spec, D.validate(twice, spec))[0]

def test_numbers_and_fields_beyond_measure(tmp_path):
    assert np.isnan(D._number(10**400))
    (tmp_path/'long.csv').write_text('a,b,churned\n' + 'x'*140_000 + ',1,0\n' + '2,3,1\n'*80)
    try: D.load_table(tmp_path/'long.csv')
    except DataError: pass          # refused or read, but never a bare csv.Error


@pytest.mark.parametrize('word', ['Yes', 'x', '1'])
def test_a_flag_that_is_a_word_or_nothing_is_zero_where_there_is_nothing(tmp_path, word):
    "Empty fields of a file arrive as missing: they are the other value of the flag, and no gap."
    df = D.make_customers(400, seed=1)
    df.assign(complained=np.where(np.arange(400) % 3 == 0, word, '')).to_csv(tmp_path/'t.csv', index=False)
    raw = D.load_table(tmp_path/'t.csv')
    spec = D.infer_spec(raw, load_settings())
    assert 'complained' in spec.binary and D.coerce(raw, spec).complained.tolist() == [float(i % 3 == 0) for i in range(400)]
