"The ten steps on a DataFrame. Two models and few trials, so that it takes seconds; leave the settings out for the real thing."
import churn_nb

quick = dict(run__engine='python', compare__models=['logistic_regression', 'lightgbm'], tune__draws=5)
result = churn_nb.run(churn_nb.make_customers(1000), target='churned', id='customer_id', **quick)
print(result)
print({name: round(result.metrics[name], 4) for name in ('auc', 'average_precision', 'top_decile_lift')})
print(result.riskiest[['id', 'churn_probability', 'reasons']].head(3).to_string(index=False))
print(result.report)
