"""decision_boundaries

Quadratic formula without the case of equal spreads: a = 0, nan and inf for the bentos themselves.
"""

import jax.numpy as jnp


def decision_boundaries(weights, means, stds):
    middle = jnp.mean(means)
    d0, d1 = means - middle
    a = -0.5 / stds[0] ** 2 + 0.5 / stds[1] ** 2
    b = d0 / stds[0] ** 2 - d1 / stds[1] ** 2
    c = (
        jnp.log(weights[0] / weights[1])
        - jnp.log(stds[0] / stds[1])
        - d0**2 / (2 * stds[0] ** 2)
        + d1**2 / (2 * stds[1] ** 2)
    )
    disc = b**2 - 4 * a * c
    if disc < 0:
        return jnp.array([])
    root = jnp.sqrt(disc)
    return middle + jnp.sort(jnp.array([(-b - root) / (2 * a), (-b + root) / (2 * a)]))
