"""The pieces of a stick."""

import jax.numpy as jnp

from autograder.exercises import Arrays, Aspect, Exercise, KnownMistake, Part, f32
from autograder.exercises.dpmm.stick_parts import before, shares
from reference import dpmm as reference

STICK_BREAKING = Exercise(
    "stick_breaking",
    truth=reference.stick_breaking,
    rule=Arrays((Part("weights", "(T,)"),)),
    aspects=(
        Aspect(
            "pieces",
            points=2,
            hint="Before cut k the stick is as long as the product of the 1 - f_j of the earlier cuts. The last piece "
            "is all of what is left.",
            closer="Fractions (0.5, 0.5, 0.5) give 0.5, 0.25, 0.125, 0.125. `jnp.cumprod(1 - fractions)` is what is "
            "left after each cut. What is left before the first one?",
            visible={"three cuts": (f32(0.25, 0.5, 0.375),), "four cuts": (f32(0.4, 0.7, 0.2, 0.65),)},
            hidden={
                "three other cuts": (f32(0.1, 0.85, 0.3),),
                "five cuts, one takes nothing": (f32(0.3, 0, 0.55, 0.2, 0.45),),
                "the second cut takes all": (f32(0.35, 1, 0.6),),
            },
        ),
    ),
)


STICK_BREAKING.add(
    KnownMistake(
        name="last_piece_missing",
        says="What is left of the stick is missing.",
        hint="T - 1 cuts make T pieces.",
        variant=lambda fractions: fractions * before(fractions)[:-1],
    ),
    KnownMistake(
        name="renormalised",
        says="The pieces that were cut off were divided by their sum.",
        hint="The last piece is what is left; then there is nothing to divide by.",
        variant=lambda fractions: shares(fractions * before(fractions)[:-1]),
        forms=(lambda fractions: shares(jnp.append(fractions * before(fractions)[:-1], 0.0)),),
    ),
    KnownMistake(
        name="own_cut_included",
        says="Each piece is a fraction of what is left after its own cut.",
        hint="Before the first cut the stick is 1 long, so the first piece is f_1.",
        variant=lambda fractions: jnp.append(fractions * before(fractions)[1:], before(fractions)[-1]),
    ),
    KnownMistake(
        name="fractions_of_the_whole",
        says="Every cut takes its fraction of the whole stick.",
        hint="Of what is left.",
        variant=lambda fractions: jnp.append(fractions, 1 - fractions.sum()),
        forms=(lambda fractions: jnp.append(fractions, jnp.maximum(1 - fractions.sum(), 0)),),
    ),
    KnownMistake(
        name="sum_for_product",
        says="What is left was taken for 1 minus the sum of the fractions.",
        hint="After two cuts (1 - f_1)(1 - f_2) is left.",
        variant=lambda fractions: jnp.append(1.0, 1 - jnp.cumsum(fractions)) * jnp.append(fractions, 1.0),
    ),
    KnownMistake(
        name="lengths_returned",
        says="These are the lengths of the stick before each cut.",
        hint="A piece is a fraction of that length.",
        variant=before,
    ),
)
