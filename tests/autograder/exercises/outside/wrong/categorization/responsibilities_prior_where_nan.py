"""responsibilities

Where everything underflows "the data say nothing", so the prior is returned: right at 425.0 g by luck, not at 424.9.
"""

import jax.numpy as jnp
from jax.scipy.stats import norm


def responsibilities(x, weights, means, stds):
    joint = weights * norm.pdf(x[:, None], means, stds)
    total = joint.sum(axis=1, keepdims=True)
    return jnp.where(total > 0, joint / jnp.where(total > 0, total, 1.0), weights)
