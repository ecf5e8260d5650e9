"""A sweep: every observation moves once."""

import jax
import jax.numpy as jnp
import numpy as np

from autograder.exercises import (
    Aspect,
    Draws,
    Exercise,
    KnownMistake,
    PartitionMoves,
    Partitions,
    Steps,
    catalogue,
    i32,
    key_aspect,
    keyed,
)
from autograder.exercises.dpmm import distributions
from autograder.exercises.dpmm.data import EIGHT, FIVE, FOUR, SIX, from_exact
from autograder.exercises.dpmm.sweep_parts import (
    ALPHA_FORGOTTEN,
    ITSELF_COUNTED,
    LIKELIHOOD_IGNORED,
    MEAN_TAKEN_FOR_KNOWN,
    NEVER_NEW,
    NEW_WITHOUT_DENSITY,
    PLUGGED_IN,
    SIZES_IGNORED,
    all_at_once,
    same_keys,
    swept,
    unchanged,
)

SWEEP = Exercise(
    "sweep",
    truth=distributions.swept,
    rule=Partitions("z"),
    aspects=(
        Aspect(
            "from exact draws",
            points=2,
            hint="Started from exact draws, a sweep must give exact draws. For each observation in turn: its "
            "reassignment probabilities given the labels as they are then, one draw from them, and the new label in "
            "its place.",
            closer="Print z after each move: only entry i may have changed. And which labels go into the "
            "probabilities of observation i: those of the moves before, or those from the start of the sweep?",
            probe=Draws(mapped=(2,)),
            visible={"eight observations": from_exact(EIGHT, count=2000)},
            hidden={
                "six observations": from_exact(SIX),
                "five observations": from_exact(FIVE),
                "four observations": from_exact(FOUR),
            },
        ),
        Aspect(
            "moves",
            points=1,
            hint="From one cluster for all, fifty sweeps must lead to other partitions. A new cluster must be possible "
            "in every reassignment, and what was drawn must be returned.",
            closer="Start with z = 0 for all and do one sweep by hand. If no new label ever appears, is there room "
            "for it in what you draw from? If one appears and is gone, is it returned?",
            probe=Steps(state=2),
            truth=distributions.moved,
            rule=PartitionMoves("z"),
            visible={"fifty sweeps": keyed(EIGHT.x, np.zeros(8, np.int32), EIGHT.alpha, EIGHT.base)},
            hidden={"fifty sweeps of six observations": keyed(SIX.x, np.full(6, 3, np.int32), SIX.alpha, SIX.base)},
        ),
        key_aspect(
            1,
            EIGHT.x,
            i32(0, 0, 1, 1, 1, 3, 3, 3),
            EIGHT.alpha,
            EIGHT.base,
            hidden=(SIX.x, i32(2, 2, 0, 0, 5, 5), SIX.alpha, SIX.base),
        ),
    ),
    seconds=300,
)


SWEEP.add(
    catalogue.NOTHING_MOVES.here(
        hint="Put the new label in its place, and return what has changed. A JAX array is not changed in place.",
        variant=unchanged,
    ),
    catalogue.MOST_PROBABLE_LABEL.here(
        hint="Draw from the probabilities: `argmax` hides the uncertainty that the sampler is there for.",
        variant=swept(draw=lambda key, p: jnp.argmax(p)),
    ),
    catalogue.ALL_AT_ONCE.here(
        hint="One after the other: the second one must see where the first one is now.", variant=all_at_once
    ),
    catalogue.ONE_KEY_FOR_ALL.here(
        hint="A key is good for one draw. Split it into one for each observation.", variant=swept(keys=same_keys)
    ),
    KnownMistake(
        name="probabilities_for_logits",
        says="`jax.random.categorical` was given probabilities.",
        hint="It takes their logarithms.",
        variant=swept(draw=jax.random.categorical),
    ),
    catalogue.NEVER_A_NEW_CLUSTER.here(
        hint="In every reassignment a new cluster must be possible.", variant=swept(NEVER_NEW)
    ),
    catalogue.ALPHA_FORGOTTEN.here(hint="The weight of a new cluster is alpha.", variant=swept(ALPHA_FORGOTTEN)),
    catalogue.SIZES_IGNORED.here(hint="A cluster attracts in proportion to its members.", variant=swept(SIZES_IGNORED)),
    catalogue.LIKELIHOOD_IGNORED.here(
        hint="Each seat is weighted by how well its cluster predicts x_i.", variant=swept(LIKELIHOOD_IGNORED)
    ),
    catalogue.DENSITY_OF_THE_NEW_CLUSTER_FORGOTTEN.here(
        hint="It predicts x_i too: by the base alone.", variant=swept(NEW_WITHOUT_DENSITY)
    ),
    catalogue.ITSELF_NOT_REMOVED.here(hint="It leaves first.", variant=swept(ITSELF_COUNTED)),
    catalogue.NORMAL_AT_ESTIMATES.here(
        hint="`predictive_log_density` is a Student t, and wider.", variant=swept(PLUGGED_IN)
    ),
    catalogue.MEAN_TAKEN_FOR_KNOWN.here(
        hint="A new observation varies around a mean that is itself uncertain.", variant=swept(MEAN_TAKEN_FOR_KNOWN)
    ),
)
