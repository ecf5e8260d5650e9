# Plain NumPy, in the float type that comes; EM from random points.

# %% scratch
import numpy as np
import scipy


# %% labelled_mle
def labelled_mle(x, z, num_components):
    x = np.asarray(x)
    z = np.asarray(z)
    groups = [x[z == k] for k in range(num_components)]
    return (
        np.array([len(group) / len(x) for group in groups]),
        np.array([group.mean() for group in groups]),
        np.array([group.std() for group in groups]),
    )


# %% e_step
def e_step(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a) for a in (x, weights, means, stds))
    logs = np.log(weights) - np.log(np.sqrt(2 * np.pi) * stds) - (x[:, None] - means) ** 2 / (2 * stds**2)
    largest = logs.max(axis=1, keepdims=True)
    ratios = np.exp(logs - largest)
    total = ratios.sum(axis=1, keepdims=True)
    return ratios / total, np.sum(np.log(total) + largest)


# %% m_step
def m_step(x, resp):
    x, resp = (np.asarray(a) for a in (x, resp))
    columns = range(resp.shape[1])
    means = np.array([np.average(x, weights=resp[:, k]) for k in columns])
    variances = [np.average((x - means[k]) ** 2, weights=resp[:, k]) for k in columns]
    return resp.mean(axis=0), means, np.sqrt(variances)


# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, weights, means, stds)
        history.append(log_likelihood)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, np.array(history)


# %% elbo
def elbo(x, resp, weights, means, stds):
    x, resp, weights, means, stds = (np.asarray(a) for a in (x, resp, weights, means, stds))
    logs = np.log(weights) + scipy.stats.norm.logpdf(x[:, None], means, stds)
    return np.sum(resp * logs) + scipy.special.entr(resp).sum()


# %% bic
def bic(log_likelihood, num_components, num_observations):
    return np.float32(-2 * log_likelihood) + np.float32(3 * num_components - 1) * np.log(np.float32(num_observations))


# %% select_num_components
def select_num_components(key, x, candidates):
    """Random points, the best of ten."""
    x = np.asarray(x)
    rng = np.random.default_rng(int(jax.random.randint(key, (), 0, 1_000_000)))

    def best(num_components):
        found = []
        for _ in range(10):
            weights = np.full(num_components, 1 / num_components)
            means = rng.choice(x, num_components, replace=False)
            stds = np.full(num_components, x.std() / num_components)
            for _ in range(60):
                weights, means, stds = m_step(x, e_step(x, weights, means, stds)[0])
                stds = np.maximum(stds, 0.01 * x.std())
            found.append(float(e_step(x, weights, means, stds)[1]))
        return max(found)

    scores = [bic(best(k), k, len(x)) for k in candidates]
    return candidates[int(np.argmin(scores))]


# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a) for a in (x, weights, means, stds))
    logs = [
        np.log(w / (s * np.sqrt(2 * np.pi))) - ((x - m) / s) ** 2 / 2
        for w, m, s in zip(weights, means, stds, strict=True)
    ]
    return -np.logaddexp.reduce(logs, axis=0)
