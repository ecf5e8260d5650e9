# NumPy: Cholesky factors, roots of responsibilities, channels stacked, ranks.

# %% scratch
import numpy as np
import scipy


# %% multivariate_log_density
def multivariate_log_density(x, means, covs):
    x, means, covs = (np.asarray(a) for a in (x, means, covs))
    table = np.empty((len(x), len(means)), x.dtype)
    for k, (mean, cov) in enumerate(zip(means, covs, strict=True)):
        factor = scipy.linalg.cholesky(cov, lower=True)
        z = scipy.linalg.solve_triangular(factor, (x - mean).T, lower=True)
        table[:, k] = -0.5 * (z**2).sum(axis=0) - np.log(np.diag(factor)).sum() - 0.5 * len(mean) * np.log(2 * np.pi)
    return table


# %% e_step_full
def e_step_full(x, weights, means, covs):
    logs = np.log(np.asarray(weights)) + multivariate_log_density(x, means, covs)
    evidence = np.logaddexp.reduce(logs, axis=1)
    return np.exp(logs - evidence[:, None]), evidence.sum()


# %% m_step_full
def m_step_full(x, resp):
    x, resp = (np.asarray(a) for a in (x, resp))
    shares = resp / resp.sum(axis=0)
    means = shares.T @ x
    d = np.sqrt(shares)[:, :, None] * (x[:, None] - means)
    return resp.mean(axis=0), means, np.stack([d[:, k].T @ d[:, k] for k in range(resp.shape[1])])


# %% scratch
def in_unit(image):
    return image / 255 if image.dtype == np.uint8 else image


# %% segment_image
def segment_image(image, weights, means, covs):
    weights, means, covs = (np.asarray(a) for a in (weights, means, covs))
    image = np.asarray(image)
    red, green, blue = np.moveaxis(in_unit(image), 2, 0)
    pixels = np.column_stack([red.ravel(), green.ravel(), blue.ravel()])
    return (
        np.argmax(np.log(weights) + multivariate_log_density(pixels, means, covs), axis=1)
        .reshape(red.shape)
        .astype(np.uint8)
    )


# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    logs = np.log(np.asarray(weights)) + multivariate_log_density(x, means, covs)
    ranks = scipy.stats.rankdata(scipy.special.logsumexp(logs, axis=1))
    return (ranks <= share * len(ranks)).astype(int)
