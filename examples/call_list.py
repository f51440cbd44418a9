"Whom to call, when a call costs 10 and a customer who is kept is worth 120, one in four of those called."
import churn_nb

COST, WORTH, KEPT = 10, 120, .25
customers = churn_nb.make_customers(2000, seed=2).drop(columns='churned')
scores = churn_nb.Predictor.load().predict_frame(customers)
scores['gain'] = scores.churn_probability*KEPT*WORTH - COST
calls = scores[scores.gain > 0].sort_values('gain', ascending=False)
print(f'Call {len(calls):,} of {len(scores):,} customers; expected gain {calls.gain.sum():,.0f}')
print(calls.head().to_string(index=False))
