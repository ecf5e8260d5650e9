"""bayesian_gmm

Everything mapped over arrays of arguments; returns nothing.
"""

import jax.numpy as jnp
from genjax import categorical, dirichlet, gamma, gen, normal


@gen
def bayesian_gmm(num_observations):
    pi = dirichlet(jnp.array([1.0, 1.0])) @ "pi"
    mu = normal.vmap(in_axes=(0, 0))(jnp.full(2, 400.0), jnp.full(2, 50.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, None))(jnp.full(2, 2.0), 1.0) @ "sigma"
    logits = jnp.broadcast_to(jnp.log(pi), (num_observations, 2))
    z = categorical.vmap(in_axes=(0,))(logits) @ "z"
    normal.vmap(in_axes=(0, 0))(jnp.take(mu, z), jnp.take(sigma, z)) @ "x"
