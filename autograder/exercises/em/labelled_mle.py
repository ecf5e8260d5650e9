"""The estimates if the components are known."""

import numpy as np

from autograder.exercises import Arrays, Aspect, Exercise, KnownMistake, catalogue
from autograder.exercises.em.data import OVERLAP, PARAMETERS, SPREAD, TRAYS
from autograder.exercises.guards import FLOORS, RAISED, guarded
from autograder.exercises.numpy_gaussian import one_hot, variances_of
from reference import em
from reference.data import BENTOS

LABELLED_MLE = Exercise(
    "labelled_mle",
    truth=em.labelled_mle,
    rule=Arrays(PARAMETERS),
    aspects=(
        Aspect(
            "two components",
            points=1,
            hint="Take one component at a time: what share of the observations is its, what is their mean, "
            "and what is the root of their mean squared deviation from it?",
            closer="Try x = (1, 3, 10) with z = (0, 0, 1): the weights are (2/3, 1/3), the means (2, 10), the stds "
            "(1, 0). Which of your numbers is off?",
            visible={"eight points in two groups": (OVERLAP, np.array([0, 0, 0, 1, 0, 1, 1, 1]), 2)},
            hidden={
                "two groups, one of them small": (OVERLAP, np.array([1, 1, 0, 0, 0, 0, 0, 0]), 2),
                "two groups that lie across each other": (SPREAD, np.array([0, 1, 0, 1, 0, 1, 1, 0]), 2),
            },
        ),
        Aspect(
            "any number of components",
            points=1,
            hint="num_components may be any number from 1 on, and a component with a single observation has no spread.",
            visible={"three groups, one with a single point": (OVERLAP, np.array([2, 2, 0, 0, 0, 0, 1, 0]), 3)},
            hidden={
                "one group": (SPREAD, np.zeros(8, int), 1),
                "three groups": (SPREAD, np.array([2, 0, 1, 0, 1, 1, 2, 2]), 3),
                "five groups": (SPREAD, np.array([4, 3, 2, 1, 0, 4, 3, 2]), 5),
            },
        ),
        Aspect(
            "heavy numbers",
            points=1,
            hint="float32 keeps seven digits. Squaring grams first and subtracting after uses them all up: "
            "subtract the mean from the observations, then square.",
            closer="Look for a square in your code: what is subtracted before it is taken?",
            visible={"the bentos": (BENTOS, (BENTOS < 425).astype(int), 2)},
            hidden={
                "bentos on a heavy tray": (TRAYS, np.array([0, 1, 0, 1, 0, 0, 1, 0]), 2),
                "bentos on a heavy tray, other labels": (TRAYS, np.array([1, 1, 0, 1, 0, 0, 1, 1]), 2),
            },
        ),
    ),
)


def _labelled(x, z, num_components, *, ddof=0.0):
    member = one_hot(z, num_components)
    counts = member.sum(axis=0)
    means = (member * x[:, None]).sum(axis=0) / counts
    variances = (member * (x[:, None] - means) ** 2).sum(axis=0) / (counts - ddof)
    return counts, means, variances


@LABELLED_MLE.mistake(
    catalogue.DIVIDED_BY_COUNT_MINUS_1, hint="That makes it unbiased. Which divisor makes the data most likely?"
)
def divided_by_count_minus_1(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components, ddof=1.0)
    return counts / len(x), means, np.sqrt(variances)


@LABELLED_MLE.mistake(catalogue.VARIANCE_FOR_STD, hint="In which unit is a standard deviation of grams?")
def variance_for_std(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts / len(x), means, variances


@LABELLED_MLE.mistake(catalogue.COUNTS_FOR_WEIGHTS, hint="Mixing proportions sum to 1.")
def counts_for_weights(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts, means, np.sqrt(variances)


@LABELLED_MLE.mistake(
    catalogue.EQUAL_WEIGHTS, hint="A component with more observations is more probable: how much more?"
)
def equal_weights(x, z, num_components):
    _, means, variances = _labelled(x, z, num_components)
    return np.full(num_components, 1 / num_components), means, np.sqrt(variances)


def _labelled_spread_of_all(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    return counts / len(x), means, np.full(num_components, np.std(x))


@LABELLED_MLE.mistake(
    catalogue.ONE_STD_FOR_ALL,
    hint="Each component has a spread of its own, around its own mean.",
    forms=(_labelled_spread_of_all,),
)
def one_std_for_all(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    pooled = np.sum(counts * variances) / len(x)
    return counts / len(x), means, np.full(num_components, np.sqrt(pooled))


@LABELLED_MLE.mistake(catalogue.OVERALL_MEAN_IN_SPREAD, hint="Which mean does component k spread around?")
def overall_mean_in_spread(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    squares = (one_hot(z, num_components) * (x[:, None] - np.mean(x)) ** 2).sum(axis=0)
    return counts / len(x), means, np.sqrt(squares / counts)


def _labelled_spread_divided_by_n(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts / len(x), means, np.sqrt(variances * counts / len(x))


@LABELLED_MLE.mistake(
    catalogue.DIVIDED_BY_N,
    hint="The average is over the observations of component k: how many are those?",
    forms=(_labelled_spread_divided_by_n,),
)
def divided_by_n(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts / len(x), means * counts / len(x), np.sqrt(variances * counts / len(x))


@LABELLED_MLE.mistake(
    catalogue.ABSOLUTE_DEVIATIONS, hint="Which of the two makes the data most likely under a Gaussian?"
)
def absolute_deviations(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    return counts / len(x), means, (one_hot(z, num_components) * np.abs(x[:, None] - means)).sum(axis=0) / counts


def _labelled_with(spread):
    """The right answer, except for spreads made from the right ones and a small constant."""

    def labelled(constant, x, z, num_components):
        counts, means, variances = _labelled(x, z.astype(int), int(num_components))
        return counts / len(x), means, spread(np.sqrt(variances), constant)

    return labelled


FLOORED = guarded(*map(_labelled_with, RAISED), constants=(1e-3, *FLOORS, 1e-7, 1e-8))

LABELLED_MLE.add(
    KnownMistake(
        name="spread_kept_from_0",
        says="A spread of 0, or near 0, was replaced by a larger number.",
        hint="How far is a single observation from its own mean?",
        variant=FLOORED[0],
        forms=FLOORED[1:],
    ),
)


@LABELLED_MLE.mistake(
    catalogue.DIGITS_LOST,
    hint="Two numbers near 250 000 that differ by 4: float32 keeps seven digits. Subtract before you square.",
    rounding=True,
)
def digits_lost(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    squares = (one_hot(z, num_components) * x[:, None] ** 2).sum(axis=0) / counts
    return counts / len(x), means, np.sqrt(squares - means**2)


LABELLED_MLE.combine(
    "variance_for_std", "divided_by_count_minus_1", "one_std_for_all", "overall_mean_in_spread", change=variances_of
)
