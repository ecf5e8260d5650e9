"""simulate_bentos

lax.map over an array of keys; the choices are read from the trace.
"""

import jax
import jax.numpy as jnp
from genjax import categorical, gen, normal, seed


@gen
def bento_mixture():
    component = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "component"
    return normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight", component


def simulate_bentos(key, num_bentos):
    def one(k):
        choices = seed(bento_mixture.simulate)(k).get_choices()
        return choices["weight"], choices["component"]

    return jax.lax.map(one, jax.random.split(key, num_bentos))
