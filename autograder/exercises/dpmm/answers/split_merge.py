# Clusters are split and merged, then swept. Samplers only.

# %% scratch
from functools import partial


# %% scratch
def with_sums(key, x, z, alpha, base):
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


def split_or_merge(key, x, z, alpha, base):
    """Two observations at random: their cluster is split at random, or their two clusters are merged."""
    n = len(x)
    labels = jnp.arange(n)
    pair_key, side_key, accept_key = jax.random.split(key, 3)
    i, j = jax.random.choice(pair_key, n, (2,), replace=False)
    others = (labels != i) & (labels != j)
    mine = (z == z[i]) | (z == z[j])
    side = jnp.where(jax.random.bernoulli(side_key, 0.5, (n,)), 1, 0).at[i].set(0).at[j].set(1)
    same = z[i] == z[j]
    # A label that is free for the part of j: there is one where a cluster with two members can be split.
    free = jnp.argmax(~jnp.any(z == labels[:, None], axis=1))
    split = jnp.where(mine & (side == 1), free, z)
    merged = jnp.where(mine, z[i], z)
    proposed = jnp.where(same, split, merged)
    choices = jnp.sum(mine & others) * jnp.log(2.0)  # the ways to split, all equally probable

    def log_joint(z):
        member = 1.0 * (z == labels[:, None])
        counts = member.sum(axis=1)
        mean = (member * (x - base.loc)).sum(axis=1) / jnp.maximum(counts, 1)
        squares = (member * (x - base.loc - mean[:, None]) ** 2).sum(axis=1)
        rate = base.rate + (squares + base.count * counts * mean**2 / (base.count + counts)) / 2
        shape = base.shape + counts / 2
        each = gammaln(shape) - gammaln(base.shape) + base.shape * jnp.log(base.rate) - shape * jnp.log(rate)
        each += (jnp.log(base.count) - jnp.log(base.count + counts)) / 2 + jnp.log(alpha) + gammaln(counts)
        return jnp.sum(jnp.where(counts > 0, each, 0.0))

    log_ratio = log_joint(proposed) - log_joint(z) + jnp.where(same, choices, -choices)
    accepted = jnp.log(jax.random.uniform(accept_key)) < log_ratio
    return jnp.where(accepted, proposed, z)


# %% sweep
def sweep(key, x, z, alpha, base):
    *split_keys, sweep_key = jax.random.split(key, 4)
    z = jnp.asarray(z)
    for one in split_keys:
        z = split_or_merge(one, x, z, alpha, base)
    return with_sums(sweep_key, x, z, alpha, base)


# %% dpmm
@partial(jax.jit, static_argnames="num_samples")
def dpmm(key, x, alpha, base, num_samples):
    def step(z, one):
        z = sweep(one, x, z, alpha, base)
        return z, z

    keys = jax.random.split(key, 200 + num_samples)
    return jax.lax.scan(step, jnp.arange(len(x)), keys)[1][200:]
