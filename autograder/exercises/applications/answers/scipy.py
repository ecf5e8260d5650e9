# SciPy in float64; weighted averages and covariances; each picture row by row.

# %% scratch
import numpy as np
import scipy


# %% multivariate_log_density
def multivariate_log_density(x, means, covs):
    x, means, covs = (np.asarray(a, np.float64) for a in (x, means, covs))
    columns = [scipy.stats.multivariate_normal(m, c).logpdf(x) for m, c in zip(means, covs, strict=True)]
    return np.column_stack(columns)


# %% e_step_full
def e_step_full(x, weights, means, covs):
    x, weights, means, covs = (np.asarray(a, np.float64) for a in (x, weights, means, covs))
    logs = np.log(weights) + multivariate_log_density(x, means, covs)
    return [scipy.special.softmax(logs, axis=1), scipy.special.logsumexp(logs, axis=1).sum()]


# %% m_step_full
def m_step_full(x, resp):
    x, resp = (np.asarray(a, np.float64) for a in (x, resp))
    means = [np.average(x, axis=0, weights=r) for r in resp.T]
    covs = [np.atleast_2d(np.cov(x, rowvar=False, aweights=r, ddof=0)) for r in resp.T]
    return resp.mean(axis=0), np.array(means), np.array(covs)


# %% segment_image
def segment_image(image, weights, means, covs):
    image = np.asarray(image)
    image = image / 255 if image.dtype == np.uint8 else image
    return [e_step_full(row, weights, means, covs)[0].argmax(axis=1).tolist() for row in image]


# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    x, weights, means, covs = (np.asarray(a, np.float64) for a in (x, weights, means, covs))
    scores = -scipy.special.logsumexp(np.log(weights) + multivariate_log_density(x, means, covs), axis=1)
    count = int(share * len(x))
    flags = np.zeros(len(x))
    flags[np.argpartition(scores, -count)[-count:]] = 1
    return flags
