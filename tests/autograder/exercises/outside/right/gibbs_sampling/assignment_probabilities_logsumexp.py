"""assignment_probabilities

Log densities averaged over draws by logsumexp (weights added), normalised over k at the end.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def assignment_probabilities(samples, x_new):
    pi, mu, sigma = (jnp.asarray(samples[name])[:, None, :] for name in ("pi", "mu", "sigma"))
    log_joint = jnp.log(pi) + norm.logpdf(jnp.asarray(x_new)[None, :, None], mu, sigma)
    if "log_weights" in samples:
        log_joint = log_joint + jnp.asarray(samples["log_weights"])[:, None, None]
    return jax.nn.softmax(logsumexp(log_joint, axis=0), axis=1)
