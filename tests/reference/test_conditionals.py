"""Exact conditional distributions: the reference against SciPy's densities and adaptive quadrature."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import CubicHermiteSpline
from scipy.special import softmax
from scipy.stats import gamma, norm

from reference import conditionals

POINTS = np.array([-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4])
WEIGHTS = np.array([0.2, 0.5, 0.3])
MEANS = np.array([-2.0, 0.5, 3.0])
STDS = np.array([1.5, 0.8, 1.25])
LABELS = np.array([0, 0, 1, 1, 1, 0, 1, 1])  # component 2 is empty
MEAN_PRIOR = np.array([-1.0, 2.0, 0.5]), np.array([1.5, 0.7, 2.0])
STD_PRIOR = np.array([2.0, 3.0, 1.5]), np.array([1.5, 3.0, 0.4])


def test_members_are_one_hot():
    assert conditionals.members([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert conditionals.members([[1], [0]], 2).tolist() == [[[0, 1]], [[1, 0]]]


# --- z ---


def test_assignments_are_bayes_rule_on_scipys_densities():
    value = conditionals.assignments(POINTS, WEIGHTS, MEANS, STDS)

    truth = softmax(np.log(WEIGHTS) + norm.logpdf(POINTS[:, None], MEANS, STDS), axis=1)
    np.testing.assert_allclose(value, truth, rtol=1e-12)


def test_assignments_of_several_parameters_are_those_of_each():
    pi, mu, sigma = np.stack([WEIGHTS, WEIGHTS[::-1]]), np.stack([MEANS, MEANS + 1]), np.stack([STDS, 2 * STDS])

    value = conditionals.assignments(POINTS, pi, mu, sigma)

    for i in range(2):
        np.testing.assert_allclose(value[i], conditionals.assignments(POINTS, pi[i], mu[i], sigma[i]), rtol=1e-12)


def test_assignments_if_no_density_can_be_represented():
    value = conditionals.assignments([425.0, 1e6, -1e6], (0.7, 0.3), (500.0, 350.0), (2.0, 2.0))

    np.testing.assert_allclose(value, [[0.7, 0.3], [1, 0], [0, 1]], rtol=1e-9, atol=1e-12)


# --- pi ---


def test_weights_add_counts():
    alpha = np.array([0.5, 2.0, 1.5])

    np.testing.assert_allclose(conditionals.weights(LABELS, alpha), alpha + np.bincount(LABELS, minlength=3))
    np.testing.assert_allclose(conditionals.weights([[2, 2], [0, 1]], alpha), alpha + np.array([[0, 0, 2], [1, 1, 0]]))


# --- mu ---


def test_means_by_quadrature_over_scipys_densities():
    loc, scale = MEAN_PRIOR
    means, stds = conditionals.means(POINTS, LABELS, STDS, loc, scale)

    for k in range(3):
        own = POINTS[k == LABELS]

        def density(mu, k=k, own=own):
            return norm.pdf(mu, loc[k], scale[k]) * np.prod(norm.pdf(own, mu, STDS[k]))

        def integral(function, density=density):
            return quad(lambda mu: function(mu) * density(mu), -20, 20, epsabs=0, epsrel=1e-11, points=(-1, 0, 1))[0]

        total = integral(lambda _: 1.0)
        mean = integral(lambda mu: mu) / total
        assert means[k] == pytest.approx(mean, rel=1e-9)
        assert stds[k] == pytest.approx(np.sqrt(integral(lambda mu, mean=mean: (mu - mean) ** 2) / total), rel=1e-9)


def test_the_mean_of_an_empty_component_keeps_its_prior():
    loc, scale = MEAN_PRIOR
    means, stds = conditionals.means(POINTS, LABELS, STDS, loc, scale)

    assert (means[2], stds[2]) == (loc[2], scale[2])


def test_means_of_several_draws_are_those_of_each():
    labels, sigma = np.stack([LABELS, LABELS[::-1] + 1]), np.stack([STDS, 2 * STDS])
    means, stds = conditionals.means(POINTS, labels, sigma, *MEAN_PRIOR)

    for i in range(2):
        single = conditionals.means(POINTS, labels[i], sigma[i], *MEAN_PRIOR)
        np.testing.assert_allclose((means[i], stds[i]), single, rtol=1e-12)


# --- sigma ---


@pytest.mark.parametrize(
    ("x", "means", "prior"),
    [
        pytest.param(POINTS, MEANS, STD_PRIOR, id="overlapping"),
        pytest.param(POINTS / 50 + 400, np.array([399.99, 400.01, 400.0]), STD_PRIOR, id="narrow"),
        pytest.param(POINTS * 4, MEANS * 4, STD_PRIOR, id="wider than the prior expects"),
    ],
)
def test_the_distribution_of_sigma_by_adaptive_quadrature(x, means, prior):
    shape, rate = prior
    table = conditionals.stds(x, LABELS, means, shape, rate)

    assert table.cdf.shape == (3, len(table.log_nodes))
    assert np.all(np.diff(table.cdf) >= -1e-12)
    assert np.all(table.pdf >= 0)
    for k in range(3):
        own = x[k == LABELS]

        def log_density(t, k=k, own=own):
            sigma = np.exp(t)
            prior = gamma.logpdf(sigma, shape[k], scale=1 / rate[k]) + t
            return prior + norm.logpdf(own, means[k], sigma).sum()

        # Adaptive quadrature needs to know where the mass is.
        highest = max(table.log_nodes, key=log_density)
        peak = log_density(highest)

        def mass(low, high, log_density=log_density, peak=peak):
            return quad(lambda t: np.exp(log_density(t) - peak), low, high, epsabs=1e-12, limit=200)[0]

        below, above = mass(-30, highest), mass(highest, 12)
        cdf = CubicHermiteSpline(table.log_nodes, table.cdf[k], table.pdf[k])
        for level in np.interp([0.01, 0.1, 0.5, 0.9, 0.99], table.cdf[k], table.log_nodes):
            part = below - mass(level, highest) if level < highest else below + mass(highest, level)
            assert cdf(level) == pytest.approx(part / (below + above), abs=3e-5)


def test_the_sigma_of_an_empty_component_keeps_its_prior():
    shape, rate = STD_PRIOR
    table = conditionals.stds(POINTS, LABELS, MEANS, shape, rate)

    truth = gamma.cdf(np.exp(table.log_nodes), shape[2], scale=1 / rate[2])
    np.testing.assert_allclose(table.cdf[2], truth, atol=2e-6)


def test_sigmas_of_several_draws_are_those_of_each():
    labels, means = np.stack([LABELS, LABELS[::-1] + 1]), np.stack([MEANS, MEANS + 1])
    table = conditionals.stds(POINTS, labels, means, *STD_PRIOR)

    assert table.cdf.shape == (2, 3, len(table.log_nodes))
    for i in range(2):
        single = conditionals.stds(POINTS, labels[i], means[i], *STD_PRIOR)
        for k in range(3):
            here = CubicHermiteSpline(table.log_nodes, table.cdf[i, k], table.pdf[i, k])(single.log_nodes)
            inside = single.log_nodes <= table.log_nodes[-1]
            np.testing.assert_allclose(here[inside], single.cdf[k][inside], atol=2e-5)


def test_quantiles_invert_the_distribution():
    table = conditionals.stds(POINTS, LABELS, MEANS, *STD_PRIOR)
    u = np.random.default_rng(0).uniform(0.001, 0.999, (50, 3))

    sigma = table.quantiles(u)

    back = [CubicHermiteSpline(table.log_nodes, table.cdf[k], table.pdf[k])(np.log(sigma[:, k])) for k in range(3)]
    np.testing.assert_allclose(np.stack(back, axis=1), u, atol=1e-5)


def test_the_grid_leaves_out_at_most_its_tail():
    shape, rate = STD_PRIOR
    low, high = np.exp(conditionals.log_std_range(1.0, shape, rate))

    assert np.max(gamma.cdf(low, shape, scale=1 / rate)) == pytest.approx(1e-12, rel=1e-6)
    assert np.max(gamma.sf(high, shape, scale=1 / rate)) == pytest.approx(1e-12, rel=1e-6)
    # The data are far wider than the prior: their root sum of squares bounds sigma.
    _, wide = np.exp(conditionals.log_std_range(500.0, shape, rate))
    assert wide == pytest.approx(1000)
