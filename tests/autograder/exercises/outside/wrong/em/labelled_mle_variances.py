"""labelled_mle

Returns variances as the third result: the formula on the page is for sigma squared.
"""

import jax.numpy as jnp


def labelled_mle(x, z, num_components):
    member = (z[:, None] == jnp.arange(num_components)).astype(jnp.float32)
    count = member.sum(axis=0)
    means = member.T @ x / count
    variances = (member * (x[:, None] - means) ** 2).sum(axis=0) / count
    return count / len(x), means, variances
