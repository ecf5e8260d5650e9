"""Right answers by other methods than the reference, to measure false-fail rates on: sweeps."""

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from jax.scipy.special import gammaln
from jax.scipy.stats import norm, t

from autograder.exercises import Right
from autograder.exercises.keys import generator
from reference import dpmm as reference

# --- one observation after the other, the parameters integrated out ---


def numpy_sweep(rng: np.random.Generator, x, z, alpha, base):
    """In float64, with a list of the members of each cluster."""
    x, z = np.asarray(x, float), np.array(z)
    n = len(x)
    for i in range(n):
        z[i] = -1
        weights = np.zeros(n)
        for k in range(n):
            own = x[z == k]
            if len(own) == 0 and np.any(weights[[not np.any(z == j) for j in range(n)]] > 0):
                continue
            count, mean = base.count + len(own), own.mean() if len(own) else 0.0
            loc = (base.count * base.loc + len(own) * mean) / count
            shape = base.shape + len(own) / 2
            rate = base.rate + np.sum((own - mean) ** 2) / 2
            rate += base.count * len(own) * (mean - base.loc) ** 2 / (2 * count)
            scale = np.sqrt(rate * (count + 1) / (shape * count))
            weights[k] = (len(own) or alpha) * scipy.stats.t.pdf(x[i], 2 * shape, loc, scale)
        z[i] = rng.choice(n, p=weights / weights.sum())
    return z


def _sweep_in_numpy(key, x, z, alpha, base):
    return numpy_sweep(generator(key), x, z, alpha, base)


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


def _in_random_order(key, x, z, alpha, base):
    order_key, key = jax.random.split(key)
    order = jax.random.permutation(order_key, len(x))

    def step(z, moving):
        i, one = moving
        p = reference.reassignment_probabilities(i, x, z, alpha, base)
        return z.at[i].set(jax.random.choice(one, len(x), p=p)), None

    return jax.lax.scan(step, jnp.asarray(z), (order, jax.random.split(key, len(x))))[0]


def by_ratios_of_marginals(key, x, z, alpha, base):
    """p(x_i given a cluster) as a ratio of two marginals; a fori loop, keys folded in."""
    n = len(x)
    labels = jnp.arange(n)

    def log_marginal(member):
        counts = member.sum(axis=1)
        mean = (member * (x - base.loc)).sum(axis=1) / jnp.maximum(counts, 1)
        squares = (member * (x - base.loc - mean[:, None]) ** 2).sum(axis=1)
        rate = base.rate + (squares + base.count * counts * mean**2 / (base.count + counts)) / 2
        shape = base.shape + counts / 2
        return gammaln(shape) - shape * jnp.log(rate) - jnp.log(base.count + counts) / 2

    def step(i, z):
        others = (z == labels[:, None]) & (labels != i)
        counts = others.sum(axis=1)
        log_ratio = log_marginal(1.0 * (others | (labels == i))) - log_marginal(1.0 * others)
        seats = jnp.where(labels == jnp.argmax(counts == 0), alpha, counts)
        return z.at[i].set(jax.random.categorical(jax.random.fold_in(key, i), jnp.log(seats) + log_ratio))

    return jax.lax.fori_loop(0, n, step, jnp.asarray(z))


def _by_proposals_of_the_restaurant(key, x, z, alpha, base):
    """Metropolis-Hastings, three proposals from the seats alone for each observation (Neal 2000, algorithm 5)."""
    n = len(x)
    labels = jnp.arange(n)

    def step(z, moving):
        i, one = moving
        seat_key, accept_key = jax.random.split(one)
        p = reference.reassignment_probabilities(i, x, z, alpha, base)
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


# --- with parameters that are drawn ---


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


def auxiliary(key, x, z, alpha, base):
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


def _split_or_merge(key, x, z, alpha, base):
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


def split_merge_and_reassign(key, x, z, alpha, base):
    *split_keys, sweep_key = jax.random.split(key, 4)
    z = jnp.asarray(z)
    for one in split_keys:
        z = _split_or_merge(one, x, z, alpha, base)
    return with_sums(sweep_key, x, z, alpha, base)


SWEEP = (
    Right(name="sums_kept_up_to_date", variant=with_sums, first=True),
    Right(name="numpy", variant=_sweep_in_numpy),
    Right(name="random_order", variant=_in_random_order),
    Right(name="ratios_of_marginals", variant=by_ratios_of_marginals),
    Right(name="proposals_of_the_restaurant", variant=_by_proposals_of_the_restaurant),
    Right(name="auxiliary_parameters", variant=auxiliary),
    Right(name="split_merge", variant=split_merge_and_reassign),
)
