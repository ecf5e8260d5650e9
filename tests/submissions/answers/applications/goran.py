# %% multivariate_log_density
def multivariate_log_density(x, means, covs):
    columns = []
    for mu, sigma in zip(means, covs):
        L = jnp.linalg.cholesky(sigma)
        z = solve_triangular(L, (x - mu).T)
        columns.append(-0.5 * (z**2).sum(0) - jnp.log(jnp.diag(L)).sum() - x.shape[1] / 2 * jnp.log(2 * jnp.pi))
    return jnp.stack(columns, axis=1)

# %% e_step_full
from jax.scipy.stats import multivariate_normal as mvn

def e_step_full(x, weights, means, covs):
    joint = jnp.stack([w * mvn.pdf(x, m, c) for w, m, c in zip(weights, means, covs)], axis=1)
    p = joint.sum(axis=1)
    return joint / p[:, None], jnp.log(p).sum()

# %% m_step_full
def m_step_full(x, resp):
    n = resp.sum(axis=0)
    mu = resp.T @ x / n[:, None]
    # E[x x^T] - mu mu^T
    second = jnp.einsum("nk,nd,ne->kde", resp, x, x) / n[:, None, None]
    return n / len(x), mu, second - mu[:, :, None] * mu[:, None, :]

# %% segment_image
def segment_image(image, weights, means, covs):
    h, w, _ = image.shape
    pixels = image.reshape(h * w, 3)
    scores = [jnp.log(weights[k]) + mvn.logpdf(pixels, means[k], covs[k]) for k in range(len(weights))]
    return jnp.argmax(jnp.stack(scores), axis=0).reshape(h, w)

# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    log_p = jnp.log(weights) + jnp.stack([mvn.logpdf(x, m, c) for m, c in zip(means, covs)], axis=1)
    return jnp.argsort(logsumexp(log_p, axis=1))[: int(share * len(x))]

# %% written_applications [markdown]
# The diagonal is faster. K * D * D parameters. BIC is not always right.
