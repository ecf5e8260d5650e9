"""marginal_density

keepdims left in from the responsibilities: shape (N, 1).
"""

import jax.numpy as jnp
from jax.scipy.stats import norm


def marginal_density(x, weights, means, stds):
    joint = weights * norm.pdf(x[:, None], means, stds)
    return jnp.sum(joint, axis=1, keepdims=True)
