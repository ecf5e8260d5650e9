"""e_step

log p(x_i) for each observation; the sum over the observations is missing.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


@jax.jit
def e_step(x, weights, means, stds):
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jax.nn.softmax(log_joint), logsumexp(log_joint, axis=1)
