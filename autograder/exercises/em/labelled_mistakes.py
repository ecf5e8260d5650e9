"""Known mistakes in estimating parameters where the labels are known, and what to say of them."""

import numpy as np

from autograder.exercises import Misconception
from autograder.exercises.guards import FLOORS, RAISED, guarded, named, on_top, one_of
from autograder.exercises.numpy_gaussian import one_hot, variances_of


def _labelled(x, z, num_components, *, ddof=0.0):
    member = one_hot(z, num_components)
    counts = member.sum(axis=0)
    means = (member * x[:, None]).sum(axis=0) / counts
    variances = (member * (x[:, None] - means) ** 2).sum(axis=0) / (counts - ddof)
    return counts, means, variances


def _labelled_unbiased(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components, ddof=1.0)
    return counts / len(x), means, np.sqrt(variances)


def _labelled_variances(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts / len(x), means, variances


def _labelled_counts(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts, means, np.sqrt(variances)


def _labelled_equal_weights(x, z, num_components):
    _, means, variances = _labelled(x, z, num_components)
    return np.full(num_components, 1 / num_components), means, np.sqrt(variances)


def _labelled_pooled(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    pooled = np.sum(counts * variances) / len(x)
    return counts / len(x), means, np.full(num_components, np.sqrt(pooled))


def _labelled_spread_of_all(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    return counts / len(x), means, np.full(num_components, np.std(x))


def _labelled_digits_lost(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    squares = (one_hot(z, num_components) * x[:, None] ** 2).sum(axis=0) / counts
    return counts / len(x), means, np.sqrt(squares - means**2)


def _labelled_around_overall_mean(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    squares = (one_hot(z, num_components) * (x[:, None] - np.mean(x)) ** 2).sum(axis=0)
    return counts / len(x), means, np.sqrt(squares / counts)


def _labelled_divided_by_n(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts / len(x), means * counts / len(x), np.sqrt(variances * counts / len(x))


def _labelled_spread_divided_by_n(x, z, num_components):
    counts, means, variances = _labelled(x, z, num_components)
    return counts / len(x), means, np.sqrt(variances * counts / len(x))


def _labelled_absolute(x, z, num_components):
    counts, means, _ = _labelled(x, z, num_components)
    return counts / len(x), means, (one_hot(z, num_components) * np.abs(x[:, None] - means)).sum(axis=0) / counts


def _labelled_with(spread):
    """The right answer but for the spread, made of the right one and a small constant."""

    def labelled(constant, x, z, num_components):
        counts, means, variances = _labelled(x, z.astype(int), int(num_components))
        return counts / len(x), means, spread(np.sqrt(variances), constant)

    return labelled


FLOORED = guarded(*map(_labelled_with, RAISED), constants=(1e-3, *FLOORS, 1e-7, 1e-8))

LABELLED_MLE = (
    Misconception(
        name="divided_by_n_minus_1",
        says="The variance was divided by the count minus 1.",
        hint="That makes it unbiased. Which divisor makes the data most likely?",
        variant=_labelled_unbiased,
    ),
    Misconception(
        name="variance_for_std",
        says="Variances came back where standard deviations belong.",
        hint="In which unit is a standard deviation of grams?",
        variant=_labelled_variances,
    ),
    Misconception(
        name="counts_for_weights",
        says="The weights are counts.",
        hint="Mixing proportions sum to 1.",
        variant=_labelled_counts,
    ),
    Misconception(
        name="equal_weights",
        says="Every component got the same weight.",
        hint="A component with more observations is more probable: how much more?",
        variant=_labelled_equal_weights,
    ),
    Misconception(
        name="one_std_for_all",
        says="All components share one standard deviation.",
        hint="Each component has a spread of its own, around its own mean.",
        variant=_labelled_pooled,
        forms=(_labelled_spread_of_all,),
    ),
    Misconception(
        name="overall_mean_in_spread",
        says="The spread was measured around the mean of all observations.",
        hint="Which mean does component k spread around?",
        variant=_labelled_around_overall_mean,
    ),
    Misconception(
        name="divided_by_n",
        says="The sums were divided by N, the number of all observations.",
        hint="The average is over the observations of component k: how many are those?",
        variant=_labelled_divided_by_n,
        forms=(_labelled_spread_divided_by_n,),
    ),
    Misconception(
        name="absolute_deviations",
        says="The spread is a mean of distances, not the root of a mean of squares.",
        hint="Which of the two makes the data most likely under a Gaussian?",
        variant=_labelled_absolute,
    ),
    Misconception(
        name="spread_kept_from_0",
        says="A spread of 0, or near 0, was replaced by a larger number.",
        hint="How far is a single observation from its own mean?",
        variant=FLOORED[0],
        forms=FLOORED[1:],
    ),
    Misconception(
        name="digits_lost",
        says="The variance was taken as E[x^2] - mean^2 in float32.",
        hint="Two numbers near 250 000 that differ by 4: float32 keeps seven digits. Subtract before you square.",
        variant=_labelled_digits_lost,
        rounding=True,
    ),
)

LABELLED_MLE_TOGETHER = on_top(
    one_of(LABELLED_MLE, "variance_for_std"),
    named(LABELLED_MLE, "divided_by_n_minus_1", "one_std_for_all", "overall_mean_in_spread"),
    variances_of,
)
