"""bento_mixture

The kind is drawn with logits, the weight with indexed arrays.
"""

import jax.numpy as jnp
from genjax import categorical, gen, normal


@gen
def bento_mixture():
    component = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "component"
    weight = normal(jnp.array([500.0, 350.0])[component], 2.0) @ "weight"
    return weight, component
