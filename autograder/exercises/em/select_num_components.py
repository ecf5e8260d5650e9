"""The choice of the number of components."""

from itertools import pairwise

import numpy as np

from autograder.exercises import EXACT, Arrays, Aspect, Exercise, Key, KnownMistake, Part
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
            closer="Print the BIC of each candidate under several keys. If that of one candidate jumps about, it "
            "needs more starts or more iterations. If the largest candidate always wins, look at its smallest"
            " standard deviation.",
            visible={
                "the coffees": (Key(0), COFFEES, (2, 3, 4)),
                "two groups": (Key(1), groups(11, (20, 40, 2), (10, 75, 3)), (3, 1, 2)),
                "a single group": (Key(2), groups(12, (30, 500, 6)), (3, 4, 1)),
            },
            hidden={
                "hidden groups, first data set": (
                    Key(3),
                    groups(13, (6, -30, 2), (14, 0, 3), (10, 40, 2.5)),
                    (2, 1, 3),
                ),
                "hidden groups, third data set": (Key(6), groups(16, (18, 5, 1), (12, 30, 2)), (3, 1, 2)),
                "another single group": (Key(5), groups(15, (30, -12, 3)), (3, 4, 1)),
                "hidden groups, second data set": (Key(4), groups(14, (12, 100, 12), (18, 180, 3)), (2, 1, 3)),
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


def _scores(x, candidates, score, num_iters=60, spreads=(0.5, 1.0)):
    """A score of (best log likelihood, K, N) for each candidate, from a few sensible starts."""
    fits = [[em_path(x, *_start(x, k, spread), num_iters)[1][-1] for spread in spreads] for k in candidates]
    return [score(max(values), k, len(x)) for values, k in zip(fits, candidates, strict=True)]


def _select(x, candidates, score, **how):
    """The candidate with the lowest score."""
    scores = _scores(x, candidates, score, **how)
    return candidates[scores.index(min(scores))]


def _start(x, num_components, spread):
    quantiles = np.quantile(x, (np.arange(num_components) + 0.5) / num_components)
    return np.full(num_components, 1 / num_components), quantiles, np.full(num_components, spread * np.std(x))


@SELECT_NUM_COMPONENTS.mistake(says="The number with the highest BIC was chosen.", hint="Lower is better.")
def highest_bic(key, x, candidates):
    return _select(x, candidates, lambda *fit: -penalised(*fit))


@SELECT_NUM_COMPONENTS.mistake(
    says="The smallest candidate was chosen.",
    hint="Fewer parameters cost less, but fit worse. What does the score weigh against each other?",
)
def smallest_candidate(key, x, candidates):
    return min(candidates)


def _select_greedy(x, candidates):
    """The candidate before the first one with a higher score than its predecessor."""
    scores = _scores(x, candidates, penalised)
    rises = [i for i, (score, following) in enumerate(pairwise(scores)) if following > score]
    return candidates[rises[0] if rises else -1]


@SELECT_NUM_COMPONENTS.mistake(
    says="The search ended at the first candidate that is worse than the one before it.",
    hint="A worse candidate may be followed by a better one, and the candidates need not be in order.",
)
def stopped_at_first_rise(key, x, candidates):
    return _select_greedy(x, candidates)


def _select_from_short_fits(num_iters):
    return lambda key, x, candidates: _select(x, candidates, penalised, num_iters=num_iters, spreads=(1.0,))


SELECT_NUM_COMPONENTS.add(
    KnownMistake(
        name="fits_too_short",
        says="The fits ended long before they had converged.",
        hint="How much does the log likelihood still grow from one iteration to the next, when you stop?",
        variant=_select_from_short_fits(2),
        forms=(_select_from_short_fits(3), _select_from_short_fits(5)),
    ),
)


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
