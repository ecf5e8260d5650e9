"""EM as a beginner may write it: Python loops over observations, where each number is a JAX array. In cells."""

import jax.numpy as jnp


# %% labelled_mle
def labelled_mle(x, z, num_components):
    weights, means, stds = [], [], []
    for k in range(num_components):
        total, count = jnp.array(0.0), 0
        for i in range(len(x)):
            if z[i] == k:
                total = total + x[i]
                count += 1
        mean = total / count
        squares = jnp.array(0.0)
        for i in range(len(x)):
            if z[i] == k:
                squares = squares + (x[i] - mean) ** 2
        weights.append(count / len(x))
        means.append(mean)
        stds.append(jnp.sqrt(squares / count))
    return jnp.array(weights), jnp.array(means), jnp.array(stds)


# %% e_step
def e_step(x, weights, means, stds):
    log_likelihood = jnp.array(0.0)
    resp = []
    for i in range(len(x)):
        logs = []
        for k in range(len(weights)):
            z = (x[i] - means[k]) / stds[k]
            logs.append(jnp.log(weights[k]) - jnp.log(stds[k]) - 0.5 * jnp.log(2 * jnp.pi) - 0.5 * z**2)
        top = logs[0]
        for value in logs:
            top = jnp.maximum(top, value)
        total = jnp.array(0.0)
        for value in logs:
            total = total + jnp.exp(value - top)
        log_density = top + jnp.log(total)
        resp.append([jnp.exp(value - log_density) for value in logs])
        log_likelihood = log_likelihood + log_density
    return jnp.array(resp), log_likelihood


# %% m_step
def m_step(x, resp):
    weights, means, stds = [], [], []
    for k in range(resp.shape[1]):
        count, total = jnp.array(0.0), jnp.array(0.0)
        for i in range(len(x)):
            count = count + resp[i, k]
            total = total + resp[i, k] * x[i]
        mean = total / count
        squares = jnp.array(0.0)
        for i in range(len(x)):
            squares = squares + resp[i, k] * (x[i] - mean) ** 2
        weights.append(count / len(x))
        means.append(mean)
        stds.append(jnp.sqrt(squares / count))
    return jnp.array(weights), jnp.array(means), jnp.array(stds)


# %% fit_em
def fit_em(x, weights, means, stds, num_iters):
    log_likelihoods = []
    for _ in range(num_iters):
        resp, log_likelihood = e_step(x, weights, means, stds)
        log_likelihoods.append(log_likelihood)
        weights, means, stds = m_step(x, resp)
    return weights, means, stds, jnp.array(log_likelihoods)


# %% anomaly_score
def anomaly_score(x, weights, means, stds):
    scores = []
    for i in range(len(x)):
        _, log_density = e_step(x[i : i + 1], weights, means, stds)
        scores.append(-log_density)
    return jnp.array(scores)
