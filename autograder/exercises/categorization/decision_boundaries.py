"""The points where both components are equally probable."""

import numpy as np

from autograder.exercises import Arrays, Aspect, Exercise, KnownMistake, Part, Tolerance, catalogue, f32
from autograder.exercises.categorization.data import CLUSTERS, NARROW, NARROWER, RECIPE
from autograder.exercises.guards import spread_floor
from autograder.exercises.numpy_gaussian import joint
from reference import categorization

# A boundary at 425 g moves by .0226 g if the prior is forgotten; a quadratic solved
# in plain float32 is off by 2e-4 g there. The tolerance must also suit milligrams.
BOUNDARY = Tolerance(5e-6, 1e-5)

DECISION_BOUNDARIES = Exercise(
    "decision_boundaries",
    truth=categorization.decision_boundaries,
    rule=Arrays((Part("boundaries", "(B,)", BOUNDARY),)),
    aspects=(
        Aspect(
            "equal spreads",
            points=2,
            hint="Set the two joint densities equal and take logarithms. With equal spreads the squares of x cancel: "
            "a straight line is left. If its slope is 0 as well, there is no boundary.",
            closer="Write log weight - (x - mean)^2 / (2 std^2) for both components, and multiply the squares out. "
            "What stands before x, and what stands alone? With equal weights your boundary must be the "
            "midpoint.",
            visible={"the bentos' recipe": RECIPE},
            hidden={
                "a rare component": (f32(0.05, 0.95), f32(3, -1), f32(1.5, 1.5)),
                "the same bell twice, unequal weights": (f32(0.8, 0.2), f32(2, 2), f32(1, 1)),
                "wide bells": (f32(0.65, 0.35), f32(490, 510), f32(12, 12)),
            },
        ),
        Aspect(
            "different spreads",
            points=3,
            hint="With two spreads the log odds are a quadratic in x. It has two roots, or none where one component "
            "wins everywhere; both roots count, wherever they lie.",
            closer="Write the log odds as a x^2 + b x + c. Only the variances are in a; b has each mean divided by its "
            "variance; c has the squared means, the logs of the stds and the logs of the weights. Put one of your roots"
            " in: are the log odds 0?",
            visible={
                "the clusters problem, even weights": (f32(0.5, 0.5), *CLUSTERS),
                "the clusters problem, other weights": (f32(0.7, 0.3), *CLUSTERS),
                "one component wins everywhere": (f32(0.95, 0.05), f32(0, 1), f32(2, 1.5)),
                "one bell inside the other": (f32(0.4, 0.6), f32(1.5, 1.5), f32(0.5, 2)),
                "narrow bells": (f32(0.4, 0.6), *NARROW[1:]),
            },
            hidden={
                "the clusters problem, weight 1/3": (f32(1 / 3, 2 / 3), *CLUSTERS),
                "components in the other order": (f32(0.3, 0.7), f32(4, -1), f32(2, 0.8)),
                "the other component wins everywhere": (f32(0.04, 0.96), f32(2, 1.25), f32(0.8, 1)),
                "one wide bell around the other": (f32(0.35, 0.65), f32(-3, -3), f32(3, 1.25)),
                "other narrow bells": (f32(0.55, 0.45), *NARROWER[1:]),
                "spreads almost equal": (f32(0.45, 0.55), f32(-1, 2), f32(1, 1.09)),
                "very wide bells": (f32(0.45, 0.55), f32(1500, -1300), f32(1200, 1600)),
                "bentos, unequal spreads": (f32(0.6, 0.4), f32(500, 350), f32(2, 3)),
            },
        ),
    ),
)


def _boundaries(weights, means, stds):
    return np.asarray(categorization.decision_boundaries(weights, means, stds))


@DECISION_BOUNDARIES.mistake(
    catalogue.WEIGHTS_IGNORED, hint="A common component is the better guess even somewhat beyond the middle."
)
def weights_ignored(weights, means, stds):
    return _boundaries(np.full(2, 0.5), means, stds)


@DECISION_BOUNDARIES.mistake(
    says="The mixing proportions push the boundary the wrong way.",
    hint="The region of the more common component should grow: towards which mean does the boundary move?",
)
def prior_turned_round(weights, means, stds):
    return _boundaries(weights[::-1], means, stds)


@DECISION_BOUNDARIES.mistake(
    says="The midpoint of the means came back.",
    hint="That is right only for equal weights and equal spreads. At which x are the two joint densities equal?",
)
def midpoint_of_means(weights, means, stds):
    return np.mean(means, keepdims=True)


def _with_one_spread(spread):
    """The right answer for two components with the same spread."""
    return lambda w, m, s: _boundaries(w, m, np.full(2, spread(w, s), np.float32))


def _equal_within(difference, tolerance, spread):
    """The right answer, except that spreads within a tolerance count as equal."""

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

DECISION_BOUNDARIES.add(
    KnownMistake(
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
    KnownMistake(
        name="nearly_equal_spreads",
        says="Spreads that differ by little were taken as equal.",
        hint="In kilograms all spreads differ by little. Compared with what is a difference small?",
        variant=NEARLY_EQUAL[0],
        forms=NEARLY_EQUAL[1:],
    ),
    spread_floor(lambda raised: lambda w, m, s: _boundaries(w, m, np.float32(raised(s)))),
)


@DECISION_BOUNDARIES.mistake(
    says="Only the boundary between the means was found.",
    hint="The wider component wins again on the far side of the narrower one.",
)
def only_between_the_means(weights, means, stds):
    roots = _boundaries(weights, means, stds)
    return roots[(roots > np.min(means)) & (roots < np.max(means))]


@DECISION_BOUNDARIES.mistake(
    says="Only one root of the quadratic came back.",
    hint="The square root has two signs, and both roots count.",
    forms=(lambda w, m, s: _boundaries(w, m, s)[-1:],),
)
def one_root_only(weights, means, stds):
    return _boundaries(weights, means, stds)[:1]


def _quadratic(weights, means, stds, *, root):
    """The quadratic formula, for equal spreads too."""
    weights, means, stds = (np.asarray(part, float) for part in (weights, means, stds))
    middle = means.mean()
    d, precisions = means - middle, 1 / stds**2
    a = (precisions[1] - precisions[0]) / 2
    b = d[0] * precisions[0] - d[1] * precisions[1]
    c = (d[1] ** 2 * precisions[1] - d[0] ** 2 * precisions[0]) / 2
    c += np.log(weights[0] / weights[1]) - np.log(stds[0] / stds[1])
    return middle + np.sort(np.divide([-b - root(b**2 - 4 * a * c), -b + root(b**2 - 4 * a * c)], 2 * a))


@DECISION_BOUNDARIES.mistake(
    says="The formula for quadratics was used where the spreads are equal, too.",
    hint="With equal spreads, what stands before x squared? And what does the formula divide by?",
)
def quadratic_always(weights, means, stds):
    if stds[0] != stds[1]:
        return _boundaries(weights, means, stds)
    return _quadratic(weights, means, stds, root=np.sqrt)


@DECISION_BOUNDARIES.mistake(
    says="Boundaries came back where one component is more probable everywhere.",
    hint="What does a negative number under the root say about the roots?",
)
def boundary_where_there_is_none(weights, means, stds):
    right = _boundaries(weights, means, stds)
    if stds[0] == stds[1] or len(right):
        return right
    return _quadratic(weights, means, stds, root=lambda square: np.sqrt(max(square, 0.0)))


@DECISION_BOUNDARIES.mistake(
    says="NaN came back where one component is more probable everywhere.",
    hint="A negative number has no root. Look at the sign before you take the root; no boundary is an empty array.",
)
def nan_where_there_is_none(weights, means, stds):
    right = _boundaries(weights, means, stds)
    return right if stds[0] == stds[1] or len(right) else np.full(2, np.nan)


@DECISION_BOUNDARIES.mistake(
    says="The boundaries are measured from the middle between the means.",
    hint="In grams they are u plus the middle: add it before you return.",
)
def measured_from_the_middle(weights, means, stds):
    return _boundaries(weights, means, stds) - np.mean(means)


@DECISION_BOUNDARIES.mistake(
    says="Components with the same mean got no boundary.",
    hint="A narrow bell on top of a wide one: which of them is more probable at their mean, and which far away?",
)
def equal_means_without_boundary(weights, means, stds):
    return np.zeros(0) if means[0] == means[1] else _boundaries(weights, means, stds)


@DECISION_BOUNDARIES.mistake(
    says="The mean of the mixture came back.", hint="At which x are the two joint densities equal?"
)
def overall_mean(weights, means, stds):
    return np.sum(weights * means, keepdims=True)


@DECISION_BOUNDARIES.mistake(
    says="The lowest point of p(x) between the means came back.",
    hint="p(x) is the sum of the two joint densities. Where the sum is lowest, are the two equal?",
)
def valley_of_density(weights, means, stds):
    """The lowest point of p(x) between the means."""
    grid = np.linspace(np.min(means), np.max(means), 100_001)
    return grid[np.argmin(joint(grid, weights, means, stds).sum(axis=1)), None]


@DECISION_BOUNDARIES.mistake(says="The boundaries are in descending order.", hint="Ascending order is asked for.")
def unsorted(weights, means, stds):
    return _boundaries(weights, means, stds)[::-1]


@DECISION_BOUNDARIES.mistake(catalogue.STD_AS_VARIANCE, hint="The exponent divides by the squared standard deviation.")
def std_as_variance(weights, means, stds):
    return _boundaries(weights, means, np.sqrt(stds))


@DECISION_BOUNDARIES.mistake(
    catalogue.SPREAD_FORGOTTEN_IN_CONSTANT, hint="It cancels only where both components are equally wide."
)
def spread_forgotten_in_constant(weights, means, stds):
    return _boundaries(weights * stds / np.sum(weights * stds), means, stds)


DECISION_BOUNDARIES.combine(
    "std_as_variance",
    "weights_ignored",
    "prior_turned_round",
    "only_between_the_means",
    "one_root_only",
    "spread_forgotten_in_constant",
    change=lambda variant: lambda w, m, s: variant(w, m, np.sqrt(s)),
)

DECISION_BOUNDARIES.combine(
    "weights_ignored",
    "one_spread_for_both",
    "only_between_the_means",
    "one_root_only",
    "unsorted",
    change=lambda variant: lambda w, m, s: variant(np.full(2, 0.5, np.float32), m, s),
)
