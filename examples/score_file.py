"Score a file. Rows that cannot be scored go to scores.csv.rejects.csv, with the reason."
import churn_nb

churn_nb.make_customers(5000, seed=1).drop(columns='churned').to_csv('customers.csv', index=False)
summary = churn_nb.Predictor.load().predict_file('customers.csv', 'scores.csv')
print(summary)
