"Have the customers changed since training? Here prices have risen by a fifth."
import churn_nb
from churn_nb.watch import check_file

new = churn_nb.make_customers(2000, seed=3).assign(monthly_charges=lambda d: d.monthly_charges*1.2)
new.to_csv('example_new.csv', index=False)
report = check_file('example_new.csv', models='models')
print(report)
