"""Posterior draws put to use: cases, tests, points and hints of labels, probabilities and entropy."""

import numpy as np

from autograder.exercises import Aspect, Case, Exercise, f32, i32
from autograder.exercises.bayesian_gmm import draws_mistakes
from autograder.student.selfcheck.rules.arrays import STEP, Arrays, Named, Part
from reference import bayesian_gmm as reference


def samples(seed: int, num_draws: int, num_components: int, num_observations: int) -> dict[str, np.ndarray]:
    """Draws whose labels change from one to the next."""
    rng = np.random.default_rng(seed)
    return {
        "pi": rng.dirichlet(np.full(num_components, 2.0), num_draws).astype(np.float32),
        "mu": rng.uniform(340, 510, (num_draws, num_components)).astype(np.float32),
        "sigma": rng.uniform(5, 40, (num_draws, num_components)).astype(np.float32),
        "z": rng.integers(0, num_components, (num_draws, num_observations)).astype(np.int32),
    }


def weighted(seed: int, draws: dict[str, np.ndarray], level: float = -70) -> dict[str, np.ndarray]:
    log_weights = np.random.default_rng(seed).normal(level, 1.5, len(draws["mu"]))
    return {**draws, "log_weights": log_weights.astype(np.float32)}


# Components 15 standard deviations from 425 g, where each density is 0 in float32.
NARROW = {
    "pi": f32([0.25, 0.75], [0.5, 0.5], [0.375, 0.625]),
    "mu": f32([350, 500], [349, 501], [349.5, 500.5]),
    "sigma": f32([5, 5], [5, 5], [5, 5]),
    "z": i32([0, 1, 1], [0, 1, 1], [0, 1, 1]),
}

DRAWS = (Part("pi", "(S, K)"), Part("mu", "(S, K)"), Part("sigma", "(S, K)"), Part("z", "(S, N)"))

RELABEL = Exercise(
    name="relabel",
    truth=reference.relabel,
    rule=Named(DRAWS),
    aspects=(
        Aspect(
            name="draws",
            points=2,
            hint="Sort each draw's means (`argsort` along the components), and move its pi, mu and sigma by the same "
            "order. z needs the other direction: the new name of each old label.",
            cases=(
                Case(name="four draws of two components", args=(samples(1, 4, 2, 3),), visible=True),
                Case(name="five draws of three components", args=(samples(2, 5, 3, 6),), visible=True),
                Case(name="six draws of three components", args=(samples(3, 6, 3, 5),)),
                Case(name="eight draws of four components", args=(samples(4, 8, 4, 10),)),
            ),
        ),
        Aspect(
            name="weighted draws",
            points=1,
            hint="What has no components, such as log_weights, stays as it is, and stays in the dict.",
            rule=Named((*DRAWS, Part("log_weights", "(S,)"))),
            cases=(
                Case(name="weighted draws", args=(weighted(5, samples(5, 4, 2, 3)),), visible=True),
                Case(name="other weighted draws", args=(weighted(6, samples(6, 5, 3, 4)),)),
                Case(name="weighted draws of four components", args=(weighted(7, samples(7, 5, 4, 4)),)),
            ),
        ),
    ),
    misconceptions=draws_mistakes.RELABEL,
)

ASSIGNMENT_PROBABILITIES = Exercise(
    name="assignment_probabilities",
    truth=reference.assignment_probabilities,
    rule=Arrays((Part("probabilities", "(M, K)", STEP),)),
    aspects=(
        Aspect(
            name="draws",
            points=1,
            hint="A new observation says something about the parameters too: draws that explain it well count for "
            "more. What do you add up over the draws, before you normalise?",
            cases=(
                Case(name="two components", args=(samples(8, 6, 2, 3), f32(350, 425, 500)), visible=True),
                Case(name="three components", args=(samples(9, 7, 3, 3), f32(340, 400, 455, 520))),
                Case(name="five draws of two components", args=(samples(10, 5, 2, 4), f32(365, 440, 480))),
            ),
        ),
        Aspect(
            name="far from every mean",
            points=1,
            hint="Every density is 0 there, but its logarithm is an ordinary number. `logsumexp` adds up densities "
            "that are given by their logarithms.",
            cases=(
                Case(name="the bento of 425 g", args=(NARROW, f32(425, 351, 499)), visible=True),
                Case(name="very far from every mean", args=(samples(11, 6, 2, 3), f32(9000, -4000, 425))),
                Case(
                    name="tiny weights",
                    args=(weighted(15, samples(15, 6, 2, 3), level=-300), f32(375, 425, 470)),
                ),
            ),
        ),
        Aspect(
            name="weighted draws",
            points=1,
            hint="With log_weights, each draw's densities count by its weight. Where a weight would be a factor, "
            "its logarithm is added.",
            cases=(
                Case(
                    name="weighted draws",
                    args=(weighted(12, samples(12, 6, 2, 3)), f32(350, 425, 500)),
                    visible=True,
                ),
                Case(name="weighted, three components", args=(weighted(13, samples(13, 7, 3, 3)), f32(380, 430, 490))),
                Case(name="other weighted draws", args=(weighted(14, samples(14, 5, 2, 3)), f32(360, 410, 470))),
            ),
        ),
    ),
    misconceptions=draws_mistakes.ASSIGNMENT_PROBABILITIES,
)

ASSIGNMENT_ENTROPY = Exercise(
    name="assignment_entropy",
    truth=reference.assignment_entropy,
    rule=Arrays((Part("entropy", "(M,)", STEP),)),
    aspects=(
        Aspect(
            name="the number",
            points=1,
            hint="Minus the sum of p log p over each row, with the natural logarithm.",
            cases=(
                Case(name="three observations", args=(f32([0.5, 0.5], [0.9, 0.1], [0.25, 0.75]),), visible=True),
                Case(name="three components", args=(f32([0.2, 0.3, 0.5], [0.6, 0.3, 0.1]),)),
                Case(name="one observation", args=(f32([0.65, 0.35]),)),
            ),
        ),
        Aspect(
            name="certain ones",
            points=1,
            hint="p log p tends to 0 with p, but in floating point 0 times minus infinity is NaN.",
            cases=(
                Case(name="beyond doubt", args=(f32([1, 0], [0.3, 0.7]),), visible=True),
                Case(name="beyond doubt, three components", args=(f32([0, 1, 0], [0.5, 0, 0.5]),)),
                Case(name="beyond doubt, others", args=(f32([0, 1], [0.8, 0.2], [1, 0]),)),
            ),
        ),
    ),
    misconceptions=draws_mistakes.ASSIGNMENT_ENTROPY,
)
