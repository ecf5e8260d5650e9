"""component_log_density

Plain Python and math; a list of lists.
"""

import math


def component_log_density(x, means, stds):
    def log_normal(value, mu, sigma):
        return -math.log(sigma) - math.log(2 * math.pi) / 2 - (value - mu) ** 2 / (2 * sigma**2)

    return [[log_normal(float(v), float(m), float(s)) for m, s in zip(means, stds)] for v in x]
