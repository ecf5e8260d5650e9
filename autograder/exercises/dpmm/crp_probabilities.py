"""The table that the next customer of a Chinese restaurant chooses."""

import jax.numpy as jnp

from autograder.exercises import Arrays, Aspect, Exercise, KnownMistake, Part, catalogue, i32
from autograder.exercises.dpmm.stick_parts import shares
from reference import dpmm as reference

CRP_PROBABILITIES = Exercise(
    "crp_probabilities",
    truth=reference.crp_probabilities,
    rule=Arrays((Part("probabilities", "(T + 1,)"),)),
    aspects=(
        Aspect(
            "seats",
            points=2,
            hint="An occupied table has as many shares as customers, a new one has alpha, and it stands last. All "
            "shares together are n + alpha.",
            closer="Counts (3, 1) and alpha = 1 make shares of 3, 1 and 1, out of 5. What does your function give "
            "for an empty array of counts?",
            visible={"two tables": (i32(3, 1), 1.75), "three tables": (i32(2, 5, 1), 0.5)},
            hidden={
                "two other tables": (i32(2, 7), 0.25),
                "four tables": (i32(1, 1, 4, 2), 3.5),
                "nobody has come yet": (i32(), 0.75),
            },
        ),
    ),
)


CRP_PROBABILITIES.add(
    KnownMistake(
        name="new_table_forgotten",
        says="The new table is missing.",
        hint="The result has one entry more than there are occupied tables.",
        variant=lambda counts, alpha: counts / (counts.sum() + alpha),
        forms=(lambda counts, alpha: counts / counts.sum(),),
    ),
    KnownMistake(
        name="new_table_first",
        says="The new table stands first.",
        hint="Occupied tables first, in their order; the new one last.",
        variant=lambda counts, alpha: shares(jnp.append(alpha, 1.0 * counts)),
    ),
    KnownMistake(
        name="one_customer_too_few",
        says="The denominator is n - 1 + alpha.",
        hint="All n customers are seated when the next one comes. What must the probabilities sum to?",
        variant=lambda counts, alpha: jnp.append(1.0 * counts, alpha) / (counts.sum() - 1 + alpha),
    ),
    catalogue.ONE_CUSTOMER_TOO_MANY.here(
        hint="The customer who comes is not seated yet. What must the probabilities sum to?",
        variant=lambda counts, alpha: jnp.append(1.0 * counts, alpha) / (counts.sum() + 1 + alpha),
    ),
    KnownMistake(
        name="not_normalised",
        says="These are the shares of each table, not yet probabilities.",
        hint="Divide by the sum of all of them.",
        variant=lambda counts, alpha: jnp.append(1.0 * counts, alpha),
    ),
    KnownMistake(
        name="alpha_shared_by_all_tables",
        says="Every table got a part of alpha.",
        hint="That is a Dirichlet prior for a fixed number of tables. Here alpha goes to the new table alone.",
        variant=lambda counts, alpha: shares(jnp.append(1.0 * counts, 0.0) + alpha / (len(counts) + 1)),
        forms=(lambda counts, alpha: shares(jnp.append(1.0 * counts, 0.0) + alpha),),
    ),
    catalogue.ALPHA_FORGOTTEN.here(
        hint="Its share is alpha.", variant=lambda counts, alpha: shares(jnp.append(1.0 * counts, 1.0))
    ),
    catalogue.SIZES_IGNORED.here(
        hint="A table attracts customers in proportion to those who sit there.",
        variant=lambda counts, alpha: (
            jnp.append(jnp.full(len(counts), counts.sum() / max(len(counts), 1)), alpha) / (counts.sum() + alpha)
        ),
    ),
)
