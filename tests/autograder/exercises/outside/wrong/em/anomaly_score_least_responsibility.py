"""anomaly_score

1 - max responsibility: measures ambiguity, not surprise. A bento of a kilogram counts as perfectly ordinary.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


def anomaly_score(x, weights, means, stds):
    resp = jax.nn.softmax(jnp.log(weights) + norm.logpdf(x[:, None], means, stds), axis=1)
    return 1 - resp.max(axis=1)
