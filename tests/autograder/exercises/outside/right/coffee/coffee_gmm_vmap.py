"""coffee_gmm

normal.vmap for the means, repeat for what is equal.
"""

import jax.numpy as jnp
from genjax import categorical, dirichlet, gamma, gen, normal


@gen
def coffee_gmm(num_observations):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), 20.0) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    x = normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"
    return x
