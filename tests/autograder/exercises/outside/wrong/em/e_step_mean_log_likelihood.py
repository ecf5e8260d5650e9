"""e_step

Averages over the observations, as a training loss would.
"""

import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def e_step(x, weights, means, stds):
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    log_p = logsumexp(log_joint, axis=1, keepdims=True)
    return jnp.exp(log_joint - log_p), jnp.mean(log_p)
