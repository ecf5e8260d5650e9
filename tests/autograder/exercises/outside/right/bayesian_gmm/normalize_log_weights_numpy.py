"""normalize_log_weights

NumPy float64, shifted by the maximum.
"""

import numpy as np


def normalize_log_weights(log_weights):
    log_weights = np.asarray(log_weights, np.float64)
    w = np.exp(log_weights - log_weights.max())
    return w / w.sum()
