# %% cut-off
# %% m_step_full
def m_step_full(x, resp):
    n = resp.sum(0)
    mu = resp.T @ x / n[:, None]
    return n / len(x), mu, jnp.stack([jnp.cov(x.T, aweights=r, ddof=0) for r in resp.T])
