"""fit_coffee

Annealed importance sampling: particles from the prior, moved while the likelihood is raised; weighted draws come back.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

LOC = jnp.array([80.0, 120.0, 160.0])


def fit_coffee(key, x, num_samples):
    steps = 150
    betas = jnp.linspace(0.0, 1.0, steps + 1) ** 4

    def log_like(t):
        return logsumexp(jax.nn.log_softmax(t[0]) + norm.logpdf(x[:, None], t[1], jnp.exp(t[2])), axis=1).sum()

    def log_prior(t):
        # t[0]: log gammas of shape 1, t[2]: log sigma.
        return jnp.sum(t[0] - jnp.exp(t[0])) + norm.logpdf(t[1], LOC, 20.0).sum() + jnp.sum(2 * t[2] - jnp.exp(t[2]))

    def particle(key):
        a, b, c, run, kz = jax.random.split(key, 5)
        t = jnp.stack(
            [
                jax.random.loggamma(a, 1.0, (3,)),
                LOC + 20 * jax.random.normal(b, (3,)),
                jax.random.loggamma(c, 2.0, (3,)),
            ]
        )

        def anneal(carry, inputs):
            t, lw, ll = carry
            key, old, new = inputs
            lw = lw + (new - old) * ll
            lp = log_prior(t)

            def move(j, state):
                t, ll, lp = state
                row, col = (j // 3) % 3, j % 3
                p, q, r = jax.random.split(jax.random.fold_in(key, j), 3)
                base = jnp.array([0.8, 6.0, 0.5])[row]
                size = base * jnp.exp(jax.random.normal(r))
                t2 = t.at[row, col].add(size * jax.random.normal(p))
                ll2, lp2 = log_like(t2), log_prior(t2)
                ok = jnp.log(jax.random.uniform(q)) < new * (ll2 - ll) + lp2 - lp
                return jnp.where(ok, t2, t), jnp.where(ok, ll2, ll), jnp.where(ok, lp2, lp)

            t, ll, lp = jax.lax.fori_loop(0, 18, move, (t, ll, lp))
            return (t, lw, ll), None

        keys = jax.random.split(run, steps)
        (t, lw, _), _ = jax.lax.scan(anneal, (t, 0.0, log_like(t)), (keys, betas[:-1], betas[1:]))
        log_pi, mu, sigma = jax.nn.log_softmax(t[0]), t[1], jnp.exp(t[2])
        z = jax.random.categorical(kz, log_pi + norm.logpdf(x[:, None], mu, sigma))
        return {"pi": jnp.exp(log_pi), "mu": mu, "sigma": sigma, "z": z, "log_weights": lw}

    return jax.vmap(particle)(jax.random.split(key, num_samples))
