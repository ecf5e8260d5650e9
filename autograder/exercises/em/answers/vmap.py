# JAX, for one observation or one component, mapped and jitted; fori_loop. All restarts side by side.

# %% labelled_mle
def labelled_mle(x, z, num_components):
    def one(k):
        member = z == k
        mean = jnp.sum(jnp.where(member, x, 0)) / member.sum()
        return member.mean(), mean, jnp.sqrt(jnp.sum(jnp.where(member, (x - mean) ** 2, 0)) / member.sum())

    return jax.vmap(one)(jnp.arange(num_components))


# %% e_step
@jax.jit
def e_step(x, weights, means, stds):
    def one(value):
        logs = jnp.log(weights) + norm.logpdf(value, means, stds)
        log_density = logsumexp(logs)
        return jnp.exp(logs - log_density), log_density

    resp, log_densities = jax.vmap(one)(x)
    return resp, jnp.sum(log_densities)


# %% m_step
@jax.jit
def m_step(x, resp):
    def one(r):
        mean = jnp.vdot(r, x) / r.sum()
        return r.mean(), mean, jnp.sqrt(jnp.vdot(r, (x - mean) ** 2) / r.sum())

    return jax.vmap(one, in_axes=1)(resp)


# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    def iteration(t, state):
        theta, history = state
        resp, log_likelihood = e_step(x, *theta)
        return m_step(x, resp), history.at[t].set(log_likelihood)

    theta, history = jax.lax.fori_loop(0, num_iters, iteration, ((weights, means, stds), jnp.zeros(num_iters)))
    return *theta, history


# %% elbo
@jax.jit
def elbo(x, resp, weights, means, stds):
    def one(value, r):
        return jnp.sum(r * (jnp.log(weights) + norm.logpdf(value, means, stds)) - jax.scipy.special.xlogy(r, r))

    return jax.vmap(one)(x, resp).sum()


# %% bic
bic = jax.jit(lambda log_likelihood, k, n: (3 * k - 1) * jnp.log(n) - 2 * log_likelihood)


# %% select_num_components
def select_num_components(key, x, candidates):
    """All restarts side by side, from random points and stds of many sizes."""

    def log_likelihood(key, num_components):
        def iteration(_, theta):
            weights, means, stds = m_step(x, e_step(x, *theta)[0])
            return weights, means, jnp.maximum(stds, x.std() / 100)

        point_key, size_key = jax.random.split(key)
        means = jax.random.choice(point_key, x, (num_components,), replace=False)
        stds = x.std() * jax.random.uniform(size_key, (num_components,), minval=0.1, maxval=1.0)
        start = jnp.full(num_components, 1 / num_components), means, stds
        return e_step(x, *jax.lax.fori_loop(0, 100, iteration, start))[1]

    scores = []
    for k, one in zip(candidates, jax.random.split(key, len(candidates))):
        fits = jax.vmap(lambda restart, k=k: log_likelihood(restart, k))(jax.random.split(one, 16))
        scores.append(bic(jnp.nanmax(fits), k, len(x)))
    return candidates[int(jnp.argmin(jnp.array(scores)))]


# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    return -logsumexp(jnp.log(weights) + norm.logpdf(x[:, None], means, stds), axis=1)
