"""segment_image

Bytes divided by 255 where the type is uint8, argmax of the log joint.
"""

import jax
import jax.numpy as jnp
from jax.scipy.linalg import solve_triangular


def segment_image(image, weights, means, covs):
    image = jnp.asarray(image)
    colours = image.astype(jnp.float32) / (255.0 if image.dtype == jnp.uint8 else 1.0)

    def score(weight, mean, cov):
        lower = jnp.linalg.cholesky(cov)
        z = solve_triangular(lower, (colours - mean).reshape(-1, 3).T, lower=True)
        return jnp.log(weight) - 0.5 * (z**2).sum(axis=0) - jnp.log(jnp.diag(lower)).sum()

    return jax.vmap(score)(weights, means, covs).argmax(axis=0).reshape(image.shape[:2])
