"""anomaly_score

Minus logsumexp of the log joint, functools.partial for the component density.
"""

from functools import partial

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def score(x, weights, means, stds):
    return -logsumexp(jnp.log(weights) + norm.logpdf(x, means, stds))


def anomaly_score(x, weights, means, stds):
    return jax.vmap(partial(score, weights=weights, means=means, stds=stds))(x)
