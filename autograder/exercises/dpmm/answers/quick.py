# JAX: scans, segment sums, and counts and sums of the clusters that are kept up to date. Quick, all of it.

# %% scratch
from functools import partial


# %% crp_probabilities
@jax.jit
def crp_probabilities(counts, alpha):
    return jax.nn.softmax(jnp.log(jnp.append(counts.astype(float), alpha)))


# %% simulate_crp
def simulate_crp(key, num_customers, alpha):
    """Each customer copies an earlier one, or opens a table of the next number."""
    z = jnp.zeros(num_customers, int)
    for n in range(1, num_customers):
        new_key, who_key, key = jax.random.split(key, 3)
        new = jax.random.uniform(new_key) < alpha / (n + alpha)
        friend = jax.random.randint(who_key, (), 0, n)
        z = z.at[n].set(jnp.where(new, z[:n].max() + 1, z[friend]))
    return z


# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    def step(p, m):
        new = alpha / (m + alpha)
        return p * (1 - new) + jnp.roll(p, 1).at[0].set(0) * new, None

    start = jnp.zeros(num_customers + 1).at[0].set(1)
    return jax.lax.scan(step, start, jnp.arange(num_customers))[0][1:]


# %% stick_breaking
def stick_breaking(fractions):
    left, pieces = jax.lax.scan(lambda left, f: (left * (1 - f), left * f), 1.0, fractions)
    return jnp.append(pieces, left)


# %% scratch
def log_pieces(fractions):
    left = jnp.append(0.0, jnp.cumsum(jnp.log1p(-fractions)))
    return left + jnp.append(jnp.log(fractions), 0.0)


# %% truncated_dpmm
@gen
def truncated_dpmm(num_observations):
    fractions = beta.repeat(9)(1.0, 2.0) @ "fractions"
    mu = normal.repeat(10)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(10)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(log_pieces(fractions)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"


# %% cluster_log_marginal
def cluster_log_marginal(x, base):
    n = x.shape[0]
    y = x - base.loc
    squares = jnp.sum(y**2) - jnp.sum(y) ** 2 / (base.count + n)
    if n:  # around the mean of the data first: fewer digits are lost
        mean = jnp.mean(y)
        squares = jnp.sum((y - mean) ** 2) + base.count * n / (base.count + n) * mean**2
    a = base.shape + n / 2
    value = jax.lax.lgamma(jnp.asarray(a, float)) - jax.lax.lgamma(jnp.asarray(base.shape, float))
    value += base.shape * jnp.log(base.rate) - a * jnp.log(base.rate + squares / 2)
    return value - 0.5 * jnp.log1p(n / base.count) - n * 0.9189385332


# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    n = len(x)
    y = x - base.loc
    mean = jnp.mean(y) if n else jnp.zeros(())
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + 0.5 * jnp.sum((y - mean) ** 2) + 0.5 * base.count * n / c * mean**2
    scale = jnp.sqrt(b / a * (1 + 1 / c))
    return jax.vmap(lambda one: t.logpdf((one - base.loc - n * mean / c) / scale, 2 * a) - jnp.log(scale))(x_new)


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
    """Counts, sums and squares of the clusters are kept up to date, around loc."""
    n = len(x)
    y = x - base.loc

    def log_predictive(value, counts, sums, squares):
        count = base.count + counts
        shape = base.shape + counts / 2
        rate = base.rate + (squares - sums**2 / count) / 2
        return t.logpdf(value, 2 * shape, sums / count, jnp.sqrt(rate * (count + 1) / (shape * count)))

    def step(state, moving):
        z, counts, sums, squares = state
        i, one = moving
        counts, sums, squares = (
            table.at[z[i]].add(-value) for table, value in ((counts, 1.0), (sums, y[i]), (squares, y[i] ** 2))
        )
        occupied = counts > 0.5
        sums, squares = jnp.where(occupied, sums, 0.0), jnp.where(occupied, squares, 0.0)
        free = jnp.argmin(occupied)
        weights = jnp.where(jnp.arange(n) == free, alpha, jnp.where(occupied, counts, 0.0))
        k = jax.random.categorical(one, jnp.log(weights) + log_predictive(y[i], counts, sums, squares))
        counts, sums, squares = (
            table.at[k].add(value) for table, value in ((counts, 1.0), (sums, y[i]), (squares, y[i] ** 2))
        )
        return (z.at[i].set(k), counts, sums, squares), None

    z = jnp.asarray(z)
    member = (z == jnp.arange(n)[:, None]).astype(float)
    start = (z, member.sum(axis=1), (member * y).sum(axis=1), (member * y**2).sum(axis=1))
    steps = (jnp.arange(n), jax.random.split(key, n))
    return jax.lax.scan(step, start, steps)[0][0]


# %% dpmm
@partial(jax.jit, static_argnames="num_samples")
def dpmm(key, x, alpha, base, num_samples):
    def step(z, one):
        z = sweep(one, x, z, alpha, base)
        return z, z

    keys = jax.random.split(key, 200 + num_samples)
    return jax.lax.scan(step, jnp.arange(len(x)), keys)[1][200:]


# %% num_clusters_posterior
@jax.jit
def num_clusters_posterior(z_samples):
    n = z_samples.shape[1]
    occupied = jax.nn.one_hot(z_samples, n).max(axis=1)
    return jax.nn.one_hot(occupied.sum(axis=1).astype(int) - 1, n).mean(axis=0)


# %% predictive_density
@jax.jit
def predictive_density(x_new, x, z_samples, alpha, base):
    n = x.shape[0]
    y = x - base.loc

    def one(z):
        counts = jax.ops.segment_sum(jnp.ones(n), z, n + 1)
        means = jax.ops.segment_sum(y, z, n + 1) / jnp.maximum(counts, 1)
        squares = jax.ops.segment_sum((y - means[z]) ** 2, z, n + 1)
        c, a = base.count + counts, base.shape + counts / 2
        b = base.rate + squares / 2 + base.count * counts * means**2 / (2 * c)
        logs = t.logpdf(x_new[:, None] - base.loc, 2 * a, counts * means / c, jnp.sqrt(b * (c + 1) / (a * c)))
        weights = jnp.where(jnp.arange(n + 1) == n, alpha, counts) / (n + alpha)
        return jax.nn.logsumexp(logs, axis=1, b=weights)

    return jnp.exp(jax.nn.logsumexp(jax.lax.map(one, z_samples), axis=0) - jnp.log(z_samples.shape[0]))
