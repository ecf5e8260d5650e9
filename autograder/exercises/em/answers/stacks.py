# JAX, stacked: one component at a time, one array of three rows; a small number inside the log; quantiles.

# %% scratch
import numpy as np


# %% labelled_mle
def labelled_mle(x, z, num_components):
    weights, means, stds = [], [], []
    for k in range(num_components):
        mine = x[z == k]
        weights.append(jnp.mean(z == k))
        means.append(jnp.mean(mine))
        stds.append(jnp.std(mine))
    return jnp.stack([jnp.array(weights), jnp.array(means), jnp.array(stds)])


# %% e_step
def e_step(x, weights, means, stds):
    logs = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jax.nn.softmax(logs, axis=1), logsumexp(logs, axis=1).sum()


# %% m_step
def m_step(x, resp):
    counts = resp.sum(axis=0)
    means = x @ resp / counts
    return counts / counts.sum(), means, jnp.sqrt(jnp.sum(resp * (x[:, None] - means) ** 2, axis=0) / counts)


# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, weights, means, stds)
        history.append(log_likelihood)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, jnp.stack(history)


# %% elbo
def elbo(x, resp, weights, means, stds):
    logs = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    return jnp.vdot(resp, logs) - jnp.sum(resp * jnp.log(resp + 1e-30))


# %% bic
def bic(log_likelihood, num_components, num_observations):
    return jnp.array([-2.0, 3 * num_components - 1]) @ jnp.stack(
        [jnp.asarray(log_likelihood), jnp.log(num_observations)]
    )


# %% select_num_components
step = jax.jit(lambda x, *theta: m_step(x, e_step(x, *theta)[0]))


def select_num_components(key, x, candidates):
    """EM from jittered quantiles, with a high floor."""
    x = np.asarray(x, np.float64)
    rng = np.random.default_rng(int(jax.random.randint(key, (), 0, 1_000_000)))

    def best(num_components):
        found = []
        for _ in range(5):
            weights = np.full(num_components, 1 / num_components)
            means = np.quantile(x, (np.arange(num_components) + 0.5) / num_components) + 0.1 * x.std() * rng.normal(
                size=num_components
            )
            stds = np.full(num_components, x.std() / num_components)
            for _ in range(60):
                weights, means, stds = step(x, weights, means, stds)
                stds = np.maximum(stds, 0.1 * x.std())
            found.append(float(e_step(x, weights, means, stds)[1]))
        return max(found)

    scores = [bic(best(k), k, len(x)) for k in candidates]
    return candidates[int(np.argmin(scores))]
