# JAX, for one observation and one component, mapped and jitted; ranks by sorting twice.

# %% scratch
import numpy as np
from jax.scipy.stats import multivariate_normal


# %% multivariate_log_density
@jax.jit
def multivariate_log_density(x, means, covs):
    one = jax.vmap(multivariate_normal.logpdf, in_axes=(None, 0, 0))
    return jax.vmap(one, in_axes=(0, None, None))(x, means, covs)


# %% e_step_full
@jax.jit
def e_step_full(x, weights, means, covs):
    def one(xi):
        logs = jnp.log(weights) + jax.vmap(multivariate_normal.logpdf, in_axes=(None, 0, 0))(xi, means, covs)
        return jax.nn.softmax(logs), jax.nn.logsumexp(logs)

    resp, evidence = jax.vmap(one)(x)
    return resp, jnp.sum(evidence)


# %% m_step_full
@jax.jit
def m_step_full(x, resp):
    def one(r):
        mean = jnp.average(x, axis=0, weights=r)
        d = x - mean
        return r.mean(), mean, jax.vmap(jnp.outer)(d, d).T @ r / r.sum()

    return jax.vmap(one, in_axes=1)(resp)


# %% scratch
def in_unit(image):
    return image / 255 if image.dtype == np.uint8 else image


# %% segment_image
@jax.jit
def segment_image(image, weights, means, covs):
    def label(colour):
        logs = jax.vmap(multivariate_normal.logpdf, in_axes=(None, 0, 0))(colour, means, covs)
        return jnp.argmax(logs + jnp.log(weights))

    return jax.vmap(jax.vmap(label))(in_unit(image))


# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    logs = jax.vmap(lambda one: logsumexp(jnp.log(weights) + multivariate_log_density(one[None], means, covs)))(x)
    return jnp.argsort(jnp.argsort(logs)) < share * len(x)
