"""simulate_bentos

vmap over split keys, outside of seed.
"""

import jax
import jax.numpy as jnp
from genjax import categorical, gen, normal, seed


@gen
def bento_mixture():
    component = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component


def simulate_bentos(key, num_bentos):
    keys = jax.random.split(key, num_bentos)
    return jax.vmap(lambda k: seed(bento_mixture.simulate)(k).get_retval())(keys)
