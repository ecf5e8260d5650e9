"""The cluster of one observation, given the clusters of all others."""

import jax.numpy as jnp

from autograder.exercises import Arrays, Aspect, Exercise, KnownMistake, Part, catalogue, i32
from autograder.exercises.dpmm.cluster_parts import reassigned
from autograder.exercises.dpmm.data import EIGHT, FIVE, FOUR, OTHER, SIX, TEN
from autograder.exercises.dpmm.sweep_parts import (
    ALPHA_FORGOTTEN,
    ALPHA_OVER_TABLES,
    DEGREES_HALVED,
    ITSELF_COUNTED,
    ITSELF_NOT_REMOVED,
    LIKELIHOOD_IGNORED,
    MEAN_TAKEN_FOR_KNOWN,
    NEVER_NEW,
    NEW_WITHOUT_DENSITY,
    PLUGGED_IN,
    PULL_FORGOTTEN,
    SCALE_FOR_RATE,
    SIZES_IGNORED,
    VARIANCE_FOR_STD,
)
from reference import dpmm as reference

REASSIGNMENT_PROBABILITIES = Exercise(
    "reassignment_probabilities",
    truth=reference.reassignment_probabilities,
    rule=Arrays((Part("probabilities", "(N,)"),)),
    aspects=(
        Aspect(
            "one of several",
            points=3,
            hint="Take observation i out first: out of the counts, the means and the squares. Each cluster then has "
            "its size times its predictive density at x_i, a new one has alpha times that of the base. Divide by the "
            "sum.",
            closer="Go through the clusters of the other labels. For each: how many members has it without i, and "
            "what is its predictive density at x_i given those members? The entries of labels that nobody has"
            " are 0, but for the new one.",
            visible={
                "three pairs": (2, SIX.x, i32(0, 0, 1, 1, 2, 2), SIX.alpha, SIX.base),
                "labels with gaps": (4, SIX.x, i32(5, 5, 5, 3, 3, 3), SIX.alpha, SIX.base),
            },
            hidden={
                "others move": (1, SIX.x, i32(1, 1, 4, 0, 4, 0), SIX.alpha, SIX.base),
                "one cluster": (0, FIVE.x, i32(2, 2, 2, 2, 2), FIVE.alpha, FIVE.base),
                "four observations": (3, FOUR.x, i32(3, 1, 1, 3), 0.5, OTHER),
                "eight": (5, EIGHT.x, i32(7, 0, 0, 7, 2, 2, 2, 0), EIGHT.alpha, EIGHT.base),
            },
        ),
        Aspect(
            "alone",
            points=1,
            hint="Where i was alone, its label becomes free. The new cluster stands at the lowest label that none of "
            "the others has: which one is that?",
            closer="With z = (0, 1, 1) and i = 0, label 0 is free once i is out, so the new cluster stands at 0. "
            "With z = (1, 0, 0) it stands at 1.",
            visible={"alone at a low label": (2, SIX.x, i32(0, 0, 1, 2, 2, 3), SIX.alpha, SIX.base)},
            hidden={
                "alone at a high label": (0, SIX.x, i32(5, 0, 0, 2, 2, 3), SIX.alpha, SIX.base),
                "all alone": (3, FIVE.x, i32(4, 3, 2, 1, 0), FIVE.alpha, FIVE.base),
            },
        ),
        Aspect(
            "bentos",
            points=1,
            hint="Add up logarithms, and use `jax.nn.softmax` or subtract the largest one: far from a cluster its "
            "density is 0 in float32. And subtract means before squaring.",
            visible={"the odd bento": (5, TEN.x, i32(0, 0, 0, 0, 0, 0, 6, 6, 6, 6), TEN.alpha, TEN.base)},
            hidden={
                "a light bento": (3, TEN.x, i32(0, 0, 0, 0, 4, 8, 6, 6, 6, 6), TEN.alpha, TEN.base),
                "a heavy bento": (8, TEN.x, i32(1, 1, 1, 1, 1, 3, 3, 0, 0, 0), 0.25, TEN.base),
            },
        ),
    ),
)


def _exponentiated_first(logs):
    p = jnp.exp(logs)
    return p / p.sum()


REASSIGNMENT_PROBABILITIES.add(
    catalogue.ITSELF_NOT_REMOVED.here(
        hint="It leaves first: its own cluster has one member less, and another mean.",
        variant=ITSELF_NOT_REMOVED,
        forms=(ITSELF_COUNTED,),
    ),
    catalogue.ALPHA_FORGOTTEN.here(hint="Its share is alpha.", variant=ALPHA_FORGOTTEN),
    KnownMistake(
        name="alpha_over_tables",
        says="alpha was divided by the number of clusters.",
        hint="There is one new cluster, and it has all of alpha.",
        variant=ALPHA_OVER_TABLES,
    ),
    catalogue.SIZES_IGNORED.here(hint="A cluster attracts in proportion to its members.", variant=SIZES_IGNORED),
    catalogue.LIKELIHOOD_IGNORED.here(
        hint="Each seat is weighted by how well its cluster predicts x_i.", variant=LIKELIHOOD_IGNORED
    ),
    catalogue.DENSITY_OF_THE_NEW_CLUSTER_FORGOTTEN.here(
        hint="It predicts x_i too: by the base alone.", variant=NEW_WITHOUT_DENSITY
    ),
    catalogue.NEVER_A_NEW_CLUSTER.here(hint="Which label does it have, and which weight?", variant=NEVER_NEW),
    KnownMistake(
        name="new_cluster_at_every_free_label",
        says="Every unused label is a new cluster with the weight alpha.",
        hint="All unused labels are the same new cluster. It stands once, at the lowest of them.",
        variant=reassigned(place=lambda n: n == 0),
    ),
    KnownMistake(
        name="new_cluster_at_the_highest_label",
        says="The new cluster stands at the highest free label.",
        hint="At the lowest one.",
        variant=reassigned(place=lambda n: jnp.arange(len(n)) == len(n) - 1 - jnp.argmax(n[::-1] == 0)),
        forms=(reassigned(place=lambda n: jnp.arange(len(n)) == jnp.sum(n > 0)),),
    ),
    catalogue.NORMAL_AT_ESTIMATES.here(hint="`predictive_log_density` is a Student t, and wider.", variant=PLUGGED_IN),
    catalogue.MEAN_TAKEN_FOR_KNOWN.here(
        hint="A new observation varies around a mean that is itself uncertain.", variant=MEAN_TAKEN_FOR_KNOWN
    ),
    catalogue.DEGREES_OF_FREEDOM_HALVED.here(
        hint="The shape of an inverse gamma is half the degrees of freedom.", variant=DEGREES_HALVED
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="`t.logpdf` takes a scale, like a standard deviation.", variant=VARIANCE_FOR_STD
    ),
    catalogue.RATE_INVERTED.here(
        hint="b is the rate of the gamma distribution of 1 / s^2, so it is the scale of s^2 itself.",
        variant=SCALE_FOR_RATE,
    ),
    catalogue.PULL_OF_THE_PRIOR_FORGOTTEN.here(
        hint="Which term of b_n knows where the base expected the data?", variant=PULL_FORGOTTEN
    ),
    KnownMistake(
        name="not_normalised",
        says="The values are not divided by their sum.",
        hint="They are probabilities: they sum to 1.",
        variant=reassigned(finish=jnp.exp),
    ),
    KnownMistake(
        name="logarithms_returned",
        says="These are logarithms.",
        hint="Return probabilities: `jax.nn.softmax` makes them from logarithms.",
        variant=reassigned(finish=lambda logs: logs),
        forms=(reassigned(finish=lambda logs: jnp.log(_exponentiated_first(logs))),),
    ),
)
