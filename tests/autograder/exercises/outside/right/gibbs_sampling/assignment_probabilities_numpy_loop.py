"""assignment_probabilities

NumPy float64, a loop over new observations, shifted by the largest log joint of all draws.
"""

import numpy as np


def assignment_probabilities(samples, x_new):
    pi, mu, sigma = (np.asarray(samples[n], np.float64) for n in ("pi", "mu", "sigma"))
    lw = np.asarray(samples["log_weights"], np.float64) if "log_weights" in samples else np.zeros(len(pi))
    with np.errstate(divide="ignore"):
        log_pi = np.log(pi)
    rows = []
    for value in np.asarray(x_new, np.float64):
        log_joint = lw[:, None] + log_pi - np.log(sigma) - 0.5 * ((value - mu) / sigma) ** 2
        joint = np.exp(log_joint - log_joint.max()).sum(axis=0)
        rows.append(joint / joint.sum())
    return np.array(rows)
