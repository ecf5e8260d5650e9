"""importance_sampling

vmap over split keys of a seeded generate.
"""

import jax
import jax.numpy as jnp
from genjax import categorical, dirichlet, gamma, gen, normal, seed


@gen
def bayesian_gmm(num_observations):
    pi = dirichlet(jnp.ones(2)) @ "pi"
    mu = normal.repeat(2)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(2)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"


def importance_sampling(key, x, num_particles):
    n = len(x)

    def one(k):
        trace, log_weight = seed(lambda: bayesian_gmm.generate({"x": x}, n))(k)
        choices = trace.get_choices()
        return {name: choices[name] for name in ("pi", "mu", "sigma", "z")} | {"log_weights": log_weight}

    return jax.vmap(one)(jax.random.split(key, num_particles))
