"""relabel

argsort, take_along_axis, and the inverse permutation for z.
"""

import jax.numpy as jnp


def relabel(samples):
    order = jnp.argsort(samples["mu"], axis=1)
    rank = jnp.argsort(order, axis=1)
    out = dict(samples)
    for name in ("pi", "mu", "sigma"):
        out[name] = jnp.take_along_axis(jnp.asarray(samples[name]), order, axis=1)
    out["z"] = jnp.take_along_axis(rank, jnp.asarray(samples["z"]), axis=1)
    return out
