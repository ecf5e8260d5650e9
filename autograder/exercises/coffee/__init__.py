"""Three coffee blends: cases, tests, points and hints."""

import numpy as np

from autograder.exercises import Aspect, Assignment, Case, Exercise, Written, distributions, f32
from autograder.exercises.bayesian_gmm import choices
from autograder.exercises.coffee import draws_mistakes, figure, mistakes, pictures, right
from autograder.exercises.datasets import keyed
from autograder.exercises.keys import key_aspect
from autograder.student.selfcheck.probes import Assess, Chains, Draws, Simulate
from autograder.student.selfcheck.rules.arrays import STEP, Arrays, Part
from autograder.student.selfcheck.rules.drawings import Points
from autograder.student.selfcheck.rules.draws import Marginal, Mixture, PlausiblePriors
from autograder.student.selfcheck.rules.posterior import Posterior
from reference import coffee as reference
from reference.data import COFFEES

BETWEEN = f32(96, 99, 103, 106, 118, 121, 150)  # cups that could be of more than one blend
UNBALANCED = f32(77, 121, 80, 119, 158, 122, 81, 118, 83, 120, 117)  # one cup of the third blend
DENSE = f32(90, 94, 97, 101, 106, 110, 113, 150)

COFFEE_GMM = Exercise(
    name="coffee_gmm",
    truth=lambda choices, n: reference.coffee_gmm.assess(choices, n)[0],
    rule=Arrays((Part("log density", "()", STEP),)),
    aspects=(
        Aspect(
            name="log density",
            points=3,
            hint="As in the model of the bentos, with three components whose prior means differ: low, medium, high.",
            probe=Assess(),
            cases=(
                Case(
                    name="five cups",
                    args=(
                        choices(
                            (0.3, 0.5, 0.2), (82, 118, 155), (2.5, 1.5, 3), (1, 0, 0, 2, 1), (117, 80, 84, 158, 119)
                        ),
                        5,
                    ),
                    visible=True,
                ),
                Case(
                    name="five cups, other parameters",
                    args=(
                        choices(
                            (0.1, 0.2, 0.7), (121, 85, 140), (4, 7, 0.75), (2, 2, 0, 1, 2), (141, 139, 126, 93, 140)
                        ),
                        5,
                    ),
                ),
                Case(name="one cup", args=(choices((0.6, 0.3, 0.1), (70, 150, 155), (2, 3.25, 5), (2,), (148,)), 1)),
                Case(
                    name="eight cups",
                    args=(
                        choices(
                            (0.25, 0.5, 0.25),
                            (100, 105, 170),
                            (6, 3, 2),
                            (1, 1, 0, 0, 1, 2, 1, 2),
                            (101, 106, 96, 110, 104, 171, 108, 168),
                        ),
                        8,
                    ),
                ),
            ),
        ),
        Aspect(
            name="draws",
            points=2,
            hint="Components are drawn independently of each other, cups too. Log probabilities for `categorical`, "
            "shape and rate for `gamma`.",
            probe=Simulate(2000),
            truth=lambda key, n: distributions.simulated(distributions.COFFEE_PRIOR, n),
            rule=Mixture(),
            cases=(
                Case(name="2000 worlds with five cups", seeded=keyed(100, 5), visible=True),
                Case(name="2000 other worlds", seeded=keyed(101, 5)),
            ),
        ),
    ),
    misconceptions=mistakes.COFFEE_GMM,
    right=right.COFFEE_GMM,
)

CHOOSE_MEAN_PRIOR = Exercise(
    name="choose_mean_prior",
    truth=lambda: {"shape": np.array([3])},
    rule=PlausiblePriors(50, 200),
    aspects=(
        Aspect(
            name="the choice",
            points=2,
            hint="Centre the priors within the range, and make the scales so wide that nothing in the range is far "
            "from all of them, and not much wider.",
            cases=(Case(name="between 50 and 200 mg", visible=True),),
        ),
    ),
    misconceptions=mistakes.CHOOSE_MEAN_PRIOR,
    right=right.CHOOSE_MEAN_PRIOR,
)

PRIOR_PREDICTIVE = Exercise(
    name="prior_predictive",
    truth=distributions.predictive,
    rule=Marginal("levels"),
    aspects=(
        Aspect(
            name="draws",
            points=3,
            hint="For each draw, go through the whole story once: pi, mu, sigma, z, a level. One key for each.",
            probe=Draws(count=2000, looped=300),
            cases=(
                Case(
                    name="the priors of coffee_gmm",
                    seeded=keyed(102, f32(80, 120, 160), f32(20, 20, 20), 6),
                    visible=True,
                ),
                Case(name="narrow priors", seeded=keyed(104, f32(150, 70, 100), f32(2, 4, 3), 6)),
            ),
        ),
        key_aspect(1, 105, f32(80, 120, 160), f32(20, 20, 20), 10, hidden=(f32(90, 100, 150), f32(30, 20, 10), 10)),
    ),
    misconceptions=mistakes.PRIOR_PREDICTIVE,
    right=right.PRIOR_PREDICTIVE,
    seconds=60,
)

FIT_COFFEE = Exercise(
    name="fit_coffee",
    truth=distributions.coffee_posterior,
    rule=Posterior(),
    aspects=(
        Aspect(
            name="three clear blends",
            points=3,
            hint="The draws have to explain the cups, and vary as much as the posterior does. Start near the data, "
            "throw the first draws away, and look at the effective sample size.",
            probe=Chains(),
            cases=(
                Case(name="the thirty cups", seeded=keyed(107, COFFEES, 500), visible=True),
                Case(name="eleven cups, the blends unbalanced", seeded=keyed(108, UNBALANCED, 500)),
            ),
        ),
        Aspect(
            name="cups in between",
            points=3,
            hint="Where cups could be of two blends, the chain must go back and forth: assignments are drawn, not "
            "decided, and pi, mu and sigma follow them.",
            probe=Chains(),
            cases=(
                Case(name="seven cups in between", seeded=keyed(109, BETWEEN, 500), visible=True),
                Case(name="eight cups in between", seeded=keyed(110, DENSE, 1000)),
            ),
        ),
        key_aspect(1, 111, BETWEEN, 3, hidden=(DENSE[1:], 3), compiled=False),
    ),
    misconceptions=mistakes.FIT_COFFEE,
    right=right.FIT_COFFEE,
    seconds=300,
)


def samples(seed: int, num_draws: int, num_cups: int) -> dict[str, np.ndarray]:
    """Draws whose labels change from one to the next, of cups that belong together more or less."""
    rng = np.random.default_rng(seed)
    mu = np.array([rng.permutation(row) for row in rng.normal([80, 118, 157], 8, (num_draws, 3))])
    blend = rng.integers(0, 3, num_cups)
    drawn = np.where(rng.uniform(size=(num_draws, num_cups)) < 0.7, blend, rng.integers(0, 3, (num_draws, num_cups)))
    order = np.argsort(mu, axis=1)
    return {
        "pi": rng.dirichlet(np.ones(3), num_draws).astype(np.float32),
        "mu": mu.astype(np.float32),
        "sigma": rng.gamma(2, 1, (num_draws, 3)).astype(np.float32),
        "z": np.take_along_axis(order, drawn, axis=1).astype(np.int32),
    }


def weighted(seed: int, draws: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    log_weights = np.random.default_rng(seed).normal(-110, 1.5, len(draws["mu"]))
    return {**draws, "log_weights": log_weights.astype(np.float32)}


ASSIGNMENT_POSTERIOR = Exercise(
    name="assignment_posterior",
    truth=reference.assignment_posterior,
    rule=Arrays((Part("probabilities", "(N, 3)", STEP),)),
    aspects=(
        Aspect(
            name="draws",
            points=2,
            hint="In each draw, the component with the lowest mu is the low blend, whatever its label: rename z first.",
            cases=(
                Case(name="eight draws, five cups", args=(samples(1, 8, 5),), visible=True),
                Case(name="ten draws, five cups", args=(samples(2, 10, 5),)),
                Case(name="twelve draws, nine cups", args=(samples(3, 12, 9),)),
            ),
        ),
        Aspect(
            name="weighted draws",
            points=1,
            hint="With log_weights, a draw counts by its weight, normalised in log space.",
            cases=(
                Case(name="weighted draws", args=(weighted(4, samples(4, 8, 5)),), visible=True),
                Case(name="other weighted draws", args=(weighted(5, samples(5, 8, 5)),)),
                Case(name="weighted draws of nine cups", args=(weighted(6, samples(6, 12, 9)),)),
            ),
        ),
    ),
    misconceptions=draws_mistakes.ASSIGNMENT_POSTERIOR,
)

COASSIGNMENT = Exercise(
    name="coassignment",
    truth=reference.coassignment,
    rule=Arrays((Part("probabilities", "(N, N)", STEP),)),
    aspects=(
        Aspect(
            name="pairs of cups",
            points=3,
            hint="In each draw, two cups have the same label or not. The answer is how often they have.",
            cases=(
                Case(name="eight draws, five cups", args=(samples(7, 8, 5)["z"],), visible=True),
                Case(name="eight other draws", args=(samples(8, 8, 5)["z"],)),
                Case(name="five draws, nine cups", args=(samples(9, 5, 9)["z"],)),
            ),
        ),
    ),
    misconceptions=draws_mistakes.COASSIGNMENT,
)


def probabilities(seed: int, num_cups: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.full(3, 0.6), num_cups).astype(np.float32)


PLOT_ASSIGNMENTS = Exercise(
    name="plot_assignments",
    truth=figure.series,
    rule=Points(),
    aspects=(
        Aspect(
            name="the figure",
            points=3,
            hint="Three series, one for each blend: caffeine on the x axis, probability on the y axis. Labels on both "
            "axes, and a legend.",
            cases=(
                Case(name="seven cups in between", args=(BETWEEN, probabilities(1, 7)), visible=True),
                Case(name="the thirty cups", args=(COFFEES, probabilities(2, 30))),
                Case(name="eight cups in between", args=(DENSE, probabilities(3, 8))),
            ),
        ),
    ),
    misconceptions=figure.PLOT_ASSIGNMENTS,
)

ASSIGNMENT = Assignment(
    name="coffee",
    title="Three coffee blends",
    pictures=pictures.numbers,
    exercises=(
        COFFEE_GMM,
        CHOOSE_MEAN_PRIOR,
        PRIOR_PREDICTIVE,
        FIT_COFFEE,
        ASSIGNMENT_POSTERIOR,
        COASSIGNMENT,
        PLOT_ASSIGNMENTS,
        Written(name="written_coffee", points=6),
    ),
    libraries=("genjax", "arviz_stats"),
)
