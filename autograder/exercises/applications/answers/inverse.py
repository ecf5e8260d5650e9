# JAX, one component after the other, with inverse matrices; flags below a quantile.

# %% scratch
import numpy as np


# %% multivariate_log_density
def multivariate_log_density(x, means, covs):
    columns = []
    for mean, cov in zip(means, covs, strict=True):
        deviations = x - mean
        distances = (deviations @ jnp.linalg.inv(cov) * deviations).sum(axis=1)
        columns.append(-(distances + jnp.linalg.slogdet(cov)[1] + x.shape[1] * jnp.log(2 * jnp.pi)) / 2)
    return jnp.stack(columns, axis=1)


# %% e_step_full
def e_step_full(x, weights, means, covs):
    logs = jnp.log(weights) + multivariate_log_density(x, means, covs)
    evidence = logsumexp(logs, axis=1)
    return jnp.exp(logs - evidence[:, None]), evidence.sum()


# %% m_step_full
def m_step_full(x, resp):
    counts = resp.sum(0)
    means = (resp.T @ x) / counts[:, None]
    covs = []
    for k in range(resp.shape[1]):
        d = x - means[k]
        covs.append((resp[:, k, None] * d).T @ d / counts[k])
    return counts / counts.sum(), means, jnp.stack(covs)


# %% scratch
def in_unit(image):
    return image / 255 if image.dtype == np.uint8 else image


# %% segment_image
def segment_image(image, weights, means, covs):
    image = in_unit(image)
    return jnp.argmax(e_step_full(image.reshape(-1, 3), weights, means, covs)[0], axis=1).reshape(image.shape[:-1])


# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    logs = logsumexp(jnp.log(weights) + multivariate_log_density(x, means, covs), axis=1)
    return logs < jnp.quantile(logs, share)
