# SciPy; weighted covariances; EM from the centres that k-means finds.

# %% scratch
import numpy as np
import scipy


# %% labelled_mle
def labelled_mle(x, z, num_components):
    x = np.asarray(x, np.float64)
    z = np.asarray(z)
    fits = [scipy.stats.norm.fit(x[z == k]) for k in range(num_components)]
    return np.bincount(z, minlength=num_components) / len(x), *np.array(fits).T


# %% e_step
def e_step(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a, np.float64) for a in (x, weights, means, stds))
    logs = np.log(weights) + scipy.stats.norm.logpdf(x[:, None], means, stds)
    return scipy.special.softmax(logs, axis=1), scipy.special.logsumexp(logs, axis=1).sum()


# %% m_step
def m_step(x, resp):
    x, resp = (np.asarray(a, np.float64) for a in (x, resp))
    counts = resp.sum(axis=0)
    stds = [np.sqrt(np.cov(x, aweights=column, ddof=0)) for column in resp.T]
    return counts / len(x), np.einsum("i,ik->k", x, resp) / counts, stds


# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, weights, means, stds)
        history.append(log_likelihood)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, list(history)


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
    return -2 * (log_likelihood - (3 * num_components - 1) / 2 * np.log(float(num_observations)))


# %% select_num_components
def select_num_components(key, x, candidates):
    """EM from k-means."""
    x = np.asarray(x, np.float64)
    rng = np.random.default_rng(int(jax.random.randint(key, (), 0, 1_000_000)))

    def best(num_components):
        found = []
        for _ in range(5):
            weights = np.full(num_components, 1 / num_components)
            means = scipy.cluster.vq.kmeans2(x, num_components, minit="++", rng=rng)[0]
            stds = np.full(num_components, x.std() / num_components)
            for _ in range(60):
                weights, means, stds = m_step(x, e_step(x, weights, means, stds)[0])
                stds = np.maximum(stds, 0.05 * x.std())
            found.append(float(e_step(x, weights, means, stds)[1]))
        return max(found)

    scores = [bic(best(k), k, len(x)) for k in candidates]
    return candidates[int(np.argmin(scores))]


# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a, np.float64) for a in (x, weights, means, stds))
    return -scipy.special.logsumexp(scipy.stats.norm.logpdf(x[:, None], means, stds), b=weights, axis=1)
