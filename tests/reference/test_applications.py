"""Mixtures in D dimensions: the reference against SciPy, scikit-learn, arithmetic and its own formulas in one."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from reference import applications, em
from reference.real_data import HOUSEHOLDS, portrait

rng = np.random.default_rng(0)


def some_covs(num_components, num_dims):
    factors = rng.normal(size=(num_components, num_dims, num_dims + 2))
    return factors @ np.swapaxes(factors, 1, 2) / (num_dims + 2) + 0.2 * np.eye(num_dims)


# x, weights, means, covs: D, K and N all differ.
MIXTURES = {
    "two dimensions": (rng.normal(size=(8, 2)), [0.2, 0.5, 0.3], rng.normal(size=(3, 2)), some_covs(3, 2)),
    "one component in four": (rng.normal(size=(6, 4)), [1.0], rng.normal(size=(1, 4)), some_covs(1, 4)),
    "far from every mean": (1e3 * rng.normal(size=(7, 3)), [0.6, 0.4], rng.normal(size=(2, 3)), some_covs(2, 3)),
    "households": (
        HOUSEHOLDS[:9],
        [0.7, 0.3],
        [[800, 550], [1500, 900]],
        [[[6e4, 3e4], [3e4, 2e4]], [[4e5, 2e5], [2e5, 2e5]]],
    ),
}
mixtures = pytest.mark.parametrize("mixture", MIXTURES.values(), ids=MIXTURES.keys())

# Compiled once for each shape and precision.
multivariate_log_density = jax.jit(applications.multivariate_log_density)
e_step_full = jax.jit(applications.e_step_full)
m_step_full = jax.jit(applications.m_step_full)
segment_image = jax.jit(applications.segment_image)
flag_anomalies = jax.jit(applications.flag_anomalies, static_argnames="share")

vectors = hnp.arrays(np.float64, (8, 2), elements=st.integers(-300, 300).map(lambda i: i / 100), unique=True)
factors = hnp.arrays(np.float64, (2, 2, 2), elements=st.floats(-2, 2))
shares = st.floats(0.1, 0.9).map(lambda share: (share, 1 - share))
soft_labels = hnp.arrays(np.float64, 8, elements=st.floats(0.05, 0.95)).map(lambda r: np.stack([r, 1 - r], axis=1))


def arrays(*values):
    """JAX arrays in the current precision."""
    return tuple(jnp.array(value, float) for value in values)


def exact(*arrays):
    """The same numbers in float64, after the rounding that the reference sees."""
    return tuple(np.asarray(array, np.float64) for array in arrays)


def log_density(x, means, covs):
    return np.stack([multivariate_normal(m, c).logpdf(x) for m, c in zip(means, covs, strict=True)], axis=1)


def log_joint(x, weights, means, covs):
    return np.log(weights) + log_density(x, means, covs)


# --- the density ---


@mixtures
def test_the_density_is_scipys(mixture, rtol):
    x, _, means, covs = arrays(*mixture)

    value = multivariate_log_density(x, means, covs)

    assert value.shape == (len(x), len(means))
    np.testing.assert_allclose(value, log_density(*exact(x, means, covs)), rtol=rtol)


def test_the_density_by_hand(rtol):
    # det = 4 * 2 - 2^2 = 4; the inverse is [[2, -2], [-2, 4]] / 4. At (2, 0) the form is 8/4, at (0, 1) 4/4.
    value = multivariate_log_density(*arrays([[2, 0], [0, 1]], [[0, 0]], [[[4, 2], [2, 2]]]))

    constant = np.log(2 * np.pi) + np.log(4) / 2
    np.testing.assert_allclose(value, [[-1 - constant], [-0.5 - constant]], rtol=rtol)


def test_in_one_dimension_it_is_the_density_of_the_other_assignments(rtol):
    x, weights, means, stds = arrays([-2.1, 0.3, 3.4, 1e4], [0.6, 0.4], [-1, 2], [1, 1.5])

    resp, log_likelihood = e_step_full(x[:, None], weights, means[:, None], stds[:, None, None] ** 2)

    truth, total = em.e_step(x, weights, means, stds)
    np.testing.assert_allclose(resp, truth, rtol=rtol, atol=rtol)
    np.testing.assert_allclose(log_likelihood, total, rtol=rtol)


@given(vectors, factors, hnp.arrays(np.float64, (2, 2), elements=st.floats(-2, 2)))
def test_other_axes_change_the_density_only_by_their_volume(x, factors, axes):
    axes = axes + 5 * np.eye(2)  # invertible
    means, covs = x[:2], factors @ np.swapaxes(factors, 1, 2) + 0.1 * np.eye(2)
    with jax.enable_x64(True):
        plain = multivariate_log_density(*arrays(x, means, covs))
        moved = multivariate_log_density(*arrays(x @ axes.T, means @ axes.T, axes @ covs @ axes.T))

    np.testing.assert_allclose(moved, np.asarray(plain) - np.log(np.abs(np.linalg.det(axes))), rtol=1e-8, atol=1e-8)


# --- the two steps ---


@mixtures
def test_e_step_is_bayes_rule_on_scipys_densities(mixture, rtol):
    args = arrays(*mixture)

    resp, log_likelihood = e_step_full(*args)

    logs = log_joint(*exact(*args))
    np.testing.assert_allclose(resp, softmax(logs, axis=1), atol=10 * rtol)
    np.testing.assert_allclose(np.sum(resp, axis=1), 1, rtol=rtol)
    np.testing.assert_allclose(log_likelihood, logsumexp(logs, axis=1).sum(), rtol=rtol)


def test_m_step_by_hand(rtol):
    x = [[0, 0], [2, 4], [4, 2]]
    weights, means, covs = m_step_full(*arrays(x, [[1, 0], [0.5, 0.5], [0, 1]]))

    # The responsibilities of each component sum to 1.5. Component 0: mean (1, 2)/1.5, deviations (-2/3, -4/3) once and
    # (4/3, 8/3) by half. Component 1: mean (5, 4)/1.5, deviations (-4/3, 4/3) by half and (2/3, -2/3) once.
    np.testing.assert_allclose(weights, [0.5, 0.5], rtol=rtol)
    np.testing.assert_allclose(means, [[2 / 3, 4 / 3], [10 / 3, 8 / 3]], rtol=rtol)
    first = np.array([[1, 2], [2, 4]]) * (4 / 9 + 8 / 9) / 1.5
    second = np.array([[1, -1], [-1, 1]]) * (8 / 9 + 4 / 9) / 1.5
    np.testing.assert_allclose(covs, [first, second], rtol=rtol)


@given(vectors, soft_labels)
def test_m_step_is_numpys_weighted_mean_and_covariance(x, resp):
    with jax.enable_x64(True):
        weights, means, covs = m_step_full(*arrays(x, resp))

    np.testing.assert_allclose(weights, np.mean(resp, axis=0), rtol=1e-10)
    np.testing.assert_allclose(means, [np.average(x, axis=0, weights=r) for r in resp.T], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(covs, [np.cov(x.T, aweights=r, ddof=0) for r in resp.T], rtol=1e-10, atol=1e-12)


@given(vectors, soft_labels)
def test_in_one_dimension_it_is_the_m_step_of_the_other_assignments(x, resp):
    with jax.enable_x64(True):
        weights, means, covs = m_step_full(*arrays(x[:, :1], resp))
        *truth, stds = em.m_step(*arrays(x[:, 0], resp))

    np.testing.assert_allclose([weights, means[:, 0]], truth, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(np.sqrt(covs[:, 0, 0]), stds, rtol=1e-10)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    ("x", "means"),
    [
        pytest.param(HOUSEHOLDS, [[700, 500], [1500, 900]], id="households"),
        pytest.param(portrait(40).reshape(-1, 3), [[0.3, 0.5, 0.8], [0.1, 0.1, 0.1], [0.8, 0.5, 0.4]], id="portrait"),
    ],
)
def test_every_iteration_is_that_of_scikit_learn(x, means, rtol):
    num_components, covs = len(means), np.stack([np.cov(x.T)] * len(means))
    x, *parameters = arrays(x, np.full(num_components, 1 / num_components), means, covs)
    data = np.asarray(x, float)
    theirs = GaussianMixture(
        num_components,
        weights_init=np.full(num_components, 1 / num_components),
        means_init=means,
        precisions_init=np.linalg.inv(np.asarray(parameters[2], float)),
        max_iter=1,
        warm_start=True,  # every call of fit runs one more iteration
        tol=0,
        reg_covar=0,
    )

    for _ in range(5):
        resp, log_likelihood = e_step_full(x, *parameters)
        parameters = m_step_full(x, resp)
        theirs.fit(data)

        np.testing.assert_allclose(log_likelihood, len(x) * theirs.lower_bound_, rtol=20 * rtol)
        truths = map(np.asarray, (theirs.weights_, theirs.means_, theirs.covariances_))
        for value, truth in zip(parameters, truths, strict=True):
            np.testing.assert_allclose(value, truth, rtol=50 * rtol)


@given(vectors, soft_labels)
def test_the_log_likelihood_never_falls(x, resp):
    x = x + 0.01 * np.arange(8)[:, None] ** 2 * [1, -1]  # the points are not on a line
    log_likelihoods = []
    with jax.enable_x64(True):
        x, resp = arrays(x, resp)
        for _ in range(8):
            parameters = m_step_full(x, resp)
            if np.min(np.linalg.eigvalsh(parameters[2])) < 1e-6:
                break  # a component that shrinks has no finite likelihood
            resp, log_likelihood = e_step_full(x, *parameters)
            log_likelihoods.append(float(log_likelihood))

    assert np.all(np.diff(log_likelihoods) >= -1e-9)


# --- images ---

COLOURS = ([0.5, 0.3, 0.2], [[0.1, 0.1, 0.1], [0.4, 0.5, 0.75], [0.75, 0.5, 0.4]], 0.02 * some_covs(3, 3))


@pytest.mark.usefixtures("rtol")
def test_a_pixel_gets_the_component_that_scipy_finds_likeliest():
    image = portrait(60)  # (10, 8, 3)

    labels = segment_image(jnp.array(image), *arrays(*COLOURS))

    rows = [np.argmax(log_joint(row, *COLOURS), axis=1) for row in image.astype(float)]
    np.testing.assert_array_equal(labels, rows)
    assert set(np.unique(labels)) == {0, 1, 2}


def test_bytes_are_the_same_colours_times_255():
    image = np.round(255 * portrait(60)).astype(np.uint8)

    labels = segment_image(jnp.array(image), *arrays(*COLOURS))

    assert labels.shape == (10, 8)
    np.testing.assert_array_equal(labels, segment_image(jnp.array(image / 255), *arrays(*COLOURS)))


def test_the_more_frequent_component_wins_where_densities_are_equal():
    image = np.full((2, 3, 3), 0.5)
    means, covs = [[0.25] * 3, [0.75] * 3], [np.eye(3)] * 2

    labels = [segment_image(*arrays(image, weights, means, covs)) for weights in ([0.6, 0.4], [0.4, 0.6])]

    np.testing.assert_array_equal(labels, [np.zeros((2, 3)), np.ones((2, 3))])


# --- anomalies ---


@mixtures
@pytest.mark.usefixtures("rtol")
def test_flagged_observations_have_the_lowest_density_of_scipy(mixture):
    args = arrays(*mixture)
    logs = logsumexp(log_joint(*exact(*args)), axis=1)

    for count in (1, 3):
        flags = flag_anomalies(*args, count / len(logs))

        assert flags.dtype == bool
        assert np.flatnonzero(flags).tolist() == sorted(np.argsort(logs)[:count])


def test_the_household_of_4958_francs_is_the_first_to_be_flagged():
    mean, cov = HOUSEHOLDS.mean(axis=0), np.cov(HOUSEHOLDS.T)

    flags = flag_anomalies(*arrays(HOUSEHOLDS, [1.0], [mean], [cov]), 1 / 235)

    assert HOUSEHOLDS[np.asarray(flags)].tolist() == [[4958, 1827]]
