# Python lists and loops: determinants by Gaussian elimination.

# %% scratch
import math
import numpy as np


# %% scratch
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


# %% multivariate_log_density
def multivariate_log_density(x, means, covs):
    x, means, covs = (np.asarray(a).tolist() for a in (x, means, covs))
    table = []
    for one in x:
        logs = []
        for mean, cov in zip(means, covs, strict=True):
            distance, log_det = eliminated(cov, [a - b for a, b in zip(one, mean, strict=True)])
            logs.append(-(distance + log_det + len(one) * math.log(2 * math.pi)) / 2)
        table.append(logs)
    return table


# %% e_step_full
def e_step_full(x, weights, means, covs):
    x, weights, means, covs = (np.asarray(a).tolist() for a in (x, weights, means, covs))
    resp, total = [], 0.0
    for logs in multivariate_log_density(x, means, covs):
        joint = [math.log(w) + entry for w, entry in zip(weights, logs, strict=True)]
        ratios = [math.exp(entry - max(joint)) for entry in joint]
        resp.append([ratio / sum(ratios) for ratio in ratios])
        total += max(joint) + math.log(sum(ratios))
    return resp, total


# %% m_step_full
def m_step_full(x, resp):
    x, resp = (np.asarray(a).tolist() for a in (x, resp))
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


# %% segment_image
def segment_image(image, weights, means, covs):
    divisor = 255 if image.dtype == np.uint8 else 1
    colours = [[[channel / divisor for channel in pixel] for pixel in row] for row in np.asarray(image).tolist()]
    labels = []
    for row in colours:
        resp, _ = e_step_full(row, weights, means, covs)
        labels.append([shares.index(max(shares)) for shares in resp])
    return labels


# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    x, weights, means, covs = (np.asarray(a).tolist() for a in (x, weights, means, covs))
    logs = []
    for row in multivariate_log_density(x, means, covs):
        joint = [math.log(w) + entry for w, entry in zip(weights, row, strict=True)]
        logs.append(max(joint) + math.log(sum(math.exp(entry - max(joint)) for entry in joint)))
    limit = sorted(logs)[round(share * len(x))]
    return [entry < limit for entry in logs]
