"""The choice of the number of components."""

import numpy as np

from autograder.exercises import EXACT, Arrays, Aspect, Exercise, Key, Part
from autograder.exercises.em.data import groups
from autograder.exercises.em.numpy_em import em_path, penalised
from reference import em
from reference.data import COFFEES

SELECT_NUM_COMPONENTS = Exercise(
    "select_num_components",
    truth=em.select_num_components,
    rule=Arrays((Part("the number of components", "()", EXACT),)),
    aspects=(
        Aspect(
            "the choice",
            points=5,
            hint="Fit each candidate from several random starts, keep the best log likelihood of each, and choose "
            "by BIC. If a standard deviation may fall towards 0, the likelihood grows without bound and the "
            "largest candidate wins: keep it above a hundredth of that of x.",
            visible={
                "the coffees": (Key(0), COFFEES, (2, 3, 4)),
                "a single group": (Key(2), groups(12, (30, 500, 6)), (4, 3, 1)),
            },
            hidden={
                "hidden groups, first data set": (Key(1), groups(11, (20, 40, 2), (10, 75, 3)), (3, 1, 2)),
                "hidden groups, third data set": (
                    Key(3),
                    groups(13, (6, -30, 2), (14, 0, 3), (10, 40, 2.5)),
                    (2, 3, 1),
                ),
                "another single group": (Key(5), groups(15, (30, -12, 3)), (3, 1, 4)),
                "hidden groups, fourth data set": (Key(4), groups(14, (12, 100, 12), (18, 180, 3)), (2, 1, 3)),
            },
        ),
    ),
    seconds=60,
)


@SELECT_NUM_COMPONENTS.mistake(
    says="The number with the highest likelihood was chosen.",
    hint="More components always fit better: what makes them pay for it?",
)
def no_penalty(key, x, candidates):
    return max(candidates)


def _start(x, num_components, spread):
    quantiles = np.quantile(x, (np.arange(num_components) + 0.5) / num_components)
    return np.full(num_components, 1 / num_components), quantiles, np.full(num_components, spread * np.std(x))


def _select(x, candidates, score):
    """The candidate with the lowest score of (best log likelihood, K, N), from a few sensible starts."""
    scores = []
    for num_components in candidates:
        fits = [em_path(x, *_start(x, num_components, spread), 60)[1][-1] for spread in (0.5, 1.0)]
        scores.append(score(max(fits), num_components, len(x)))
    return candidates[scores.index(min(scores))]


@SELECT_NUM_COMPONENTS.mistake(says="The number with the highest BIC was chosen.", hint="Lower is better.")
def highest_bic(key, x, candidates):
    return _select(x, candidates, lambda *fit: -penalised(*fit))


@SELECT_NUM_COMPONENTS.mistake(
    says="The smallest candidate was chosen.",
    hint="Fewer parameters cost less, but fit worse. What does the score weigh against each other?",
)
def smallest_candidate(key, x, candidates):
    return min(candidates)


@SELECT_NUM_COMPONENTS.mistake(
    says="The position in candidates came back, not the number of components.",
    hint="argmin says where the lowest score stands: what stands there in candidates?",
)
def index_for_number(key, x, candidates):
    return candidates.index(_select(x, candidates, penalised))


@SELECT_NUM_COMPONENTS.mistake(
    says="The position counted from 1 came back, not the number of components.",
    hint="The candidates need not start at 1, nor be in order.",
)
def number_of_best_from_one(key, x, candidates):
    return candidates.index(_select(x, candidates, penalised)) + 1
