"Answers over HTTP: serve.py starts a server on this machine; serve.py --once asks it one question in this process and ends."
import sys
import churn_nb

app = churn_nb.create_app(models='models')
if '--once' in sys.argv:
    from fastapi.testclient import TestClient
    customer = churn_nb.make_customers(1, seed=7).drop(columns='churned').iloc[0].to_dict()
    with TestClient(app) as client: print(client.post('/predict', json=customer).json())
else:
    import uvicorn
    uvicorn.run(app, host='127.0.0.1', port=8000)
