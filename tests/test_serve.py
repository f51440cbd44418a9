"""The HTTP API: right answers, refusals that say what to mend, and nothing that brings it down."""
import asyncio, contextlib, json, os, re, shutil, signal, socket, subprocess, sys, threading, time
from pathlib import Path
import httpx, numpy as np, pandas as pd, pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from fastapi import FastAPI
from starlette.testclient import TestClient
from churn_nb import data, log, predict, registry, serve
from churn_nb.core import *

JSON = {'Content-Type': 'application/json'}

def fitted_run(out, model, **overrides):
    "A run in which steps 1, 5 and 8 have been done, quickly."
    import joblib
    from churn_nb import compare
    r = RunDir.create(load_settings(overrides={'data.rows': 400, 'registry.check': False, **overrides}), out=out)
    data.run(str(r.path)); loaded = data.load_run(r)
    joblib.dump(compare.make_model(model, loaded.spec, r.settings).fit(loaded.X(), loaded.y()), r.artifact('05_tune', 'pipeline.joblib'))
    write_json(r.artifact('05_tune', 'tuned.json'), {'model': model, 'params': {}})
    registry.run(str(r.path))
    return r

@pytest.fixture(scope='module')
def two(tmp_path_factory):
    "A registry with two versions; the first is champion."
    out = tmp_path_factory.mktemp('serve')
    for model in ('lightgbm', 'logistic_regression'): registry.Registry(out/'models').register(fitted_run(out, model))
    return out/'models'

@pytest.fixture
def models(two, tmp_path): return Path(shutil.copytree(two, tmp_path/'models'))

@pytest.fixture(scope='module')
def customers(): return data.make_customers(300, seed=8).drop(columns='churned').to_dict('records')

@pytest.fixture(scope='module')
def client(two):
    with TestClient(serve.create_app(two), raise_server_exceptions=False) as c: yield c

def changed(customer, **values): return {**customer, **values}

def refused(got, status, *fields):
    "Problem JSON with this status that names these fields."
    assert got.status_code == status and got.headers['content-type'] == 'application/problem+json', (got.status_code, got.text)
    told = got.json()
    assert told['status'] == status and told['title'] and told['detail']
    assert [e['field'] for e in told.get('errors', [])] == list(fields) and all(e['reason'] for e in told.get('errors', []))
    return told

# Answers

def test_one_and_many_are_the_pipelines_numbers(client, two, customers):
    _, pipeline = registry.Registry(two).load('champion')
    expected = predict.predict_churn(customers, pipeline).churn_probability
    many = client.post('/predict/batch', json={'customers': customers}).json()
    assert many['version'] == '1' and [a['id'] for a in many['predictions']] == [c['customer_id'] for c in customers]
    np.testing.assert_allclose([a['churn_probability'] for a in many['predictions']], expected, rtol=0, atol=1e-12)
    for i in (0, 7, 299):
        one = client.post('/predict', json=customers[i]).json()
        assert one == many['predictions'][i] and set(one) >= {'id', 'churn_probability', 'churn_prediction', 'risk_level', 'version'}
    assert client.post('/predict/batch', json={'customers': []}).json()['predictions'] == []

def test_text_null_and_no_id(client, customers):
    full = client.post('/predict', json=customers[3]).json()
    as_text = {k: f' {v} ' for k, v in customers[3].items()}
    assert client.post('/predict', json=as_text).json()['churn_probability'] == full['churn_probability']
    nameless = {k: v for k, v in customers[3].items() if k != 'customer_id'}
    for got in (client.post('/predict', json=nameless).json(), client.post('/predict/batch', json={'customers': [nameless]}).json()['predictions'][0]):
        assert 'id' not in got and got['churn_probability'] == full['churn_probability']
    unknown = client.post('/predict', json=dict.fromkeys(nameless))
    assert unknown.status_code == 200 and 0 <= unknown.json()['churn_probability'] <= 1

def test_strict_and_lenient(client, customers):
    odd = changed(customers[0], contract_type='Ten Years', colour='red', tenure_months=10_000)
    lenient = client.post('/predict', json=odd)
    assert lenient.status_code == 200 and all(any(c in w for w in map(str, lenient.json()['warnings'])) for c in ('contract_type', 'colour', 'tenure_months'))
    refused(client.post('/predict?strict=true', json=odd), 422, 'colour', 'contract_type', 'tenure_months')
    told = refused(client.post('/predict/batch?strict=1', json={'customers': [customers[1], odd]}), 422, 'colour', 'contract_type', 'tenure_months')
    assert {e['row'] for e in told['errors']} == {1}
    refused(client.post('/predict?strict=maybe&reasons=99', json=customers[0]), 422, 'strict', 'reasons')
    refused(client.post('/predict?Strict=true&strict=1&strict=0&partial=1&x', json=odd), 422, 'Strict', 'strict', 'partial', 'x')

def test_a_batch_in_part(client, customers):
    bad, odd = changed(customers[1], tenure_months='many', colour='red'), changed(customers[2], colour='red')
    told = client.post('/predict/batch?partial=true&reasons=1', json={'customers': [customers[0], bad, {}, 3, odd]}).json()
    alone = client.post('/predict/batch?reasons=1', json={'customers': [customers[0], odd]}).json()['predictions']
    assert told['predictions'] == [alone[0], None, None, None, alone[1]] and (told['answered'], told['refused'], told['version']) == (2, 3, '1')
    assert [(e['row'], e['field']) for e in told['errors']] == [(1, 'tenure_months'), *((2, f) for f in sorted(data.synthetic_spec().features)), (3, 'customers')]
    strictly = client.post('/predict/batch?partial=1&strict=1', json={'customers': [customers[0], odd]}).json()
    assert strictly['predictions'][1] is None and [(e['row'], e['field']) for e in strictly['errors']] == [(1, 'colour')]
    none = client.post('/predict/batch?partial=1', json={'customers': [bad]}).json()
    assert none['predictions'] == [None] and none['answered'] == 0 and client.post('/predict/batch?partial=1', json={'customers': []}).json()['predictions'] == []

def test_a_batch_in_part_counts_and_logs_what_it_answers(two, customers, tmp_path):
    book = log.PredictionLog(tmp_path/'monitor.db')
    with TestClient(serve.create_app(two, book=book)) as c:
        told = c.post('/predict/batch?partial=true', json={'customers': [{}, customers[0]]}).json()
        assert sum(int(n) for n in re.findall(r'churn_predictions_total{.*} (\d+)', c.get('/metrics').text)) == 1
    assert book.read()[['customer', 'probability']].values.tolist() == [[customers[0]['customer_id'], told['predictions'][1]['churn_probability']]]

def test_the_wrong_endpoint_is_named(client, customers):
    for body in ({'customers': customers[:2]}, customers[:2]): assert '/predict/batch' in client.post('/predict', json=body).json()['detail']

def test_reasons(client, customers):
    got = client.post('/predict?reasons=2', json=customers[0])
    assert got.status_code == 200 and len(got.json()['reasons']) == 2
    assert 'reasons' not in client.post('/predict', json=customers[0]).json()
    many = client.post('/predict/batch?reasons=2', json={'customers': customers[:2]}).json()['predictions']
    assert many[0] == got.json() and len(many[1]['reasons']) == 2

def test_reasons_that_cannot_be_given(two, customers, monkeypatch):
    with TestClient(serve.create_app(two)) as c:
        monkeypatch.setattr(c.app.state.api.live.current.predictor, 'background', None)
        refused(c.post('/predict?reasons=1', json=customers[0]), 422, 'reasons')
        refused(c.post('/predict/batch?reasons=1', json={'customers': customers[:2]}), 422, 'reasons')
        assert c.post('/predict', json=customers[0]).status_code == 200

def test_model_health_ready_docs(client, two):
    m = client.get('/model').json()
    assert m['version'] == '1' and m['model'] == 'lightgbm' and m['card'] and {c['name'] for c in m['schema']} == {'customer_id', *data.synthetic_spec().features}
    assert client.get('/health').json() == {'status': 'ok'} and client.get('/ready').json() == {'status': 'ready', 'version': '1'}
    assert client.get('/', follow_redirects=False).headers['location'] == 'docs'
    page = client.get('/docs')
    assert page.status_code == 200 and '{{' not in page.text and not re.search(r'(src|href)=["\']?(https?:)?//', page.text)
    assert "default-src 'none'" in page.headers['content-security-policy']

def test_openapi_describes_the_version(client, customers):
    doc = client.get('/openapi.json').json()
    fields = doc['components']['schemas']['Customer']
    assert list(fields['properties']) == ['customer_id', *data.synthetic_spec().features] and set(fields['required']) == {*data.synthetic_spec().features}
    assert 'Month-to-Month' in fields['properties']['contract_type']['description'] and 'in training' in fields['properties']['tenure_months']['description']
    assert client.post('/predict', json=fields['example']).status_code == 200
    names = set(re.findall(r'#/components/schemas/(\w+)', json.dumps(doc)))
    assert names <= doc['components']['schemas'].keys()
    assert sorted(op['operationId'] for item in doc['paths'].values() for op in item.values()) == ['dashboard_data', 'health', 'metrics', 'model', 'predict', 'predict_batch', 'ready']
    assert 'Two Year' in fields['properties']['contract_type']['examples'] and '{}' not in json.dumps(doc['paths']).replace('"security": []', '')

def test_every_answer_has_the_headers(client, customers):
    for got in (client.post('/predict', json=customers[0]), client.post('/predict', json={}), client.get('/docs'), client.get('/nowhere'), client.delete('/model'), client.get('/', follow_redirects=False)):
        assert got.headers['cache-control'] == 'no-store' and got.headers['x-content-type-options'] == 'nosniff'

def test_an_endpoint_of_somebody_else_and_no_telemetry(two, monkeypatch):
    "FastAPI reports requests to whatever OpenTelemetry finds in the process, unless told not to."
    trace, export = pytest.importorskip('opentelemetry.sdk.trace'), pytest.importorskip('opentelemetry.sdk.trace.export')
    memory = pytest.importorskip('opentelemetry.sdk.trace.export.in_memory_span_exporter').InMemorySpanExporter()
    provider = trace.TracerProvider(); provider.add_span_processor(export.SimpleSpanProcessor(memory))
    monkeypatch.setattr('opentelemetry.trace.get_tracer_provider', lambda: provider)
    app = serve.create_app(two)
    @app.get('/more')
    async def more(n: int = 1): return {'n': n}
    with TestClient(app) as c: assert c.get('/more?n=2').json() == {'n': 2} and c.get('/health').status_code == 200
    assert not memory.get_finished_spans()

def test_below_another_app(two, customers, monkeypatch, tmp_path):
    "Mounted, it knows its own paths: for the key, and for the metrics."
    monkeypatch.setenv('CHURN_NB_API_KEY', 'geheim')
    api = serve.create_app(two, book=tmp_path/'log.db')
    main = FastAPI(lifespan=lambda _: api.router.lifespan_context(api))
    main.mount('/churn', api)
    with TestClient(main) as c:
        assert [c.get(f'/churn{p}').status_code for p in ('/health', '/ready', '/docs', '/dashboard', '/model', '/metrics', '')] == [200, 200, 200, 200, 401, 401, 200]
        key = {'X-API-Key': 'geheim'}
        assert c.post('/churn/predict', json=customers[0], headers=key).status_code == 200
        assert 'churn_requests_total{method="POST",path="/predict",status="200"} 1' in c.get('/churn/metrics', headers=key).text
    assert log.PredictionLog(tmp_path/'log.db').totals()['predictions'] == 1

# Refusals

WRONG = [
    (b'', 400, []), (b'{"tenure_months": ', 400, []), (b'\xff\xfe', 400, []), (b'null', 422, []), (b'[]', 422, []), (b'5', 422, []), (b'"text"', 422, []), (b'NaN', 400, []),
    (b'['*100_000, 422, []), (b'{"a":'*900+b'1'+b'}'*900, 422, None), (b'{"tenure_months": NaN, "monthly_charges": -Infinity, "total_charges": 1e999}', 422, ['tenure_months', 'monthly_charges', 'total_charges']),
    (b'{"tenure_months": 1, "tenure_months": 60}', 422, ['tenure_months']), (b'1'*5000, 400, []), (b'{"\\ud800": 1}', 400, [])]
@pytest.mark.parametrize('body, status, fields', WRONG, ids=lambda x: repr(x)[:30])
def test_bodies_that_are_no_customer(client, body, status, fields):
    got = client.post('/predict', content=body, headers=JSON)
    told = refused(got, status, *([e['field'] for e in got.json()['errors']] if fields is None else fields))
    assert len(got.content) < 20_000 and told
    assert client.post('/predict/batch', content=body, headers=JSON).status_code in (400, 422)

def test_every_field_at_once(client, customers):
    bad = {k: v for k, v in customers[0].items() if k != 'num_referrals'} | {'tenure_months': 'many', 'monthly_charges': [1], 'has_partner': 'perhaps', 'contract_type': {'a': 1}, 'total_charges': True}
    refused(client.post('/predict', json=bad), 422, 'contract_type', 'has_partner', 'monthly_charges', 'num_referrals', 'tenure_months', 'total_charges')
    told = refused(client.post('/predict/batch', json={'customers': [customers[0], bad, changed(customers[1], tenure_months='x')]}), 422, 'contract_type', 'has_partner', 'monthly_charges', 'num_referrals', 'tenure_months', 'total_charges', 'tenure_months')
    assert [e['row'] for e in told['errors']] == [1]*6+[2]
    told = client.post('/predict/batch', json={'customers': [{} for _ in range(500)]}).json()
    assert len(told['errors']) == serve.MOST and told['detail'].startswith('5000 ')

@pytest.mark.parametrize('body', [{'customers': None}, {'customers': {}}, {'customer': []}, {'customers': [1, None, []]}, [], 'x'])
def test_batches_that_are_none(client, body): assert client.post('/predict/batch', json=body).status_code == 422

def test_nan_in_a_batch_names_the_row(client):
    told = refused(client.post('/predict/batch', content=b'{"customers": [{"a": 1}, {"a": NaN}]}', headers=JSON), 422, 'a')
    assert told['errors'][0]['row'] == 1

@pytest.mark.parametrize('kind', ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', '', 'application/xml'])
def test_content_types(client, customers, kind): refused(client.post('/predict', content=json.dumps(customers[0]), headers={'Content-Type': kind}), 415)

def test_compressed_and_charset(client, customers):
    import gzip
    body = json.dumps(customers[0]).encode()
    refused(client.post('/predict', content=gzip.compress(body), headers={**JSON, 'Content-Encoding': 'gzip'}), 415)
    assert client.post('/predict', content=body, headers={'Content-Type': 'Application/JSON; charset=utf-8'}).status_code == 200

def test_limits(two, customers):
    s = load_settings(overrides={'serve.rows': 3, 'serve.body': 2000})
    with TestClient(serve.create_app(two, settings=s)) as c:
        assert c.post('/predict/batch', json={'customers': customers[:3]}).status_code == 200
        assert 'at most' not in refused(c.post('/predict/batch', json={'customers': customers[:4]}), 413)['detail']
        assert '2,000 bytes' in refused(c.post('/predict', json=changed(customers[0], x='y'*2000)), 413)['detail']
        def chunks():
            for _ in range(10_000): yield b' '*1000
        refused(c.post('/predict', content=chunks(), headers=JSON), 413)
        assert c.app.openapi()['components']['schemas']['Batch']['properties']['customers']['maxItems'] == 3

@pytest.mark.parametrize('path', ['/nowhere', '/predict/', '/..%2f..%2fetc/passwd', '/predict/../../x', '/docs/oauth2-redirect', '/redoc', '/%00', '/model/champion', '/' + 'a'*5000])
def test_unknown_addresses(client, path):
    got = client.get(path)
    refused(got, 404); assert 'passwd' not in got.text

@pytest.mark.parametrize('method, path, allow', [('GET', '/predict', 'POST'), ('DELETE', '/predict', 'POST'), ('POST', '/model', 'GET'), ('OPTIONS', '/predict', 'POST'), ('PUT', '/health', 'GET'), ('TRACE', '/docs', 'GET'), ('BREW', '/ready', 'GET')])
def test_methods(client, method, path, allow):
    got = client.request(method, path)
    refused(got, 405); assert allow in got.headers['allow']

@pytest.mark.parametrize('path', ['/health', '/ready', '/model', '/metrics', '/docs', '/openapi.json', '/nowhere'])
def test_head_is_get_without_a_body(client, path):
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code and head.content == b'' and head.headers['content-type'] == get.headers['content-type']

def test_key(two, customers, monkeypatch):
    monkeypatch.setenv('CHURN_NB_API_KEY', 'geheim-ü')
    with TestClient(serve.create_app(two)) as c:
        key = 'geheim-ü'.encode()
        for path in ('/model', '/metrics', '/openapi.json', '/nowhere'): refused(c.get(path), 401)
        for headers in ({}, {'X-API-Key': b''}, {'X-API-Key': key[:-1]}, {'X-API-Key': key+b'x'}, {'Authorization': b'Basic '+key}, {'Authorization': b'Bearer'}, {'Authorization': key}):
            got = c.post('/predict', json=customers[0], headers=headers)
            refused(got, 401); assert got.headers['www-authenticate'] == 'Bearer'
        for headers in ({'X-API-Key': key}, {'Authorization': b'Bearer '+key}, {'authorization': b'bearer '+key}):
            assert c.post('/predict', json=customers[0], headers=headers).status_code == 200
        for path in ('/health', '/ready', '/docs'): assert c.get(path).status_code == 200
        doc = c.get('/openapi.json', headers={'X-API-Key': key}).json()
        assert doc['paths']['/predict']['post']['security'] and 'security' not in doc['paths']['/health']['get']

def test_the_key_is_compared_in_constant_time(two, monkeypatch):
    monkeypatch.setenv('CHURN_NB_API_KEY', 'geheim')
    compared, real = [], serve.hmac.compare_digest
    monkeypatch.setattr(serve.hmac, 'compare_digest', lambda a, b: compared.append((a, b)) or real(a, b))
    with TestClient(serve.create_app(two)) as c: assert c.get('/model', headers={'X-API-Key': 'gehein'}).status_code == 401
    assert compared == [(b'gehein', b'geheim')]

def test_the_card_does_not_say_where_the_table_lies(two, monkeypatch):
    with TestClient(serve.create_app(two)) as c:
        current = c.app.state.api.live.current
        monkeypatch.setattr(current.predictor, 'metadata', {**current.predictor.metadata, 'data': {'source': '/data/secret/t.csv'}})
        monkeypatch.setattr(current, 'card', 'Trained on /data/secret/t.csv.')
        got = c.get('/model')
        assert got.json()['card'] == 'Trained on t.csv.' and 'secret' not in got.text

def test_a_bug_is_a_500_without_its_secrets(two, customers, monkeypatch, caplog):
    with TestClient(serve.create_app(two)) as c:
        def broken(*args, **kw): raise ValueError('/secret/path')
        monkeypatch.setattr(c.app.state.api.live.current.predictor, 'predict_one', broken)
        got = c.post('/predict', json=customers[0])
        refused(got, 500)
        assert 'secret' not in got.text and 'ValueError' not in got.text and 'secret' in caplog.text
        assert 'status="500"} 1' in c.get('/metrics').text

json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20), lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=5), x, max_size=3), max_leaves=8)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.sampled_from(['customer_id', *data.synthetic_spec().features, 'other', '\0', '']), json_values, max_size=12), whole=st.booleans())
def test_anything(client, customers, values, whole):
    "Whatever a field holds: an answer, or a refusal; the same in a batch; never a 500."
    body = json.dumps({**(customers[0] if whole else {}), **values}).encode()
    one, many = client.post('/predict', content=body, headers=JSON), client.post('/predict/batch', content=b'{"customers": ['+body+b']}', headers=JSON)
    assert one.status_code in (200, 400, 422) and one.status_code == many.status_code, (one.text, many.text)
    for got in (one, many): assert 'Traceback' not in got.text and '.py' not in got.text
    if one.status_code == 200: assert many.json()['predictions'][0]['churn_probability'] == one.json()['churn_probability']
    if one.status_code == 422: assert {e['field'] for e in one.json().get('errors', [])} == {e['field'] for e in many.json().get('errors', [])}

def test_schemathesis(two):
    "Requests made from the OpenAPI document, right ones and wrong ones, against the document's promises."
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
    app = serve.create_app(two, settings=load_settings(overrides={'serve.rows': 20}))
    with TestClient(app) as c: schema = schemathesis.openapi.from_dict(c.get('/openapi.json').json())
    schema.app = app
    for result in schema.get_all_operations():
        operation, seen = result.ok(), []
        strategy = st.one_of(operation.as_strategy(generation_mode=m) for m in GenerationMode) if operation.method.upper() == 'POST' else operation.as_strategy()
        @settings(max_examples=30, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def check(case):
            asked = lambda name: str((case.query or {}).get(name)).lower() in ('true', '1')
            narrow, partial = asked('strict'), asked('partial')   # the document describes what is taken when it is not strict; in part, a wrong customer is named in a 200
            seen.append(case.call_and_validate(excluded_checks=[positive_data_acceptance]*narrow+[negative_data_rejection]*partial).status_code)
        check()
        assert 200 in seen
        if operation.method.upper() == 'POST': assert 422 in seen

def test_a_key_that_did_not_arrive_opens_nothing(two, monkeypatch):
    for empty in ('', ' ', '\n'):
        monkeypatch.setenv('CHURN_NB_API_KEY', empty)
        with pytest.raises(SettingsError, match='set, but empty'): serve.create_app(two)
    monkeypatch.setenv('CHURN_NB_API_KEY', 'geheim\n')      # as a secret file has it
    with TestClient(serve.create_app(two)) as c: assert (c.get('/model').status_code, c.get('/model', headers={'X-API-Key': 'geheim'}).status_code) == (401, 200)

def test_an_empty_host_is_no_network():
    with pytest.raises(RunError, match='every network'): serve._listen('', 0)

# The log and the metrics

def test_every_prediction_is_logged(two, customers, tmp_path):
    book = log.PredictionLog(tmp_path/'monitor.db')
    with TestClient(serve.create_app(two, book=book)) as c:
        answers = [c.post('/predict', json=customers[0]).json(), *c.post('/predict/batch', json={'customers': customers[1:4]}).json()['predictions']]
        c.post('/predict', json={})
    kept = book.read(inputs=True)
    assert kept[['customer', 'probability', 'decision', 'risk_level', 'version', 'role']].values.tolist() == [[a['id'], a['churn_probability'], a['churn_prediction'], a['risk_level'], '1', 'champion'] for a in answers]
    assert kept[[*customers[0]][1:]].to_dict('records') == [{k: v for k, v in x.items() if k != 'customer_id'} for x in customers[:4]]
    assert ((kept.time-pd.Timestamp.now('UTC')).abs() < pd.Timedelta('60s')).all() and book.totals()['lost'] == 0

def test_a_log_that_fails_or_hangs_harms_no_request(two, customers, tmp_path, monkeypatch):
    book, go, write = log.PredictionLog(tmp_path/'monitor.db'), threading.Event(), log.PredictionLog.write
    def fails(*_): raise RunError('disk full')
    monkeypatch.setattr(log.PredictionLog, 'write', fails)
    with TestClient(serve.create_app(two, book=book)) as c:
        c.app.state.api.log.size = 5
        start = time.perf_counter()
        for _ in range(7): assert c.post('/predict', json=customers[0]).status_code == 200
        time.sleep(1.2)
        told = c.get('/metrics').text
        assert 'churn_log_dropped_total 2\n' in told and 'churn_log_waiting 5\n' in told and 'churn_log_trouble 1\n' in told
        monkeypatch.setattr(log.PredictionLog, 'write', write)
    assert len(book.read()) == 5 and book.totals()['lost'] == 2     # what waited was written when the log came back
    monkeypatch.setattr(log.PredictionLog, 'write', lambda *_: go.wait(20))
    with TestClient(serve.create_app(two, book=book)) as c:
        start = time.perf_counter()
        for _ in range(10): assert c.post('/predict', json=customers[0]).status_code == 200; time.sleep(.1)
        assert time.perf_counter()-start < 5
        go.set()

# Champion and challenger

@pytest.fixture
def rivals(two, tmp_path):
    "A registry whose second version challenges the first."
    shutil.copytree(two, tmp_path/'models')
    registry.Registry(tmp_path/'models').promote(2, 'challenger')
    return tmp_path/'models'

def _app(models, tmp_path, **abtest): return serve.create_app(models, settings=load_settings(overrides={f'abtest.{k}': v for k, v in abtest.items()}), book=log.PredictionLog(tmp_path/'monitor.db'))

def test_a_share_of_the_customers_is_the_challengers(rivals, tmp_path, customers):
    from churn_nb.abtest import assign
    people = [{**customers[i % len(customers)], 'customer_id': f'P{i}'} for i in range(200)]
    p1, p2 = (predict.Predictor.load(v, rivals).predict_frame(people).churn_probability.tolist() for v in (1, 2))
    theirs = [assign(c['customer_id'], .3, 'pepper') for c in people]
    with TestClient(_app(rivals, tmp_path, share=.3, salt='pepper')) as c:
        many = c.post('/predict/batch', json={'customers': people}).json()['predictions']
        singles = [c.post('/predict', json=x).json() for x in people[:40]]
        nameless = c.post('/predict', json={k: v for k, v in people[theirs.index(True)].items() if k != 'customer_id'}).json()
    assert [a['version'] for a in many] == ['2' if t else '1' for t in theirs] and 30 < sum(theirs) < 90
    np.testing.assert_allclose([a['churn_probability'] for a in many], np.where(theirs, p2, p1), rtol=0, atol=1e-12)
    assert singles == many[:40] and nameless['version'] == '1'
    kept = log.PredictionLog(tmp_path/'monitor.db').read()
    assert len(kept) == 241 and (kept.role == np.where(kept.version == '2', 'challenger', 'champion')).all()

def test_in_shadow_nobody_sees_the_challenger(rivals, tmp_path, customers):
    with TestClient(_app(rivals, tmp_path, shadow=True)) as c:
        answers = [*c.post('/predict/batch', json={'customers': customers}).json()['predictions'], c.post('/predict', json=customers[0]).json()]
        wait_for(lambda: not c.app.state.api.shadows)     # until the challenger has answered too
        assert sum(int(n) for n in re.findall(r'churn_predictions_total{.*} (\d+)', c.get('/metrics').text)) == len(customers)+1
    assert {a['version'] for a in answers} == {'1'}
    kept = log.PredictionLog(tmp_path/'monitor.db').read()
    champion, shadow = kept[kept.role == 'champion'], kept[kept.role == 'shadow']
    assert len(shadow) == len(champion) == len(answers) and {*shadow.version} == {'2'}
    pairs = champion.merge(shadow, on=['time', 'customer'])
    assert len(pairs) == len(answers) and (pairs.probability_x != pairs.probability_y).any()

def test_the_shadow_keeps_up_with_single_requests(rivals, tmp_path, customers):
    with TestClient(_app(rivals, tmp_path, shadow=True)) as c:
        for x in customers[:200]: c.post('/predict', json=x)
        assert 'churn_shadow_dropped_total 0\n' in c.get('/metrics').text
    assert (log.PredictionLog(tmp_path/'monitor.db').read().role == 'shadow').sum() == 200

def test_what_the_challenger_cannot_answer_the_champion_does(rivals, tmp_path, customers, monkeypatch):
    app = _app(rivals, tmp_path, share=1)
    def refuses(*_, **__): raise serve.Refused(422, 'needs a column that nobody sends')
    rival = app.state.api.rival.serving
    rival.one, rival.partly = refuses, lambda customers, *_: {'predictions': [None]*len(customers), 'refused': len(customers)}
    with TestClient(app) as c:
        assert c.post('/predict', json=customers[0]).json()['version'] == '1'
        assert {a['version'] for a in c.post('/predict/batch', json={'customers': customers[:3]}).json()['predictions']} == {'1'}
        assert 'churn_challenger_refused_total 4\n' in c.get('/metrics').text

def test_a_challenger_that_fails_harms_no_request(rivals, tmp_path, customers, caplog):
    app = _app(rivals, tmp_path, share=1)
    def fails(*_, **__): raise RuntimeError('a bug')
    def busy(*_, **__): raise serve.Refused(503, 'busy')
    with TestClient(app) as c:
        for trouble in (fails, busy):
            rival = app.state.api.rival.serving
            rival.one = rival.partly = trouble
            assert c.post('/predict', json=customers[0]).json()['version'] == '1'
            assert {a['version'] for a in c.post('/predict/batch', json={'customers': customers[:3]}).json()['predictions']} == {'1'}
        for wrong in ({}, {**customers[0], 'customer_id': [1], 'tenure_months': {}}): assert c.post('/predict', json=wrong).status_code == 422
        assert 'churn_challenger_refused_total 8\n' in c.get('/metrics').text     # not those whom the champion refuses as well
    assert {*log.PredictionLog(tmp_path/'monitor.db').read().role} == {'champion'}

def test_a_challenger_that_goes_in_the_middle_of_a_request(rivals, tmp_path, customers, monkeypatch):
    "It is dismissed between the question whose customer it is and the answer: the request keeps the one it has begun with."
    app = _app(rivals, tmp_path, share=1)
    rival, answers = app.state.api.rival, serve.Challenger.answers
    def gone(self, *args):
        try: return answers(self, *args)
        finally: self.live = None
    monkeypatch.setattr(serve.Challenger, 'answers', gone)
    with TestClient(app) as c:
        live = rival.live
        assert c.post('/predict', json=customers[0]).json()['version'] == '2'
        rival.live = live
        assert {a['version'] for a in c.post('/predict/batch', json={'customers': customers[:3]}).json()['predictions']} == {'2'}

def test_nobody_waits_for_the_shadow(rivals, tmp_path, customers, monkeypatch):
    app, go, answers = _app(rivals, tmp_path, shadow=True), threading.Event(), serve._all_answers
    monkeypatch.setattr(serve, '_all_answers', lambda *asked: (go.wait(20), answers(*asked))[1])
    with TestClient(app) as c:
        start = time.perf_counter()
        for _ in range(serve.SHADOWS+3): assert c.post('/predict', json=customers[0]).status_code == 200
        assert c.post('/predict/batch', json={'customers': customers[:5]}).status_code == 200 and time.perf_counter()-start < 10
        assert 'churn_shadow_dropped_total 8\n' in c.get('/metrics').text     # three single ones, and the five of the batch
        go.set()
    kept = log.PredictionLog(tmp_path/'monitor.db').read()
    assert (kept.role == 'champion').sum() == serve.SHADOWS+8 and (kept.role == 'shadow').sum() == serve.SHADOWS

def test_the_end_does_not_wait_for_the_shadow(rivals, tmp_path, customers, caplog, monkeypatch):
    app, go, wait = _app(rivals, tmp_path, shadow=True), threading.Event(), asyncio.wait
    monkeypatch.setattr(serve.asyncio, 'wait', lambda tasks, timeout: wait(tasks, timeout=.2))
    monkeypatch.setattr(serve, '_all_answers', lambda *_: go.wait(20))
    with TestClient(app) as c:
        for _ in range(5): c.post('/predict', json=customers[0])
    go.set()
    assert '5 requests were not answered in shadow' in caplog.text and len(log.PredictionLog(tmp_path/'monitor.db').read()) == 5

def test_a_challenger_that_does_not_load_is_not_tried_every_second(rivals, tmp_path, monkeypatch, caplog):
    app, tries = _app(rivals, tmp_path, share=1), []
    rival = app.state.api.rival
    def torn(*_): tries.append(1); raise RunError('torn')
    monkeypatch.setattr(serve, 'Live', torn)
    rival.live = None; rival.seen = None
    for _ in range(5): rival.refresh()
    assert len(tries) == 1 and rival.trouble == 'torn' and caplog.text.count('could not be loaded') == 1
    assert 'churn_challenger_trouble 1\n' in app.state.api.metrics.text(app.state.api.live, None, rival)
    rival.again = 0; rival.refresh(); assert len(tries) == 2
    registry.Registry(rivals).dismiss(); registry.Registry(rivals).promote(2, 'challenger'); rival.refresh(); assert len(tries) == 3     # the registry has changed
    registry.Registry(rivals).dismiss(); rival.refresh(); assert not rival.trouble
    app.state.api.log.close()

# The dashboard's numbers

def test_the_numbers_of_the_dashboard_ask_for_the_key_and_say_when_they_cannot_be_had(two, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv('CHURN_NB_API_KEY', 'k')
    app = serve.create_app(two, book=log.PredictionLog(tmp_path/'monitor.db'))
    def locked(*_): raise RunError('postgresql://db is locked')
    with TestClient(app) as c:
        assert c.get('/dashboard').status_code == 200 and c.get('/dashboard/data').status_code == 401
        assert c.get('/dashboard/data', headers={'X-API-Key': 'k'}).json()['status'] == 'quiet'
        app.state.api.board.until = 0
        monkeypatch.setattr(log.PredictionLog, 'totals', locked)
        told = c.get('/dashboard/data', headers={'X-API-Key': 'k'})
        assert 'log of the server' in refused(told, 503)['detail'] and 'postgresql' not in told.text and 'is locked' in caplog.text

def test_the_board_is_made_anew_when_its_time_is_over():
    made = []
    def make(): made.append(1); return len(made)
    async def ask():
        kept, brief = serve.Board(make, least=600), serve.Board(make, least=0)
        assert [*await asyncio.gather(*(kept.get() for _ in range(5))), await kept.get()] == [b'1']*6     # made once for all who ask
        assert await brief.get() == b'2'
        async with asyncio.timeout(20):
            while await brief.get() == b'2': await asyncio.sleep(.01)
        assert await brief.get() in (b'3', b'4') and await kept.get() == b'1'
    asyncio.run(ask())

def test_old_predictions_go_and_a_fault_there_stops_nothing(two, tmp_path, monkeypatch, caplog):
    book = log.PredictionLog(tmp_path/'monitor.db')
    book.write([log.log_row(log.moments(when), '1', 'champion', {}, dict(churn_probability=.5, churn_prediction=1, risk_level='LOW')) for when in ('9d', '1d')])
    app = serve.create_app(two, settings=load_settings(overrides={'monitor.keep': 7}), book=book)
    app.state.api.prune()
    assert len(book.read()) == 1
    def odd(*_): raise IndexError('odd')
    monkeypatch.setattr(log.PredictionLog, 'prune', odd)
    app.state.api.prune()
    assert 'were not deleted. odd' in caplog.text
    app.state.api.log.close()

def test_a_challenger_comes_and_goes_while_the_server_runs(rivals, tmp_path, customers):
    folder = registry.Registry(rivals)
    folder.dismiss()
    app = _app(rivals, tmp_path, share=1)
    with TestClient(app) as c:
        ask = lambda: (app.state.api.live.refresh(), app.state.api.rival.refresh(), c.post('/predict', json=customers[0]).json()['version'])[2]
        assert ask() == '1'
        folder.promote(2, 'challenger'); assert ask() == '2'
        folder.dismiss(); assert ask() == '1'
        folder.promote(2, 'challenger')
        (next((rivals/'versions/2').glob('*.joblib'))).write_bytes(b'torn')
        app.state.api.rival.live = None
        assert ask() == '1'     # a challenger that does not load harms nobody
        folder.dismiss(); assert ask() == '1'

def test_metrics_are_prometheus_text(client, customers):
    parser = pytest.importorskip('prometheus_client.parser')
    client.post('/predict', json=customers[0]); client.get('/nowhere'); client.get('/elsewhere')
    families = {f.name: f for f in parser.text_string_to_metric_families(client.get('/metrics').text)}
    requests = {(s.labels['path'], s.labels['status']): s.value for s in families['churn_requests'].samples if s.labels['method'] in ('POST', 'GET')}
    assert requests['/predict', '200'] >= 1 and requests['other', '404'] >= 2 and not any('where' in p for p, _ in requests)
    buckets = [s for s in families['churn_request_seconds'].samples if s.labels.get('path') == '/predict' and s.name.endswith('_bucket')]
    assert [s.value for s in buckets] == sorted(s.value for s in buckets) and families['churn_model_info'].samples[0].labels == {'version': '1', 'model': 'lightgbm'}
    assert families['churn_model_stale'].samples[0].value == 0

# Another version

FAST = {'serve.poll': .05}
def wait_for(what, seconds=20):
    end = time.monotonic()+seconds
    while not (got := what()):
        assert time.monotonic() < end, 'it did not happen in time'
        time.sleep(.02)
    return got

def test_promotion_and_rollback_take_effect(models, customers):
    reg = registry.Registry(models)
    with TestClient(serve.create_app(models, settings=load_settings(overrides=FAST))) as c:
        version = lambda: c.get('/ready').json()['version']
        before, document = c.post('/predict', json=customers[0]).json(), c.get('/openapi.json').json()
        assert document['info']['version'] == '1'
        reg.promote(2); wait_for(lambda: version() == '2')
        after = c.post('/predict', json=customers[0]).json()
        assert after['version'] == '2' and after['churn_probability'] != before['churn_probability']
        assert c.get('/model').json()['model'] == 'logistic_regression' and c.get('/openapi.json').json()['info']['version'] == '2'
        reg.rollback(); wait_for(lambda: version() == '1')
        assert c.post('/predict', json=customers[0]).json() == before
        assert 'churn_model_loads_total 3' in c.get('/metrics').text

def test_a_fixed_version_stays(models, customers):
    with TestClient(serve.create_app(models, ref='1', settings=load_settings(overrides=FAST))) as c:
        registry.Registry(models).promote(2)
        time.sleep(.3)
        assert c.post('/predict', json=customers[0]).json()['version'] == '1'

def test_a_version_that_does_not_load_changes_nothing(models, customers):
    reg = registry.Registry(models)
    file = next((models/'versions'/'2').glob('*.joblib'))
    with TestClient(serve.create_app(models, settings=load_settings(overrides={'serve.poll': 3600}))) as c:
        live = c.app.state.api.live
        reg.promote(2)
        whole = file.read_bytes(); file.write_bytes(whole[:-9]+b'x'+whole[-8:])
        live.refresh()
        told = c.get('/ready').json()['problem']
        assert 'champion' in told and str(models) not in told and '.joblib' not in told
        assert c.get('/ready').status_code == 200 and c.post('/predict', json=customers[0]).json()['version'] == '1'
        live.refresh()  # not tried again at once
        assert 'churn_model_stale 1' in c.get('/metrics').text and 'churn_model_load_failures_total 1' in c.get('/metrics').text
        file.write_bytes(whole)
        assert live.again <= time.monotonic()+serve.RETRY
        live.again = 0   # the time to try again has come
        live.refresh()
        assert c.get('/ready').json() == {'status': 'ready', 'version': '2'} and 'churn_model_stale 0' in c.get('/metrics').text
        shutil.move(models, models.with_name('elsewhere'))
        live.refresh()
        assert 'problem' in c.get('/ready').json() and c.post('/predict', json=customers[0]).json()['version'] == '2'

def test_nothing_to_serve(tmp_path):
    with pytest.raises(ChurnError): serve.create_app(tmp_path/'models')
    assert not (tmp_path/'models').exists()
    for name in ('../../etc', 'a/b', '\0', ''):
        with pytest.raises(ChurnError): serve.create_app(tmp_path/'models', ref=name)

def test_a_slow_model_does_not_hold_up_the_others(two, customers, monkeypatch):
    app = serve.create_app(two, settings=load_settings(overrides={'serve.seconds': .5}))
    current, block = app.state.api.live.current, threading.Event()
    monkeypatch.setattr(current, 'quick', False)
    monkeypatch.setattr(current, 'one', lambda *args: block.wait(5))
    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url='http://test') as c:
            slow = [asyncio.create_task(c.post('/predict', json=customers[0])) for _ in range(serve.QUEUE+3)]
            await asyncio.sleep(.1)
            start = time.perf_counter()
            health = await c.get('/health')
            return health, time.perf_counter()-start, await asyncio.gather(*slow)
    health, seconds, slow = asyncio.run(ask())
    block.set()
    assert health.status_code == 200 and seconds < .3
    told = [refused(got, 503)['detail'] for got in slow]
    assert sum('Too many' in d for d in told) == 3 and sum('took longer' in d for d in told) == serve.QUEUE
    assert all('retry-after' in got.headers for got in slow)

def test_too_many_requests_at_once(two, customers):
    app = serve.create_app(two, settings=load_settings(overrides={'serve.requests': 2, 'serve.seconds': 1}))
    async def ask():
        async def never(): await asyncio.sleep(5); yield b'{'
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url='http://test') as c:
            slow = [asyncio.create_task(c.post('/predict', content=never(), headers=JSON)) for _ in range(2)]
            await asyncio.sleep(.1)
            return await c.post('/predict', json=customers[0]), [await c.get(path) for path in ('/health', '/ready', '/metrics')], await asyncio.gather(*slow), await c.post('/predict', json=customers[0])
    too_many, watched, slow, after = asyncio.run(ask())
    assert 'Too many' in refused(too_many, 503)['detail'] and too_many.headers['retry-after'] == '1'
    assert [got.status_code for got in watched] == [200]*3 and [got.status_code for got in slow] == [408]*2 and after.status_code == 200

# A real server

LAUNCH = 'import sys; from churn_nb.cli import main; sys.exit(main(sys.argv[1:]))'

class Server:
    "`churn-nb serve` in a process of its own, on a free port."
    def __init__(self, models, *options, **env):
        self.process = subprocess.Popen([sys.executable, '-c', LAUNCH, 'serve', '--models', str(models), '--port', '0', *options], cwd=models.parent, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        assert said, self.process.communicate()
        self.port = int(re.search(r'http://127\.0\.0\.1:(\d+)', said)[1])
        self.url = f'http://127.0.0.1:{self.port}'
    def __enter__(self): return self
    def __exit__(self, *args):
        if self.process.poll() is None: self.process.kill()
        self.process.communicate()
    def raw(self, *parts, pause=0., timeout=10.):
        "Send bytes as they are, and read until the server closes the connection or says no more."
        with socket.create_connection(('127.0.0.1', self.port), timeout=timeout) as s:
            got = b''
            with contextlib.suppress(ConnectionError):
                for part in parts: s.sendall(part); time.sleep(pause)
            with contextlib.suppress(TimeoutError, ConnectionError):
                while piece := s.recv(65536): got += piece
            return got

@pytest.fixture(scope='module')
def server(two):
    with Server(two, '--set', 'serve.seconds=1', '--set', 'serve.body=100000') as s:
        yield s
        assert s.process.poll() is None and httpx.get(s.url+'/health').status_code == 200

def head(*lines, path='/predict', method='POST'): return '\r\n'.join([f'{method} {path} HTTP/1.1', 'Host: x', 'Content-Type: application/json', *lines, '', '']).encode()

def test_huge_bodies(server):
    assert b' 413 ' in server.raw(head('Content-Length: 99999999999'))
    assert b' 413 ' in server.raw(head('Transfer-Encoding: chunked'), *[b'10000\r\n'+b' '*65536+b'\r\n']*40)
    assert b' 413 ' in server.raw(head('Content-Length: 200000'), b' '*200_000)

def test_who_sends_too_much_learns_why(server):
    "Cut off while it sends, this client would report a broken pipe."
    import urllib.error, urllib.request
    for kind in ['application/json', 'text/plain']*4:
        with pytest.raises(urllib.error.HTTPError) as e: urllib.request.urlopen(urllib.request.Request(server.url+'/predict', b' '*5_000_000, {'Content-Type': kind}), timeout=10)
        assert e.value.code == (413 if 'json' in kind else 415)

def test_a_head_without_an_end(server):
    start = time.monotonic()
    got = server.raw(b'GET / HTTP/1.1\r\nHost: x\r\nX: ', *[b'a'*100_000]*5, timeout=.5)
    assert time.monotonic()-start < .45 and (got == b'' or b' 400 ' in got)

def test_a_client_that_does_not_read_is_cut_off(server):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096); s.settimeout(8); s.connect(('127.0.0.1', server.port))
        got, expected = 0, 2000*len(httpx.get(server.url+'/openapi.json').content)
        with contextlib.suppress(ConnectionError):
            s.sendall(b'GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'*2000)
            time.sleep(4.5)
            while piece := s.recv(65536): got += len(piece)
        assert got < expected
        assert httpx.get(server.url+'/health').status_code == 200

def test_too_many_connections(two):
    with Server(two, '--set', 'serve.requests=10') as s, contextlib.ExitStack() as stack:
        many = [stack.enter_context(socket.create_connection(('127.0.0.1', s.port))) for _ in range(200)]
        assert httpx.get(s.url+'/health').status_code == 200
        time.sleep(.3)
        def closed(c):
            c.setblocking(False)
            try: return c.recv(1) == b''
            except BlockingIOError: return False
            except ConnectionError: return True
        gone = [closed(c) for c in many]
        assert 200-sum(gone) in range(10, 10+serve.SPARE+1) and all(gone[:140]) and not any(gone[-10:]), 'those that are idle longest go'

def test_slow_clients(server):
    start = time.monotonic()
    got = server.raw(head('Content-Length: 100'), *[b' ']*4, pause=.2)
    assert b' 408 ' in got and b'application/problem+json' in got and time.monotonic()-start < 4
    start = time.monotonic()
    assert server.raw(b'POST /predict HT', pause=.1) == b'' and time.monotonic()-start < 4, 'a head that never ends'
    many = [socket.create_connection(('127.0.0.1', server.port)) for _ in range(200)]
    assert httpx.get(server.url+'/health').status_code == 200
    for s in many: s.close()

@pytest.mark.parametrize('sent', [b'\0\0\0\0\r\n\r\n', b'GET\r\n\r\n', b'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', b'GET / HTTP/1.1\r\nHost: x\r\nX: '+b'a'*100_000+b'\r\n\r\n', head('Content-Length: 2', 'Content-Length: 3')+b'{}',
    head('Transfer-Encoding: chunked')+b'zz\r\n{}\r\n', b'\x16\x03\x01\x02\x00\x01\x00'], ids=lambda b: repr(b[:30]))
def test_what_is_no_http(server, sent):
    got = server.raw(sent)
    assert (got == b'' or re.match(rb'HTTP/1.1 (307|4\d\d) ', got)) and b'Traceback' not in got and b'/' not in got.partition(b'\r\n\r\n')[2]
    if b' 400 ' in got: assert b'application/problem+json' in got and b'nosniff' in got and json.loads(got.partition(b'\r\n\r\n')[2])['status'] == 400

def test_dropped_connections(server, customers):
    for _ in range(20):
        s = socket.create_connection(('127.0.0.1', server.port)); s.sendall(head('Content-Length: 500')+b'{"a": '); s.close()
    assert httpx.post(server.url+'/predict', json=customers[0]).status_code == 200

def test_pipelined_and_kept_alive(server, customers):
    body = json.dumps(customers[0]).encode()
    one = head(f'Content-Length: {len(body)}')+body
    assert server.raw(one*5, timeout=1).count(b'200 OK') == 5
    with httpx.Client(base_url=server.url) as c:
        assert [c.post('/predict', content=b'{', headers=JSON).status_code, c.post('/predict', json=customers[0]).status_code] == [400, 200]

def answer(c):
    "One whole response from a connection."
    got = b''
    while b'\r\n\r\n' not in got or len(got.partition(b'\r\n\r\n')[2]) < int(re.search(rb'content-length: (\d+)', got)[1]):
        if not (piece := c.recv(65536)): break
        got += piece
    return got

def test_answers_leave_at_once(server, customers):
    "Without TCP_NODELAY each answer waits 40 ms for an acknowledgement."
    body = json.dumps(customers[0]).encode()
    with socket.create_connection(('127.0.0.1', server.port), timeout=10) as c:
        times = []
        for _ in range(21):
            start = time.perf_counter(); c.sendall(head(f'Content-Length: {len(body)}')+body); assert b'200 OK' in answer(c)
            times.append(time.perf_counter()-start)
    assert sorted(times)[10] < .035, times

class Clients:
    "Threads that ask without a pause, each on its own connection; what went wrong is kept."
    def __init__(self, url, customers, n=4):
        self.url, self.customers, self.stop, self.wrong, self.versions = url, customers, threading.Event(), [], []
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(n)]
    def run(self, i):
        with httpx.Client(base_url=self.url, timeout=20) as c:
            while not self.stop.is_set():
                path, body = ('/predict', self.customers[i]) if i else ('/predict/batch', {'customers': self.customers[:20]})
                try: got = c.post(path, json=body)
                except httpx.HTTPError as e: self.wrong.append(repr(e)); continue
                if got.status_code == 200: self.versions.append(got.json()['version'])
                else: self.wrong.append(got.text)
    def __enter__(self):
        for t in self.threads: t.start()
        return self
    def __exit__(self, *args):
        self.stop.set()
        for t in self.threads: t.join()

def test_promotions_under_load_lose_no_request(models, customers):
    reg = registry.Registry(models)
    with Server(models, '--set', 'serve.poll=0.05') as s, Clients(s.url, customers) as clients:
        for n in (2, 1, 2, 1):
            reg.promote(n)
            wait_for(lambda: httpx.get(s.url+'/ready').json()['version'] == str(n))
            time.sleep(.2)
    assert not clients.wrong, clients.wrong[:3]
    assert set(clients.versions) == {'1', '2'} and len(clients.versions) > 20

@pytest.mark.parametrize('ask', [signal.SIGTERM, signal.SIGINT])
def test_what_was_accepted_is_answered_before_the_end(models, customers, ask):
    batch, body = json.dumps({'customers': customers*3}).encode(), json.dumps(customers[0]).encode()
    with Server(models) as s:
        def post(path, body, results, wait=0.):
            with socket.create_connection(('127.0.0.1', s.port), timeout=20) as c:
                c.sendall(head(f'Content-Length: {len(body)}', path=path)); ready.wait(); time.sleep(wait)
                c.sendall(body)
                results.append(answer(c)[:15])
        ready, results = threading.Event(), []
        threads = [threading.Thread(target=post, args=a) for a in [('/predict/batch', batch, results)]*3+[('/predict', body, results, .4)]*5]
        for t in threads: t.start()
        time.sleep(.3); ready.set(); time.sleep(.1)
        s.process.send_signal(ask)
        for t in threads: t.join()
        out, err = s.process.communicate(timeout=20)
        assert results == [b'HTTP/1.1 200 OK']*8, results
        assert s.process.returncode == 0 and 'Traceback' not in err, err
        with pytest.raises(OSError): socket.create_connection(('127.0.0.1', s.port))

def test_a_kept_connection_may_still_ask_while_the_server_ends(models, customers):
    "The request and the signal cross on the way: it is answered, not reset."
    body = json.dumps(customers[0]).encode()
    with Server(models) as s, socket.create_connection(('127.0.0.1', s.port), timeout=10) as c:
        one = head(f'Content-Length: {len(body)}')+body
        c.sendall(one); assert b'200 OK' in answer(c)
        s.process.send_signal(signal.SIGTERM)
        time.sleep(.15)
        c.sendall(one); assert b'200 OK' in answer(c)
        s.process.wait(10)

def test_key_and_host_from_outside(models, customers):
    with Server(models, CHURN_NB_API_KEY='k') as s:
        assert httpx.post(s.url+'/predict', json=customers[0]).status_code == 401
        assert httpx.post(s.url+'/predict', json=customers[0], headers={'X-API-Key': 'k'}).status_code == 200

def test_command_line_refusals(models, tmp_path, capsys, monkeypatch):
    from churn_nb.cli import main
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, 'signal', lambda *args: None)
    def told(*args):
        assert main(['serve', *args]) == 1
        return capsys.readouterr().err
    with socket.create_server(('127.0.0.1', 0)) as taken: assert '--port' in told('--models', str(models), '--port', str(taken.getsockname()[1]))
    told('--models', str(tmp_path/'none')); told('--models', str(models), '--model', 'nobody'); told('--models', str(models), '--set', 'serve.rows=0')
    assert 'cannot be opened' in (said := told('--models', str(models), '--port', '0', '--log', str(tmp_path/'no'/'x.db'))) and '--no-log' in said
