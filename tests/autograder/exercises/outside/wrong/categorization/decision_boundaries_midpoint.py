"""decision_boundaries

Halfway between the means, whatever the weights and the spreads.
"""

import jax.numpy as jnp


def decision_boundaries(weights, means, stds):
    return jnp.array([(means[0] + means[1]) / 2])
