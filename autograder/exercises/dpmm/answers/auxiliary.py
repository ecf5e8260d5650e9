# Neal's algorithm 8: clusters have parameters. Samplers only.

# %% scratch
from functools import partial
from jax.scipy.stats import norm


# %% scratch
def parameters(key, x, member, base):
    """Mean and standard deviation of each cluster given its members (K, N); of an empty one, from the base."""
    mean_key, std_key = jax.random.split(key)
    counts = member.sum(axis=1)
    mean = (member * (x - base.loc)).sum(axis=1) / jnp.maximum(counts, 1)
    squares = (member * (x - base.loc - mean[:, None]) ** 2).sum(axis=1)
    count, shape = base.count + counts, base.shape + counts / 2
    rate = base.rate + (squares + base.count * counts * mean**2 / count) / 2
    std = jnp.sqrt(rate / jax.random.gamma(std_key, shape))
    loc = base.loc + counts * mean / count
    return loc + std / jnp.sqrt(count) * jax.random.normal(mean_key, loc.shape), std


# %% sweep
def sweep(key, x, z, alpha, base):
    """Neal (2000), algorithm 8, with three empty clusters whose parameters come from the base."""
    n, extra = len(x), 3
    labels = jnp.arange(n)
    first_key, key = jax.random.split(key)
    mu, sigma = parameters(first_key, x, 1.0 * (z == labels[:, None]), base)

    def step(state, moving):
        z, mu, sigma = state
        i, one = moving
        seat_key, base_key = jax.random.split(one)
        counts = ((z == labels[:, None]) & (labels != i)).sum(axis=1)
        alone = counts[z[i]] == 0
        new_mu, new_sigma = parameters(base_key, x, jnp.zeros((extra, n)), base)
        # Where i is alone, its own parameters are those of the first empty cluster.
        new_mu = new_mu.at[0].set(jnp.where(alone, mu[z[i]], new_mu[0]))
        new_sigma = new_sigma.at[0].set(jnp.where(alone, sigma[z[i]], new_sigma[0]))
        weights = jnp.append(1.0 * counts, jnp.full(extra, alpha / extra))
        logs = norm.logpdf(x[i], jnp.append(mu, new_mu), jnp.append(sigma, new_sigma))
        k = jax.random.categorical(seat_key, jnp.log(weights) + logs)
        free = jnp.argmax(counts == 0)
        is_new = k >= n
        place = jnp.where(is_new, free, k)
        mu = mu.at[free].set(jnp.where(is_new, new_mu[k - n], mu[free]))
        sigma = sigma.at[free].set(jnp.where(is_new, new_sigma[k - n], sigma[free]))
        return (z.at[i].set(place), mu, sigma), None

    steps = (labels, jax.random.split(key, n))
    return jax.lax.scan(step, (jnp.asarray(z), mu, sigma), steps)[0][0]


# %% dpmm
@partial(jax.jit, static_argnames="num_samples")
def dpmm(key, x, alpha, base, num_samples):
    def step(z, one):
        z = sweep(one, x, z, alpha, base)
        return z, z

    keys = jax.random.split(key, 200 + num_samples)
    return jax.lax.scan(step, jnp.arange(len(x)), keys)[1][200:]
