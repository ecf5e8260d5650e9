# %% labelled_mle
def labelled_mle(x, z, num_components):
    def one(k):
        mine = jnp.where(jnp.asarray(z) == k, 1.0, 0.0)
        n = mine.sum()
        mu = jnp.vdot(mine, x) / n
        return n / x.size, mu, jnp.sqrt(jnp.vdot(mine, (x - mu) ** 2) / n)

    return jax.vmap(one)(jnp.arange(num_components))

# %% e_step
@jax.jit
def e_step(x, weights, means, stds):
    def one(xi):
        log_joint = jnp.log(weights) + norm.logpdf(xi, means, stds)
        total = logsumexp(log_joint)
        return jnp.exp(log_joint - total), total

    resp, totals = jax.vmap(one)(x)
    return resp, totals.sum()

# %% m_step
@jax.jit
def m_step(x, resp):
    def one(r):
        n = r.sum()
        mu = jnp.sum(r * x) / n
        return n / x.size, mu, jnp.sqrt(jnp.sum(r * (x - mu) ** 2) / n)

    return jax.vmap(one, in_axes=1)(resp)

# %% fit_em
from functools import partial

@partial(jax.jit, static_argnames="num_iters")
def fit_em(x, weights, means, stds, num_iters):
    def body(theta, _):
        resp, ll = e_step(x, *theta)
        return m_step(x, resp), ll

    theta, lls = jax.lax.scan(body, (weights, means, stds), None, length=num_iters)
    return *theta, lls

# %% elbo
@jax.jit
def elbo(x, resp, weights, means, stds):
    def one(xi, r):
        return jnp.sum(r * (jnp.log(weights) + norm.logpdf(xi, means, stds)) - jax.scipy.special.xlogy(r, r))

    return jax.vmap(one)(x, resp).sum()

# %% bic
bic = jax.jit(lambda log_likelihood, K, N: (3 * K - 1) * jnp.log(N) - 2 * log_likelihood)

# %% select_num_components
@partial(jax.jit, static_argnums=2)
def best_log_likelihood(key, x, K):
    def run(key):
        def body(theta, _):
            resp, _ = e_step(x, *theta)
            w, m, s = m_step(x, resp)
            return (w, m, jnp.maximum(s, 0.01 * x.std())), None

        start = jnp.full(K, 1.0 / K), jax.random.choice(key, x, (K,), replace=False), jnp.full(K, x.std())
        theta, _ = jax.lax.scan(body, start, None, length=100)
        return e_step(x, *theta)[1]

    return jnp.nanmax(jax.vmap(run)(jax.random.split(key, 20)))

def select_num_components(key, x, candidates):
    keys = jax.random.split(key, len(candidates))
    scores = jnp.array([bic(best_log_likelihood(k, x, K), K, x.size) for k, K in zip(keys, candidates)])
    return jnp.array(candidates)[jnp.argmin(scores)]

# %% anomaly_score
@jax.jit
@partial(jax.vmap, in_axes=(0, None, None, None))
def anomaly_score(xi, weights, means, stds):
    return -logsumexp(norm.logpdf(xi, means, stds), b=weights)

# %% written_em [markdown]
# 1. Inference of z needs theta, estimation of theta needs z. Coordinate ascent on a bound with q(z) and theta.
# 2. log p(x) = bound + KL(q || posterior). The E-step makes the KL zero, the M-step raises the bound, the KL can only
#    go up from zero. So B has a bug, or numerical trouble. A, C and D are different starts; in E a variance goes to zero.
# 3. The symmetric point is a fixed point of EM: responsibilities equal the weights. Break the symmetry at random.
# 4. d/dmu_k: sum_i r_ik (x_i - mu_k) / sigma_k^2 = 0. For pi on the simplex: N_k / pi_k = lambda, sum gives lambda = N.
