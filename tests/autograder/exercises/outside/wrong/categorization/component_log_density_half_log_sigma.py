"""component_log_density

Confuses -log(sigma) = -1/2 log(sigma^2) with -1/2 log(sigma): only the normalising term is wrong.
"""

import math


def component_log_density(x, means, stds):
    rows = []
    for xi in x:
        row = []
        for mu, sigma in zip(means, stds):
            z = (float(xi) - float(mu)) / float(sigma)
            row.append(-0.5 * z * z - 0.5 * math.log(2 * math.pi * float(sigma)))
        rows.append(row)
    return rows
