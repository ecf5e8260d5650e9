"""multivariate_log_density

Cholesky factors and solve_triangular, vmapped over components.
"""

import jax
import jax.numpy as jnp
from jax.scipy.linalg import solve_triangular


def multivariate_log_density(x, means, covs):
    def one(mean, cov):
        lower = jnp.linalg.cholesky(cov)
        z = solve_triangular(lower, (x - mean).T, lower=True)
        return -0.5 * (z**2).sum(axis=0) - jnp.log(jnp.diag(lower)).sum() - x.shape[1] / 2 * jnp.log(2 * jnp.pi)

    return jax.vmap(one)(means, covs).T
