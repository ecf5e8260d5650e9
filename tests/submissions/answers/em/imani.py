# %% delete setup
# %% labelled_mle
def labelled_mle(x, z, num_components):
    mine = jax.nn.one_hot(z, num_components)
    n = mine.sum(0)
    mu = (mine * x[:, None]).sum(0) / n
    return n / n.sum(), mu, jnp.sqrt((mine * (x[:, None] - mu) ** 2).sum(0) / n)

# %% e_step
def e_step(x, weights, means, stds):
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jax.nn.softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()

# %% m_step
def m_step(x, resp):
    n = resp.sum(0)
    mu = (resp * x[:, None]).sum(0) / n
    return n / len(x), mu, jnp.sqrt((resp * (x[:, None] - mu) ** 2).sum(0) / n)

# %% duplicate m_step
# %% scratch
# does it work??
print(fit_emm(BENTOS))

# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    history = []
    for t in range(num_iters)
        resp, ll = e_step(x, weights, means, stds)
        history.append(ll)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, jnp.array(history)

# %% elbo
def elbo(x, resp, weights, means, stds):
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return (resp * (log_joint - jnp.log(resp))).sum()

# %% bic
def bic(log_likelihood, num_components, num_observations):
    return (3 * num_components - 1) * jnp.log(num_observations) - 2 * log_likelihood

# %% delete select_num_components
# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    return -logsumexp(jnp.log(weights) + norm.logpdf(x[:, None], means, stds), axis=1)

# %% written_em [markdown]
# 1. The labels and the parameters need each other. EM alternates.
# 2. It is coordinate ascent, so B cannot be.
# 3. They move together.
# 4. mu_k = sum r x / sum r.
