"""labelled_mle

segment_sum and a gather of the means.
"""

from jax.ops import segment_sum
import jax.numpy as jnp


def labelled_mle(x, z, num_components):
    z = jnp.asarray(z)
    n = segment_sum(jnp.ones(x.shape), z, num_components)
    means = segment_sum(x, z, num_components) / n
    return n / n.sum(), means, jnp.sqrt(segment_sum((x - means[z]) ** 2, z, num_components) / n)
