"""P(z = k given x_new and data): the reference against enumeration with the new observation among the data."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp, softmax
from scipy.stats import norm

from reference import bayesian_gmm, exact, gibbs_sampling
from reference.data import BENTOS
from tests.reference.truths import BENTO_GROUPS, BENTO_PRIOR, DESIGNED, Prior

NUM_DRAWS = 40_000
OVERLAP, OVERLAP_PRIOR = DESIGNED["overlap"]
# The exact draws of the bentos have the light component first, as `relabel` would have it.
LIGHT_FIRST = np.array([BENTO_GROUPS])


def among_the_data(x, prior, x_new, assignments=None):
    """P(z = k given x_new and x), (M, K): adds each new observation to the data, and reads its assignment."""
    rows = exact.all_assignments(len(x), len(prior.alpha)) if assignments is None else assignments
    rows = np.concatenate([np.insert(rows, len(x), k, axis=1) for k in range(len(prior.alpha))])
    posteriors = [exact.posterior(np.append(x, new), prior, rows) for new in x_new]
    return np.array([[item.probability @ (rows[:, -1] == k) for k in range(len(prior.alpha))] for item in posteriors])


def densities_averaged(posterior, x_new):
    """E[pi_k N(x_new; mu_k, sigma_k)] given the data, (M, K): pi and mu integrated out by formula, sigma on a grid."""
    alpha = posterior.prior[0]
    concentration = alpha + posterior.subsets.sum(axis=1)[posterior.owns]  # (A, K)
    pi = concentration / concentration.sum(axis=1, keepdims=True)
    wide = np.hypot(posterior.mu_std, np.exp(posterior.log_nodes))
    tables = [posterior.over_nodes(norm.pdf(x, posterior.mu_mean, wide)) for x in x_new]  # each (K, U)
    return np.array([posterior.probability @ (pi * t[np.arange(len(alpha)), posterior.owns]) for t in tables])


def as_dict(draws, log_weights=None):
    samples = draws._asdict() | ({} if log_weights is None else {"log_weights": log_weights})
    return {
        name: jnp.asarray(np.asarray(values, np.int32 if name == "z" else np.float32))
        for name, values in samples.items()
    }


def log_density(draws, x):
    """log p(x_i given the parameters of each draw): (N, S)."""
    joint = np.log(draws.pi) + norm.logpdf(np.asarray(x, float)[:, None, None], draws.mu, draws.sigma)
    return np.asarray(logsumexp(joint, axis=2))


@pytest.fixture(scope="module")
def bentos():
    posterior = exact.posterior(BENTOS, BENTO_PRIOR, LIGHT_FIRST)
    return posterior, posterior.draw(np.random.default_rng(1), NUM_DRAWS)


@pytest.fixture(scope="module")
def overlap():
    posterior = exact.posterior(OVERLAP, OVERLAP_PRIOR)
    return posterior, posterior.draw(np.random.default_rng(2), NUM_DRAWS)


def effective_sizes(draws, x_new):
    """The effective sizes of the draws as importance samples for the data with one more observation."""
    weights = [bayesian_gmm.normalize_log_weights(jnp.asarray(logs)) for logs in log_density(draws, x_new)]
    return np.array([bayesian_gmm.effective_sample_size(item) for item in weights])


# --- the formula ---


@pytest.mark.parametrize(
    ("x", "prior", "x_new", "assignments"),
    [
        pytest.param(OVERLAP, OVERLAP_PRIOR, (-4, 0, 4, 6), None, id="overlap"),
        pytest.param(*DESIGNED["three"], (-3.5, 0.5, 2.0, 6.0), None, id="three"),
        pytest.param(BENTOS, BENTO_PRIOR, (350, 420, 425, 430, 435, 440, 450, 500), LIGHT_FIRST, id="bentos"),
    ],
)
def test_average_densities_normalised_are_bayes_rule_with_the_new_observation_among_the_data(
    x, prior, x_new, assignments
):
    joint = densities_averaged(exact.posterior(x, prior, assignments), x_new)

    truth = among_the_data(x, prior, x_new, assignments)
    np.testing.assert_allclose(joint / joint.sum(axis=1, keepdims=True), truth, rtol=1e-6, atol=1e-12)


# --- the reference, from exact draws ---


def test_on_overlapping_data_draws_give_the_exact_probabilities(overlap):
    _, draws = overlap
    x_new = np.array([-4.0, -1.0, 0.0, 1.0, 4.0, 6.0])
    value = np.asarray(gibbs_sampling.assignment_probabilities(as_dict(draws), jnp.array(x_new, jnp.float32)))

    truth = among_the_data(OVERLAP, OVERLAP_PRIOR, x_new)
    assert np.all(effective_sizes(draws, x_new) > 2000)
    np.testing.assert_allclose(value, truth, atol=0.02)
    # The average of each draw's own probabilities differs by far more.
    joint = np.log(draws.pi) + norm.logpdf(x_new[:, None, None], draws.mu, draws.sigma)
    averaged = softmax(joint, axis=2).mean(axis=1)
    assert abs(averaged[0, 1] - truth[0, 1]) > 0.05


def test_weighted_draws_on_overlapping_data_give_the_exact_probabilities():
    # Draws given the first half of the observations; the weights bring in the other half.
    draws = exact.posterior(OVERLAP[:4], OVERLAP_PRIOR).draw(np.random.default_rng(3), NUM_DRAWS)
    log_weights = log_density(draws, OVERLAP[4:]).sum(axis=0) - 1000
    x_new = np.array([-4.0, 0.0, 4.0, 6.0])
    value = gibbs_sampling.assignment_probabilities(as_dict(draws, log_weights), jnp.array(x_new, jnp.float32))
    unweighted = gibbs_sampling.assignment_probabilities(as_dict(draws), jnp.array(x_new, jnp.float32))

    truth = among_the_data(OVERLAP, OVERLAP_PRIOR, x_new)
    np.testing.assert_allclose(value, truth, atol=0.03)
    assert np.max(np.abs(unweighted - truth)) > 0.08


@pytest.mark.long
def test_draws_of_gibbs_on_overlapping_data_give_the_exact_probabilities():
    prior = Prior(*(np.asarray(values, np.float32) for values in OVERLAP_PRIOR))
    gibbs = jax.jit(gibbs_sampling.gibbs, static_argnames="num_samples")
    draws = gibbs(jax.random.key(5), jnp.array(OVERLAP, jnp.float32), prior, num_samples=20_000)
    value = gibbs_sampling.assignment_probabilities(draws, jnp.array([-4.0, 0.0, 4.0, 6.0]))

    np.testing.assert_allclose(value, among_the_data(OVERLAP, OVERLAP_PRIOR, (-4, 0, 4, 6)), atol=0.05)


def test_near_the_bentos_draws_give_the_exact_probabilities(bentos):
    _, draws = bentos
    value = gibbs_sampling.assignment_probabilities(as_dict(draws), jnp.array([340.0, 354.0, 360.0, 490.0, 500.0]))

    truth = among_the_data(BENTOS, BENTO_PRIOR, (340, 354, 360, 490, 500), LIGHT_FIRST)
    np.testing.assert_allclose(value, truth, atol=1e-5)
    assert np.round(value[:, 1]).tolist() == [0, 0, 0, 1, 1]


def test_the_effective_sample_size_is_small_where_draws_fail(bentos):
    _, draws = bentos
    sizes = dict(zip((354, 360, 490, 480, 425), effective_sizes(draws, (354, 360, 490, 480, 425)), strict=True))

    assert sizes[354] == pytest.approx(26_800, rel=0.05)
    assert sizes[360] == pytest.approx(2200, rel=0.25)
    assert sizes[490] == pytest.approx(850, rel=0.5)
    assert sizes[480] < 30
    assert sizes[425] < 3


@pytest.mark.parametrize("grams", [425.0, 435.0, 440.0])
def test_draws_given_the_new_bento_are_exact(grams):
    # Importance weights 1 / p(x_new given the draw) turn draws given 21 bentos into draws given 20.
    posterior = exact.posterior(
        np.append(BENTOS, grams), BENTO_PRIOR, np.array([[*BENTO_GROUPS, 0], [*BENTO_GROUPS, 1]])
    )
    draws = posterior.draw(np.random.default_rng(4), NUM_DRAWS)
    [truth] = among_the_data(BENTOS, BENTO_PRIOR, [grams], LIGHT_FIRST)
    log_weights = -log_density(draws, [grams])[0]
    value = gibbs_sampling.assignment_probabilities(as_dict(draws, log_weights), jnp.array([grams], jnp.float32))

    # At most the binomial standard error of the share of draws in which the last observation is of this kind.
    error = 5 * np.sqrt(truth[0] * truth[1] / NUM_DRAWS) + 1e-4
    np.testing.assert_allclose(np.mean(draws.z[:, -1] == 1), truth[1], atol=error)
    np.testing.assert_allclose(value[0], truth, atol=error)


def test_for_an_observation_among_the_data_the_average_of_probabilities_is_right(overlap):
    posterior, draws = overlap
    joint = np.log(draws.pi) + norm.logpdf(OVERLAP[:, None, None], draws.mu, draws.sigma)
    averaged = softmax(joint, axis=2).mean(axis=1)  # (N, K)

    truth = np.stack([posterior.probability @ (posterior.assignments == k) for k in range(2)], axis=1)
    np.testing.assert_allclose(averaged, truth, atol=0.01)
    np.testing.assert_allclose(np.mean(draws.z == 1, axis=0), truth[:, 1], atol=0.015)


# --- arithmetic ---

TWO_DRAWS = {
    "pi": ((0.7, 0.3), (0.5, 0.5)),
    "mu": ((500.0, 350.0), (490.0, 360.0)),
    "sigma": ((2.0, 2.0), (30.0, 40.0)),
    "z": ((0, 1), (0, 1)),
}
NEW = (500.0, 425.0, 351.0, 410.0)


def two_draws(**more):
    return {name: jnp.array(values) for name, values in (TWO_DRAWS | more).items()}


@pytest.mark.parametrize(
    ("more", "weights"),
    [
        pytest.param({}, (0.5, 0.5), id="equal weights"),
        # log 3 apart, and near -1000, like importance weights.
        pytest.param({"log_weights": (-1000.0, -1000.0 + np.log(3))}, (0.25, 0.75), id="weighted"),
    ],
)
def test_densities_are_averaged_and_then_normalised(more, weights, rtol):
    value = gibbs_sampling.assignment_probabilities(two_draws(**more), jnp.array(NEW))

    x = np.array(NEW)[:, None]
    each = [
        weight * np.array(pi) * norm.pdf(x, mu, sigma)
        for weight, pi, mu, sigma in zip(weights, *(TWO_DRAWS[name] for name in ("pi", "mu", "sigma")), strict=True)
    ]
    density = np.sum(each, axis=0)
    assert value.shape == (4, 2)
    # float32 holds log weights near -1000 to 6e-5.
    np.testing.assert_allclose(value, density / density.sum(axis=1, keepdims=True), atol=10 * rtol)
    np.testing.assert_allclose(np.sum(value, axis=1), 1, rtol=rtol)


def test_for_a_single_draw_it_is_bayes_rule_even_if_densities_underflow(rtol):
    draw = {name: values[:1] for name, values in two_draws().items()}
    value = gibbs_sampling.assignment_probabilities(draw, jnp.array([425.0, 424.9, 425.1]))

    truth = softmax(np.log([0.7, 0.3]) + norm.logpdf(np.array([[425.0], [424.9], [425.1]]), [500, 350], 2), axis=1)
    # Log densities near -705 are held to 6e-5 in float32, and 424.9 to 2e-5 g.
    np.testing.assert_allclose(value, truth, atol=100 * rtol)


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3))
def test_probabilities_are_finite_for_observations_at_any_distance(x):
    value = gibbs_sampling.assignment_probabilities(two_draws(), jnp.array(x))

    assert np.all(np.isfinite(value))
    np.testing.assert_allclose(np.sum(value, axis=1), 1, rtol=1e-5)
