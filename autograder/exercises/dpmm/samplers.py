"""Draws from the posterior and what they say: cases, tests, points and hints."""

import numpy as np

from autograder.exercises import Aspect, Case, Exercise, f32, i32
from autograder.exercises.datasets import keyed
from autograder.exercises.dpmm import distributions, draws_mistakes, sampler_mistakes, sampler_right
from autograder.exercises.dpmm.datasets import EIGHT, FIVE, FOUR, SIX, TEN, from_exact
from autograder.exercises.keys import key_aspect
from autograder.student.selfcheck.probes import Chains, Draws, Steps
from autograder.student.selfcheck.rules.arrays import STEP, Arrays, Part
from autograder.student.selfcheck.rules.partitions import PartitionChains, PartitionMoves, Partitions
from reference import dpmm as reference

SWEEP = Exercise(
    name="sweep",
    truth=distributions.swept,
    rule=Partitions("z"),
    aspects=(
        Aspect(
            name="from exact draws",
            points=2,
            hint="Started from exact draws, a sweep must give exact draws. For each observation in turn: its "
            "reassignment probabilities given the labels as they are then, one draw from them, and the new label in "
            "its place.",
            probe=Draws(mapped=(2,)),
            cases=(
                Case(name="eight observations", seeded=from_exact(80, EIGHT, count=2000), visible=True),
                Case(name="six observations", seeded=from_exact(81, SIX)),
                Case(name="five observations", seeded=from_exact(82, FIVE)),
                Case(name="four observations", seeded=from_exact(83, FOUR)),
            ),
        ),
        Aspect(
            name="moves",
            points=1,
            hint="From one cluster for all, fifty sweeps must lead to other partitions. A new cluster must be possible "
            "in every reassignment, and what was drawn must be returned.",
            probe=Steps(state=2),
            truth=distributions.moved,
            rule=PartitionMoves("z"),
            cases=(
                Case(
                    name="fifty sweeps",
                    seeded=keyed(84, EIGHT.x, np.zeros(8, np.int32), EIGHT.alpha, EIGHT.base),
                    visible=True,
                ),
                Case(
                    name="fifty sweeps of six observations",
                    seeded=keyed(85, SIX.x, np.full(6, 3, np.int32), SIX.alpha, SIX.base),
                ),
            ),
        ),
        key_aspect(
            1,
            86,
            EIGHT.x,
            i32(0, 0, 1, 1, 1, 3, 3, 3),
            EIGHT.alpha,
            EIGHT.base,
            hidden=(SIX.x, i32(2, 2, 0, 0, 5, 5), SIX.alpha, SIX.base),
        ),
    ),
    misconceptions=sampler_mistakes.SWEEP,
    right=sampler_right.SWEEP,
    seconds=300,
)

DPMM = Exercise(
    name="dpmm",
    truth=distributions.chained,
    rule=PartitionChains("z"),
    aspects=(
        Aspect(
            name="chains",
            points=3,
            hint="Sweep after sweep, each with a key of its own, each from where the last one ended. Throw the first "
            "ones away, return the rest.",
            probe=Chains(),
            cases=(
                Case(name="eight observations", seeded=keyed(90, EIGHT.x, EIGHT.alpha, EIGHT.base, 500), visible=True),
                Case(name="six observations", seeded=keyed(91, SIX.x, SIX.alpha, SIX.base, 500)),
                Case(name="ten bentos", seeded=keyed(92, TEN.x, TEN.alpha, TEN.base, 500)),
            ),
        ),
        key_aspect(1, 93, EIGHT.x, EIGHT.alpha, EIGHT.base, 3, hidden=(SIX.x, SIX.alpha, SIX.base, 3), compiled=False),
    ),
    misconceptions=sampler_mistakes.DPMM,
    right=sampler_right.DPMM,
    seconds=300,
)

NUM_CLUSTERS_POSTERIOR = Exercise(
    name="num_clusters_posterior",
    truth=reference.num_clusters_posterior,
    rule=Arrays((Part("shares", "(N,)", STEP),)),
    aspects=(
        Aspect(
            name="shares",
            points=2,
            hint="Count the different labels of each draw, not the largest one: labels may have gaps. Then count the "
            "draws with 1, 2, ..., N clusters.",
            cases=(
                Case(
                    name="four draws",
                    args=(i32([0, 0, 1, 1], [3, 3, 0, 3], [2, 2, 2, 2], [1, 0, 3, 1]),),
                    visible=True,
                ),
                Case(
                    name="five draws of six",
                    args=(
                        i32(
                            [5, 5, 4, 4, 5, 5],
                            [0, 1, 2, 3, 4, 5],
                            [2, 2, 2, 0, 0, 0],
                            [1, 1, 3, 5, 5, 5],
                            [4, 4, 4, 4, 4, 4],
                        ),
                    ),
                    visible=True,
                ),
                Case(name="four other draws", args=(i32([2, 2, 2, 2], [3, 1, 1, 1], [0, 3, 0, 0], [2, 0, 2, 0]),)),
                Case(name="three draws of six", args=(SIX.draws(1, 3),)),
                Case(name="twelve draws of eight", args=(EIGHT.draws(2, 12),)),
            ),
        ),
    ),
    misconceptions=draws_mistakes.NUM_CLUSTERS_POSTERIOR,
)

PREDICTIVE_DENSITY = Exercise(
    name="predictive_density",
    truth=reference.predictive_density,
    rule=Arrays((Part("densities", "(M,)", STEP),)),
    aspects=(
        Aspect(
            name="densities",
            points=2,
            hint="In each draw every cluster has its size and a new one has alpha, out of N + alpha; each counts with "
            "its predictive density. Then average over the draws.",
            cases=(
                Case(
                    name="two draws",
                    args=(
                        f32(-2, 0.5, 4),
                        SIX.x,
                        i32([0, 0, 1, 1, 2, 2], [4, 4, 4, 4, 0, 0]),
                        SIX.alpha,
                        SIX.base,
                    ),
                    visible=True,
                ),
                Case(
                    name="five draws",
                    args=(f32(-1, 2.25, 3), SIX.x, SIX.draws(3, 5), SIX.alpha, SIX.base),
                    visible=True,
                ),
                Case(
                    name="two other draws",
                    args=(
                        f32(-3, 1, 2.5),
                        SIX.x,
                        i32([1, 1, 1, 3, 3, 3], [5, 0, 0, 0, 0, 2]),
                        0.5,
                        SIX.base,
                    ),
                ),
                Case(
                    name="bentos",
                    args=(f32(350, 425, 499.5), TEN.x, TEN.draws(4, 4), TEN.alpha, TEN.base),
                ),
                Case(name="six draws of five", args=(f32(-4, 0.25), FIVE.x, FIVE.draws(5, 6), FIVE.alpha, FIVE.base)),
            ),
        ),
    ),
    misconceptions=draws_mistakes.PREDICTIVE_DENSITY,
)
