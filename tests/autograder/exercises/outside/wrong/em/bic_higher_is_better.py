"""bic

Schwarz's own scale: log likelihood - p/2 log N, where higher is better.
"""

import math


def bic(log_likelihood, num_components, num_observations):
    return float(log_likelihood) - 0.5 * (3 * num_components - 1) * math.log(num_observations)
