# %% labelled_mle
def labelled_mle(x, z, num_components):
    labels = jnp.arange(num_components)
    mine = (jnp.asarray(z)[:, None] == labels).astype(x.dtype)
    n = mine.sum(0)
    mu = mine.T @ x / n
    var = jnp.sum(mine * (x[:, None] - mu) ** 2, axis=0) / n
    return n / n.sum(), mu, jnp.sqrt(var)

# %% e_step
def e_step(x, weights, means, stds):
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jax.nn.softmax(log_joint, axis=-1), logsumexp(log_joint, axis=-1).sum()

# %% m_step
def m_step(x, resp):
    n = resp.sum(0)
    mu = x @ resp / n
    var = ((x[:, None] - mu) ** 2 * resp).sum(0) / n
    return n / x.shape[0], mu, var**0.5

# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        resp, ll = e_step(x, weights, means, stds)
        history.append(ll)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, jnp.stack(history)

# %% elbo
def elbo(x, resp, weights, means, stds):
    log_joint = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    terms = resp * (log_joint - jnp.log(jnp.where(resp > 0, resp, 1.0)))
    return terms.sum()

# %% bic
def bic(log_likelihood, num_components, num_observations):
    return (3 * num_components - 1) * jnp.log(num_observations) - 2 * log_likelihood

# %% select_num_components
@jax.jit
def step(x, weights, means, stds):
    resp, _ = e_step(x, weights, means, stds)
    weights, means, stds = m_step(x, resp)
    return weights, means, jnp.maximum(stds, x.std() / 100)

def select_num_components(key, x, candidates):
    best = {}
    for K in candidates:
        lls = []
        for k in jax.random.split(key, 8):
            theta = jnp.ones(K) / K, jax.random.choice(k, x, (K,), replace=False), jnp.full(K, x.std() / K)
            for _ in range(60):
                theta = step(x, *theta)
            lls.append(float(e_step(x, *theta)[1]))
        best[K] = bic(max(ll for ll in lls if ll == ll), K, len(x))
    return min(best, key=best.get)

# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    return -logsumexp(jnp.log(weights) + norm.logpdf(x[:, None], means, stds), axis=1)

# %% written_em [markdown]
# 1. If I knew which bento is which I could just average the weights per kind, and if I knew the averages I could
#    say which bento is which. I know neither. EM starts with guessed parameters, computes how probable each label is, and
#    then uses these probabilities as if they were fractional labels to get better parameters, and so on.
# 2. B. The E-step builds a lower bound that touches the log likelihood, the M-step goes to the top of that bound. So after
#    the step we are at or above the bound, which is at or above where we were. If it falls I have a bug. C started badly
#    and is still on a flat part, D may have two identical components, E is collapsing onto one point.
# 3. They stay identical forever because both get the same responsibilities. So random starts, more than one.
# 4. Only sum_i r_ik log N(x_i; mu_k, sigma_k) has mu_k in it. Derivative: sum_i r_ik (x_i - mu_k) / sigma_k^2 = 0, so
#    mu_k = sum_i r_ik x_i / N_k. For the weights I maximise sum_k N_k log pi_k - lambda (sum_k pi_k - 1): N_k / pi_k is
#    the same for all k, and as they sum to 1, pi_k = N_k / N.
