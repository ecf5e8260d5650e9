# NumPy float64: counts by bincount, second moments, tuples and lists for what is long; a low floor.

# %% scratch
import numpy as np
import scipy


# %% labelled_mle
def labelled_mle(x, z, num_components):
    x = np.asarray(x, np.float64)
    z = np.asarray(z)
    counts = np.bincount(z, minlength=num_components)
    means = np.bincount(z, x, num_components) / counts
    return counts / len(x), means, np.sqrt(np.bincount(z, (x - means[z]) ** 2, num_components) / counts)


# %% e_step
def e_step(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a, np.float64) for a in (x, weights, means, stds))
    logs = np.log(weights) - np.log(np.sqrt(2 * np.pi) * stds) - (x[:, None] - means) ** 2 / (2 * stds**2)
    largest = logs.max(axis=1, keepdims=True)
    ratios = np.exp(logs - largest)
    total = ratios.sum(axis=1, keepdims=True)
    return ratios / total, np.sum(np.log(total) + largest)


# %% m_step
def m_step(x, resp):
    """E[x^2] - mean^2: right where there are digits to spare."""
    x, resp = (np.asarray(a, np.float64) for a in (x, resp))
    counts = resp.sum(axis=0)
    means = resp.T @ x / counts
    return counts / len(x), means, np.sqrt(np.maximum(resp.T @ x**2 / counts - means**2, 0))


# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, weights, means, stds)
        history.append(log_likelihood)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, tuple(history)


# %% elbo
def elbo(x, resp, weights, means, stds):
    """The log likelihood minus how far resp is from the posterior."""
    x, resp, weights, means, stds = (np.asarray(a, np.float64) for a in (x, resp, weights, means, stds))
    logs = np.log(weights) + scipy.stats.norm.logpdf(x[:, None], means, stds)
    posterior = scipy.special.log_softmax(logs, axis=1)
    divergence = np.sum(scipy.special.xlogy(resp, resp) - resp * posterior)
    return scipy.special.logsumexp(logs, axis=1).sum() - divergence


# %% bic
def bic(log_likelihood, num_components, num_observations):
    return np.log(num_observations) * (3 * num_components - 1) - 2 * log_likelihood


# %% select_num_components
def select_num_components(key, x, candidates):
    """Random points, with a floor that is ten times lower."""
    x = np.asarray(x, np.float64)
    rng = np.random.default_rng(int(jax.random.randint(key, (), 0, 1_000_000)))

    def best(num_components):
        found = []
        for _ in range(10):
            weights = np.full(num_components, 1 / num_components)
            means = rng.choice(x, num_components, replace=False)
            stds = np.full(num_components, x.std() / num_components)
            for _ in range(60):
                weights, means, stds = m_step(x, e_step(x, weights, means, stds)[0])
                stds = np.maximum(stds, 0.001 * x.std())
            found.append(float(e_step(x, weights, means, stds)[1]))
        return max(found)

    scores = [bic(best(k), k, len(x)) for k in candidates]
    return candidates[int(np.argmin(scores))]


# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a, np.float64) for a in (x, weights, means, stds))
    logs = [
        np.log(w / (s * np.sqrt(2 * np.pi))) - ((x - m) / s) ** 2 / 2
        for w, m, s in zip(weights, means, stds, strict=True)
    ]
    return -np.logaddexp.reduce(logs, axis=0)
