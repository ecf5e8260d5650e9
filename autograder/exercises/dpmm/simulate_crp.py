"""Customers of a Chinese restaurant, one after the other."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import (
    Aspect,
    Draws,
    Exercise,
    KnownMistake,
    Partitions,
    catalogue,
    key_aspect,
    keyed,
)
from autograder.exercises.dpmm import distributions
from reference import dpmm as reference

SIMULATE_CRP = Exercise(
    "simulate_crp",
    truth=distributions.prior,
    rule=Partitions("tables"),
    aspects=(
        Aspect(
            "seatings",
            points=2,
            hint="One customer after the other, each by `crp_probabilities` of the tables so far. The first one always "
            "opens a table.",
            closer="Keep an array of counts with a place for every table that may come. For each customer: the "
            "shares of the occupied tables, alpha at the next free one, one draw. Then add 1 at that table.",
            probe=Draws(),
            visible={"four customers": keyed(4, 1.75)},
            hidden={"four customers, a small alpha": keyed(4, 0.5), "twenty customers": keyed(20, 2.5)},
        ),
        key_aspect(1, 8, 2.0, hidden=(6, 3.0)),
    ),
    seconds=120,
)


def _seated(
    weight: Callable[[Any, Any, Any], Any] = lambda counts, seated, alpha: alpha,
    shares: Callable[[Any], Any] = lambda counts: counts,
    keys: Callable[[Any, int], Any] = jax.random.split,
) -> Callable[..., Any]:
    """The reference with the weight of a new table or the shares of the other tables replaced."""

    def simulate_crp(key, num_customers, alpha):
        def seat(counts, one):
            new = jnp.sum(counts > 0)
            weights = shares(counts).at[new].set(weight(counts, counts.sum(), alpha))
            table = jax.random.categorical(one, jnp.log(weights))
            return counts.at[table].add(1), table

        return jax.lax.scan(seat, jnp.zeros(num_customers), keys(key, num_customers))[1]

    return simulate_crp


def _from_a_stick_of_its_own(key, num_customers, alpha):
    """The mistake that every customer breaks another stick."""

    def one(key):
        stick, seat = jax.random.split(key)
        pieces = reference.stick_breaking(jax.random.beta(stick, 1.0, alpha, (num_customers - 1,)))
        return jax.random.categorical(seat, jnp.log(pieces))

    return jax.vmap(one)(jax.random.split(key, num_customers))


SIMULATE_CRP.add(
    catalogue.SIZES_IGNORED.here(
        hint="A table attracts in proportion to those who sit there.",
        variant=_seated(shares=lambda counts: 1.0 * (counts > 0)),
    ),
    catalogue.ONE_CUSTOMER_TOO_MANY.here(
        hint="When the second customer comes, one is seated: n is 1.",
        variant=_seated(weight=lambda counts, n, alpha: jnp.where(n > 0, alpha * n / (n + 1), 1.0)),
    ),
    catalogue.ALPHA_FORGOTTEN.here(
        hint="A new table has the share alpha.", variant=_seated(weight=lambda counts, n, alpha: 1.0)
    ),
    KnownMistake(
        name="alpha_for_probability",
        says="A new table comes with the probability alpha / (1 + alpha) each time.",
        hint="The more customers are seated, the more rarely a new table is opened.",
        variant=_seated(weight=lambda counts, n, alpha: jnp.where(n > 0, n * alpha, 1.0)),
    ),
    KnownMistake(
        name="one_stick_for_each",
        says="Each customer was seated without regard to the others.",
        hint="Customers share one restaurant: the tables of the earlier ones decide where the next one sits.",
        variant=_from_a_stick_of_its_own,
    ),
    catalogue.ONE_KEY_FOR_ALL.here(
        hint="A key is good for one draw. Split it into one for each customer.",
        variant=_seated(keys=lambda key, n: jnp.broadcast_to(key, (n,))),
    ),
    KnownMistake(
        name="key_ignored",
        says="The key was not used: another one is written into the function.",
        hint="Draw with the key that comes in.",
        variant=lambda key, num_customers, alpha: reference.simulate_crp(jax.random.key(42), num_customers, alpha),
    ),
)
