"""The number of peaks of a mixture."""

import numpy as np

from autograder.exercises import EXACT, Arrays, Aspect, Exercise, KnownMistake, Part, catalogue, f32
from autograder.exercises.categorization.data import CLUSTERS, RECIPE
from autograder.exercises.guards import spread_floor
from autograder.exercises.numpy_gaussian import joint
from reference import categorization

# Odd numbers on purpose: a peak half-way between two points of an evenly spaced grid
# would be a tie, and a strict comparison would miss it.
COUNT_MODES = Exercise(
    "count_modes",
    truth=categorization.count_modes,
    rule=Arrays((Part("the number of modes", "()", EXACT),)),
    aspects=(
        Aspect(
            "equal spreads",
            points=2,
            hint="Every peak lies between the two means or on one of them. Follow p(x), or its slope, from a little "
            "below the lower mean to a little above the higher one: how often does it turn from rising to falling? "
            "A thousand points will do; on a much finer grid neighbours are equal in float32.",
            closer="At a peak the steps of p(x) along the grid change from up to down. Print the signs of these "
            "steps near the top: what does your count do where two neighbours are equal?",
            visible={
                "the bentos' recipe": RECIPE,
                "apart, but one is rare": (f32(0.971, 0.029), f32(0.12, 2.53), f32(1, 1)),
                "almost the same bell twice": (f32(0.393, 0.607), f32(5.02, 5.27), f32(1, 1)),
                "in milligrams": (f32(0.7, 0.3), f32(500123, 350456), f32(2000, 2000)),
            },
            hidden={
                "close together": (f32(0.544, 0.456), f32(-0.68, 0.73), f32(1, 1)),
                "a little further apart": (f32(0.513, 0.487), f32(-1.4, 1.25), f32(1, 1)),
                "apart, but one is rare and the lower one": (f32(0.957, 0.043), f32(3.13, 0.11), f32(1.2, 1.2)),
                "far apart, one is rare": (f32(0.031, 0.969), f32(0.18, 6.17), f32(1, 1)),
                "heavy and wide": (f32(0.539, 0.461), f32(519.99, 478.88), f32(14, 14)),
                "narrow hills": (f32(0.52, 0.48), f32(-6.1e-4, 6.9e-4), f32(3.4e-4, 3.4e-4)),
            },
        ),
        Aspect(
            "different spreads",
            points=2,
            hint="The weights and both spreads matter: a narrow component can stand out on the slope of a wide one, "
            "and a rare one can vanish in it. Look at p(x) itself, with a grid finer than the narrower component.",
            closer="Plot p(x) on your grid for the case that fails. How many grid points lie within one standard "
            "deviation of the narrower component? Ten are plenty, one is too few.",
            visible={
                "the clusters problem, even weights": (f32(0.5, 0.5), *CLUSTERS),
                "a narrow hill on top of a wide one": (f32(0.099, 0.901), f32(0.12, 1.71), f32(0.52, 1.69)),
                "a narrow hill beside a wide one": (f32(0.53, 0.47), f32(0.36, 3.34), f32(0.78, 2.01)),
                "two hills that run into each other": (f32(0.414, 0.586), f32(0.12, 2.02), f32(1, 0.73)),
                # A grid of a hundred points misses a needle; a grid of a thousand points does not.
                "a needle": (f32(0.975, 0.025), f32(501.3, 421.26), f32(12, 0.0432)),
                "two narrow hills": (f32(0.53, 0.47), f32(-6.3e-4, 7.1e-4), f32(3.6e-4, 3.3e-4)),
            },
            hidden={
                "a narrow hill on a slope": (f32(0.703, 0.297), f32(0.13, 2.41), f32(2.3, 0.5)),
                "a wide hill that is rare": (f32(0.157, 0.843), f32(0.12, 4.92), f32(2.54, 1.36)),
                "a narrow hill far from a wide one": (f32(0.883, 0.117), f32(0.31, 41.7), f32(7, 0.3)),
                "the clusters further apart": (f32(0.274, 0.726), f32(-1.15, 1.77), CLUSTERS[1]),
                "the clusters problem, weight 3/4": (f32(0.75, 0.25), *CLUSTERS),
                "a narrow hill on a wide one": (f32(0.853, 0.147), f32(0.16, 2.18), f32(2, 0.5)),
                "a wide hill around a narrow one": (f32(0.194, 0.806), f32(0.43, 0.19), f32(0.2, 3)),
                "bentos, unequal spreads": (f32(0.607, 0.393), f32(501.13, 349.22), f32(2, 3)),
                "a low hill beside a high one": (f32(0.97, 0.03), f32(-0.01, 3.59), f32(1, 2)),
                "a needle on the right": (f32(0.98, 0.02), f32(0.13, 10.857), f32(1.7, 0.007)),
                "a needle on the left": (f32(0.97, 0.03), f32(2.41, -10.769), f32(2.3, 0.0085)),
                "a needle far out": (f32(0.015, 0.985), f32(14.813, -0.37), f32(0.009, 2.1)),
                "a needle nearer": (f32(0.04, 0.96), f32(-1.3529, -3.03), f32(0.001, 0.31)),
                "a rare needle": (f32(0.99, 0.01), f32(1.03, 10.0297), f32(1.31, 0.0059)),
                "two wide hills": (f32(0.45, 0.55), f32(2.13e7, -3.07e7), f32(3e6, 4e6)),
            },
        ),
    ),
)


@COUNT_MODES.mistake(says="The components were counted.", hint="Two bells that overlap may make one hill.")
def components_for_modes(weights, means, stds):
    return len(means)


def _further_than(weights, means, stds, width):
    return 2 if abs(means[0] - means[1]) > 2 * width else 1


@COUNT_MODES.mistake(
    says="The distance of the means was compared with the sum of the standard deviations.",
    hint="That rule is exact only for equal weights and equal spreads: a small component can vanish in a slope. "
    "Look at the density itself.",
)
def two_sigma_rule(weights, means, stds):
    return _further_than(weights, means, stds, (stds[0] + stds[1]) / 2)


@COUNT_MODES.mistake(
    says="The distance of the means was compared with twice the larger standard deviation.",
    hint="No rule of the distance alone is right for every weight: look at the density itself.",
)
def wider_spread_rule(weights, means, stds):
    return _further_than(weights, means, stds, np.max(stds))


@COUNT_MODES.mistake(
    says="The distance of the means was compared with twice the smaller standard deviation.",
    hint="No rule of the distance alone is right for every weight: look at the density itself.",
)
def narrower_spread_rule(weights, means, stds):
    return _further_than(weights, means, stds, np.min(stds))


@COUNT_MODES.mistake(
    says="This is Ashman's D: the distance of the means was compared with the root of the summed variances.",
    hint="No rule of the distance alone is right for every weight: look at the density itself.",
)
def ashmans_d(weights, means, stds):
    return _further_than(weights, means, stds, np.sqrt(np.mean(stds**2)))


@COUNT_MODES.mistake(
    says="The distance of the means was compared with twice the geometric mean of the standard deviations.",
    hint="No rule of the distance alone is right for every weight: look at the density itself.",
)
def geometric_spread_rule(weights, means, stds):
    return _further_than(weights, means, stds, np.sqrt(stds[0] * stds[1]))


@COUNT_MODES.mistake(
    says="The density half-way between the means was compared with the density at them.",
    hint="With other weights or spreads the valley lies elsewhere, and so do the peaks.",
)
def dip_in_the_middle(weights, means, stds):
    low, middle, high = joint(np.array([means[0], np.mean(means), means[1]]), weights, means, stds).sum(axis=1)
    return 2 if middle < min(low, high) else 1


def _peaks(grid, weights, means, stds, falls=np.greater):
    """Count the points of a grid that are above both neighbours, or above the first and not below the second."""
    p = joint(grid, weights, means, stds).sum(axis=1)
    return np.sum((p[1:-1] > p[:-2]) & falls(p[1:-1], p[2:]))


def _even_grid(num_points, reach, kind: type = float, falls=np.greater_equal, beyond=lambda means, stds: stds):
    """Count peaks on an even grid that reaches `reach` standard deviations beyond the means."""

    def modes(*args):
        weights, means, stds = (np.asarray(arg, kind) for arg in args)
        width = reach * beyond(means, stds)
        grid = np.linspace(np.min(means - width), np.max(means + width), num_points, dtype=kind)
        return _peaks(grid, weights, means, stds, falls)

    return modes


def _turns(steps):
    """Count all changes of the slope's sign, on a grid with `steps` steps per smaller standard deviation.

    Between hills that are far apart the slope underflows to 0; the steps to 0 and back count as changes, too.
    """

    def modes(*args):
        weights, means, stds = (np.asarray(arg, float) for arg in args)
        reach, step = np.max(stds), np.min(stds) / steps
        if np.ptp(means) + 2 * reach > MOST_POINTS * step:
            raise MemoryError
        grid = np.arange(np.min(means) - reach, np.max(means) + reach, step)
        slope = (joint(grid, weights, means, stds) * (means - grid[:, None]) / stds**2).sum(axis=1)
        return np.sum(np.diff(np.sign(slope)) != 0)

    return modes


def _step_of(step):
    """Count peaks on a grid with a fixed step, four standard deviations beyond the means."""

    def modes(*args):
        weights, means, stds = (np.asarray(arg, float) for arg in args)
        low, high = np.min(means - 4 * stds), np.max(means + 4 * stds)
        if high - low > MOST_POINTS * step:
            raise MemoryError
        return _peaks(np.arange(low, high, step), weights, means, stds, np.greater_equal)

    return modes


def _fine_grid(means, stds):
    """A grid finer than either component, wherever they are."""
    return np.unique(means[:, None] + stds[:, None] * np.linspace(-12, 12, 4001))


def _peaks_above(least):
    """Count peaks above a least density."""

    def modes(*args):
        from scipy.signal import find_peaks  # slow to import, and the values of most mistakes are known

        weights, means, stds = (np.asarray(arg, float) for arg in args)
        p = joint(_fine_grid(means, stds), weights, means, stds).sum(axis=1)
        return len(find_peaks(p, **least)[0])

    return modes


def _modes_floored(raised):
    """Count peaks on a fine grid, after raising small standard deviations."""

    def modes(weights, means, stds):
        weights, means, stds = (np.asarray(part, float) for part in (weights, means, raised(stds)))
        return _peaks(_fine_grid(means, stds), weights, means, stds)

    return modes


MOST_POINTS = 200_000
ENDS_MISSED = tuple(
    _even_grid(num_points, 0, kind, falls)
    for num_points in (1001, 1000, 500, 2000)
    for kind in (float, np.float32)
    for falls in (np.greater, np.greater_equal)
)
COARSE = tuple(
    _even_grid(num_points, reach, beyond=beyond)
    for num_points in (50, 100, 200, 30, 20, 25, 40, 60, 80, 64)
    for reach in (4, 3, 5, 2)
    for beyond in (lambda means, stds: stds, lambda means, stds: np.max(stds))
)
FIXED_STEPS = tuple(map(_step_of, (0.1, 1.0, 0.01, 0.5, 0.05, 10.0)))
LOW_PEAKS = tuple(_peaks_above({kind: least}) for kind in ("height", "prominence") for least in (1e-3, 0.01, 1e-4, 0.1))

COUNT_MODES.add(
    KnownMistake(
        name="peaks_at_the_ends_missed",
        says="A peak on a mean, at the end of the grid, was not counted.",
        hint="A narrow component that stands apart has its peak on its mean. Where should your grid end?",
        variant=ENDS_MISSED[0],
        forms=ENDS_MISSED[1:],
    ),
    KnownMistake(
        name="coarse_grid",
        says="The grid is too coarse.",
        hint="A narrow hill can stand between two of its points. What should decide how far apart they are?",
        variant=COARSE[0],
        forms=(*COARSE[1:], *FIXED_STEPS),
    ),
    KnownMistake(
        name="low_peaks_dropped",
        says="Low peaks were not counted.",
        hint="Density is per gram: in milligrams every peak is a thousand times as low. Is it any less a peak?",
        variant=LOW_PEAKS[0],
        forms=LOW_PEAKS[1:],
    ),
    spread_floor(_modes_floored),
)


@COUNT_MODES.mistake(
    says="The valley was counted, too.",
    hint="At a peak the slope turns from positive to negative. How does it turn in a valley?",
    forms=tuple(map(_turns, (50, 20, 10, 100))),
)
def turning_points_counted(weights, means, stds):
    return 2 * categorization.count_modes(weights, means, stds) - 1


@COUNT_MODES.mistake(
    catalogue.WEIGHTS_IGNORED, hint="With very unequal weights the small peak can drown in the slope of the large one."
)
def weights_ignored(weights, means, stds):
    return categorization.count_modes(np.full(2, 0.5), means, stds)


@COUNT_MODES.mistake(
    says="The decision boundaries were counted.",
    hint="A boundary is where the components are equally probable; a mode is a peak of p(x).",
)
def boundaries_for_modes(weights, means, stds):
    return len(categorization.decision_boundaries(weights, means, stds))
