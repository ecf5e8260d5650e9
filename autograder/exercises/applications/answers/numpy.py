# NumPy's einsum with inverse matrices, in the float type that comes.

# %% scratch
import numpy as np


# %% multivariate_log_density
def multivariate_log_density(x, means, covs):
    x, means, covs = (np.asarray(a) for a in (x, means, covs))
    d = x[:, None] - means
    distances = np.einsum("nkd,kde,nke->nk", d, np.linalg.inv(covs), d)
    return -0.5 * (distances + np.log(np.linalg.det(2 * np.pi * covs)))


# %% e_step_full
def e_step_full(x, weights, means, covs):
    x, weights, means, covs = (np.asarray(a) for a in (x, weights, means, covs))
    logs = np.log(weights) + multivariate_log_density(x, means, covs)
    top = logs.max(axis=1, keepdims=True)
    ratios = np.exp(logs - top)
    total = ratios.sum(axis=1, keepdims=True)
    return ratios / total, float(np.sum(top + np.log(total)))


# %% m_step_full
def m_step_full(x, resp):
    x, resp = (np.asarray(a) for a in (x, resp))
    counts = resp.sum(axis=0)
    means = np.einsum("nk,nd->kd", resp, x) / counts[:, None]
    d = x[:, None] - means
    return resp.mean(axis=0), means, np.einsum("nk,nkd,nke->kde", resp, d, d) / counts[:, None, None]


# %% scratch
def in_unit(image):
    return image / 255 if image.dtype == np.uint8 else image


# %% segment_image
def segment_image(image, weights, means, covs):
    """No reshape: the last axis is the colour wherever it stands."""
    weights, means, covs = (np.asarray(a) for a in (weights, means, covs))
    image = np.asarray(image)
    d = in_unit(image)[:, :, None] - means
    logs = np.log(weights) - 0.5 * np.einsum("hwkd,kde,hwke->hwk", d, np.linalg.inv(covs), d)
    return (logs - 0.5 * np.linalg.slogdet(covs)[1]).argmax(axis=-1)


# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    x, weights, means, covs = (np.asarray(a) for a in (x, weights, means, covs))
    logs = np.logaddexp.reduce(np.log(weights) + multivariate_log_density(x, means, covs), axis=1)
    return logs <= np.sort(logs)[round(share * len(x)) - 1]
