"""assignment_posterior

NumPy, an accumulating loop over draws.
"""

import numpy as np


def assignment_posterior(samples):
    mu, z = np.asarray(samples["mu"]), np.asarray(samples["z"])
    if "log_weights" in samples:
        lw = np.asarray(samples["log_weights"], np.float64)
        w = np.exp(lw - lw.max())
    else:
        w = np.ones(len(mu))
    total = np.zeros((z.shape[1], 3))
    for weight, means, labels in zip(w, mu, z):
        for blend, old in enumerate(np.argsort(means)):
            total[labels == old, blend] += weight
    return total / w.sum()
