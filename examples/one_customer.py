"What does the champion say about one customer, and why?"
import churn_nb

predictor = churn_nb.Predictor.load('champion', models='models')
customer = churn_nb.make_customers(1, seed=7).drop(columns='churned').iloc[0].to_dict()
answer = predictor.predict_one(customer, reasons=3)
print(f'{answer["id"]}: {answer["churn_probability"]:.0%}, {answer["risk_level"]}')
print(*answer['reasons'], sep='\n')
