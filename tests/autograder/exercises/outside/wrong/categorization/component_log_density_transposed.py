"""component_log_density

Loops over the components outside and stacks: shape (K, N). The student thinks of a list of curves.
"""

import jax.numpy as jnp
from jax.scipy.stats import norm


def component_log_density(x, means, stds):
    return jnp.stack([norm.logpdf(x, m, s) for m, s in zip(means, stds)])
