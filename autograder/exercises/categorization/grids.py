"""Wrong ways to look for peaks on a grid: it ends too early, is too coarse, or drops low peaks."""

import numpy as np
from scipy.signal import find_peaks

from autograder.exercises.numpy_gaussian import joint

MOST_POINTS = 200_000


def _peaks(grid, weights, means, stds, falls=np.greater):
    """How many points of a grid are above both neighbours, or at least not below the next one."""
    p = joint(grid, weights, means, stds).sum(axis=1)
    return np.sum((p[1:-1] > p[:-2]) & falls(p[1:-1], p[2:]))


def _even_grid(num_points, reach, kind=float, falls=np.greater_equal, beyond=lambda means, stds: stds):
    """Peaks on an evenly spaced grid that reaches so many standard deviations beyond the means."""

    def modes(*args):
        weights, means, stds = (np.asarray(arg, kind) for arg in args)
        width = reach * beyond(means, stds)
        grid = np.linspace(np.min(means - width), np.max(means + width), num_points, dtype=kind)
        return _peaks(grid, weights, means, stds, falls)

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


def modes_floored(raised):
    """Peaks on a grid finer than either component, with standard deviations that are kept from being small."""

    def modes(weights, means, stds):
        weights, means, stds = (np.asarray(number, float) for number in (weights, means, raised(stds)))
        return _peaks(_fine_grid(means, stds), weights, means, stds)

    return modes


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
