"""responsibilities

Stays in log space to the end: returns the log responsibilities.
"""

import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def responsibilities(x, weights, means, stds):
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return log_joint - logsumexp(log_joint, axis=1, keepdims=True)
