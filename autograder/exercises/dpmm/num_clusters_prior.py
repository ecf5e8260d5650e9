"""The distribution of the number of tables."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from autograder.exercises import (
    Arrays,
    Aspect,
    Exercise,
    KnownMistake,
    Part,
    catalogue,
)
from reference import dpmm as reference

NUM_CLUSTERS_PRIOR = Exercise(
    "num_clusters_prior",
    truth=reference.num_clusters_prior,
    rule=Arrays((Part("probabilities", "(n,)"),)),
    aspects=(
        Aspect(
            "probabilities",
            points=3,
            hint="A customer who comes when m are seated opens a table with probability alpha / (m + alpha). Begin "
            "with no customer, where K is 0 for certain, and leave K = 0 out at the end.",
            closer="After two customers P(K = 1) is 1/(1 + alpha) and P(K = 2) is alpha/(1 + alpha). In each step "
            "the array stays where it is with one factor, and moves one place on with the other: the sum of "
            "both is the new one.",
            visible={"four customers": (1.75, 4), "six customers": (0.5, 6)},
            hidden={
                "four customers, a large alpha": (6.5, 4),
                "nine customers": (2.25, 9),
                "twenty customers": (0.75, 20),
            },
        ),
    ),
)


def _tables(
    opens: Callable[[Any, Any], Any] = lambda alpha, seated: alpha / (seated + alpha), first: int = 1
) -> Callable[..., Any]:
    """The reference with another probability of a new table, or another first number of tables."""

    def num_clusters_prior(alpha, num_customers):
        p = jnp.zeros(num_customers + 1).at[0].set(1.0)
        for seated in range(num_customers):
            new = opens(alpha, seated)
            p = (1 - new) * p + new * jnp.append(0.0, p[:-1])
        return p[first:] if first else p[:-1]

    return num_clusters_prior


def _binomial(opens: Callable[[Any, int], Any]) -> Callable[..., Any]:
    """The number of tables if all customers but the first open a table with the same probability."""
    return lambda alpha, n: _tables(lambda alpha, seated: opens(alpha, n) if seated else 1.0)(alpha, n)


NUM_CLUSTERS_PRIOR.add(
    catalogue.STARTS_AT_NONE.here(
        hint="The first entry is P(K = 1).",
        variant=_tables(first=0),
        forms=(lambda alpha, num_customers: jnp.append(0.0, _tables()(alpha, num_customers)),),
    ),
    KnownMistake(
        name="binomial",
        says="Each customer opens a table with the same probability.",
        hint="The first customer always does, later ones more and more rarely.",
        variant=_binomial(lambda alpha, n: alpha / (n + alpha)),
        forms=(
            _binomial(lambda alpha, n: alpha / (n - 1 + alpha)),
            lambda alpha, n: _tables(lambda alpha, seated: alpha / (n + alpha))(alpha, n),
        ),
    ),
    catalogue.ONE_CUSTOMER_TOO_MANY.here(
        hint="With nobody seated, m is 0 and the first customer opens a table for certain.",
        variant=_tables(lambda alpha, seated: alpha / (seated + 1 + alpha) if seated else 1.0),
        forms=(_tables(lambda alpha, seated: alpha / (seated + 1 + alpha)),),
    ),
    catalogue.ALPHA_FORGOTTEN.here(
        hint="A new table has the share alpha.", variant=_tables(lambda alpha, seated: 1 / (seated + 1))
    ),
    KnownMistake(
        name="expectation_returned",
        says="This is an expected number of tables, not its distribution.",
        hint="Return an array: P(K = 1), ..., P(K = n).",
        variant=lambda alpha, n: alpha * jnp.log(1 + n / alpha),
        forms=(
            lambda alpha, n: alpha * jnp.log(1.0 * n),
            lambda alpha, n: jnp.sum(alpha / (alpha + jnp.arange(n))),
        ),
    ),
    KnownMistake(
        name="cumulative",
        says="These are the probabilities of at most so many tables.",
        hint="Of exactly so many: they sum to 1.",
        variant=lambda alpha, n: jnp.cumsum(reference.num_clusters_prior(alpha, n)),
    ),
)
