"""prior_predictive

A GenJAX program of one cup, simulated under vmap over keys, outside of seed.
"""

import jax
import jax.numpy as jnp
from genjax import categorical, dirichlet, gamma, gen, normal, seed


@gen
def cup(locs, scales):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(locs, scales) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical(jnp.log(pi)) @ "z"
    return normal(mu[z], sigma[z]) @ "x"


def prior_predictive(key, locs, scales, num_draws):
    keys = jax.random.split(key, num_draws)
    return jax.vmap(lambda k: seed(cup.simulate)(k, locs, scales).get_retval())(keys)
