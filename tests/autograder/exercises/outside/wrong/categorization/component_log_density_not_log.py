"""component_log_density

Returns the density instead of its logarithm: the name of the function was not read.
"""

from jax.scipy.stats import norm


def component_log_density(x, means, stds):
    return norm.pdf(x[:, None], means[None, :], stds[None, :])
