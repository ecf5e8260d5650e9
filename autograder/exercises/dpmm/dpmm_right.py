"""Right answers by other methods than the reference, to measure false-fail rates on: chains."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from jax.scipy.special import gammaln
from jax.scipy.stats import norm

from autograder.exercises import Right
from autograder.exercises.dpmm.sweep_right import (
    auxiliary,
    by_ratios_of_marginals,
    numpy_sweep,
    parameters,
    split_merge_and_reassign,
    with_sums,
)
from autograder.exercises.keys import generator
from reference import dpmm as reference

STICKS = 40  # so many that what is left of the stick cannot matter


def _chain(sweep: Callable[..., Any], *, burn_in: int = 200, start: Callable[[int], Any] = jnp.arange):
    @partial(jax.jit, static_argnames="num_samples")
    def dpmm(key, x, alpha, base, num_samples):
        def step(z, one):
            z = sweep(one, x, z, alpha, base)
            return z, z

        keys = jax.random.split(key, burn_in + num_samples)
        return jax.lax.scan(step, start(len(x)), keys)[1][burn_in:]

    return dpmm


def _chain_in_numpy(key, x, alpha, base, num_samples):
    rng = generator(key)
    z, draws = np.zeros(len(x), int), []
    for number in range(20 + num_samples):
        z = numpy_sweep(rng, x, z, alpha, base)
        if number >= 20:
            draws.append(z.copy())
    return draws


@partial(jax.jit, static_argnames="num_samples")
def _blocked(key, x, alpha, base, num_samples):
    """Blocked Gibbs sampling of a truncated stick (Ishwaran and James 2001), labels counted anew at the end."""
    pieces = jnp.arange(STICKS)

    def step(z, one):
        stick_key, parameter_key, label_key, order_key = jax.random.split(one, 4)
        # Which cluster has which piece matters to the stick, not to the partition: let them change places.
        z = _exchanged(order_key, z, alpha)
        member = 1.0 * (z == pieces[:, None])
        counts = member.sum(axis=1)
        after = counts[::-1].cumsum()[::-1] - counts
        fractions = jax.random.beta(stick_key, 1 + counts[:-1], alpha + after[:-1])
        mu, sigma = parameters(parameter_key, x, member, base)
        log_weights = jnp.log(reference.stick_breaking(fractions))
        z = jax.random.categorical(label_key, log_weights + norm.logpdf(x[:, None], mu, sigma), axis=1)
        return z, jnp.argmax(z[:, None] == z, axis=1)

    keys = jax.random.split(key, 400 + num_samples)
    return jax.lax.scan(step, jnp.zeros(len(x), int), keys)[1][400:]


def _exchanged(key, z, alpha):
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


@partial(jax.jit, static_argnames="num_samples")
def _sliced(key, x, alpha, base, num_samples):
    """Walker's slice sampler: only pieces that are longer than an observation's slice are open to it."""
    pieces = jnp.arange(STICKS)

    def step(z, one):
        stick_key, slice_key, parameter_key, label_key, order_key = jax.random.split(one, 5)
        z = _exchanged(order_key, z, alpha)
        member = 1.0 * (z == pieces[:, None])
        counts = member.sum(axis=1)
        after = counts[::-1].cumsum()[::-1] - counts
        weights = reference.stick_breaking(jax.random.beta(stick_key, 1 + counts[:-1], alpha + after[:-1]))
        slices = jax.random.uniform(slice_key, x.shape) * weights[z]
        mu, sigma = parameters(parameter_key, x, member, base)
        logs = jnp.where(weights > slices[:, None], norm.logpdf(x[:, None], mu, sigma), -jnp.inf)
        z = jax.random.categorical(label_key, logs, axis=1)
        return z, jnp.argmax(z[:, None] == z, axis=1)

    keys = jax.random.split(key, 400 + num_samples)
    return jax.lax.scan(step, jnp.zeros(len(x), int), keys)[1][400:]


def _exact(key, x, alpha, base, num_samples):
    """Independent draws, block by block: each block of the first observation left by its share of the sum."""
    rng = generator(key)
    x, n = np.asarray(x, float), len(x)
    subset = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    counts = subset.sum(axis=1)
    mean = subset @ (x - base.loc) / np.maximum(counts, 1)
    squares = (subset * (x - base.loc - mean[:, None]) ** 2).sum(axis=1)
    shape = base.shape + counts / 2
    rate = base.rate + (squares + base.count * counts * mean**2 / (base.count + counts)) / 2
    logs = np.log(alpha) + scipy.special.gammaln(np.maximum(counts, 1)) + scipy.special.gammaln(shape)
    logs += base.shape * np.log(base.rate) - scipy.special.gammaln(base.shape) - shape * np.log(rate)
    logs += np.log(base.count / (base.count + counts)) / 2
    blocks = {s: [b | (s & -s) for b in _subsets(s ^ (s & -s))] for s in range(1, 2**n)}
    total = np.zeros(2**n)  # the logarithm of the sum over all partitions of each set
    for s, its in blocks.items():
        total[s] = np.logaddexp.reduce([logs[b] + total[s ^ b] for b in its])
    draws = np.zeros((num_samples, n), int)
    for z in draws:
        s, k = 2**n - 1, 0
        while s:
            p = np.exp([logs[b] + total[s ^ b] - total[s] for b in blocks[s]])
            block = blocks[s][rng.choice(len(p), p=p / p.sum())]
            z[subset[block] == 1] = k
            s, k = s ^ block, k + 1
    return draws


def _subsets(s: int) -> list[int]:
    found, b = [0], s
    while b:
        found.append(b)
        b = (b - 1) & s
    return found


DPMM = (
    Right(name="sums_kept_up_to_date", variant=_chain(with_sums), first=True),
    Right(name="from_one_cluster", variant=_chain(by_ratios_of_marginals, start=lambda n: jnp.zeros(n, int))),
    Right(name="numpy", variant=_chain_in_numpy),
    Right(name="auxiliary_parameters", variant=_chain(auxiliary)),
    Right(name="split_merge", variant=_chain(split_merge_and_reassign)),
    Right(name="blocked", variant=_blocked),
    Right(name="sliced", variant=_sliced),
    Right(name="exact", variant=_exact),
)
