"""The prior of partitions: cases, tests, points and hints of the restaurant, the stick and the program."""

from typing import Any

import numpy as np

from autograder.exercises import Aspect, Case, Exercise, f32, i32
from autograder.exercises.datasets import keyed
from autograder.exercises.dpmm import distributions, restaurant_mistakes, restaurant_right
from autograder.exercises.keys import key_aspect
from autograder.student.selfcheck.probes import Assess, Draws, Simulate
from autograder.student.selfcheck.rules.arrays import STEP, Arrays, Part
from autograder.student.selfcheck.rules.partitions import Partitions, Sticks
from reference import dpmm as reference

CRP_PROBABILITIES = Exercise(
    name="crp_probabilities",
    truth=reference.crp_probabilities,
    rule=Arrays((Part("probabilities", "(T + 1,)", STEP),)),
    aspects=(
        Aspect(
            name="seats",
            points=2,
            hint="An occupied table has as many shares as customers, a new one has alpha, and it stands last. All "
            "shares together are n + alpha.",
            cases=(
                Case(name="two tables", args=(i32(3, 1), 1.75), visible=True),
                Case(name="three tables", args=(i32(2, 5, 1), 0.5), visible=True),
                Case(name="two other tables", args=(i32(2, 7), 0.25)),
                Case(name="four tables", args=(i32(1, 1, 4, 2), 3.5)),
                Case(name="nobody has come yet", args=(i32(), 0.75)),
            ),
        ),
    ),
    misconceptions=restaurant_mistakes.CRP_PROBABILITIES,
)

SIMULATE_CRP = Exercise(
    name="simulate_crp",
    truth=distributions.prior,
    rule=Partitions("tables"),
    aspects=(
        Aspect(
            name="seatings",
            points=2,
            hint="One customer after the other, each by `crp_probabilities` of the tables so far. The first one always "
            "opens a table.",
            probe=Draws(),
            cases=(
                Case(name="four customers", seeded=keyed(70, 4, 1.75), visible=True),
                Case(name="four customers, a small alpha", seeded=keyed(71, 4, 0.5)),
                Case(name="twenty customers", seeded=keyed(72, 20, 2.5)),
            ),
        ),
        key_aspect(1, 73, 8, 2.0, hidden=(6, 3.0)),
    ),
    misconceptions=restaurant_mistakes.SIMULATE_CRP,
    right=restaurant_right.SIMULATE_CRP,
    seconds=120,
)

NUM_CLUSTERS_PRIOR = Exercise(
    name="num_clusters_prior",
    truth=reference.num_clusters_prior,
    rule=Arrays((Part("probabilities", "(n,)", STEP),)),
    aspects=(
        Aspect(
            name="probabilities",
            points=3,
            hint="A customer who comes when m are seated opens a table with probability alpha / (m + alpha). Begin "
            "with no customer, where K is 0 for certain, and leave K = 0 out at the end.",
            cases=(
                Case(name="four customers", args=(1.75, 4), visible=True),
                Case(name="six customers", args=(0.5, 6), visible=True),
                Case(name="four customers, a large alpha", args=(6.5, 4)),
                Case(name="nine customers", args=(2.25, 9)),
                Case(name="twenty customers", args=(0.75, 20)),
            ),
        ),
    ),
    misconceptions=restaurant_mistakes.NUM_CLUSTERS_PRIOR,
)

STICK_BREAKING = Exercise(
    name="stick_breaking",
    truth=reference.stick_breaking,
    rule=Arrays((Part("weights", "(T,)", STEP),)),
    aspects=(
        Aspect(
            name="pieces",
            points=2,
            hint="Before cut k the stick is as long as the product of the 1 - f_j of the earlier cuts. The last piece "
            "is all of what is left.",
            cases=(
                Case(name="three cuts", args=(f32(0.25, 0.5, 0.375),), visible=True),
                Case(name="four cuts", args=(f32(0.4, 0.7, 0.2, 0.65),), visible=True),
                Case(name="three other cuts", args=(f32(0.1, 0.85, 0.3),)),
                Case(name="five cuts, one takes nothing", args=(f32(0.3, 0, 0.55, 0.2, 0.45),)),
                Case(name="the second cut takes all", args=(f32(0.35, 1, 0.6),)),
            ),
        ),
    ),
    misconceptions=restaurant_mistakes.STICK_BREAKING,
)


def choices(fractions: Any, mu: Any, sigma: Any, z: Any, x: Any) -> dict[str, np.ndarray]:
    """A choice map, float32 and int32."""
    return {"fractions": f32(*fractions), "mu": f32(*mu), "sigma": f32(*sigma), "z": i32(*z), "x": f32(*x)}


CUTS = (0.3, 0.45, 0.1, 0.6, 0.25, 0.35, 0.15, 0.5, 0.2)
MEANS = (352, 499, 425, 371, 460, 398, 330, 512, 441, 405)
STDS = (2.5, 1.5, 3, 0.75, 2, 4.5, 1.25, 3.5, 2.25, 5)

TRUNCATED_DPMM = Exercise(
    name="truncated_dpmm",
    truth=lambda choices, n: reference.truncated_dpmm.assess(choices, n)[0],
    rule=Arrays((Part("log density", "()", STEP),)),
    aspects=(
        Aspect(
            name="log density",
            points=3,
            hint="The log density is a single number: that of 9 fractions, of 10 means and 10 standard deviations, and "
            "of z and x for every observation. z_i has the pieces of the stick as its probabilities.",
            probe=Assess(),
            cases=(
                Case(
                    name="five bentos",
                    args=(choices(CUTS, MEANS, STDS, (1, 0, 3, 9, 1), (498, 350, 370.5, 411, 501)), 5),
                    visible=True,
                ),
                Case(
                    name="five other bentos",
                    args=(choices(CUTS[::-1], MEANS[::-1], STDS, (2, 2, 8, 0, 5), (513, 509, 500, 403, 462)), 5),
                    visible=True,
                ),
                Case(
                    name="five bentos, other parameters",
                    args=(choices(CUTS[::-1], MEANS, STDS[::-1], (0, 4, 2, 2, 7), (349, 461, 427, 422, 510)), 5),
                ),
                Case(name="one bento", args=(choices(CUTS, MEANS[::-1], STDS, (6,), (372,)), 1)),
                Case(
                    name="eight bentos",
                    args=(
                        choices(
                            CUTS,
                            MEANS,
                            STDS[::-1],
                            (9, 8, 8, 0, 1, 9, 2, 5),
                            (405, 440, 443, 347, 500, 408, 429, 396),
                        ),
                        8,
                    ),
                ),
            ),
        ),
        Aspect(
            name="draws",
            points=1,
            hint="Fractions ~ Beta(1, 2), each on its own. `categorical` takes the logarithms of the pieces.",
            probe=Simulate(2000),
            truth=lambda key, n: distributions.worlds(n),
            rule=Sticks(),
            cases=(
                Case(name="2000 worlds with five bentos", seeded=keyed(75, 5), visible=True),
                Case(name="2000 other worlds", seeded=keyed(76, 5)),
            ),
        ),
    ),
    misconceptions=restaurant_mistakes.TRUNCATED_DPMM,
    right=restaurant_right.TRUNCATED_DPMM,
)
