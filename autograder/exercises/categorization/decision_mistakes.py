"""Known mistakes with boundaries and peaks: wrong variants of the reference, and what to say of them."""

import numpy as np

from autograder.exercises import Misconception
from autograder.exercises.guards import named, on_top, one_of
from autograder.exercises.numpy_gaussian import joint
from reference import categorization

# --- decision_boundaries ---


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


# --- count_modes ---


def _further_than(weights, means, stds, width):
    return 2 if abs(means[0] - means[1]) > 2 * width else 1


def _dip_in_the_middle(weights, means, stds):
    low, middle, high = joint(np.array([means[0], np.mean(means), means[1]]), weights, means, stds).sum(axis=1)
    return 2 if middle < min(low, high) else 1


def _between_the_means_only(weights, means, stds):
    p = joint(np.linspace(np.min(means), np.max(means), 1001), weights, means, stds).sum(axis=1)
    return np.sum((p[1:-1] > p[:-2]) & (p[1:-1] > p[2:]))


COUNT_MODES = (
    Misconception(
        name="components_for_modes",
        says="The components were counted.",
        hint="Two bells that overlap may make one hill.",
        variant=lambda w, m, s: len(m),
    ),
    Misconception(
        name="two_sigma_rule",
        says="The distance of the means was compared with the sum of the standard deviations.",
        hint="That rule is exact only for equal weights and equal spreads: a small component can vanish in a slope. "
        "Look at the density itself.",
        variant=lambda w, m, s: _further_than(w, m, s, (s[0] + s[1]) / 2),
    ),
    Misconception(
        name="wider_spread_rule",
        says="The distance of the means was compared with twice the larger standard deviation.",
        hint="No rule of the distance alone is right for every weight: look at the density itself.",
        variant=lambda w, m, s: _further_than(w, m, s, np.max(s)),
    ),
    Misconception(
        name="narrower_spread_rule",
        says="The distance of the means was compared with twice the smaller standard deviation.",
        hint="No rule of the distance alone is right for every weight: look at the density itself.",
        variant=lambda w, m, s: _further_than(w, m, s, np.min(s)),
    ),
    Misconception(
        name="ashmans_d",
        says="This is Ashman's D: the distance of the means was compared with the root of the summed variances.",
        hint="No rule of the distance alone is right for every weight: look at the density itself.",
        variant=lambda w, m, s: _further_than(w, m, s, np.sqrt(np.mean(s**2))),
    ),
    Misconception(
        name="geometric_spread_rule",
        says="The distance of the means was compared with twice the geometric mean of the standard deviations.",
        hint="No rule of the distance alone is right for every weight: look at the density itself.",
        variant=lambda w, m, s: _further_than(w, m, s, np.sqrt(s[0] * s[1])),
    ),
    Misconception(
        name="dip_in_the_middle",
        says="The density half-way between the means was compared with the density at them.",
        hint="With other weights or spreads the valley lies elsewhere, and so do the peaks.",
        variant=_dip_in_the_middle,
    ),
    Misconception(
        name="peaks_at_the_ends_missed",
        says="Only points strictly between the means can be peaks.",
        hint="A narrow component that stands apart has its peak on its mean. Where should your grid end?",
        variant=_between_the_means_only,
    ),
    Misconception(
        name="turning_points_counted",
        says="The valley was counted, too.",
        hint="At a peak the slope turns from positive to negative. How does it turn in a valley?",
        variant=lambda w, m, s: 2 * categorization.count_modes(w, m, s) - 1,
    ),
    Misconception(
        name="weights_ignored",
        says="The weights play no part.",
        hint="With very unequal weights the small peak can drown in the slope of the large one.",
        variant=lambda w, m, s: categorization.count_modes(np.full(2, 0.5), m, s),
    ),
    Misconception(
        name="boundaries_for_modes",
        says="The decision boundaries were counted.",
        hint="A boundary is where the components are equally probable; a mode is a peak of p(x).",
        variant=lambda w, m, s: len(_boundaries(w, m, s)),
    ),
)
