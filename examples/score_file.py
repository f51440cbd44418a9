"Score a file. Rows that cannot be scored go to example_scores.csv.rejects.csv, with the reason."
import churn_nb

churn_nb.make_customers(5000, seed=1).drop(columns='churned').to_csv('example_customers.csv', index=False)
summary = churn_nb.Predictor.load().predict_file('example_customers.csv', 'example_scores.csv')
print(summary)
