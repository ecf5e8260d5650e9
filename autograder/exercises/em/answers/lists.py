# Python lists and loops.

# %% scratch
import math
import numpy as np
import random


# %% labelled_mle
def labelled_mle(x, z, num_components):
    x = np.asarray(x).tolist()
    z = np.asarray(z).tolist()
    fits = []
    for k in range(num_components):
        mine = [value for value, label in zip(x, z, strict=True) if label == k]
        mean = sum(mine) / len(mine)
        fits.append((len(mine) / len(x), mean, math.sqrt(sum((value - mean) ** 2 for value in mine) / len(mine))))
    return tuple(map(list, zip(*fits, strict=True)))


# %% scratch
def log_add(logs):
    largest = max(logs)
    return largest + math.log(sum(math.exp(entry - largest) for entry in logs))


def log_normal(x, m, s):
    return -math.log(s) - math.log(2 * math.pi) / 2 - ((x - m) / s) ** 2 / 2


# %% e_step
def e_step(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a).tolist() for a in (x, weights, means, stds))
    resp, log_likelihood = [], 0.0
    for value in x:
        logs = [math.log(w) + log_normal(value, m, s) for w, m, s in zip(weights, means, stds, strict=True)]
        log_density = log_add(logs)
        resp.append([math.exp(entry - log_density) for entry in logs])
        log_likelihood += log_density
    return resp, log_likelihood


# %% m_step
def m_step(x, resp):
    x, resp = (np.asarray(a).tolist() for a in (x, resp))
    columns = list(zip(*resp, strict=True))
    weights, means, stds = [], [], []
    for column in columns:
        count = sum(column)
        mean = sum(r * value for r, value in zip(column, x, strict=True)) / count
        variance = sum(r * (value - mean) ** 2 for r, value in zip(column, x, strict=True)) / count
        weights.append(count / len(x))
        means.append(mean)
        stds.append(variance**0.5)
    return [weights, means, stds]


# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, weights, means, stds)
        history.append(log_likelihood)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, history


# %% elbo
def elbo(x, resp, weights, means, stds):
    x, resp, weights, means, stds = (np.asarray(a).tolist() for a in (x, resp, weights, means, stds))
    total = 0.0
    for value, row in zip(x, resp, strict=True):
        for r, w, m, s in zip(row, weights, means, stds, strict=True):
            if r > 0:
                total += r * (math.log(w) + log_normal(value, m, s) - math.log(r))
    return total


# %% bic
def bic(log_likelihood, num_components, num_observations):
    means, stds, weights = num_components, num_components, num_components - 1
    return math.log(num_observations) * (means + stds + weights) - 2 * log_likelihood


# %% select_num_components
def select_num_components(key, x, candidates):
    x = np.asarray(x).tolist()
    mean = sum(x) / len(x)
    spread = math.sqrt(sum((value - mean) ** 2 for value in x) / len(x))
    rng_of = random.Random(int(jax.random.randint(key, (), 0, 1_000_000)))
    scores = {}
    for k in candidates:
        fits = []
        for _ in range(5):
            weights, means, stds = [1 / k] * k, rng_of.sample(x, k), [spread / k] * k
            for _ in range(40):
                weights, means, stds = m_step(x, e_step(x, weights, means, stds)[0])
                stds = [max(std, spread / 100) for std in stds]
            fits.append(e_step(x, weights, means, stds)[1])
        scores[k] = bic(max(fits), k, len(x))
    return min(scores, key=lambda k: scores[k])


# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a).tolist() for a in (x, weights, means, stds))
    components = list(zip(weights, means, stds, strict=True))
    return [-log_add([math.log(w) + log_normal(value, m, s) for w, m, s in components]) for value in x]
