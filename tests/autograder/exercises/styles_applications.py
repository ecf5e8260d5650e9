"""Right answers in D dimensions, written as different people write them."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from jax.scipy.special import logsumexp
from jax.scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from tests.autograder.exercises.styles import lists, numpy32, numpy64, x64

# --- multivariate_log_density ---


def density_inverse(x, means, covs):
    columns = []
    for mean, cov in zip(means, covs, strict=True):
        deviations = x - mean
        distances = (deviations @ jnp.linalg.inv(cov) * deviations).sum(axis=1)
        columns.append(-(distances + jnp.linalg.slogdet(cov)[1] + x.shape[1] * jnp.log(2 * jnp.pi)) / 2)
    return jnp.stack(columns, axis=1)


def density_einsum(x, means, covs):
    d = x[:, None] - means
    distances = np.einsum("nkd,kde,nke->nk", d, np.linalg.inv(covs), d)
    return -0.5 * (distances + np.log(np.linalg.det(2 * np.pi * covs)))


def density_solve(x, means, covs):
    d = x.T[None] - means[:, :, None]  # (K, D, N)
    distances = (d * np.linalg.solve(covs, d)).sum(axis=1)
    return (-0.5 * distances - 0.5 * np.linalg.slogdet(covs)[1][:, None] - 0.5 * x.shape[1] * np.log(2 * np.pi)).T


def density_cholesky(x, means, covs):
    table = np.empty((len(x), len(means)), x.dtype)
    for k, (mean, cov) in enumerate(zip(means, covs, strict=True)):
        factor = scipy.linalg.cholesky(cov, lower=True)
        z = scipy.linalg.solve_triangular(factor, (x - mean).T, lower=True)
        table[:, k] = -0.5 * (z**2).sum(axis=0) - np.log(np.diag(factor)).sum() - 0.5 * len(mean) * np.log(2 * np.pi)
    return table


def density_eigenvectors(x, means, covs):
    """In the axes of each component, where it is a product of one-dimensional densities."""
    variances, axes = np.linalg.eigh(covs)
    z = np.einsum("nkd,kde->nke", x[:, None] - means, axes)
    return -0.5 * (z**2 / variances + np.log(2 * np.pi * variances)).sum(axis=2)


def density_scipy(x, means, covs):
    columns = [scipy.stats.multivariate_normal(m, c).logpdf(x) for m, c in zip(means, covs, strict=True)]
    return np.column_stack(columns)


@jax.jit
def density_vmapped(x, means, covs):
    point = jax.vmap(multivariate_normal.logpdf, in_axes=(None, 0, 0))
    return jax.vmap(point, in_axes=(0, None, None))(x, means, covs)


def eliminated(cov, deviation):
    """The squared distance and the log determinant, by Gaussian elimination on lists."""
    rows = [[*row, value] for row, value in zip(cov, deviation, strict=True)]
    distance = log_det = 0.0
    for i, pivot in enumerate(rows):
        log_det += math.log(pivot[i])
        distance += pivot[-1] ** 2 / pivot[i]
        for row in rows[i + 1 :]:
            factor = row[i] / pivot[i]
            for j in range(i, len(pivot)):
                row[j] -= factor * pivot[j]
    return distance, log_det


def density_python(x, means, covs):
    table = []
    for point in x:
        logs = []
        for mean, cov in zip(means, covs, strict=True):
            distance, log_det = eliminated(cov, [a - b for a, b in zip(point, mean, strict=True)])
            logs.append(-(distance + log_det + len(point) * math.log(2 * math.pi)) / 2)
        table.append(logs)
    return table


MULTIVARIATE_LOG_DENSITY = {
    "inverse": density_inverse,
    "einsum, NumPy float32": numpy32(density_einsum),
    "einsum, NumPy float64": numpy64(density_einsum),
    "solve, NumPy float32": numpy32(density_solve),
    "Cholesky, NumPy float32": numpy32(density_cholesky),
    "eigenvectors, NumPy float64": numpy64(density_eigenvectors),
    "SciPy": numpy64(density_scipy),
    "vmapped and jitted": density_vmapped,
    "Python loops": lists(density_python),
}


# --- e_step_full ---


def e_logsumexp(x, weights, means, covs):
    logs = jnp.log(weights) + density_inverse(x, means, covs)
    evidence = logsumexp(logs, axis=1)
    return jnp.exp(logs - evidence[:, None]), evidence.sum()


def e_largest_subtracted(x, weights, means, covs):
    logs = np.log(weights) + density_einsum(x, means, covs)
    top = logs.max(axis=1, keepdims=True)
    ratios = np.exp(logs - top)
    total = ratios.sum(axis=1, keepdims=True)
    return ratios / total, float(np.sum(top + np.log(total)))


@jax.jit
def e_vmapped(x, weights, means, covs):
    def point(xi):
        logs = jnp.log(weights) + jax.vmap(multivariate_normal.logpdf, in_axes=(None, 0, 0))(xi, means, covs)
        return jax.nn.softmax(logs), jax.nn.logsumexp(logs)

    resp, evidence = jax.vmap(point)(x)
    return resp, jnp.sum(evidence)


def e_scipy(x, weights, means, covs):
    logs = np.log(weights) + density_scipy(x, means, covs)
    return [scipy.special.softmax(logs, axis=1), scipy.special.logsumexp(logs, axis=1).sum()]


def e_scikit_learn(x, weights, means, covs):
    model = GaussianMixture(len(weights))
    model.weights_, model.means_, model.covariances_ = weights, means, covs
    model.precisions_cholesky_ = np.linalg.cholesky(np.linalg.inv(covs))
    return model.predict_proba(x), model.score_samples(x).sum()


def e_python(x, weights, means, covs):
    resp, total = [], 0.0
    for logs in density_python(x, means, covs):
        joint = [math.log(w) + entry for w, entry in zip(weights, logs, strict=True)]
        ratios = [math.exp(entry - max(joint)) for entry in joint]
        resp.append([ratio / sum(ratios) for ratio in ratios])
        total += max(joint) + math.log(sum(ratios))
    return resp, total


E_STEP_FULL = {
    "logsumexp": e_logsumexp,
    "largest subtracted, NumPy float32": numpy32(e_largest_subtracted),
    "largest subtracted, NumPy float64": numpy64(e_largest_subtracted),
    "vmapped and jitted": e_vmapped,
    "SciPy": numpy64(e_scipy),
    "scikit-learn": numpy64(e_scikit_learn),
    "Python loops": lists(e_python),
}


# --- m_step_full ---


def m_products(x, resp):
    counts = resp.sum(0)
    means = (resp.T @ x) / counts[:, None]
    covs = []
    for k in range(resp.shape[1]):
        d = x - means[k]
        covs.append((resp[:, k, None] * d).T @ d / counts[k])
    return counts / counts.sum(), means, jnp.stack(covs)


def m_einsum(x, resp):
    counts = resp.sum(axis=0)
    means = np.einsum("nk,nd->kd", resp, x) / counts[:, None]
    d = x[:, None] - means
    return resp.mean(axis=0), means, np.einsum("nk,nkd,nke->kde", resp, d, d) / counts[:, None, None]


def m_roots_of_responsibilities(x, resp):
    shares = resp / resp.sum(axis=0)
    means = shares.T @ x
    d = np.sqrt(shares)[:, :, None] * (x[:, None] - means)
    return resp.mean(axis=0), means, np.stack([d[:, k].T @ d[:, k] for k in range(resp.shape[1])])


def m_numpy(x, resp):
    means = [np.average(x, axis=0, weights=r) for r in resp.T]
    covs = [np.atleast_2d(np.cov(x, rowvar=False, aweights=r, ddof=0)) for r in resp.T]
    return resp.mean(axis=0), np.array(means), np.array(covs)


@jax.jit
def m_vmapped(x, resp):
    def point(r):
        mean = jnp.average(x, axis=0, weights=r)
        d = x - mean
        return r.mean(), mean, jax.vmap(jnp.outer)(d, d).T @ r / r.sum()

    return jax.vmap(point, in_axes=1)(resp)


def m_scikit_learn(x, resp):
    model = GaussianMixture(resp.shape[1], reg_covar=0)
    model._initialize(x, resp)
    return model.weights_, model.means_, model.covariances_


def m_python(x, resp):
    weights, means, covs = [], [], []
    dims = range(len(x[0]))
    for k in range(len(resp[0])):
        shares = [row[k] for row in resp]
        count = sum(shares)
        mean = [sum(r * row[d] for r, row in zip(shares, x, strict=True)) / count for d in dims]
        cov = [
            [
                sum(r * (row[d] - mean[d]) * (row[e] - mean[e]) for r, row in zip(shares, x, strict=True)) / count
                for e in dims
            ]
            for d in dims
        ]
        weights.append(count / len(x))
        means.append(mean)
        covs.append(cov)
    return weights, means, covs


M_STEP_FULL = {
    "products": m_products,
    "einsum, NumPy float32": numpy32(m_einsum),
    "einsum, NumPy float64": numpy64(m_einsum),
    "roots of responsibilities, NumPy float32": numpy32(m_roots_of_responsibilities),
    "np.cov": numpy64(m_numpy),
    "vmapped and jitted": m_vmapped,
    "scikit-learn": numpy64(m_scikit_learn),
    "Python loops": lists(m_python),
}


# --- segment_image ---


def in_unit(image):
    return image / 255 if image.dtype == np.uint8 else image


def segment_reshaped(image, weights, means, covs):
    image = in_unit(image)
    return jnp.argmax(e_logsumexp(image.reshape(-1, 3), weights, means, covs)[0], axis=1).reshape(image.shape[:-1])


def segment_in_place(image, weights, means, covs):
    """Without a reshape: the colour is the last axis anyway."""
    d = in_unit(image)[:, :, None] - means
    logs = np.log(weights) - 0.5 * np.einsum("hwkd,kde,hwke->hwk", d, np.linalg.inv(covs), d)
    return (logs - 0.5 * np.linalg.slogdet(covs)[1]).argmax(axis=-1)


def segment_row_by_row(image, weights, means, covs):
    rows = [e_scipy(row, weights, means, covs)[0].argmax(axis=1) for row in in_unit(image)]
    return [row.tolist() for row in rows]


def segment_channels_stacked(image, weights, means, covs):
    red, green, blue = np.moveaxis(in_unit(image), 2, 0)
    pixels = np.column_stack([red.ravel(), green.ravel(), blue.ravel()])
    return (
        np.argmax(np.log(weights) + density_cholesky(pixels, means, covs), axis=1).reshape(red.shape).astype(np.uint8)
    )


@jax.jit
def segment_vmapped(image, weights, means, covs):
    def label(colour):
        logs = jax.vmap(multivariate_normal.logpdf, in_axes=(None, 0, 0))(colour, means, covs)
        return jnp.argmax(logs + jnp.log(weights))

    return jax.vmap(jax.vmap(label))(in_unit(image))


def segment_scikit_learn(image, weights, means, covs):
    model = GaussianMixture(len(weights))
    model.weights_, model.means_, model.covariances_ = weights, means, covs
    model.precisions_cholesky_ = np.linalg.cholesky(np.linalg.inv(covs))
    pixels = in_unit(image).astype(float)
    return np.array([model.predict(row) for row in pixels], float)


SEGMENT_IMAGE = {
    "reshaped": segment_reshaped,
    "in place, NumPy float32": numpy32(segment_in_place),
    "in place, NumPy": numpy64(segment_in_place),
    "row by row": numpy32(segment_row_by_row),
    "channels stacked": numpy32(segment_channels_stacked),
    "vmapped and jitted": segment_vmapped,
    "scikit-learn": numpy32(segment_scikit_learn),
}


# --- flag_anomalies ---


def log_mixture(x, weights, means, covs):
    return scipy.special.logsumexp(density_einsum(x, means, covs), axis=1, b=weights)


def flag_quantile(x, weights, means, covs, share):
    logs = logsumexp(jnp.log(weights) + density_inverse(x, means, covs), axis=1)
    return logs < jnp.quantile(logs, share)


def flag_sorted(x, weights, means, covs, share):
    logs = log_mixture(x, weights, means, covs)
    return logs <= np.sort(logs)[round(share * len(x)) - 1]


def flag_ranks(x, weights, means, covs, share):
    ranks = scipy.stats.rankdata(log_mixture(x, weights, means, covs))
    return (ranks <= share * len(x)).astype(int)


def flag_partition(x, weights, means, covs, share):
    scores = -scipy.special.logsumexp(np.log(weights) + density_scipy(x, means, covs), axis=1)
    count = int(share * len(x))
    flags = np.zeros(len(x))
    flags[np.argpartition(scores, -count)[-count:]] = 1
    return flags


def flag_argsort_twice(x, weights, means, covs, share):
    logs = jax.vmap(lambda point: logsumexp(jnp.log(weights) + density_vmapped(point[None], means, covs)))(x)
    return jnp.argsort(jnp.argsort(logs)) < share * len(x)


def flag_python(x, weights, means, covs, share):
    logs = []
    for row in density_python(x, means, covs):
        joint = [math.log(w) + entry for w, entry in zip(weights, row, strict=True)]
        logs.append(max(joint) + math.log(sum(math.exp(entry - max(joint)) for entry in joint)))
    limit = sorted(logs)[round(share * len(x))]
    return [entry < limit for entry in logs]


FLAG_ANOMALIES = {
    "quantile": flag_quantile,
    "quantile, 64 bits": x64(flag_quantile),
    "sorted, NumPy float32": numpy32(flag_sorted),
    "ranks, NumPy float64": numpy64(flag_ranks),
    "partition, SciPy": numpy64(flag_partition),
    "argsort twice": flag_argsort_twice,
    "Python loops": lists(flag_python),
}

STYLES = {
    "multivariate_log_density": MULTIVARIATE_LOG_DENSITY,
    "e_step_full": E_STEP_FULL,
    "m_step_full": M_STEP_FULL,
    "segment_image": SEGMENT_IMAGE,
    "flag_anomalies": FLAG_ANOMALIES,
}
