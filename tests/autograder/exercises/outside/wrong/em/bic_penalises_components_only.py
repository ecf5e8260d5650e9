"""bic

2K - 1 parameters: the standard deviations are not counted.
"""

import math


def bic(log_likelihood, num_components, num_observations):
    return (2 * num_components - 1) * math.log(num_observations) - 2 * log_likelihood
