"What are the columns of this table? Usage: understand.py [TABLE [TARGET]]"
import sys
import churn_nb

customers = churn_nb.load(*sys.argv[1:2], target=sys.argv[2] if len(sys.argv) > 2 else '')
print(customers)
print(customers.columns.to_string(index=False))
print(customers.validation)
