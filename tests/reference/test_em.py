"""Learning a mixture: the reference against SciPy, scikit-learn and arithmetic."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import log_softmax, logsumexp, softmax
from scipy.stats import norm
from sklearn.mixture import GaussianMixture

from reference import em
from reference.data import BENTOS, COFFEES

OVERLAP = (-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4)
TABLE = (498.0, 352.0, 425.0, 349.0, 497.0, 503.0, 380.0, 1e6)
MIXTURES = {
    "one component": (OVERLAP, (1.0,), (0.5,), (4.0,)),
    "overlapping": (OVERLAP, (0.6, 0.4), (-1.0, 2.0), (1.0, 1.5)),
    "three components": (OVERLAP, (0.2, 0.5, 0.3), (-2.0, 0.5, 3.0), (1.0, 0.8, 1.25)),
    "bentos": (TABLE, (0.7, 0.3), (500.0, 350.0), (2.0, 2.0)),
}
UNBALANCED = np.concatenate(
    [np.random.default_rng(1).normal(0, 1, 90), np.random.default_rng(2).normal(3, 2, 10)]
).astype(np.float32)
FITS = {
    "overlap, K = 1": (OVERLAP, (1.0,), (2.0,), (3.0,)),
    "overlap, K = 2": (OVERLAP, (0.5, 0.5), (-1.0, 2.0), (1.0, 1.5)),
    "unbalanced, K = 2": (UNBALANCED, (0.7, 0.3), (-1.0, 5.0), (2.0, 1.0)),
    "unbalanced, K = 3": (UNBALANCED, (0.2, 0.5, 0.3), (-2.0, 0.5, 4.0), (1.0, 2.0, 1.5)),
    "bentos, K = 2": (BENTOS, (0.5, 0.5), (520.0, 340.0), (30.0, 30.0)),
    "coffees, K = 3": (COFFEES, (0.4, 0.3, 0.3), (150.0, 90.0, 110.0), (20.0, 15.0, 10.0)),
}
BENTO_FIT = ((0.6, 0.4), (500.0, 350.25), ((38 / 12) ** 0.5, 3.9375**0.5))

mixtures = pytest.mark.parametrize("mixture", MIXTURES.values(), ids=MIXTURES.keys())
fits = pytest.mark.parametrize(
    "fit",
    [
        # Without --long, one of each number of components.
        pytest.param(fit, id=name, marks=() if name.startswith(("overlap", "coffees")) else pytest.mark.long)
        for name, fit in FITS.items()
    ],
)

# Compiled once for each shape and precision.
fit_em = jax.jit(em.fit_em, static_argnames="num_iters")

samples = st.lists(st.integers(-1000, 1000), min_size=8, max_size=8, unique=True).map(lambda x: np.array(x) / 100)
pairs = st.tuples(st.floats(-8, 8), st.floats(-8, 8))
shares = st.floats(0.1, 0.9).map(lambda share: (share, 1 - share))
soft_labels = st.lists(st.floats(0.05, 0.95), min_size=8, max_size=8).map(
    lambda r: np.stack([np.array(r), 1 - np.array(r)], axis=1)
)


def arrays(*values):
    """JAX arrays in the current precision."""
    return tuple(jnp.array(value) for value in values)


def exact(*arrays):
    """The same numbers in float64, after the rounding that the reference sees."""
    return tuple(np.asarray(array, np.float64) for array in arrays)


def log_joint(x, weights, means, stds):
    return np.log(weights) + norm.logpdf(x[:, None], means, stds)


# --- known labels ---


def test_labelled_mle_counts_and_averages(rtol):
    x, z = arrays([1.0, 7.0, 3.0, 5.0, 10.0], [0, 1, 0, 0, 1])

    weights, means, stds = em.labelled_mle(x, z, num_components=2)

    # Component 0: 1 3 5, deviations -2 0 2, variance 8/3. Component 1: 7 10, deviations -+1.5.
    np.testing.assert_allclose(weights, [3 / 5, 2 / 5], rtol=rtol)
    np.testing.assert_allclose(means, [3, 8.5], rtol=rtol)
    np.testing.assert_allclose(stds, [math.sqrt(8 / 3), 1.5], rtol=rtol)


def test_a_single_observation_has_no_spread():
    _, means, stds = em.labelled_mle(*arrays([4.0, 1.0, 3.0], [1, 0, 0]), num_components=2)

    assert means.tolist() == [2, 4]
    assert stds.tolist() == [1, 0]


def test_labelled_mle_of_the_bentos(rtol):
    weights, means, stds = em.labelled_mle(*arrays(BENTOS, (BENTOS < 425).astype(int)), num_components=2)

    # By hand in test_data: squared deviations 38 over 12, and 32/8 - 1/16.
    np.testing.assert_allclose(weights, [0.6, 0.4], rtol=rtol)
    np.testing.assert_allclose(means, [500, 350.25], rtol=rtol)
    np.testing.assert_allclose(np.square(stds), [38 / 12, 3.9375], rtol=rtol)


@given(samples, st.permutations([0, 0, 0, 1, 1, 1, 2, 2]))
def test_labelled_mle_is_scipys_fit_of_each_component(x, z):
    with jax.enable_x64(True):
        weights, means, stds = em.labelled_mle(*arrays(x, z), num_components=3)

    assert weights.tolist() == [3 / 8, 3 / 8, 2 / 8]
    truth = [norm.fit(x[np.array(z) == k]) for k in range(3)]
    np.testing.assert_allclose(np.stack([means, stds], axis=1), truth, rtol=1e-10, atol=1e-12)


# --- the two steps ---


@mixtures
def test_e_step_is_bayes_rule_on_scipys_densities(mixture, rtol):
    args = arrays(*mixture)

    resp, log_likelihood = em.e_step(*args)

    logs = log_joint(*exact(*args))
    # At 425 g the log densities are near -705, so float32 leaves an error of up to 1e-4 in their difference.
    np.testing.assert_allclose(resp, softmax(logs, axis=1), atol=10 * rtol)
    np.testing.assert_allclose(log_likelihood, logsumexp(logs, axis=1).sum(), rtol=rtol)


def test_float32_is_exact_to_six_digits_where_components_overlap():
    args = arrays(*MIXTURES["overlapping"])
    resp, _ = em.e_step(*args)

    np.testing.assert_allclose(resp, softmax(log_joint(*exact(*args)), axis=1), atol=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4), pairs, shares, st.floats(0.1, 10))
def test_rows_sum_to_one_for_observations_at_any_distance(x, means, weights, std):
    resp, log_likelihood = em.e_step(*arrays(x, weights, means, (std, std)))

    assert np.all(np.isfinite(resp))
    assert np.isfinite(log_likelihood)
    np.testing.assert_allclose(np.sum(resp, axis=1), 1, rtol=1e-6)


def test_rows_sum_to_one_if_log_densities_have_no_digits_to_spare():
    # Both log densities are near -1e6, where neighbouring float32 numbers are 1/16 apart.
    resp, _ = em.e_step(*arrays([0.0], [0.7, 0.3], [-1500.0, 1500.0], [1.0, 1.0]))

    np.testing.assert_allclose(np.sum(resp, axis=1), 1, rtol=1e-6)


def test_m_step_by_hand(rtol):
    weights, means, stds = em.m_step(*arrays([0.0, 2.0, 4.0], [[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]))

    # The responsibilities of each component sum to 1.5. Means 1/1.5 and 5/1.5;
    # variances (1 * (2/3)^2 + .5 * (4/3)^2) / 1.5 = (4/9 + 8/9) / 1.5 = 8/9, and the same by symmetry.
    np.testing.assert_allclose(weights, [0.5, 0.5], rtol=rtol)
    np.testing.assert_allclose(means, [2 / 3, 10 / 3], rtol=rtol)
    np.testing.assert_allclose(stds, [math.sqrt(8 / 9)] * 2, rtol=rtol)


@given(samples, soft_labels)
def test_m_step_is_numpys_weighted_mean_and_covariance(x, resp):
    with jax.enable_x64(True):
        weights, means, stds = em.m_step(*arrays(x, resp))

    np.testing.assert_allclose(weights, np.mean(resp, axis=0), rtol=1e-10)
    np.testing.assert_allclose(means, [np.average(x, weights=r) for r in resp.T], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(np.square(stds), [np.cov(x, aweights=r, ddof=0) for r in resp.T], rtol=1e-10)


@given(samples, soft_labels, st.integers(0, 1), st.sampled_from([-1e-2, 1e-2]))
def test_no_other_parameters_explain_the_soft_labels_better(x, resp, component, change):
    with jax.enable_x64(True):
        weights, means, stds = exact(*em.m_step(*arrays(x, resp)))

    def expected_log_likelihood(weights, means, stds):
        return np.sum(resp * log_joint(x, weights, means, stds))

    best = expected_log_likelihood(weights, means, stds)
    step = np.where(np.arange(2) == component, change, 0)
    assert expected_log_likelihood(weights + step - step[::-1], means, stds) < best
    assert expected_log_likelihood(weights, means + step * stds, stds) < best
    assert expected_log_likelihood(weights, means, stds * (1 + step)) < best


@given(samples, st.permutations([0, 0, 0, 1, 1, 1, 2, 2]))
def test_m_step_of_certain_labels_is_the_labelled_estimate(x, z):
    with jax.enable_x64(True):
        certain = em.m_step(*arrays(x, np.eye(3)[z]))
        labelled = em.labelled_mle(*arrays(x, z), num_components=3)

    np.testing.assert_allclose(certain, labelled, rtol=1e-10, atol=1e-12)


# --- EM ---


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@fits
def test_every_iteration_is_that_of_scikit_learn(fit, rtol):
    x, *parameters = arrays(*fit)
    data, weights, means, stds = exact(x, *parameters)
    tolerance = 20 * rtol  # errors accumulate over the iterations
    num_iters = 5
    theirs = GaussianMixture(
        len(weights),
        weights_init=weights / weights.sum(),
        means_init=means[:, None],
        precisions_init=1 / stds[:, None, None] ** 2,
        max_iter=1,
        warm_start=True,  # every call of fit runs one more iteration
        tol=0,
        reg_covar=0,
    )

    *fitted, log_likelihoods = fit_em(x, *parameters, num_iters=num_iters)
    for iteration in range(num_iters):
        theirs.fit(data[:, None])
        *parameters, _ = fit_em(x, *parameters, num_iters=1)
        _, log_likelihood = em.e_step(x, *parameters)
        bic = em.bic(log_likelihood, len(weights), len(x))
        weights, means, covariances = map(np.asarray, (theirs.weights_, theirs.means_, theirs.covariances_))
        truth = np.stack([weights, means[:, 0], np.sqrt(covariances[:, 0, 0])])

        np.testing.assert_allclose(parameters, truth, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(log_likelihoods[iteration], len(x) * theirs.lower_bound_, rtol=tolerance)
        np.testing.assert_allclose(bic, theirs.bic(data[:, None]), rtol=tolerance)

    np.testing.assert_allclose(fitted, parameters, rtol=tolerance, atol=tolerance)
    assert log_likelihoods.shape == (num_iters,)


@given(samples, shares, pairs, st.tuples(st.floats(1, 5), st.floats(1, 5)))
def test_the_log_likelihood_never_falls(x, weights, means, stds):
    with jax.enable_x64(True):
        *_, fitted_stds, log_likelihoods = fit_em(*arrays(x, weights, means, stds), num_iters=20)
    # A component that shrinks onto one observation has no finite likelihood.
    assume(np.all(np.isfinite(log_likelihoods)) and np.min(np.asarray(fitted_stds)) > 1e-3)

    assert np.min(np.diff(log_likelihoods)) >= -1e-9


@given(shares, pairs, st.floats(0.1, 10), st.floats(-100, 100), st.sampled_from([-1, 1]))
def test_another_unit_and_origin_move_the_fit_along(weights, means, scale, shift, sign):
    assume(abs(means[0] - means[1]) > 0.1)
    scale *= sign
    x, weights, means, stds = exact(OVERLAP, weights, means, (2.0, 1.5))
    with jax.enable_x64(True):
        plain = exact(*fit_em(*arrays(x, weights, means, stds), num_iters=5))
        moved = exact(
            *fit_em(*arrays(scale * x + shift, weights, scale * means + shift, abs(scale) * stds), num_iters=5)
        )

    # A component that shrinks onto a single observation magnifies rounding without bound.
    assume(np.min(plain[2]) > 0.1)

    truth = plain[0], scale * plain[1] + shift, abs(scale) * plain[2], plain[3] - len(x) * np.log(abs(scale))
    for value, expected in zip(moved, truth, strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-7, atol=1e-7)


def test_components_keep_the_order_of_their_start(rtol):
    x, *start = arrays(*FITS["unbalanced, K = 3"])
    order = jnp.array([2, 0, 1])

    *fitted, log_likelihoods = fit_em(x, *start, num_iters=5)
    *permuted, same = fit_em(x, *(parameter[order] for parameter in start), num_iters=5)

    np.testing.assert_allclose(permuted, np.stack(fitted)[:, order], rtol=20 * rtol)
    np.testing.assert_allclose(same, log_likelihoods, rtol=rtol)


def test_the_bentos_are_found_from_extreme_guesses(rtol):
    *parameters, _ = fit_em(*arrays(*FITS["bentos, K = 2"]), num_iters=6)

    np.testing.assert_allclose(parameters, BENTO_FIT, rtol=10 * rtol)


def test_identical_starts_never_separate(rtol):
    weights, means, stds, _ = fit_em(*arrays(OVERLAP, (0.3, 0.7), (2.0, 2.0), (2.0, 2.0)), num_iters=10)

    # Sum of the observations 5, over 8.
    np.testing.assert_allclose(weights, [0.3, 0.7], rtol=rtol)
    np.testing.assert_allclose(means, [0.625, 0.625], rtol=rtol)
    np.testing.assert_allclose(stds, [np.std(OVERLAP)] * 2, rtol=rtol)


# --- model selection ---

# --- the bound ---


@mixtures
def test_the_bound_touches_the_log_likelihood_after_an_e_step(mixture, rtol):
    x, *parameters = arrays(*mixture)

    resp, log_likelihood = em.e_step(x, *parameters)

    np.testing.assert_allclose(em.elbo(x, resp, *parameters), log_likelihood, rtol=10 * rtol)


@given(samples, soft_labels, shares, pairs, pairs)
def test_the_bound_is_below_by_the_divergence_of_the_responsibilities_from_the_posterior(
    x, resp, weights, means, log_stds
):
    parameters = weights, means, np.exp(np.array(log_stds) / 4)
    with jax.enable_x64(True):
        bound = float(em.elbo(*arrays(x, resp, *parameters)))

    logs = log_joint(x, *map(np.array, parameters))
    divergence = np.sum(resp * (np.log(resp) - log_softmax(logs, axis=1)))
    assert divergence > -1e-9
    assert bound == pytest.approx(logsumexp(logs, axis=1).sum() - divergence, rel=1e-9, abs=1e-9)


@given(samples, soft_labels, shares, pairs)
def test_the_m_step_raises_the_bound_to_its_top(x, resp, weights, means):
    with jax.enable_x64(True):
        x, resp, weights, means, stds = arrays(x, resp, weights, means, (1.0, 2.0))
        best = em.elbo(x, resp, *em.m_step(x, resp))
        assert em.elbo(x, resp, weights, means, stds) <= best + 1e-9


def test_a_responsibility_of_zero_adds_nothing(rtol):
    x, weights, means, stds = arrays(*MIXTURES["bentos"])
    labels = np.array([0, 1, 0, 1, 0, 0, 1, 0])

    bound = em.elbo(x, jnp.eye(2)[labels], weights, means, stds)

    each = log_joint(*exact(x, weights, means, stds))[np.arange(8), labels]
    np.testing.assert_allclose(bound, each.sum(), rtol=rtol)


def test_bic_by_arithmetic(rtol):
    # 3K - 1 free parameters: 5 log 20 + 2 * 54.25, and 2 log 100 + 2 * 350.75.
    np.testing.assert_allclose(em.bic(-54.25, 2, 20), 5 * math.log(20) + 108.5, rtol=rtol)
    np.testing.assert_allclose(em.bic(-350.75, 1, 100), 2 * math.log(100) + 701.5, rtol=rtol)


@pytest.mark.usefixtures("rtol")
@pytest.mark.parametrize(
    ("fit", "published"),
    [
        pytest.param((BENTOS, (1.0,), (400.0,), (50.0,)), 234.58, id="bentos, K = 1"),
        pytest.param(FITS["bentos, K = 2"], 123.45, id="bentos, K = 2"),
        pytest.param((COFFEES, (0.3, 0.3, 0.4), (85.0, 115.0, 150.0), (5.0, 5.0, 5.0)), 216.06, id="coffees, K = 3"),
    ],
)
def test_bic_of_the_converged_fits(fit, published):
    x, *start = arrays(*fit)
    *fitted, _ = fit_em(x, *start, num_iters=30)
    _, log_likelihood = em.e_step(x, *fitted)

    assert em.bic(log_likelihood, len(fit[1]), len(x)) == pytest.approx(published, abs=0.006)


GAUSSIAN = np.random.default_rng(3).normal(50, 3, 200)


@pytest.mark.parametrize(
    ("seed", "x", "candidates", "best"),
    [
        pytest.param(0, BENTOS, (1, 2, 3), 2, id="bentos", marks=pytest.mark.long),
        # With these two keys, a single start gives a wrong result.
        pytest.param(4, BENTOS, (1, 2, 3), 2, id="bentos, another key", marks=pytest.mark.long),
        pytest.param(2, COFFEES, (4, 2, 3), 3, id="coffees, candidates in any order"),
        pytest.param(
            0, np.random.default_rng(3).normal(50, 3, 200), (2, 1), 1, id="one Gaussian", marks=pytest.mark.long
        ),
    ],
)
def test_bic_finds_the_number_of_groups(seed, x, candidates, best):
    value = em.select_num_components(jax.random.key(seed), jnp.array(x, jnp.float32), candidates)

    assert type(value) is int
    assert value == best


def test_a_collapse_onto_equal_observations_does_not_choose_the_largest_candidate():
    # Five equal observations on a broad hill: BIC pays for one component for them, not for two more.
    x = jnp.array([3.0] * 5 + [-6.2, -4.1, -1.7, 0.4, 1.1, 2.2, 4.9, 6.3, 8.8, 11.0])

    assert em.select_num_components(jax.random.key(0), x, (1, 2, 4)) == 2


# --- anomalies ---


@mixtures
def test_scores_are_scipys_log_densities(mixture, rtol):
    args = arrays(*mixture)

    scores = em.anomaly_score(*args)

    assert np.all(np.isfinite(scores))
    np.testing.assert_allclose(scores, -logsumexp(log_joint(*exact(*args)), axis=1), rtol=rtol)


def test_a_bento_of_425_g_is_anomalous(rtol):
    score = em.anomaly_score(*arrays([425.0], [0.7, 0.3], [500.0, 350.0], [2.0, 2.0]))

    # Both components give the same density: 37.5^2 / 2 + log(2 sqrt(2 pi)).
    np.testing.assert_allclose(score, 703.125 + math.log(2 * math.sqrt(2 * math.pi)), rtol=rtol)
