"""Files: every row in exactly one place, ids as they are, damage named, nothing half."""
import bz2, gzip, io, lzma, os, signal, subprocess, sys, time, uuid, zipfile
from decimal import Decimal
import numpy as np, pandas as pd, pyarrow as pa, pyarrow.parquet as pq, pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from churn_nb import compare, data, registry
from churn_nb.core import *
from churn_nb.predict import *

@pytest.fixture(scope='module')
def predictor():
    df, spec = data.make_customers(400, seed=5), data.synthetic_spec()
    spec.levels = {c: sorted(df[c].unique()) for c in spec.categorical}
    pipeline = registry.production_pipeline(compare.make_model('lightgbm', spec, load_settings(), n_estimators=40), spec, df, df.churned)
    return Predictor(pipeline, {'model': 'lightgbm', 'ranges': {c: [float(df[c].min()), float(df[c].max())] for c in spec.numeric}}, data.coerce(df, spec)[spec.features].head(20))

@pytest.fixture(scope='module')
def raw(): return data.make_customers(300, seed=9).drop(columns='churned')

def scores(path): return pd.read_parquet(path) if path.suffix == '.parquet' else pd.read_csv(path, dtype={'id': str}, keep_default_na=False)
def rejects(path): return pd.read_csv(f'{path}.rejects.csv', dtype=str, keep_default_na=False)
def leftovers(folder): return [p.name for p in folder.iterdir() if p.name.startswith('.')]

def check_file(predictor, source, target, rows, **options):
    "Score, and see that every row is in exactly one of the two files."
    s = predictor.predict_file(source, target, **options)
    bad = rejects(target) if s['rejected'] else pd.DataFrame({'row': [], 'problems': []})
    assert s['rows'] == rows == s['scored']+s['rejected'] and len(scores(target)) == s['scored'] and len(bad) == s['rejected'] and bad.row.is_unique
    assert sum(s['levels'].values()) == s['scored'] and not leftovers(target.parent) and os.path.exists(f'{target}.rejects.csv') == (s['rejected'] > 0)
    return s, scores(target), bad

COMPRESSED = {'plain': lambda b: b, 'gz': gzip.compress, 'bz2': bz2.compress, 'xz': lzma.compress, 'zst': lambda b: pa.compress(b, 'zstd', asbytes=True)}

@pytest.mark.parametrize('how', [*COMPRESSED, 'zip'])
def test_packed_text(predictor, raw, tmp_path, how):
    text, source = raw.to_csv(index=False).encode(), tmp_path/'customers.data'
    if how == 'zip':
        with zipfile.ZipFile(source, 'w') as z: z.writestr('customers.csv', text)
    elif how == 'zst':
        with pa.CompressedOutputStream(str(source), 'zstd') as f: f.write(text)
    else: source.write_bytes(COMPRESSED[how](text))
    _, got, _ = check_file(predictor, source, tmp_path/'out.parquet', 300)
    pd.testing.assert_frame_equal(got, predictor.predict_frame(raw).reset_index(drop=True), check_dtype=False, check_exact=True)

@pytest.mark.parametrize('encoding, sep', [('utf-8', ','), ('utf-8-sig', ';'), ('utf-16', '\t'), ('cp1252', '|'), ('latin-1', ',')])
def test_dialects_read_as_step_1_reads_them(predictor, raw, tmp_path, encoding, sep):
    odd = raw.assign(customer_id=[f'Größe "{i}"{sep}\nzwei' + ('\x81' if encoding == 'latin-1' else '') for i in range(300)], payment_method='Überweisung')
    (tmp_path/'in.csv').write_bytes(odd.to_csv(index=False, sep=sep, lineterminator='\r\n').encode(encoding))
    _, got, _ = check_file(predictor, tmp_path/'in.csv', tmp_path/'out.parquet', 300, chunk=77)
    table = data.load_table(tmp_path/'in.csv')
    assert got.id.tolist() == table.customer_id.tolist()
    np.testing.assert_array_equal(got.churn_probability, predictor.predict_frame(table).churn_probability)

@pytest.mark.parametrize('encoding', ['utf-8-sig', 'utf-16', 'cp1252'])
def test_lines_above_the_header(predictor, raw, tmp_path, encoding):
    lines = raw.head(20).assign(payment_method='Überweisung').to_csv(index=False, sep=';').splitlines()
    lines[4] += ';x'
    (tmp_path/'in.csv').write_bytes('\r\n'.join(['', '', 'sep=;', *lines]).encode(encoding))
    _, got, bad = check_file(predictor, tmp_path/'in.csv', tmp_path/'out.parquet', 20)
    assert bad.row.tolist() == ['4'] and got.id.tolist() == raw.customer_id.head(20).drop(3).tolist()

def test_an_encoding_that_shows_late(predictor, raw, tmp_path):
    lines = pd.concat([raw]*100).to_csv(index=False).encode()+raw.head(1).assign(customer_id='Zoë').to_csv(index=False, header=False).encode('cp1252')
    (tmp_path/'in.csv').write_bytes(lines)
    _, got, _ = check_file(predictor, tmp_path/'in.csv', tmp_path/'out.csv', 30_001)
    assert got.id.iloc[-1] == 'Zoë'

IDS = [999999999999999999, 123456789012345678, 1, 0, -5]
@pytest.mark.parametrize('ids', [IDS, [str(i) for i in IDS], ['0007', '00.10', ' x ', '1e5', 'NA'], [f'{i}' for i in IDS]], ids=['whole', 'text', 'zeros', 'again'])
def test_ids_stay_as_they_are(predictor, raw, tmp_path, ids):
    t = raw.head(5).assign(customer_id=ids)
    t.to_parquet(tmp_path/'in.parquet'); t.to_csv(tmp_path/'in.csv', index=False)
    for source in ('in.parquet', 'in.csv'):
        for target in ('out.parquet', 'out.csv', 'out.csv.gz'):
            predictor.predict_file(tmp_path/source, tmp_path/target)
            got = pd.read_parquet(tmp_path/target).id if target == 'out.parquet' else pd.read_csv(tmp_path/target, dtype=str, keep_default_na=False).id
            assert got.astype(str).tolist() == [str(i) for i in ids], (source, target)

def test_without_ids_rows_are_numbered(predictor, raw, tmp_path):
    lines = raw.drop(columns='customer_id').to_csv(index=False).splitlines()
    lines[3] += ',1'
    (tmp_path/'in.csv').write_text('\n'.join(lines))
    _, got, bad = check_file(predictor, tmp_path/'in.csv', tmp_path/'out.parquet', 300)
    assert got.id.tolist() == [1, 2, *range(4, 301)] and bad.row.tolist() == ['3']

def test_formulas_are_text_and_numbers_numbers(predictor, raw, tmp_path):
    ids = ['=1+1', '+1', '-5', '-5+2', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x","y")', "'x", 'plain']
    t = raw.head(10).assign(customer_id=ids, tenure_months=['=cmd|x']*2+['5']*8)
    t.to_parquet(tmp_path/'in.parquet')
    _, got, bad = check_file(predictor, tmp_path/'in.parquet', tmp_path/'out.csv', 10)
    assert bad.id.tolist() == ["'=1+1", '+1'] and not bad.problems.str.match(r'[=+\-@\t\r]').any()
    assert got.id.tolist() == ['-5', "'-5+2", "'@SUM(A1)", "'\tx", "'\rx", "'=HYPERLINK(\"http://x\",\"y\")", "'x", 'plain']
    _, got, _ = check_file(predictor, tmp_path/'in.parquet', tmp_path/'out.parquet', 10)
    assert got.id.tolist() == ids[2:]       # Parquet is no spreadsheet

@given(broken=st.sets(st.integers(0, 59), max_size=20), wrong=st.sets(st.integers(0, 59), max_size=20), chunk=st.integers(1, 80), blank=st.booleans())
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_row_in_exactly_one_file(predictor, raw, tmp_path_factory, broken, wrong, chunk, blank):
    folder = tmp_path_factory.mktemp('rows')
    t = raw.head(60).astype({'tenure_months': object}).copy()
    for i in wrong: t.iloc[i, 1] = ['abc', 'inf', '1e999'][i % 3]
    lines = t.to_csv(index=False).splitlines()
    for i in broken: lines[i+1] = lines[i+1]+',x' if i % 2 else lines[i+1].rpartition(',')[0]
    if blank: lines[10:10] = ['', '']
    (folder/'in.csv').write_text('\n'.join(lines))
    _, got, bad = check_file(predictor, folder/'in.csv', folder/'out.parquet', 60, chunk=chunk)
    assert {int(r)-1 for r in bad.row} == broken | wrong
    good = raw.head(60).drop([*(broken | wrong)])
    assert got.id.tolist() == good.customer_id.tolist()
    np.testing.assert_array_equal(got.churn_probability, predictor.predict_frame(good).churn_probability)
    assert all(('fields' in p) == (int(r)-1 in broken) for r, p in zip(bad.row, bad.problems))

def test_ragged_rows_in_many_blocks(predictor, raw, tmp_path, monkeypatch):
    "Row numbers stay right when the text is read in blocks."
    from churn_nb import predict
    monkeypatch.setattr(predict, 'BLOCK_BYTES', 4096)
    lines = pd.concat([raw]*5).to_csv(index=False).splitlines()
    odd = [1, 2, 40, 41, 500, 999, 1500]
    for i in odd: lines[i] += ',x'
    (tmp_path/'in.csv').write_text('\n'.join(lines))
    _, got, bad = check_file(predictor, tmp_path/'in.csv', tmp_path/'out.parquet', 1500, chunk=10)
    assert sorted(map(int, bad.row)) == odd and got.id.tolist() == [l.split(',')[0] for i, l in enumerate(lines[1:], 1) if i not in odd]

def test_strict_and_lenient(predictor, raw, tmp_path):
    t = raw.head(20).assign(contract_type=['Ten Years']*3+['One Year']*17)
    t.loc[5, 'tenure_months'] = 5000
    t.to_parquet(tmp_path/'in.parquet')
    s, _, _ = check_file(predictor, tmp_path/'in.parquet', tmp_path/'out.csv', 20)
    assert s['rejected'] == 0 and '3 values not seen' in str(s) and 'row 6: 5000' in str(s)
    s, _, bad = check_file(predictor, tmp_path/'in.parquet', tmp_path/'out.csv', 20, strict=True)
    assert {'1', '2', '3', '6'} <= {*bad.row} and not s['warnings']
    check_file(predictor, tmp_path/'in.parquet', tmp_path/'out.csv', 20)   # the rejects of an earlier time are gone
    t.assign(more=1).to_parquet(tmp_path/'more.parquet')
    assert '"more"' in str(check_file(predictor, tmp_path/'more.parquet', tmp_path/'out.csv', 20)[0])
    with pytest.raises(DataError, match='more'): predictor.predict_file(tmp_path/'more.parquet', tmp_path/'no.csv', strict=True)

@pytest.mark.parametrize('ending', ['csv', 'parquet'])
def test_ids_that_repeat_or_are_missing_and_why_rows_are_rejected(predictor, raw, tmp_path, ending):
    t = raw.head(40).copy()
    t['monthly_charges'] = t['monthly_charges'].astype(object).map(str)
    t.loc[[3, 4, 5], 'monthly_charges'] = '101,3'
    t.loc[30, 'customer_id'] = t.loc[10, 'customer_id']     # in another chunk
    t.loc[[11, 12], 'customer_id'] = None
    t.to_csv(tmp_path/'in.csv', index=False) if ending == 'csv' else t.to_parquet(tmp_path/'in.parquet')
    s = predictor.predict_file(tmp_path/f'in.{ending}', tmp_path/'out.csv', chunk=16)
    assert s['why_rejected'] == ['"monthly_charges": 3 values are no finite number (row 4: \'101,3\')'] and s['why_rejected'][0] in str(s)
    assert [w for w in s['warnings'] if ' id' in w] == ['2 customers scored without an id', '1 row scored with the id of an earlier row: is this one row for each customer?']
    raw.head(40).to_csv(tmp_path/'fine.csv', index=False)
    assert not [w for w in predictor.predict_file(tmp_path/'fine.csv', tmp_path/'out.csv', chunk=16)['warnings'] if ' id' in w]

def _ids(predictor, raw, tmp_path, ids, ending='csv', chunk=16):
    "What is said about ids of some Arrow type, and those that stand in the scores."
    t = pa.Table.from_pandas(raw.head(len(ids)).drop(columns='customer_id'), preserve_index=False).append_column('customer_id', ids)
    pq.write_table(t, tmp_path/'ids.parquet')
    s = predictor.predict_file(tmp_path/'ids.parquet', tmp_path/f'ids.{ending}' if ending == 'csv' else tmp_path/'scores.parquet', chunk=chunk)
    return [w for w in s['warnings'] if ' id' in w]

@pytest.mark.parametrize('chunk', [1, 8, 1000])
def test_ids_of_any_type_are_compared_as_they_are(predictor, raw, tmp_path, chunk):
    big = 700_000_000_000_000_000
    distinct = dict(big=pa.array([big+k if k != 31 else None for k in range(40)]), texts=pa.array([f'C{k}' for k in range(40)], pa.large_string()), words=pa.array(['NA', 'nan', 'null', *map(str, range(37))]),
        codes=pa.array([f'C{k}' for k in range(40)]).dictionary_encode(), bytes=pa.array([b'C%d' % k for k in range(40)]), views=pa.array([f'C{k}' for k in range(40)]).cast(pa.string_view()),
        floats=pa.array([float(k) for k in range(40)]), days=pa.array(range(40), pa.date32()), money=pa.array([Decimal(k)/4 for k in range(40)]), uuids=pa.array([uuid.UUID(int=k).bytes for k in range(40)], pa.uuid()))
    for name, ids in distinct.items():
        for ending in ('csv', 'parquet'): assert _ids(predictor, raw, tmp_path, ids, ending, chunk) == (['1 customer scored without an id'] if name == 'big' else []), name
    twice = pa.array([None if k == 32 else 105 if k == 31 else 100+k for k in range(40)])
    for ids in (twice, twice.cast(pa.string()), twice.cast(pa.string()).dictionary_encode()):
        assert _ids(predictor, raw, tmp_path, ids, chunk=chunk) == ['1 customer scored without an id', '1 row scored with the id of an earlier row: is this one row for each customer?']

def test_a_column_that_is_empty_in_every_row_is_a_warning(predictor, raw, tmp_path):
    raw.assign(tenure_months=None, contract_type=None).to_csv(tmp_path/'in.csv', index=False)
    said = predictor.predict_file(tmp_path/'in.csv', tmp_path/'o.csv', chunk=50)['warnings']
    assert {w.split('"')[1] for w in said if 'is empty in all 300 rows' in w} == {'tenure_months', 'contract_type'}
    raw.head(5).assign(tenure_months=None).to_csv(tmp_path/'few.csv', index=False)
    assert not [w for w in predictor.predict_file(tmp_path/'few.csv', tmp_path/'o.csv')['warnings'] if 'empty' in w]

def test_ids_that_are_no_single_value_are_refused_and_damaged_text_is_said(predictor, raw, tmp_path):
    for ids in (pa.array([[k] for k in range(40)]), pa.array([dict(a=k) for k in range(40)])):
        with pytest.raises(DataError, match='named by one text or number'): _ids(predictor, raw, tmp_path, ids)
    with pytest.raises(DataError, match='ids.parquet cannot be used'): _ids(predictor, raw, tmp_path, pa.array([b'\xff%d' % k for k in range(40)]))

def test_a_uuid_is_the_same_customer_to_the_file_and_to_the_table(raw, tmp_path):
    ids = [uuid.UUID(int=k) for k in range(60)]
    pq.write_table(pa.Table.from_pandas(raw.head(60).drop(columns='customer_id'), preserve_index=False).append_column('customer_id', pa.array([i.bytes for i in ids], pa.uuid())), tmp_path/'u.parquet')
    from churn_nb.data import load_table
    from churn_nb.predict import open_source
    [(columns, *_)] = open_source(tmp_path/'u.parquet', ['customer_id']).chunks(100)
    months = raw.head(60).assign(month=pd.period_range('2015-01', periods=60, freq='M'))
    months.to_parquet(tmp_path/'m.parquet')
    [(named, *_)] = open_source(tmp_path/'m.parquet', ['month']).chunks(100)
    assert data.read_frame(load_table(tmp_path/'m.parquet')).month.astype(str).tolist() == named['month'].to_pylist() == months.month.astype(str).tolist()
    assert load_table(tmp_path/'u.parquet').customer_id.tolist() == columns['customer_id'].to_pylist() == [*map(str, ids)]

def test_ragged_rows_say_why_they_are_rejected(predictor, raw, tmp_path):
    lines = raw.head(9).to_csv(index=False).splitlines()
    lines[2] += ',x'
    (tmp_path/'one.csv').write_text('\n'.join(lines))
    assert predictor.predict_file(tmp_path/'one.csv', tmp_path/'o.csv')['why_rejected'][0].startswith('row 2 has 12 fields instead of 11: ')
    lines[5] = 'x'
    (tmp_path/'two.csv').write_text('\n'.join(lines))
    s = predictor.predict_file(tmp_path/'two.csv', tmp_path/'o.csv')
    assert '; 1 more row has too few fields or too many' in s['why_rejected'][0] and s['why_rejected'][0] in str(s)

def test_a_folder_in_the_place_of_the_rejects_leaves_the_old_scores(predictor, raw, tmp_path):
    raw.head(3).to_csv(tmp_path/'in.csv', index=False)
    (tmp_path/'o.csv').write_text('old'); (tmp_path/'o.csv.rejects.csv').mkdir()
    with pytest.raises(RunError, match='rejects.csv cannot be written: it is a folder'): predictor.predict_file(tmp_path/'in.csv', tmp_path/'o.csv')
    assert (tmp_path/'o.csv').read_text() == 'old'
    with pytest.raises(ChurnError): predictor.predict_file(tmp_path/'in.csv', '.')

def test_a_fault_of_the_caller_is_raised_as_it_came(predictor, raw, tmp_path):
    raw.head(3).to_csv(tmp_path/'in.csv', index=False)
    (tmp_path/'o.csv').write_text('old')
    def broken(*args): raise BrokenPipeError('nobody reads')
    for wrong in (dict(progress=broken), dict(note=broken)):
        with pytest.raises(BrokenPipeError, match='nobody reads'): predictor.predict_file(tmp_path/'in.csv', tmp_path/'o.csv', **wrong)
    assert (tmp_path/'o.csv').read_text() == 'old' and not leftovers(tmp_path)

def _damage(folder, raw):
    "Name -> (content, what the message says)."
    text = raw.to_csv(index=False).encode()
    buffer = io.BytesIO(); raw.to_parquet(buffer); parquet = buffer.getvalue()
    packed = gzip.compress(text)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, 'w') as z: z.writestr('a.csv', text); z.writestr('b.csv', text)
    return {'empty': (b'', 'empty'), 'blank': (b' \n\n', 'empty'), 'truncated parquet': (parquet[:-20], 'damaged'), 'half a parquet': (parquet[:len(parquet)//2], 'damaged'), 'only the magic': (b'PAR1', 'damaged'),
        'cut gzip': (packed[:len(packed)//2], 'damaged'), 'bent gzip': (packed[:50]+b'\xff'*40+packed[90:], 'damaged'), 'bomb': (gzip.compress(b'a,b\n'+b'0,0\n'*6_000_000), 'unpacks to more'),
        'binary': (text+b'\0', 'binary'), 'binary later': (text*150+b'\0', 'binary'), 'excel': (b'\xd0\xcf\x11\xe0'+b'x'*100, 'Excel'), 'sqlite': (b'SQLite format 3\0', 'SQLite'), 'two tables': (zipped.getvalue(), 'exactly one table'),
        'twice the same name': (text.replace(b'num_referrals', b'tenure_months', 1), 'is there 2 times'), 'other columns': (b'a,b\n1,2\n', 'not fit'), 'an open quote': (text+b'"'+b'x\n'*5_000_000, 'quote'), 'a late open quote': (text*30+b'"'+b'x\n'*5_000_000, 'quote'), 'one long line': (b'x'*5_000_000, 'cannot be used')}

@pytest.mark.parametrize('name', ['empty', 'blank', 'truncated parquet', 'half a parquet', 'only the magic', 'cut gzip', 'bent gzip', 'bomb', 'binary', 'binary later', 'excel', 'sqlite', 'two tables', 'twice the same name', 'other columns', 'an open quote', 'a late open quote', 'one long line'])
def test_damage_is_named_and_leaves_nothing(predictor, raw, tmp_path, name):
    content, word = _damage(tmp_path, raw)[name]
    (tmp_path/'in').write_bytes(content)
    (tmp_path/'out.csv').write_text('the scores of yesterday')
    with pytest.raises(DataError) as e: predictor.predict_file(tmp_path/'in', tmp_path/'out.csv')
    assert word in str(e.value) and len(str(e.value)) < 5000
    assert (tmp_path/'out.csv').read_text() == 'the scores of yesterday' and sorted(p.name for p in tmp_path.iterdir()) == ['in', 'out.csv']

def test_parquet_damaged_in_the_middle(predictor, raw, tmp_path):
    big = pd.concat([raw]*20)
    big.to_parquet(tmp_path/'in.parquet', row_group_size=1000, compression='gzip')
    whole = bytearray((tmp_path/'in.parquet').read_bytes())
    at = int(len(whole)*.6); whole[at:at+400] = b'\xff'*400
    (tmp_path/'bad.parquet').write_bytes(whole)
    with pytest.raises(DataError, match='damaged'): predictor.predict_file(tmp_path/'bad.parquet', tmp_path/'out.parquet', chunk=500)
    assert sorted(p.name for p in tmp_path.iterdir()) == ['bad.parquet', 'in.parquet']

def test_parquet_with_a_name_twice(predictor, raw, tmp_path):
    t = pa.Table.from_pandas(raw)
    pq.write_table(t.append_column('tenure_months', t['tenure_months']), tmp_path/'in.parquet')
    with pytest.raises(DataError, match='is there 2 times'): predictor.predict_file(tmp_path/'in.parquet', tmp_path/'out.csv')

def test_where_files_may_not_be(predictor, raw, tmp_path):
    raw.to_parquet(tmp_path/'in.parquet')
    for source, target, word in (('none.csv', 'out.csv', 'no such file'), ('', 'out.csv', 'directory'), ('in.parquet', 'in.parquet', 'overwritten'), ('in.parquet', 'out.xlsx', 'must end in'), ('in.parquet', 'out', 'must end in')):
        with pytest.raises(DataError, match=word): predictor.predict_file(tmp_path/source, tmp_path/target)
    assert [p.name for p in tmp_path.iterdir()] == ['in.parquet']

def test_nobody(predictor, raw, tmp_path):
    raw.head(0).to_parquet(tmp_path/'in.parquet'); raw.head(0).to_csv(tmp_path/'in.csv', index=False)
    for source in ('in.parquet', 'in.csv'):
        for target in ('out.parquet', 'out.csv'):
            _, got, _ = check_file(predictor, tmp_path/source, tmp_path/target, 0)
            assert got.columns.tolist() == ['id', 'churn_probability', 'churn_prediction', 'risk_level']

def test_a_thousand_columns(predictor, raw, tmp_path):
    wide = pd.concat([raw, pd.DataFrame({f'c{i}': np.arange(300) for i in range(1000)})], axis=1)
    wide.to_parquet(tmp_path/'in.parquet'); wide.to_csv(tmp_path/'in.csv', index=False)
    expected = predictor.predict_frame(raw).churn_probability
    np.testing.assert_array_equal(predictor.predict_frame(wide).churn_probability, expected)
    for source in ('in.parquet', 'in.csv'):
        s, got, _ = check_file(predictor, tmp_path/source, tmp_path/'out.parquet', 300)
        np.testing.assert_array_equal(got.churn_probability, expected)
        assert sum('does not know' in w for w in s['warnings']) == 20 and any('980 more like these' in w for w in s['warnings']) and len(str(s)) < 4000
    assert len(predictor.predict_one(wide.iloc[0].to_dict())['warnings']) >= 1000

def test_frames_and_lists_say_everything_at_once(predictor, raw):
    t = raw.head(4).astype(object).drop(columns='num_referrals').assign(extra=1)
    t.iloc[1, 1], t.iloc[2, 6] = 'x', 'Never'
    both = pd.concat([t, t[['monthly_charges']]], axis=1)
    with pytest.raises(DataError) as e: predictor.predict_frame(both, strict=True)
    assert {(p.row, p.column) for p in e.value.problems} == {(0, 'num_referrals'), (0, 'monthly_charges'), (0, 'extra'), (2, 'tenure_months'), (3, 'contract_type')}
    people = raw.head(3).to_dict('records')
    people[0].pop('num_referrals'); people[2]['monthly_charges'] = float('-inf')
    with pytest.raises(DataError) as e: predictor.predict_frame([*people, 'nobody', None])
    assert [(p.row, p.column) for p in e.value.problems] == [(1, 'num_referrals'), (3, 'monthly_charges'), (4, ''), (5, '')]
    for what in (5, 'x', None, np.zeros(3)):
        with pytest.raises(DataError): predictor.predict_frame(what)
        with pytest.raises(DataError): predictor.predict_one(what)
    many = pd.concat([raw]*20).assign(tenure_months='abc')
    with pytest.raises(DataError) as e: predictor.predict_frame(many)
    assert len(e.value.problems) == LISTED+1 and '5,000 more' in str(e.value.problems[-1])
    assert len(predictor.predict_frame(pd.DataFrame())) == 0 and predictor.predict_frame(raw.rename(columns={'contract_type': ' contract_type '})).equals(predictor.predict_frame(raw))

def test_columns_of_all_types(predictor, raw, tmp_path):
    t = pa.Table.from_pandas(raw.head(6), preserve_index=False)
    put = lambda name, array: t.set_column(t.column_names.index(name), name, array)
    cases = {'tenure_months': [pa.array([1, None, 3, 4, 5, 6], pa.int8()), pa.array(['1', None, ' 3', '4.0', '5', '6']).dictionary_encode(), pa.array([1, 2, 3, 4, 5, 6]).cast(pa.decimal128(25, 2)), pa.array([1, 2, 3, 4, 5, 6], pa.float32())],
        'contract_type': [pa.array([None]*6, pa.null()), pa.array([1, 2, 3, 4, 5, 6]), pa.array([b'One Year']*6), pa.array(['One Year', None]*3, pa.large_string())], 'has_partner': [pa.array([True, False, None]*2), pa.array(['0', '1', 'yes']*2), pa.array([1., 0., None]*2)]}
    for name, arrays in cases.items():
        for a in arrays:
            pq.write_table(put(name, a), tmp_path/'in.parquet')
            _, got, _ = check_file(predictor, tmp_path/'in.parquet', tmp_path/'out.parquet', 6)
            frame = raw.head(6).assign(**{name: pd.Series(a.to_pylist(), dtype=object)})
            np.testing.assert_array_equal(got.churn_probability, predictor.predict_frame(frame).churn_probability)
    for name, a in (('tenure_months', pa.array([[1]]*6)), ('contract_type', pa.array([{'a': 1}]*6)), ('tenure_months', pa.array([0]*6, pa.timestamp('s'))), ('has_partner', pa.array([2]*6))):
        pq.write_table(put(name, a), tmp_path/'in.parquet')
        s, _, bad = check_file(predictor, tmp_path/'in.parquet', tmp_path/'out.csv', 6)
        assert s['rejected'] == 6 and bad.problems.str.contains(name).all()

def test_a_pipeline_that_is_not_translated_reads_files_too(predictor, raw, tmp_path):
    slow = Predictor(predictor.pipeline, predictor.metadata)
    slow._quick = None
    for i, source in enumerate(('in.parquet', 'in.csv')):
        getattr(raw, ['to_parquet', 'to_csv'][i])(tmp_path/source, index=False)
        _, got, _ = check_file(slow, tmp_path/source, tmp_path/'out.parquet', 300, chunk=70)
        np.testing.assert_array_equal(got.churn_probability, predictor.predict_frame(raw).churn_probability)

def test_reasons(predictor, raw, tmp_path):
    raw.head(8).assign(tenure_months=['x']+['5']*7).to_csv(tmp_path/'in.csv', index=False)
    _, got, _ = check_file(predictor, tmp_path/'in.csv', tmp_path/'out.csv', 8, reasons=2)
    assert got.reasons.str.count('the risk by').between(1, 2).all()
    assert predictor.predict_one({**raw.iloc[3].to_dict(), 'tenure_months': 5}, reasons=2)['reasons'] == got.reasons[2].split('; ')
    with pytest.raises(ChurnError, match='typical'): Predictor(predictor.pipeline, predictor.metadata).predict_one(raw.iloc[0].to_dict(), reasons=1)

def test_progress_and_an_interrupt_leave_the_old_file(predictor, raw, tmp_path):
    raw.to_parquet(tmp_path/'in.parquet')
    told = []
    predictor.predict_file(tmp_path/'in.parquet', tmp_path/'out.csv', chunk=100, progress=lambda *a: told.append(a[:2]))
    assert told == [(100, 300), (200, 300), (300, 300)]
    before = (tmp_path/'out.csv').read_bytes()
    def stop(*a): raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt): predictor.predict_file(tmp_path/'in.parquet', tmp_path/'out.csv', chunk=100, strict=True, progress=stop)
    assert (tmp_path/'out.csv').read_bytes() == before and not leftovers(tmp_path)

def test_a_full_disk_leaves_the_old_file(predictor, raw, tmp_path):
    import resource
    pd.concat([raw]*200).to_parquet(tmp_path/'in.parquet')
    (tmp_path/'out.csv').write_text('old')
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
        with pytest.raises(RunError, match='out.csv cannot be written: File too large'): predictor.predict_file(tmp_path/'in.parquet', tmp_path/'out.csv', chunk=1000)
    finally: resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path/'out.csv').read_text() == 'old' and not leftovers(tmp_path)

def test_a_file_where_a_folder_should_be_and_what_cannot_be_called(predictor, raw, tmp_path):
    for wrong in (dict(progress=3), dict(note='x')):
        with pytest.raises(ChurnError, match='cannot be called'): predictor.predict_file(tmp_path/'in.csv', tmp_path/'out.csv', **wrong)
    raw.head(3).to_csv(tmp_path/'in.csv', index=False)
    with pytest.raises(RunError, match='in.csv/out.csv cannot be written'): predictor.predict_file(tmp_path/'in.csv', tmp_path/'in.csv/out.csv')

def test_the_command(tmp_path, raw, capsys):
    from churn_nb.cli import main
    r = registry.demo(compare__models=['lightgbm'], tune__model='lightgbm')
    raw.to_csv(tmp_path/'in.csv', index=False)
    command = lambda *more: main(['predict', str(tmp_path/'in.csv'), str(tmp_path/'out.csv'), '--run', str(r.path), *more])
    assert command() == 0 and '300 scored' in capsys.readouterr().out
    expected = Predictor.from_run(r).predict_frame(raw).churn_probability
    np.testing.assert_array_equal(scores(tmp_path/'out.csv').churn_probability, expected)
    assert command('--reasons', '2') == 0 and scores(tmp_path/'out.csv').reasons.str.len().min() > 5
    raw.assign(contract_type='Never').to_csv(tmp_path/'in.csv', index=False)
    assert command() == 0 and 'warning' in capsys.readouterr().out
    with pytest.raises(SystemExit) as e: command('--strict')
    assert e.value.code == 3
    raw.head(0).to_csv(tmp_path/'in.csv', index=False)
    with pytest.raises(SystemExit) as e: command()
    assert e.value.code == 3 and 'the file holds no customers' in capsys.readouterr().out
    (tmp_path/'in.csv').write_text('a,b\n1,2\n')
    assert command() == 1 and '"contract_type": is missing' in capsys.readouterr().err
    assert command('--reasons', '-1') == 1

# ---- what a newcomer found

def warned(s, *words): return [w for w in s['warnings'] if all(x in w for x in words)]

def test_ids_are_the_same_in_all_three_ways(predictor, raw, tmp_path):
    "As they came, to the letter; a missing id stays missing: a row number could be somebody else's id."
    ids = ['001', '  a ', None, 'NA', '1.0', 'None', 'ß']
    t = raw.head(len(ids)).assign(customer_id=pd.array(ids, dtype='str'))
    t.to_csv(tmp_path/'in.csv', index=False); t.to_parquet(tmp_path/'in.parquet')
    for source in ('in.csv', 'in.parquet'):
        predictor.predict_file(tmp_path/source, tmp_path/'out.parquet')
        assert [None if v != v else v for v in pd.read_parquet(tmp_path/'out.parquet').id.tolist()] == ids
    assert [None if v != v else v for v in predictor.predict_frame(t).id.tolist()] == ids
    assert [predictor.predict_one({**c, 'customer_id': i})['id'] for c, i in zip(t.to_dict('records'), ids)] == ids

def test_a_missing_id_column_is_said(predictor, raw, tmp_path):
    raw.rename(columns={'customer_id': 'Customer_Id'}).to_csv(tmp_path/'in.csv', index=False)
    s = predictor.predict_file(tmp_path/'in.csv', tmp_path/'out.csv')
    assert warned(s, 'row numbers (of a DataFrame its index) stand for the ids', 'is it "Customer_Id"?')
    assert 'row numbers' in predictor.predict_frame(raw.drop(columns='customer_id')).attrs['warnings'][0]

def test_bytes_that_are_not_utf8_are_said(predictor, raw, tmp_path):
    text = raw.head(5).assign(customer_id='Müller').to_csv(index=False)
    (tmp_path/'good.csv').write_text(text, encoding='utf-8')
    (tmp_path/'bad.csv').write_bytes(text.encode()+b'x\xff'+text.encode().split(b'\n')[5][8:]+b'\n')
    (tmp_path/'utf16.csv').write_text(text, encoding='utf-16')
    assert not warned(predictor.predict_file(tmp_path/'good.csv', tmp_path/'out.csv'), 'UTF-8') and not warned(predictor.predict_file(tmp_path/'utf16.csv', tmp_path/'out.csv'), 'UTF-8')
    s = predictor.predict_file(tmp_path/'bad.csv', tmp_path/'out.csv')
    assert warned(s, f'not UTF-8 from byte {len(text.encode())+2:,} on', 'cp1252')

def test_quotes_that_swallow_customers_are_said(predictor, raw, tmp_path):
    lines = raw.head(8).assign(remark='fine').to_csv(index=False).split('\n')
    (tmp_path/'good.csv').write_text('\n'.join(lines))
    lines[2] = lines[2].replace(',fine', ',"fine'); lines[5] = lines[5].replace(',fine', ',fine"')
    (tmp_path/'bad.csv').write_text('\n'.join(lines))
    assert not warned(predictor.predict_file(tmp_path/'good.csv', tmp_path/'out.csv'), 'more lines')
    s = predictor.predict_file(tmp_path/'bad.csv', tmp_path/'out.csv')
    assert s['rows'] == 5 and warned(s, 'the file has 3 more lines than rows')

def test_a_header_without_line_end(predictor, raw, tmp_path):
    head = ','.join(raw.columns)
    for content, rows in ((head, 0), (head+'\n', 0), (head+'\r\n', 0), (raw.head(3).to_csv(index=False).replace('\n', '\r'), 3)):
        (tmp_path/'in.csv').write_bytes(content.encode())
        assert predictor.predict_file(tmp_path/'in.csv', tmp_path/'out.csv')['rows'] == rows

def test_a_pipe_is_refused_and_not_waited_for(predictor, tmp_path):
    os.mkfifo(tmp_path/'pipe')
    with pytest.raises(DataError, match='a pipe or a device'): predictor.predict_file(tmp_path/'pipe', tmp_path/'out.csv')

def test_two_equal_columns_that_nobody_needs_do_no_harm(predictor, raw, tmp_path):
    (tmp_path/'in.csv').write_text('\n'.join(l+(',x,x' if i == 0 else ',1,2') for i, l in enumerate(raw.head(3).to_csv(index=False).rstrip().split('\n'))))
    assert predictor.predict_file(tmp_path/'in.csv', tmp_path/'out.csv')['scored'] == 3

def test_dates_outside_the_range_of_training(tmp_path):
    from churn_nb import compare, data
    rng, raw = np.random.default_rng(0), data.make_customers(300, seed=8)
    raw['since'] = (pd.Timestamp('2020-01-01')+pd.to_timedelta(rng.integers(0, 1400, 300), 'D')).strftime('%d.%m.%Y')
    spec = data.infer_spec(raw, load_settings(overrides={'data.target': 'churned'}))
    assert spec.date == ['since']
    X = data.coerce(raw, spec)
    p = Predictor(registry.production_pipeline(compare.make_model('logistic_regression', spec, load_settings()), spec, raw, raw.churned), {'ranges': {'since': [X.since.min(), X.since.max()]}})
    one = raw.iloc[0].to_dict()
    assert 'warnings' not in p.predict_one(one)
    for odd in ('01.01.2200', '01.01.1900', 45000):
        assert 'outside the range seen in training, 2020-01-' in p.predict_one({**one, 'since': odd})['warnings'][0]
        with pytest.raises(DataError, match='outside the range'): p.predict_one({**one, 'since': odd}, strict=True)
    with pytest.raises(DataError, match='is no date like 31.12.2024'): p.predict_one({**one, 'since': 'soon'})
    raw.loc[3, 'since'] = '01.01.2200'; raw.loc[5, 'since'] = 'soon'; raw.loc[7, 'since'] = None
    raw.to_csv(tmp_path/'in.csv', index=False)
    raw.assign(since=pd.to_datetime(raw.since, format='%d.%m.%Y', errors='coerce')).to_parquet(tmp_path/'in.parquet')
    a = p.predict_file(tmp_path/'in.csv', tmp_path/'a.parquet'); b = p.predict_file(tmp_path/'in.parquet', tmp_path/'b.parquet', strict=True)
    assert (a['rejected'], b['rejected']) == (1, 1) and warned(a, '1 value outside the range', "row 4: '01.01.2200'")
    assert pd.read_parquet(tmp_path/'a.parquet').churn_probability.iloc[0] == p.predict_one(one)['churn_probability']
