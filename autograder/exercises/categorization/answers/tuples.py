# Tuples of tuples, and responsibilities from the ratios of pairs. These two only.

# %% scratch
import math
import numpy as np


# %% scratch
def log_normal(x, m, s):
    return -math.log(s) - math.log(2 * math.pi) / 2 - ((x - m) / s) ** 2 / 2


# %% component_log_density
def component_log_density(x, means, stds):
    x, means, stds = (np.asarray(a).tolist() for a in (x, means, stds))
    return tuple(tuple(log_normal(one, m, s) for m, s in zip(means, stds)) for one in x)


# %% responsibilities
def responsibilities(x, weights, means, stds):
    """1 / (1 + the other components' ratios): no logsumexp at all."""
    logs = np.log(np.asarray(weights, np.float64)) + np.array(component_log_density(x, means, stds))
    return 1 / np.exp(np.minimum(logs[:, None, :] - logs[:, :, None], 700.0)).sum(axis=2)
