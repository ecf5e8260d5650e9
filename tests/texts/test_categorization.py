"""Known parameters: densities, boundaries, peaks."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from reference import categorization
from reference.data import BENTOS
from tests.texts.printed import RECIPE, says


def test_densities_and_responsibilities():
    log_density = norm.logpdf(425, 500, 2)
    says("categorization", f"lies {75 / 2} standard deviations from both means", f"is about $e^{{{log_density:.0f}}}$")
    joint = np.array([0.7, 0.3]) * [0.02, 0.06]
    first, second = joint / joint.sum()
    says("categorization", f"0.014/0.032 = {first:.4f} and 0.018/0.032 = {second:.4f}")
    p = np.asarray(categorization.responsibilities(np.array([425.0, 424.9, 425.1]), *RECIPE))[:, 0]
    says("categorization", f"P(tonkatsu) is {p[0]:.2f}.", f"at 424.9 g it is {p[1]:.3f}, at 425.1 g it is {p[2]:.3f}")


def clusters(weight: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array([weight, 1 - weight]), np.array([-1.0, 1.0]), np.sqrt([0.5, 2.0])


def test_boundaries():
    equal, more = (np.asarray(categorization.decision_boundaries(*clusters(weight))) for weight in (0.5, 0.75))
    says("categorization", f"the boundaries are {equal[0]:.3f} and {equal[1]:.3f}")
    says("categorization", f"they move out to {more[0]:.3f} and {more[1]:.3f}")
    says(
        "categorization",
        f"from about {equal[0]:.1f} to {equal[1]:.2f}",
        f"the boundary at {equal[0]:.2f} lies just outside",
    )
    shift = 4 * np.log(0.7 / 0.3) / 150
    says("categorization", f"4 · {np.log(0.7 / 0.3):.3f} / 150 = {shift:.3f} g")
    assert np.asarray(categorization.decision_boundaries(*RECIPE))[0] == pytest.approx(425 - shift)


def peaks(weight: float) -> list[float]:
    """The points where the slope of p(x) changes from up to down."""
    weights, means, stds = clusters(weight)

    def slope(x: float) -> float:
        return float(np.sum(weights * norm.pdf(x, means, stds) * (means - x) / stds**2))

    grid = np.linspace(-1.5, 1.5, 3002)
    signs = np.sign([slope(x) for x in grid])
    tops = [brentq(slope, grid[i], grid[i + 1]) for i in np.flatnonzero((signs[:-1] > 0) & (signs[1:] < 0))]
    return np.array(tops).tolist()


def test_peaks_and_where_the_tutorial_errs():
    [equal], [more], (first, second) = peaks(0.5), peaks(0.75), peaks(0.25)
    says("categorization", f"one peak, at x = {equal:.3f}, the second one at x = {more:.3f}")
    says("categorization", f"two peaks, at {first:.3f} and at {second:.3f}")
    assert [categorization.count_modes(*clusters(weight)) for weight in (0.5, 0.75, 0.25)] == [1, 1, 2]


def test_the_mean_that_no_bento_weighs():
    light, heavy = BENTOS[BENTOS < 425], BENTOS[BENTOS > 425]
    says(
        "categorization",
        f"weigh {BENTOS.mean():.1f} g on average",
        f"of the heavy bentos, the lightest weighs {heavy.min():.0f} g; of the light ones, the heaviest weighs "
        f"{light.max():.0f} g",
        f"only {len(heavy)} are tonkatsu, that is {len(heavy) / len(BENTOS):.0%}".replace("%", " %"),
    )
    weights, means, stds = RECIPE
    mean = weights @ means
    std = np.sqrt(weights @ (stds**2 + means**2) - mean**2)
    says("categorization", f"= {mean:.0f} \\text{{ g}}", f"about {mean / 10:.1f} kg", f"deviation is {std:.1f} g")


def test_the_density_of_the_mean():
    p = np.asarray(categorization.marginal_density(np.array([500.0, 440.0]), *RECIPE))
    says("categorization", f"the density is {p[0]:.2f} per g")
    assert p[1].astype(np.float32) == 0  # "At 440 g, near the mean of the pile, it is 0 in float32."


def test_the_step_further_and_the_derivation_give_the_boundaries():
    for weights, means, stds in (clusters(0.5), clusters(0.75), (np.array([0.3, 0.7]), np.array([2.0, -1]), [1, 0.5])):
        stds = np.array(stds, float)
        middle, half = np.mean(means), (means[0] - means[1]) / 2
        a = 1 / (2 * stds[1] ** 2) - 1 / (2 * stds[0] ** 2)
        b = half * (1 / stds[0] ** 2 + 1 / stds[1] ** 2)
        c = np.log(weights[0] * stds[1] / (weights[1] * stds[0])) + half**2 * a
        roots = np.sort(np.roots([a, b, c])) + middle
        np.testing.assert_allclose(categorization.decision_boundaries(weights, means, stds), roots, rtol=1e-9)
    weights, means, std = np.array([0.8, 0.2]), np.array([3.0, -1.0]), 1.5
    derived = means.mean() - std**2 * np.log(4) / (means[0] - means[1])
    [boundary] = np.asarray(categorization.decision_boundaries(weights, means, np.array([std, std])))
    assert boundary == pytest.approx(derived)
