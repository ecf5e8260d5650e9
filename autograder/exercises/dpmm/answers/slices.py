# Walker's slice sampler; sweeps by Metropolis-Hastings with proposals of the restaurant.

# %% scratch
from functools import partial
from jax.scipy.stats import norm


# %% stick_breaking
def stick_breaking(fractions):
    left, pieces = jax.lax.scan(lambda left, f: (left * (1 - f), left * f), 1.0, fractions)
    return jnp.append(pieces, left)


# %% reassignment_probabilities
@jax.jit
def reassignment_probabilities(i, x, z, alpha, base):
    n = x.shape[0]
    y = x - base.loc
    mine = jnp.arange(n) == i
    ones = jnp.where(mine, 0.0, 1.0)
    counts = jax.ops.segment_sum(ones, z, n)
    means = jax.ops.segment_sum(ones * y, z, n) / jnp.maximum(counts, 1)
    squares = jax.ops.segment_sum(ones * (y - means[z]) ** 2, z, n)
    c, a = base.count + counts, base.shape + counts / 2
    b = base.rate + squares / 2 + base.count * counts * means**2 / (2 * c)
    log_density = t.logpdf(y[i], 2 * a, counts * means / c, jnp.sqrt(b * (c + 1) / (a * c)))
    new = jnp.cumsum(counts == 0) * (counts == 0) == 1
    logs = log_density + jnp.log(jnp.where(new, alpha, counts))
    return jnp.exp(logs - jax.nn.logsumexp(logs))


# %% sweep
def sweep(key, x, z, alpha, base):
    """Metropolis-Hastings, three proposals from the seats alone for each observation (Neal 2000, algorithm 5)."""
    n = len(x)
    labels = jnp.arange(n)

    def step(z, moving):
        i, one = moving
        seat_key, accept_key = jax.random.split(one)
        p = reassignment_probabilities(i, x, z, alpha, base)
        counts = ((z == labels[:, None]) & (labels != i)).sum(axis=1)
        free = jnp.argmax(counts == 0)
        seats = jnp.where(labels == free, alpha, counts)
        now = jnp.where(counts[z[i]] == 0, free, z[i])  # where i is alone, its cluster is the new one
        k = jax.random.categorical(seat_key, jnp.log(seats))
        log_likelihood = jnp.log(p) - jnp.log(seats)
        accepted = jnp.log(jax.random.uniform(accept_key)) < log_likelihood[k] - log_likelihood[now]
        return z.at[i].set(jnp.where(accepted, k, now)), None

    order = jnp.repeat(labels, 3)
    return jax.lax.scan(step, jnp.asarray(z), (order, jax.random.split(key, 3 * n)))[0]


# %% scratch
STICKS = 40  # so many that what is left of the stick cannot matter


def exchanged(key, z, alpha):
    """Metropolis steps that exchange the labels of neighbouring pieces (Papaspiliopoulos and Roberts 2008)."""

    def log_stick(z):
        counts = (z == jnp.arange(STICKS)[:, None]).sum(axis=1)
        after = counts[::-1].cumsum()[::-1] - counts
        return jnp.sum((gammaln(1 + counts) + gammaln(alpha + after) - gammaln(1 + alpha + counts + after))[:-1])

    def step(z, one):
        pair_key, accept_key = jax.random.split(one)
        k = jax.random.randint(pair_key, (), 0, 8)
        swapped = jnp.where(z == k, k + 1, jnp.where(z == k + 1, k, z))
        accepted = jnp.log(jax.random.uniform(accept_key)) < log_stick(swapped) - log_stick(z)
        return jnp.where(accepted, swapped, z), None

    return jax.lax.scan(step, z, jax.random.split(key, 6))[0]


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


# %% dpmm
@partial(jax.jit, static_argnames="num_samples")
def dpmm(key, x, alpha, base, num_samples):
    """Walker's slice sampler: only pieces that are longer than an observation's slice are open to it."""
    pieces = jnp.arange(STICKS)

    def step(z, one):
        stick_key, slice_key, parameter_key, label_key, order_key = jax.random.split(one, 5)
        z = exchanged(order_key, z, alpha)
        member = 1.0 * (z == pieces[:, None])
        counts = member.sum(axis=1)
        after = counts[::-1].cumsum()[::-1] - counts
        weights = stick_breaking(jax.random.beta(stick_key, 1 + counts[:-1], alpha + after[:-1]))
        slices = jax.random.uniform(slice_key, x.shape) * weights[z]
        mu, sigma = parameters(parameter_key, x, member, base)
        logs = jnp.where(weights > slices[:, None], norm.logpdf(x[:, None], mu, sigma), -jnp.inf)
        z = jax.random.categorical(label_key, logs, axis=1)
        return z, jnp.argmax(z[:, None] == z, axis=1)

    keys = jax.random.split(key, 400 + num_samples)
    return jax.lax.scan(step, jnp.zeros(len(x), int), keys)[1][400:]
