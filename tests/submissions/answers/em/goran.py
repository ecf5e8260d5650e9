# %% labelled_mle
def labelled_mle(x, z, num_components):
    # np.var style with n - 1, as in the statistics course
    w, m, s = [], [], []
    for k in range(num_components):
        mine = x[jnp.asarray(z) == k]
        w.append(mine.size / x.size)
        m.append(mine.mean())
        s.append(jnp.std(mine, ddof=1))
    return jnp.array(w), jnp.array(m), jnp.array(s)

# %% e_step
def e_step(x, weights, means, stds):
    joint = weights * norm.pdf(x[:, None], means, stds)
    p = joint.sum(axis=1)
    return joint / p[:, None], jnp.log(p).sum()

# %% m_step
def m_step(x, resp):
    n = resp.sum(axis=0)
    mu = (resp * x[:, None]).sum(axis=0) / n
    return n / len(x), mu, (resp * (x[:, None] - mu) ** 2).sum(axis=0) / n

# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    lls = []
    for _ in range(num_iters):
        resp, ll = e_step(x, weights, means, stds)
        weights, means, stds = m_step(x, resp)
        lls.append(ll)
    return weights, means, stds, jnp.array(lls)

# %% elbo
def elbo(x, resp, weights, means, stds):
    return (resp * (jnp.log(weights) + norm.logpdf(x[:, None], means, stds))).sum()

# %% bic
def bic(log_likelihood, num_components, num_observations):
    return 3 * num_components * jnp.log(num_observations) - 2 * log_likelihood

# %% written_em [markdown]
# EM is better than k-means because it is soft. The likelihood goes up because we maximise it. B and E
# have a bug, B goes down and E is positive. mu_k is the mean of the points in cluster k, pi_k is how many there are.
