"""sample_stds

Slice sampling on log sigma with shrinkage and stepping out (Neal 2003), lax.while_loop, vmapped over components.
"""

import jax
import jax.numpy as jnp


def slice_one(key, u, n, ss, a, b):
    def f(v):
        return (a - n) * v - b * jnp.exp(v) - ss / 2 * jnp.exp(-2 * v)

    k_level, k_place, k_shrink = jax.random.split(key, 3)
    level = f(u) - jax.random.exponential(k_level)
    width = 1.0
    left = u - width * jax.random.uniform(k_place)
    right = left + width
    left = jax.lax.while_loop(lambda v: f(v) > level, lambda v: v - width, left)
    right = jax.lax.while_loop(lambda v: f(v) > level, lambda v: v + width, right)

    def cond(state):
        return f(state[3]) <= level

    def body(state):
        k, lo, hi, v = state
        lo, hi = jnp.where(v < u, v, lo), jnp.where(v < u, hi, v)
        k, sub = jax.random.split(k)
        return k, lo, hi, jax.random.uniform(sub, minval=lo, maxval=hi)

    k, sub = jax.random.split(k_shrink)
    first = jax.random.uniform(sub, minval=left, maxval=right)
    return jax.lax.while_loop(cond, body, (k, left, right, first))[3]


def sample_stds(key, x, z, mu, sigma, shape, rate):
    k = mu.shape[0]
    n = jax.ops.segment_sum(jnp.ones_like(x), z, k)
    ss = jax.ops.segment_sum((x - mu[z]) ** 2, z, k)
    u = jax.vmap(slice_one)(jax.random.split(key, k), jnp.log(sigma), n, ss, shape, rate)
    return jnp.exp(u)
