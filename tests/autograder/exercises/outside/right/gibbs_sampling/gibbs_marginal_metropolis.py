"""gibbs

Not Gibbs: random-walk Metropolis on (pi, mu, log sigma) with z summed out, many chains in parallel; z is drawn last.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

CHAINS = 32


def gibbs(key, x, prior, num_samples):
    k = prior.alpha.shape[0]

    def unpack(theta):
        return jax.nn.log_softmax(theta[0]), theta[1], theta[2]

    def log_post(theta):
        # theta[0] are logs of independent gammas: their softmax is Dirichlet.
        log_pi, mu, u = unpack(theta)
        sigma = jnp.exp(u)
        prior_part = (
            jnp.sum(prior.alpha * theta[0] - jnp.exp(theta[0]))
            + norm.logpdf(mu, prior.loc, prior.scale).sum()
            + jnp.sum(prior.shape * u - prior.rate * sigma)
        )
        return prior_part + logsumexp(log_pi + norm.logpdf(x[:, None], mu, sigma), axis=1).sum()

    def step(carry, key):
        theta, value = carry
        a, b, c, d = jax.random.split(key, 4)
        block = jax.random.randint(a, (), 0, 3)
        j = jax.random.randint(d, (), 0, k)
        base = jnp.stack(
            [jnp.full(k, 0.6), 1.0 * jnp.exp(theta[2]) * 0 + jnp.maximum(jnp.std(x) / 8, 0.3), jnp.full(k, 0.4)]
        )
        size = jnp.exp(1.2 * jax.random.normal(jax.random.fold_in(c, 1)))
        noise = jax.random.normal(jax.random.fold_in(c, 2)) * size * base[block, j]
        new = theta.at[block, j].add(noise)
        new_value = log_post(new)
        ok = jnp.log(jax.random.uniform(b)) < new_value - value
        return (jnp.where(ok, new, theta), jnp.where(ok, new_value, value)), None

    def chain(key):
        k_start, k_burn, k_run = jax.random.split(key, 3)
        mu = jnp.quantile(x, (jnp.arange(k) + jax.random.uniform(k_start, (k,))) / k)
        theta = jnp.stack([jnp.log(prior.alpha + len(x) / k), mu, jnp.full(k, jnp.log(jnp.std(x) / 2 + 0.5))])
        state = (theta, log_post(theta))
        state, _ = jax.lax.scan(step, state, jax.random.split(k_burn, 6000))
        per_draw = 15 * k

        def save(state, key):
            state, _ = jax.lax.scan(step, state, jax.random.split(key, per_draw))
            return state, state[0]

        return jax.lax.scan(save, state, jax.random.split(k_run, -(-num_samples // CHAINS)))[1]

    key, key_z = jax.random.split(key)
    theta = jax.vmap(chain)(jax.random.split(key, CHAINS)).reshape(-1, 3, k)[:num_samples]
    log_pi, mu, sigma = jax.nn.log_softmax(theta[:, 0]), theta[:, 1], jnp.exp(theta[:, 2])
    logits = log_pi[:, None] + norm.logpdf(x[None, :, None], mu[:, None], sigma[:, None])
    return {"pi": jnp.exp(log_pi), "mu": mu, "sigma": sigma, "z": jax.random.categorical(key_z, logits)}
