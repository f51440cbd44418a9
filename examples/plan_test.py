"How many customers does it take to see that a new model keeps two points more of them?"
from churn_nb.abtest import sample_size

for effect in (-.01, -.02, -.05):
    once, daily = sample_size(.26, effect), sample_size(.26, effect, sequential=True)
    print(f'{effect:+.0%}: {once:,} customers, or {daily:,} when one looks every day')
