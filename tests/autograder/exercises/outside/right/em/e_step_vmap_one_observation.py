"""e_step

One observation, vmapped; a namedtuple comes back.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


class EStep(NamedTuple):
    resp: jax.Array
    log_likelihood: jax.Array


def e_step(x, weights, means, stds):
    def one(xi):
        lj = jnp.log(weights) + norm.logpdf(xi, means, stds)
        top = lj.max()
        total = jnp.exp(lj - top).sum()
        return jnp.exp(lj - top) / total, top + jnp.log(total)

    resp, log_p = jax.vmap(one)(x)
    return EStep(resp, log_p.sum())
