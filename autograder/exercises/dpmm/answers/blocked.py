# Blocked Gibbs sampling of a truncated stick; sweeps in random order; the prior of K by Fourier transform.

# %% scratch
from functools import partial
from jax.scipy.stats import norm


# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    """A stick with so many cuts that what is left cannot matter; tables are numbered by their first customers."""
    stick, seats = jax.random.split(key)
    fractions = jax.random.beta(stick, 1.0, alpha, (300,))
    pieces = fractions * jnp.append(1.0, jnp.cumprod(1 - fractions))[:-1]
    z = jax.random.categorical(seats, jnp.log(pieces), shape=(num_customers,))
    first = jnp.argmax(z[:, None] == z, axis=1)
    return jnp.searchsorted(jnp.unique(first, size=num_customers, fill_value=num_customers), first)


# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    """The convolution of independent indicators, by discrete Fourier transform."""
    odds = alpha / (alpha + np.arange(num_customers))
    turns = np.exp(-2j * np.pi * np.arange(num_customers + 1) / (num_customers + 1))
    return np.fft.ifft(np.prod(1 - odds + odds * turns[:, None], axis=1)).real[1:]


# %% stick_breaking
def stick_breaking(fractions):
    left, pieces = jax.lax.scan(lambda left, f: (left * (1 - f), left * f), 1.0, fractions)
    return jnp.append(pieces, left)


# %% scratch
def log_pieces(fractions):
    left = jnp.append(0.0, jnp.cumsum(jnp.log1p(-fractions)))
    return left + jnp.append(jnp.log(fractions), 0.0)


def pieces(fractions):
    return jnp.exp(log_pieces(fractions))


# %% truncated_dpmm
@gen
def truncated_dpmm(num_observations):
    fractions = beta.repeat(9)(jnp.array(1.0), jnp.array(2.0)) @ "fractions"
    mu = normal.vmap(in_axes=(0, None), axis_size=10)(jnp.full(10, 400.0), 50.0) @ "mu"
    sigma = gamma.vmap(in_axes=(0, None), axis_size=10)(jnp.full(10, 2.0), 1.0) @ "sigma"
    logits = jnp.broadcast_to(jnp.log(pieces(fractions)), (num_observations, 10))
    z = categorical.vmap(in_axes=(0,), axis_size=num_observations)(logits) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(jnp.take(mu, z), jnp.take(sigma, z)) @ "x"


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
    order_key, key = jax.random.split(key)
    order = jax.random.permutation(order_key, len(x))

    def step(z, moving):
        i, one = moving
        p = reassignment_probabilities(i, x, z, alpha, base)
        return z.at[i].set(jax.random.choice(one, len(x), p=p)), None

    return jax.lax.scan(step, jnp.asarray(z), (order, jax.random.split(key, len(x))))[0]


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
    """Blocked Gibbs sampling of a truncated stick (Ishwaran and James 2001), labels counted anew at the end."""
    pieces = jnp.arange(STICKS)

    def step(z, one):
        stick_key, parameter_key, label_key, order_key = jax.random.split(one, 4)
        # Which cluster has which piece matters to the stick, not to the partition: let them change places.
        z = exchanged(order_key, z, alpha)
        member = 1.0 * (z == pieces[:, None])
        counts = member.sum(axis=1)
        after = counts[::-1].cumsum()[::-1] - counts
        fractions = jax.random.beta(stick_key, 1 + counts[:-1], alpha + after[:-1])
        mu, sigma = parameters(parameter_key, x, member, base)
        log_weights = jnp.log(stick_breaking(fractions))
        z = jax.random.categorical(label_key, log_weights + norm.logpdf(x[:, None], mu, sigma), axis=1)
        return z, jnp.argmax(z[:, None] == z, axis=1)

    keys = jax.random.split(key, 400 + num_samples)
    return jax.lax.scan(step, jnp.zeros(len(x), int), keys)[1][400:]
