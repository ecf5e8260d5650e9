# %% scratch
import numpy as np

# %% labelled_mle
def labelled_mle(x, z, num_components):
    x, z = np.asarray(x, float), np.asarray(z)
    groups = [x[z == k] for k in range(num_components)]
    return (
        np.array([len(g) for g in groups]) / len(x),
        np.array([g.mean() for g in groups]),
        np.array([g.std() for g in groups]),
    )

# %% e_step
def e_step(x, weights, means, stds):
    x, w, m, s = (np.asarray(a, np.float64) for a in (x, weights, means, stds))
    a = np.log(w) - np.log(s) - 0.5 * np.log(2 * np.pi) - 0.5 * ((x[:, None] - m) / s) ** 2
    top = a.max(axis=1, keepdims=True)
    e = np.exp(a - top)
    total = e.sum(axis=1, keepdims=True)
    return e / total, float(np.sum(top + np.log(total)))

# %% m_step
def m_step(x, resp):
    x, resp = np.asarray(x, np.float64), np.asarray(resp, np.float64)
    counts = resp.sum(axis=0)
    means = np.average(np.broadcast_to(x[:, None], resp.shape), axis=0, weights=resp)
    variances = np.einsum("nk,nk->k", resp, (x[:, None] - means) ** 2) / counts
    return counts / counts.sum(), means, np.sqrt(variances)

# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    log_likelihoods = np.zeros(num_iters)
    for t in range(num_iters):
        resp, log_likelihoods[t] = e_step(x, weights, means, stds)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, log_likelihoods

# %% elbo
def elbo(x, resp, weights, means, stds):
    x, r, w, m, s = (np.asarray(a, np.float64) for a in (x, resp, weights, means, stds))
    a = np.log(w) - np.log(s) - 0.5 * np.log(2 * np.pi) - 0.5 * ((x[:, None] - m) / s) ** 2
    inside = np.log(r, where=r > 0, out=np.zeros_like(r))
    return np.einsum("nk,nk->", r, a - inside)

# %% bic
def bic(log_likelihood, num_components, num_observations):
    return -2.0 * float(log_likelihood) + (3 * num_components - 1) * np.log(num_observations)

# %% select_num_components
def select_num_components(key, x, candidates):
    x = np.asarray(x, np.float64)
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    scores = []
    for K in candidates:
        best = -np.inf
        for _ in range(10):
            w, m, s = np.ones(K) / K, rng.choice(x, K, replace=False), np.ones(K) * x.std()
            for _ in range(80):
                r, ll = e_step(x, w, m, s)
                w, m, s = m_step(x, r)
                s = np.maximum(s, 0.01 * x.std())
            best = max(best, e_step(x, w, m, s)[1])
        scores.append(bic(best, K, x.size))
    return candidates[int(np.argmin(scores))]

# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    x, w, m, s = (np.asarray(a, np.float64) for a in (x, weights, means, stds))
    a = np.log(w / s) - 0.5 * np.log(2 * np.pi) - 0.5 * ((x[:, None] - m) / s) ** 2
    return -np.logaddexp.reduce(a, axis=1)

# %% written_em [markdown]
# Labels need parameters and parameters need labels. EM alternates. The likelihood cannot go down because each step
# maximises a bound, so B must have a bug. Identical starting means never separate; use different ones. With r fixed the
# bound is a weighted sum of squares in mu_k, so its top is the weighted mean. With the sum constraint, pi_k = N_k / N.
