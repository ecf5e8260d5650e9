"""bento_mixture

Closure over module constants, jnp.where instead of indexing, unnormalised logits.
"""

import jax.numpy as jnp
from genjax import categorical, gen, normal

ODDS = jnp.log(jnp.array([7.0, 3.0]))


@gen
def bento_mixture():
    kind = categorical(ODDS) @ "component"
    grams = normal(jnp.where(kind == 0, 500.0, 350.0), jnp.where(kind == 0, 2.0, 2.0)) @ "weight"
    return grams, kind
