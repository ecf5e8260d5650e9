"""Right answers in other styles than the reference: the restaurant and the program."""

from typing import Any

import jax
import jax.numpy as jnp
from genjax import beta, categorical, gamma, gen, normal

from autograder.exercises import Right
from autograder.exercises.keys import generator

# --- seating ---


def _in_numpy(key, num_customers, alpha):
    rng = generator(key)
    counts: list[int] = []
    z = []
    for n in range(num_customers):
        u = rng.uniform(0, n + alpha)
        table = 0
        while table < len(counts) and u >= counts[table]:
            u -= counts[table]
            table += 1
        if table == len(counts):
            counts.append(0)
        counts[table] += 1
        z.append(table)
    return z


def _by_neighbours(key, num_customers, alpha):
    """Each customer copies an earlier one, or opens a table of the next number."""
    z = jnp.zeros(num_customers, int)
    for n in range(1, num_customers):
        new_key, who_key, key = jax.random.split(key, 3)
        new = jax.random.uniform(new_key) < alpha / (n + alpha)
        friend = jax.random.randint(who_key, (), 0, n)
        z = z.at[n].set(jnp.where(new, z[:n].max() + 1, z[friend]))
    return z


def _by_choice(key, num_customers, alpha):
    tables = jnp.zeros(num_customers)
    seated = []
    for n, one in enumerate(jax.random.split(key, num_customers)):
        open_ = jnp.sum(tables > 0)
        p = jnp.where(jnp.arange(num_customers) == open_, alpha, tables) / (n + alpha)
        table = jax.random.choice(one, num_customers, p=p)
        tables = tables + jax.nn.one_hot(table, num_customers)
        seated.append(table)
    return seated


def _from_one_stick(key, num_customers, alpha):
    """A stick with so many cuts that what is left cannot matter; tables are numbered by their first customers."""
    stick, seats = jax.random.split(key)
    fractions = jax.random.beta(stick, 1.0, alpha, (300,))
    pieces = fractions * jnp.append(1.0, jnp.cumprod(1 - fractions))[:-1]
    z = jax.random.categorical(seats, jnp.log(pieces), shape=(num_customers,))
    first = jnp.argmax(z[:, None] == z, axis=1)
    return jnp.searchsorted(jnp.unique(first, size=num_customers, fill_value=num_customers), first)


SIMULATE_CRP = (
    Right(name="numpy_loop", variant=_in_numpy),
    Right(name="copies_a_neighbour", variant=_by_neighbours, first=True),
    Right(name="choice_in_a_loop", variant=_by_choice),
    Right(name="one_long_stick", variant=_from_one_stick),
)

# --- the program ---


def _pieces(fractions: Any) -> Any:
    return jnp.exp(_log_pieces(fractions))


def _log_pieces(fractions: Any) -> Any:
    left = jnp.append(0.0, jnp.cumsum(jnp.log1p(-fractions)))
    return left + jnp.append(jnp.log(fractions), 0.0)


@gen
def _repeated(num_observations):
    fractions = beta.repeat(9)(1.0, 2.0) @ "fractions"
    mu = normal.repeat(10)(400.0, 50.0) @ "mu"
    sigma = gamma.repeat(10)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(_log_pieces(fractions)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"


@gen
def _sites_in_another_order(num_observations):
    sigma = gamma.vmap(in_axes=(None, 0), axis_size=10)(2.0, jnp.ones(10)) @ "sigma"
    fractions = beta.vmap(in_axes=(0, None), axis_size=9)(jnp.ones(9), 2.0) @ "fractions"
    left = [jnp.ones(())]
    for k in range(9):
        left.append(left[-1] * (1 - fractions[k]))
    pieces = jnp.stack([left[k] - left[k + 1] for k in range(9)] + [left[9]])
    z = categorical.repeat(num_observations)(2.0 + jnp.log(pieces)) @ "z"
    mu = normal.repeat(10)(400.0, 50.0) @ "mu"
    member = jax.nn.one_hot(z, 10)
    means, stds = (jnp.sum(member * values, axis=1) for values in (mu, sigma))
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(means, stds) @ "x"


@gen
def _vmapped_over_one_argument(num_observations):
    fractions = beta.repeat(9)(jnp.array(1.0), jnp.array(2.0)) @ "fractions"
    mu = normal.vmap(in_axes=(0, None), axis_size=10)(jnp.full(10, 400.0), 50.0) @ "mu"
    sigma = gamma.vmap(in_axes=(0, None), axis_size=10)(jnp.full(10, 2.0), 1.0) @ "sigma"
    logits = jnp.broadcast_to(jnp.log(_pieces(fractions)), (num_observations, 10))
    z = categorical.vmap(in_axes=(0,), axis_size=num_observations)(logits) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(jnp.take(mu, z), jnp.take(sigma, z)) @ "x"


TRUNCATED_DPMM = (
    Right(name="repeated", variant=_repeated, first=True),
    Right(name="sites_in_another_order", variant=_sites_in_another_order),
    Right(name="mapped_over_some_arguments", variant=_vmapped_over_one_argument),
)
