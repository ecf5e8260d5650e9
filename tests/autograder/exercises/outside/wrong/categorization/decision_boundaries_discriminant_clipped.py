"""decision_boundaries

A negative discriminant is set to 0 "against nan": where one component wins everywhere two equal roots come back.
"""

import jax.numpy as jnp


def decision_boundaries(weights, means, stds):
    centre = (means[0] + means[1]) / 2
    u0, u1 = means[0] - centre, means[1] - centre
    p0, p1 = 1 / stds[0] ** 2, 1 / stds[1] ** 2
    a = (p1 - p0) / 2
    b = u0 * p0 - u1 * p1
    c = jnp.log(weights[0] / weights[1]) + jnp.log(stds[1] / stds[0]) + (u1**2 * p1 - u0**2 * p0) / 2
    if stds[0] == stds[1]:
        return centre + jnp.array([-c / b]) if u0 != u1 else jnp.array([])
    root = jnp.sqrt(jnp.maximum(b**2 - 4 * a * c, 0.0))
    return centre + jnp.sort(jnp.array([-b - root, -b + root]) / (2 * a))
