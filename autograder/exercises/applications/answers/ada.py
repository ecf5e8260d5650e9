# %% multivariate_log_density
from jax.scipy.stats import multivariate_normal

def multivariate_log_density(x, means, covs):
    logpdf = jax.vmap(multivariate_normal.logpdf, in_axes=(None, 0, 0), out_axes=1)
    return logpdf(x, means, covs)

# %% e_step_full
@jax.jit
def e_step_full(x, weights, means, covs):
    log_joint = jnp.log(weights) + multivariate_log_density(x, means, covs)
    return jax.nn.softmax(log_joint, axis=-1), logsumexp(log_joint, axis=-1).sum()

# %% m_step_full
@jax.jit
def m_step_full(x, resp):
    def one(r):
        n = r.sum()
        mu = r @ x / n
        d = x - mu
        return n / len(x), mu, (r[:, None] * d).T @ d / n

    return jax.vmap(one, in_axes=1)(resp)

# %% segment_image
def segment_image(image, weights, means, covs):
    scale = 255 if image.dtype == jnp.uint8 else 1
    resp = jax.vmap(lambda row: e_step_full(row, weights, means, covs)[0])(image / scale)
    return resp.argmax(axis=-1)

# %% flag_anomalies
def flag_anomalies(x, weights, means, covs, share):
    log_p = logsumexp(jnp.log(weights) + multivariate_log_density(x, means, covs), axis=1)
    return log_p < jnp.sort(log_p)[round(share * len(x))]

# %% written_applications [markdown]
# 1. Without covariances the ellipse stands upright. It flags households at both ends of the line, who are normal for
#    their income, and misses those with a usual income and a usual expenditure that do not fit together.
# 2. K - 1 + K D + K D (D + 1) / 2. Five colours: 49. Patches: 227254, which is hopeless without a lot of pictures.
# 3. That there is only one group, which is skewed. The segments cut it in two. For a menu it may be good enough.
