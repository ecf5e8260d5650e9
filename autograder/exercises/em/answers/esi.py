# %% scratch
import numpy as np
import scipy.special
import scipy.stats

# %% labelled_mle
def labelled_mle(x, z, num_components):
    rows = []
    for k in range(num_components):
        mean, std = scipy.stats.norm.fit(np.asarray(x, float)[np.asarray(z) == k])
        rows.append((np.mean(np.asarray(z) == k), mean, std))
    return np.array(rows).T

# %% e_step
def e_step(x, weights, means, stds):
    logs = scipy.stats.norm(np.asarray(means), np.asarray(stds)).logpdf(np.asarray(x)[:, None]) + np.log(weights)
    evidence = scipy.special.logsumexp(logs, axis=1)
    return [list(row) for row in np.exp(logs - evidence[:, None])], np.float64(evidence.sum())

# %% m_step
def m_step(x, resp):
    x = np.asarray(x, np.float64)
    resp = np.asarray(resp, np.float64)
    means = [np.average(x, weights=r) for r in resp.T]
    variances = [np.average((x - m) ** 2, weights=r) for m, r in zip(means, resp.T)]
    return [resp.mean(axis=0), means, np.sqrt(variances)]

# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    if num_iters == 0:
        return weights, means, stds, []
    resp, before = e_step(x, weights, means, stds)
    *theta, after = fit_em(x, *m_step(x, resp), num_iters - 1)
    return (*theta, [before, *after])

# %% elbo
def elbo(x, resp, weights, means, stds):
    logs = scipy.stats.norm(np.asarray(means), np.asarray(stds)).logpdf(np.asarray(x)[:, None]) + np.log(weights)
    evidence = scipy.special.logsumexp(logs, axis=1).sum()
    # the bound is below the evidence by the distance from the posterior
    return evidence - np.sum(scipy.special.xlogy(resp, resp) - np.asarray(resp) * scipy.special.log_softmax(logs, axis=1))

# %% bic
def bic(log_likelihood, num_components, num_observations):
    parameters = num_components * 3 - 1
    return scipy.special.xlogy(parameters, num_observations) - 2 * log_likelihood

# %% select_num_components
def select_num_components(key, x, candidates):
    x = np.sort(np.asarray(x, np.float64))

    def score(K):
        # Quantiles of the sorted data as a start, twice as wide the second time.
        lls = []
        for width in (1, 2):
            parts = np.array_split(x, K)
            theta = [len(p) / len(x) for p in parts], [p.mean() for p in parts], [width * p.std() + 1 for p in parts]
            for _ in range(50):
                w, m, s = m_step(x, e_step(x, *theta)[0])
                theta = w, m, np.clip(s, x.std() / 100, None)
            lls.append(e_step(x, *theta)[1])
        return bic(max(lls), K, len(x))

    return sorted(candidates, key=score)[0]

# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    logs = scipy.stats.norm.logpdf(np.asarray(x)[:, None], np.asarray(means), np.asarray(stds))
    return -scipy.special.logsumexp(logs, axis=1, b=np.asarray(weights))

# %% written_em [markdown]
# The hen is the parameters and the egg is the labels. EM puts a guessed hen in the coop and takes turns until
# nothing changes. The likelihood goes up or stays, so B is a rotten egg. Two identical hens lay identical eggs, so they must start different.
