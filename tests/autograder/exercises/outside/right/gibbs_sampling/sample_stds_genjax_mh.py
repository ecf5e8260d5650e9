"""sample_stds

GenJAX's own mh: each component is a program whose sigma is regenerated from the prior, forty times.
"""

import jax
import jax.numpy as jnp
from genjax import gamma, gen, mh, normal, sel, seed


@gen
def spread(shape, rate, centre, member):
    sigma = gamma(shape, rate) @ "sigma"
    normal.vmap(in_axes=(0, 0))(centre, jnp.where(member, sigma, 1.0)) @ "x"


def sample_stds(key, x, z, mu, sigma, shape, rate):
    out = []
    for k, sub in enumerate(jax.random.split(key, len(mu))):
        member = z == k
        first, *rest = jax.random.split(sub, 41)
        args = (shape[k], rate[k], jnp.where(member, mu[k], x), member)
        trace, _ = seed(spread.generate)(first, {"sigma": sigma[k], "x": x}, *args)

        def step(trace, key):
            return seed(lambda t: mh(t, sel("sigma")))(key, trace), None

        trace, _ = jax.lax.scan(step, trace, jnp.stack(rest))
        out.append(trace.get_choices()["sigma"])
    return jnp.stack(out)
