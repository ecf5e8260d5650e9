"""normalize_log_weights

Plain Python, a list comes back.
"""

import math


def normalize_log_weights(log_weights):
    values = [float(w) for w in log_weights]
    top = max(values)
    terms = [math.exp(v - top) for v in values]
    total = math.fsum(terms)
    return [t / total for t in terms]
