"""sample_assignments

Gumbel-max trick by hand, written with minus log of exponentials.
"""

import jax
import jax.numpy as jnp


@jax.jit
def sample_assignments(key, x, pi, mu, sigma):
    log_joint = jnp.log(pi) - jnp.log(sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
    noise = -jnp.log(jax.random.exponential(key, log_joint.shape))
    return jnp.argmax(log_joint + noise, axis=1)
