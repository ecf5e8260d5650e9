"""elbo

Log likelihood minus the KL divergence from the posterior, with a safe logarithm.
"""

import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def elbo(x, resp, weights, means, stds):
    lj = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    lp = logsumexp(lj, axis=1)
    log_posterior = lj - lp[:, None]
    log_resp = jnp.log(jnp.where(resp > 0, resp, 1.0))
    kl = jnp.sum(resp * (log_resp - log_posterior))
    return lp.sum() - kl
