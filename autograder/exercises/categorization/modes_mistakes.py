"""Known mistakes with peaks: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.signal import find_peaks

from autograder.exercises import Misconception
from autograder.exercises.guards import spread_floor
from autograder.exercises.numpy_gaussian import joint
from reference import categorization


def _further_than(weights, means, stds, width):
    return 2 if abs(means[0] - means[1]) > 2 * width else 1


def _dip_in_the_middle(weights, means, stds):
    low, middle, high = joint(np.array([means[0], np.mean(means), means[1]]), weights, means, stds).sum(axis=1)
    return 2 if middle < min(low, high) else 1


def _peaks(grid, weights, means, stds, falls=np.greater):
    """How many points of a grid are above both neighbours, or at least not below the next one."""
    p = joint(grid, weights, means, stds).sum(axis=1)
    return np.sum((p[1:-1] > p[:-2]) & falls(p[1:-1], p[2:]))


def _even_grid(num_points, reach, kind: type = float, falls=np.greater_equal, beyond=lambda means, stds: stds):
    """Peaks on an evenly spaced grid that reaches so many standard deviations beyond the means."""

    def modes(*args):
        weights, means, stds = (np.asarray(arg, kind) for arg in args)
        width = reach * beyond(means, stds)
        grid = np.linspace(np.min(means - width), np.max(means + width), num_points, dtype=kind)
        return _peaks(grid, weights, means, stds, falls)

    return modes


def _turns(steps):
    """All changes of the sign of the slope, on a grid with so many steps to the narrower standard deviation.

    Between hills that are far apart the slope is 0, and to 0 and from it are changes, too.
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
    """Peaks on a grid with a fixed step, four standard deviations beyond the means."""

    def modes(*args):
        weights, means, stds = (np.asarray(arg, float) for arg in args)
        low, high = np.min(means - 4 * stds), np.max(means + 4 * stds)
        if high - low > MOST_POINTS * step:
            raise MemoryError
        return _peaks(np.arange(low, high, step), weights, means, stds, np.greater_equal)

    return modes


def _fine_grid(means, stds):
    """Finer than either component, wherever they are."""
    return np.unique(means[:, None] + stds[:, None] * np.linspace(-12, 12, 4001))


def _peaks_above(least):
    """Peaks whose density is above a bound."""

    def modes(*args):
        weights, means, stds = (np.asarray(arg, float) for arg in args)
        p = joint(_fine_grid(means, stds), weights, means, stds).sum(axis=1)
        return len(find_peaks(p, **least)[0])

    return modes


def _modes_floored(raised):
    """Peaks on a grid that is finer than either component, where the standard deviations are kept from being small."""

    def modes(weights, means, stds):
        weights, means, stds = (np.asarray(one, float) for one in (weights, means, raised(stds)))
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
        variant=ENDS_MISSED[0],
        forms=ENDS_MISSED[1:],
    ),
    Misconception(
        name="coarse_grid",
        says="The grid is too coarse.",
        hint="A narrow hill can stand between two of its points. What should decide how far apart they are?",
        variant=COARSE[0],
        forms=(*COARSE[1:], *FIXED_STEPS),
    ),
    Misconception(
        name="low_peaks_dropped",
        says="Low peaks were not counted.",
        hint="Density is per gram: in milligrams every peak is a thousand times as low. Is it any less a peak?",
        variant=LOW_PEAKS[0],
        forms=LOW_PEAKS[1:],
    ),
    spread_floor(_modes_floored),
    Misconception(
        name="turning_points_counted",
        says="The valley was counted, too.",
        hint="At a peak the slope turns from positive to negative. How does it turn in a valley?",
        variant=lambda w, m, s: 2 * categorization.count_modes(w, m, s) - 1,
        forms=tuple(map(_turns, (50, 20, 10, 100))),
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
        variant=lambda w, m, s: len(categorization.decision_boundaries(w, m, s)),
    ),
)
