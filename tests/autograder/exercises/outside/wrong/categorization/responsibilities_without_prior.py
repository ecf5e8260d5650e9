"""responsibilities

Compares the likelihoods alone: the mixing proportions are forgotten.
"""

import jax
from jax.scipy.stats import norm


def responsibilities(x, weights, means, stds):
    return jax.nn.softmax(norm.logpdf(x[:, None], means, stds), axis=-1)
