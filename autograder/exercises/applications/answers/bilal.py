# %% scratch
import numpy as np

# %% multivariate_log_density
def multivariate_log_density(x, means, covs):
    x, means, covs = (np.asarray(a, np.float64) for a in (x, means, covs))
    columns = []
    for mean, cov in zip(means, covs):
        d = x - mean
        maha = np.einsum("ni,ij,nj->n", d, np.linalg.inv(cov), d)
        columns.append(-0.5 * (maha + np.log(np.linalg.det(cov)) + x.shape[1] * np.log(2 * np.pi)))
    return np.stack(columns, axis=1)

# %% e_step_full
def e_step_full(x, weights, means, covs):
    a = np.log(np.asarray(weights, np.float64)) + multivariate_log_density(x, means, covs)
    top = a.max(axis=1, keepdims=True)
    e = np.exp(a - top)
    total = e.sum(axis=1, keepdims=True)
    return e / total, float(np.sum(top + np.log(total)))

# %% m_step_full
def m_step_full(x, resp):
    x, resp = np.asarray(x, np.float64), np.asarray(resp, np.float64)
    means = [np.average(x, axis=0, weights=r) for r in resp.T]
    covs = [np.atleast_2d(np.cov(x.T, aweights=r, ddof=0)) for r in resp.T]
    return resp.mean(axis=0), np.array(means), np.array(covs)

# %% segment_image
def segment_image(image, weights, means, covs):
    image = np.asarray(image)
    if image.dtype == np.uint8:
        image = image / 255.0
    labels = np.zeros(image.shape[:2], int)
    for row in range(image.shape[0]):
        labels[row] = e_step_full(image[row], weights, means, covs)[0].argmax(axis=1)
    return labels

# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    a = np.log(np.asarray(weights)) + multivariate_log_density(x, means, covs)
    log_p = np.logaddexp.reduce(a, axis=1)
    flags = np.zeros(len(x), bool)
    flags[np.argsort(log_p)[: int(round(share * len(x)))]] = True
    return flags

# %% written_applications [markdown]
# A diagonal matrix thinks that every income goes with every expenditure. 49 parameters, and 227254. The segments are
# an artefact of the skewed incomes, on the log scale they are gone.
