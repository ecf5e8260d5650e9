# JAX's loops: scan and map, segment sums; jitted fits, one restart after the other.

# %% labelled_mle
def labelled_mle(x, z, num_components):
    counts = jax.ops.segment_sum(jnp.ones_like(x), z, num_components)
    means = jax.ops.segment_sum(x, z, num_components) / counts
    squares = jax.ops.segment_sum((x - means[z]) ** 2, z, num_components)
    return counts / counts.sum(), means, jnp.sqrt(squares / counts)


# %% e_step
@jax.jit
def e_step(x, weights, means, stds):
    def observe(total, value):
        logs = jnp.log(weights) + norm.logpdf(value, means, stds)
        return total + logsumexp(logs), jax.nn.softmax(logs)

    total, resp = jax.lax.scan(observe, jnp.zeros((), x.dtype), x)
    return [resp, total]


# %% m_step
def m_step(x, resp):
    counts = resp.sum(axis=0)
    means = x @ resp / counts
    return counts / counts.sum(), means, jnp.sqrt(jnp.sum(resp * (x[:, None] - means) ** 2, axis=0) / counts)


# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    def iteration(theta, _):
        resp, log_likelihood = e_step(x, *theta)
        return m_step(x, resp), log_likelihood

    theta, log_likelihoods = jax.lax.scan(iteration, (weights, means, stds), None, length=num_iters)
    return (*theta, log_likelihoods)


# %% elbo
def elbo(x, resp, weights, means, stds):
    logs = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jnp.where(resp > 0, resp * (logs - jnp.log(jnp.where(resp > 0, resp, 1))), 0).sum()


# %% bic
def bic(log_likelihood, num_components, num_observations):
    return -2 * log_likelihood + (3 * num_components - 1) * jnp.log(num_observations)


# %% select_num_components
def select_num_components(key, x, candidates):
    @jax.jit
    def log_likelihood(means):
        def iteration(theta, _):
            weights, means, stds = m_step(x, e_step(x, *theta)[0])
            return (weights, means, jnp.clip(stds, 0.02 * x.std())), None

        start = jnp.full(len(means), 1 / len(means)), means, jnp.full(len(means), x.std())
        return e_step(x, *jax.lax.scan(iteration, start, length=80)[0])[1]

    scores = []
    for k in candidates:
        keys = jax.random.split(jax.random.fold_in(key, k), 10)
        fits = jnp.array([log_likelihood(jax.random.choice(one, x, (k,), replace=False)) for one in keys])
        scores.append(bic(jnp.nanmax(fits), k, len(x)))
    return jnp.array(candidates)[jnp.argmin(jnp.array(scores))]


# %% anomaly_score
@jax.jit
def anomaly_score(x, weights, means, stds):
    return jax.lax.map(lambda one: -jax.nn.logsumexp(norm.logpdf(one, means, stds), b=weights), x)
