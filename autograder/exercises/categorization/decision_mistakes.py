"""Known mistakes with boundaries: wrong variants of the reference, and what to say of them."""

import numpy as np

from autograder.exercises import Misconception
from autograder.exercises.guards import named, on_top, one_of, spread_floor
from autograder.exercises.numpy_gaussian import joint
from reference import categorization


def _boundaries(weights, means, stds):
    return np.asarray(categorization.decision_boundaries(weights, means, stds))


def _between_the_means(weights, means, stds):
    roots = _boundaries(weights, means, stds)
    return roots[(roots > np.min(means)) & (roots < np.max(means))]


def _with_one_spread(spread):
    """The right answer for two components of the same spread."""
    return lambda w, m, s: _boundaries(w, m, np.full(2, spread(w, s), np.float32))


def _quadratic(weights, means, stds, *, root):
    """The quadratic formula, whatever the spreads are."""
    weights, means, stds = (np.asarray(one, float) for one in (weights, means, stds))
    middle = means.mean()
    d, precisions = means - middle, 1 / stds**2
    a = (precisions[1] - precisions[0]) / 2
    b = d[0] * precisions[0] - d[1] * precisions[1]
    c = (d[1] ** 2 * precisions[1] - d[0] ** 2 * precisions[0]) / 2
    c += np.log(weights[0] / weights[1]) - np.log(stds[0] / stds[1])
    return middle + np.sort(np.divide([-b - root(b**2 - 4 * a * c), -b + root(b**2 - 4 * a * c)], 2 * a))


def _quadratic_always(weights, means, stds):
    if stds[0] != stds[1]:
        return _boundaries(weights, means, stds)
    return _quadratic(weights, means, stds, root=np.sqrt)


def _real_parts(weights, means, stds):
    right = _boundaries(weights, means, stds)
    if stds[0] == stds[1] or len(right):
        return right
    return _quadratic(weights, means, stds, root=lambda square: np.sqrt(max(square, 0.0)))


def _equal_within(difference, tolerance, spread):
    """The right answer, unless the spreads differ by less than a tolerance: then they are taken as equal."""

    def boundaries(weights, means, stds):
        equal = abs(difference(stds)) < tolerance
        return _boundaries(weights, means, np.full(2, spread(stds), np.float32) if equal else stds)

    return boundaries


NEARLY_EQUAL = tuple(
    _equal_within(difference, tolerance, spread)
    for tolerance in (1e-3, 0.01, 0.1, 1e-4, 1e-5, 1e-6)
    for difference in (
        lambda s: s[0] - s[1],
        lambda s: (1 / s[0] ** 2 - 1 / s[1] ** 2) / 2,
        lambda s: s[0] ** 2 - s[1] ** 2,
    )
    for spread in (np.mean, lambda s: s[0], lambda s: s[1], lambda s: np.sqrt(np.mean(s**2)))
)


def _valley(weights, means, stds):
    """The lowest point of p(x) between the means."""
    grid = np.linspace(np.min(means), np.max(means), 100_001)
    return grid[np.argmin(joint(grid, weights, means, stds).sum(axis=1)), None]


DECISION_BOUNDARIES = (
    Misconception(
        name="prior_ignored",
        says="The mixing proportions play no part.",
        hint="A common component is the better guess even somewhat beyond the middle.",
        variant=lambda w, m, s: _boundaries(np.full(2, 0.5), m, s),
    ),
    Misconception(
        name="prior_turned_round",
        says="The mixing proportions push the boundary the wrong way.",
        hint="The region of the more common component should grow: towards which mean does the boundary move?",
        variant=lambda w, m, s: _boundaries(w[::-1], m, s),
    ),
    Misconception(
        name="midpoint_of_means",
        says="The midpoint of the means came back.",
        hint="That is right only for equal weights and equal spreads. At which x are the two joint densities equal?",
        variant=lambda w, m, s: np.mean(m, keepdims=True),
    ),
    Misconception(
        name="one_spread_for_both",
        says="Both components were given the same spread.",
        hint="With two spreads the log odds are a quadratic in x: how many roots can it have?",
        variant=_with_one_spread(lambda w, s: np.sqrt(np.mean(s**2))),
        forms=(
            _with_one_spread(lambda w, s: np.sqrt(np.sum(w * s**2))),
            _with_one_spread(lambda w, s: np.mean(s)),
            _with_one_spread(lambda w, s: np.sum(w * s)),
            _with_one_spread(lambda w, s: np.sqrt(np.prod(s))),
            _with_one_spread(lambda w, s: s[0]),
            _with_one_spread(lambda w, s: s[1]),
        ),
    ),
    Misconception(
        name="nearly_equal_spreads",
        says="Spreads that differ by little were taken as equal.",
        hint="In kilograms all spreads differ by little. Compared with what is a difference small?",
        variant=NEARLY_EQUAL[0],
        forms=NEARLY_EQUAL[1:],
    ),
    spread_floor(lambda raised: lambda w, m, s: _boundaries(w, m, np.float32(raised(s)))),
    Misconception(
        name="only_between_the_means",
        says="Only the boundary between the means was found.",
        hint="The wider component wins again on the far side of the narrower one.",
        variant=_between_the_means,
    ),
    Misconception(
        name="one_root_only",
        says="Only one root of the quadratic came back.",
        hint="The square root has two signs, and both roots count.",
        variant=lambda w, m, s: _boundaries(w, m, s)[:1],
        forms=(lambda w, m, s: _boundaries(w, m, s)[-1:],),
    ),
    Misconception(
        name="quadratic_always",
        says="The formula for quadratics was used where the spreads are equal, too.",
        hint="With equal spreads, what stands before x squared? And what does the formula divide by?",
        variant=_quadratic_always,
    ),
    Misconception(
        name="boundary_where_there_is_none",
        says="Boundaries came back where one component is more probable everywhere.",
        hint="What does a negative number under the root say about the roots?",
        variant=_real_parts,
    ),
    Misconception(
        name="equal_means_without_boundary",
        says="Components with the same mean got no boundary.",
        hint="A narrow bell on top of a wide one: which of them is more probable at their mean, and which far away?",
        variant=lambda w, m, s: np.zeros(0) if m[0] == m[1] else _boundaries(w, m, s),
    ),
    Misconception(
        name="overall_mean",
        says="The mean of the mixture came back.",
        hint="At which x are the two joint densities equal?",
        variant=lambda w, m, s: np.sum(w * m, keepdims=True),
    ),
    Misconception(
        name="valley_of_density",
        says="The lowest point of p(x) between the means came back.",
        hint="p(x) is the sum of the two joint densities. Where the sum is lowest, are the two equal?",
        variant=_valley,
    ),
    Misconception(
        name="unsorted",
        says="The boundaries are in descending order.",
        hint="Ascending order is asked for.",
        variant=lambda w, m, s: _boundaries(w, m, s)[::-1],
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The exponent divides by the squared standard deviation.",
        variant=lambda w, m, s: _boundaries(w, m, np.sqrt(s)),
    ),
    Misconception(
        name="spread_forgotten_in_constant",
        says="The factor 1/std in front of each Gaussian is missing.",
        hint="It cancels only where both components are equally wide.",
        variant=lambda w, m, s: _boundaries(w * s / np.sum(w * s), m, s),
    ),
)

DECISION_BOUNDARIES_TOGETHER = on_top(
    one_of(DECISION_BOUNDARIES, "std_as_variance"),
    named(
        DECISION_BOUNDARIES,
        "prior_ignored",
        "prior_turned_round",
        "only_between_the_means",
        "one_root_only",
        "spread_forgotten_in_constant",
    ),
    lambda variant: lambda w, m, s: variant(w, m, np.sqrt(s)),
) + on_top(
    one_of(DECISION_BOUNDARIES, "prior_ignored"),
    named(DECISION_BOUNDARIES, "one_spread_for_both", "only_between_the_means", "one_root_only", "unsorted"),
    lambda variant: lambda w, m, s: variant(np.full(2, 0.5, np.float32), m, s),
)
