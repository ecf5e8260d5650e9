"""count_modes

Two peaks if p is lower halfway than at both means: misses shoulders that are peaks and valleys that lie elsewhere.
"""

import jax.numpy as jnp
from jax.scipy.stats import norm


def count_modes(weights, means, stds):
    def p(at):
        return jnp.sum(weights * norm.pdf(at, means, stds))

    middle = p((means[0] + means[1]) / 2)
    return 2 if middle < p(means[0]) and middle < p(means[1]) else 1
