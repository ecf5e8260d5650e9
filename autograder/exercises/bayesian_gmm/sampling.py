"""Sampling the posterior: cases, tests, points and hints of the conditionals and of the sampler made of them."""

import numpy as np

from autograder.exercises import Aspect, Case, Exercise, datasets, distributions, f32, i32
from autograder.exercises.bayesian_gmm import (
    conditional_mistakes,
    conditional_right,
    gibbs_mistakes,
    gibbs_right,
    stds_mistakes,
)
from autograder.exercises.datasets import GRAMS, OVERLAP, THREE, TURNED, keyed
from autograder.exercises.keys import key_aspect
from autograder.student.selfcheck.probes import Chains, Draws, Steps
from autograder.student.selfcheck.rules.draws import Conditional, Moves
from autograder.student.selfcheck.rules.posterior import Posterior
from reference.data import BENTOS

THREE_LABELS = i32(0, 2, 1, 1, 2, 0)

SAMPLE_ASSIGNMENTS = Exercise(
    name="sample_assignments",
    truth=distributions.assignments,
    rule=Conditional("categorical", "z"),
    aspects=(
        Aspect(
            name="two components",
            points=1,
            hint="P(z_i = k) is proportional to pi_k N(x_i; mu_k, sigma_k): Bayes' rule, for each observation on its "
            "own. `jax.random.categorical` takes the logarithms.",
            probe=Draws(),
            cases=(
                Case(
                    name="eight points",
                    seeded=keyed(20, OVERLAP.x, f32(0.35, 0.65), f32(-1, 2), f32(1.5, 2)),
                    visible=True,
                ),
                Case(
                    name="eight points, other parameters",
                    seeded=keyed(21, OVERLAP.x, f32(0.8, 0.2), f32(1, 0.5), f32(0.75, 3)),
                ),
            ),
        ),
        Aspect(
            name="three components",
            points=1,
            hint="K is the length of pi: nothing in the code should know that it is 2.",
            probe=Draws(),
            cases=(
                Case(
                    name="six points",
                    seeded=keyed(23, THREE.x, f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1.5, 2, 1.25)),
                    visible=True,
                ),
                Case(
                    name="six points, other parameters",
                    seeded=keyed(24, THREE.x, f32(0.6, 0.1, 0.3), f32(2, -1, 0.5), f32(3, 0.8, 1.75)),
                ),
            ),
        ),
        Aspect(
            name="within a sweep",
            points=1,
            hint="In a sweep the parameters are different every time: the draw must follow them.",
            probe=Draws(mapped=(2, 3, 4)),
            cases=(Case(name="a sweep with three components", seeded=datasets.in_sweep_assignments(26, THREE)),),
        ),
        key_aspect(
            1,
            27,
            OVERLAP.x,
            f32(0.35, 0.65),
            f32(-1, 2),
            f32(1.5, 2),
            hidden=(THREE.x, f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1.5, 2, 1.25)),
        ),
    ),
    misconceptions=conditional_mistakes.SAMPLE_ASSIGNMENTS,
    right=conditional_right.SAMPLE_ASSIGNMENTS,
    seconds=60,
)

SAMPLE_WEIGHTS = Exercise(
    name="sample_weights",
    truth=distributions.weights,
    rule=Conditional("dirichlet", "pi"),
    aspects=(
        Aspect(
            name="any number of components",
            points=1,
            hint="Given z, pi is again Dirichlet: its concentration is alpha plus how many observations each component "
            "has. A component may have none.",
            probe=Draws(),
            cases=(
                Case(
                    name="two components",
                    seeded=keyed(30, i32(0, 1, 1, 0, 1, 1, 1, 1), f32(2, 0.5)),
                    visible=True,
                ),
                Case(name="one of two is empty", seeded=keyed(31, i32(1, 1, 1, 1, 1, 1, 1, 1), f32(1.5, 3))),
                Case(name="three components", seeded=keyed(32, i32(0, 0, 2, 0, 0, 2), f32(2, 0.75, 4))),
            ),
        ),
        Aspect(
            name="within a sweep",
            points=1,
            hint="In a sweep the assignments are different every time: count them anew.",
            probe=Draws(mapped=(1,)),
            cases=(Case(name="a sweep with three components", seeded=datasets.in_sweep_weights(34, THREE)),),
        ),
        key_aspect(1, 35, i32(0, 1, 1, 0), f32(2, 1.5), hidden=(i32(1, 1, 0, 1), f32(0.5, 3))),
    ),
    misconceptions=conditional_mistakes.SAMPLE_WEIGHTS,
    right=conditional_right.SAMPLE_WEIGHTS,
    seconds=60,
)

SAMPLE_MEANS = Exercise(
    name="sample_means",
    truth=distributions.means,
    rule=Conditional("normal", "mu"),
    aspects=(
        Aspect(
            name="any number of components",
            points=2,
            hint="Precisions add: 1/scale^2 of the prior, and 1/sigma^2 for every observation of the component. The "
            "mean is the average of loc and of these observations, weighted by precision. With no observation, "
            "the prior is left.",
            probe=Draws(),
            cases=(
                Case(
                    name="two components",
                    seeded=keyed(40, OVERLAP.x, i32(0, 0, 1, 0, 1, 1, 1, 1), f32(1.5, 2.5), f32(-1, 2), f32(1.25, 0.8)),
                    visible=True,
                ),
                Case(
                    name="bentos, one component empty",
                    seeded=keyed(41, GRAMS.x, np.zeros(8, np.int32), f32(9, 4), f32(400, 430), f32(6, 12)),
                ),
                Case(
                    name="three components, one with a single point",
                    seeded=keyed(42, THREE.x, i32(0, 2, 2, 1, 2, 0), f32(1.5, 0.7, 2), f32(-2, 0.5, 3), f32(2, 1.5, 3)),
                ),
            ),
        ),
        Aspect(
            name="within a sweep",
            points=1,
            hint="In a sweep the assignments and standard deviations change every time: the draw must follow them.",
            probe=Draws(mapped=(2, 3)),
            cases=(Case(name="a sweep with three components", seeded=datasets.in_sweep_means(44, THREE)),),
        ),
        key_aspect(
            1,
            45,
            OVERLAP.x,
            i32(0, 0, 1, 0, 1, 1, 1, 1),
            f32(1.5, 2.5),
            f32(-1, 2),
            f32(1.25, 0.8),
            hidden=(THREE.x, THREE_LABELS, f32(1, 2, 3), f32(-2, 0, 3), f32(2, 1.5, 3)),
        ),
    ),
    misconceptions=conditional_mistakes.SAMPLE_MEANS,
    right=conditional_right.SAMPLE_MEANS,
    seconds=60,
)

SAMPLE_STDS = Exercise(
    name="sample_stds",
    truth=distributions.stds,
    rule=Conditional("tabulated", "sigma"),
    aspects=(
        Aspect(
            name="any number of components",
            points=2,
            hint="Started from exact draws, the step must give exact draws. The log target of sigma_k is "
            "(shape_k - 1) log sigma_k - rate_k sigma_k, minus n_k log sigma_k and the squares over 2 sigma_k^2; in "
            "log sigma there is one more log sigma_k, the Jacobian. Accept or refuse each component on its own.",
            probe=Draws(mapped=(4,)),
            cases=(
                Case(
                    name="two components",
                    seeded=datasets.from_exact_stds(
                        50, OVERLAP.x, i32(0, 0, 1, 0, 1, 1, 1, 1), f32(-1, 2), f32(3, 2), f32(2, 0.8), count=2000
                    ),
                    visible=True,
                ),
                Case(
                    name="bentos, one component empty",
                    seeded=datasets.from_exact_stds(
                        51, GRAMS.x, np.ones(8, np.int32), f32(409, 419), f32(2.5, 4), f32(1.5, 0.6)
                    ),
                ),
                Case(
                    name="three components, one with a single point",
                    seeded=datasets.from_exact_stds(
                        52, THREE.x, i32(0, 2, 2, 1, 2, 0), f32(-1, 0.5, 2), f32(2, 3, 4), f32(1.5, 3, 2.5)
                    ),
                ),
            ),
        ),
        Aspect(
            name="within a sweep",
            points=1,
            hint="In a sweep the assignments and means are different every time: the step must follow them.",
            probe=Draws(mapped=(2, 3, 4)),
            cases=(Case(name="a sweep with three components", seeded=datasets.in_sweep_stds(54, THREE)),),
        ),
        Aspect(
            name="moves",
            points=1,
            hint="A step that stays where it is leaves every distribution unchanged, and is of no use. Steps of "
            "about the width of the distribution go far and are accepted often enough.",
            probe=Steps(state=4),
            truth=distributions.moved_stds,
            rule=Moves("sigma"),
            cases=(
                Case(
                    name="fifty steps",
                    seeded=keyed(
                        55,
                        OVERLAP.x,
                        i32(0, 0, 1, 0, 1, 1, 1, 1),
                        f32(-1, 2),
                        f32(1, 1.5),
                        f32(3, 2),
                        f32(2, 0.8),
                    ),
                    visible=True,
                ),
                Case(
                    name="fifty steps of bentos",
                    seeded=keyed(
                        56, GRAMS.x, i32(0, 0, 0, 1, 1, 1, 1, 0), f32(409, 421), f32(5, 5), f32(2.5, 4), f32(0.8, 0.6)
                    ),
                ),
            ),
        ),
        key_aspect(
            1,
            57,
            OVERLAP.x,
            i32(0, 0, 1, 0, 1, 1, 1, 1),
            f32(-1, 2),
            f32(1.5, 2.5),
            f32(3, 2),
            f32(2, 0.8),
            hidden=(THREE.x, THREE_LABELS, f32(-2, 0, 3), f32(1, 2, 3), f32(2, 3, 4), f32(1.5, 3, 2)),
        ),
    ),
    misconceptions=stds_mistakes.SAMPLE_STDS,
    right=conditional_right.SAMPLE_STDS,
    seconds=300,
)

GIBBS = Exercise(
    name="gibbs",
    truth=distributions.posterior,
    rule=Posterior(),
    aspects=(
        Aspect(
            name="two components",
            points=3,
            hint="One sweep: z given the rest, pi given z, mu given z and sigma, sigma given z and mu, each with a key "
            "of its own and each seeing what was drawn just before. Start near the data, throw the first sweeps away.",
            probe=Chains(),
            cases=(
                Case(name="the bentos", seeded=keyed(60, BENTOS, distributions.BENTO_PRIOR, 500), visible=True),
                Case(name="two groups that overlap", seeded=keyed(61, OVERLAP.x, OVERLAP.prior, 500), visible=True),
                Case(name="a tiny data set", seeded=keyed(63, TURNED.x, TURNED.prior, 1000)),
            ),
        ),
        Aspect(
            name="three components",
            points=2,
            hint="K is the length of the prior's arrays, and every component has priors of its own.",
            probe=Chains(),
            cases=(Case(name="three groups that overlap", seeded=keyed(64, THREE.x, THREE.prior, 500)),),
        ),
        key_aspect(1, 66, OVERLAP.x, OVERLAP.prior, 3, hidden=(GRAMS.x, GRAMS.prior, 3), compiled=False),
    ),
    misconceptions=gibbs_mistakes.GIBBS,
    right=gibbs_right.GIBBS,
    seconds=300,
)
