"""bic

Logarithm to the base 10 for the natural one.
"""

import math


def bic(log_likelihood, num_components, num_observations):
    return (3 * num_components - 1) * math.log10(num_observations) - 2 * log_likelihood
