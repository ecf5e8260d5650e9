"""The known recipe as a GenJAX program, right with what is not given."""

from typing import Any

import jax.numpy as jnp
from genjax import categorical, gen, normal


def bento_program(component_logits=(-0.35667494, -1.2039728), means=(500.0, 350.0), stds=(2.0, 2.0)) -> Any:
    @gen
    def bento_mixture():
        component = categorical(jnp.array(component_logits)) @ "component"
        weight = normal(jnp.array(means)[component], jnp.array(stds)[component]) @ "weight"
        return weight, component

    return bento_mixture
