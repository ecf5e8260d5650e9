"""The Bayesian mixture as a program, and importance sampling: the reference against SciPy and arithmetic."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from genjax import seed
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as hypothesis_arrays
from scipy.special import softmax
from scipy.stats import binomtest, gamma, norm

from reference import bayesian_gmm
from reference.data import BENTOS
from tests.reference import truths
from tests.reference.truths import BENTO_PRIOR, correlation, uniform, unrelated

NUM_DRAWS = 4000


def arrays(*values):
    """JAX arrays in the current precision."""
    return tuple(jnp.array(value) for value in values)


def keys(number):
    return jax.random.split(jax.random.key(number), NUM_DRAWS)


# --- programs ---


@pytest.mark.parametrize(("component", "weight"), [(0, 498.5), (1, 349.0), (0, 425.0), (1, 425.0)])
def test_a_bentos_density_is_that_of_scipy(component, weight, rtol):
    log_density, returned = bayesian_gmm.bento_mixture.assess(
        {"component": jnp.array(component), "weight": jnp.array(weight)}
    )

    truth = np.log((0.7, 0.3)[component]) + norm.logpdf(weight, (500, 350)[component], 2)
    np.testing.assert_allclose(log_density, truth, rtol=rtol)
    assert tuple(map(float, returned)) == (weight, component)


def test_a_bento_has_a_component_and_a_weight():
    trace = seed(bayesian_gmm.bento_mixture.simulate)(jax.random.key(0))
    choices = trace.get_choices()

    assert set(choices) == {"component", "weight"}
    assert choices["component"].shape == choices["weight"].shape == ()
    weight, component = trace.get_retval()
    assert (weight, component) == (choices["weight"], choices["component"])


def test_simulated_bentos_are_those_of_the_recipe():
    weights, components = bayesian_gmm.simulate_bentos(jax.random.key(1), NUM_DRAWS)
    components = np.asarray(components)

    assert weights.shape == components.shape == (NUM_DRAWS,)
    assert np.issubdtype(components.dtype, np.integer)
    assert set(components.tolist()) == {0, 1}
    assert binomtest(int(np.sum(components == 0)), NUM_DRAWS, 0.7).pvalue > 1e-3
    u = norm.cdf(weights, np.array([500, 350])[components], 2)
    assert uniform(u)
    assert unrelated(u, components)


def test_another_key_gives_other_bentos():
    first, _ = bayesian_gmm.simulate_bentos(jax.random.key(1), 5)
    second, _ = bayesian_gmm.simulate_bentos(jax.random.key(2), 5)
    again, _ = bayesian_gmm.simulate_bentos(jax.random.key(1), 5)

    assert np.all(first != second)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(
    ("pi", "mu", "sigma", "z", "x"),
    [
        pytest.param((0.3, 0.7), (480.0, 352.0), (1.5, 3.0), (1,), (350.0,), id="n = 1"),
        pytest.param((0.25, 0.75), (330.0, 420.5), (2.5, 0.7), (0, 1, 1), (331.0, 420.0, 422.5), id="n = 3"),
        # As many observations as components: the shape would not reveal a wrong axis.
        pytest.param((0.6, 0.4), (500.0, 350.0), (2.0, 4.0), (1, 0), (349.0, 503.0), id="n = 2"),
        pytest.param((0.6, 0.4), (500.0, 350.25), (2.0, 2.25), tuple((BENTOS < 425).astype(int)), BENTOS, id="bentos"),
    ],
)
def test_the_density_of_everything_is_that_of_scipy(pi, mu, sigma, z, x, rtol):
    choices = {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "x": x}
    choices = {name: jnp.array(value) for name, value in choices.items()}
    log_density, _ = bayesian_gmm.bayesian_gmm.assess(choices, len(x))

    pi, mu, sigma, z, x = map(np.array, (pi, mu, sigma, z, x))
    truth = truths.log_density_of_everything(x.astype(float), BENTO_PRIOR, pi, mu, sigma, z)
    assert np.shape(log_density) == ()
    np.testing.assert_allclose(log_density, truth, rtol=rtol)


def test_simulations_have_the_documented_addresses_and_follow_the_prior():
    model = bayesian_gmm.bayesian_gmm
    draws = jax.vmap(lambda key: seed(lambda: model.simulate(3))(key).get_choices())(keys(3))
    shapes = {name: draw.shape[1:] for name, draw in draws.items()}
    assert shapes == {"pi": (2,), "mu": (2,), "sigma": (2,), "z": (3,), "x": (3,)}
    assert np.issubdtype(draws["z"].dtype, np.integer)
    pi, mu, sigma, z, x = (np.asarray(draws[name]) for name in ("pi", "mu", "sigma", "z", "x"))

    np.testing.assert_allclose(pi.sum(axis=1), 1, rtol=1e-5)
    columns = [pi[:, 0]]
    columns += [norm.cdf(mu[:, k], 400, 50) for k in range(2)]
    columns += [gamma.cdf(sigma[:, k], 2) for k in range(2)]
    columns += [norm.cdf(x[:, i], *(np.take_along_axis(of, z, axis=1)[:, i] for of in (mu, sigma))) for i in range(3)]
    assert all(map(uniform, columns))
    assert unrelated(*columns)
    # P(z_i = 0 given pi) = pi_0: right on average, more often 0 if pi_0 is larger, and independent given pi.
    residuals = (z == 0) - pi[:, :1]
    scores = residuals / np.sqrt(pi[:, :1] * pi[:, 1:])
    for score in [*scores.T, scores[:, 0] * scores[:, 1]]:
        assert abs(score.mean()) < 4 / np.sqrt(NUM_DRAWS)
    assert all(abs(correlation(residual, pi[:, 0])) < 4 / np.sqrt(NUM_DRAWS) for residual in residuals.T)


# --- importance sampling ---


@given(hypothesis_arrays(np.float64, 5, elements=st.floats(-20, 20)), st.floats(-1000, 1000))
def test_weights_are_a_softmax_for_any_size_of_the_logarithms(logs, shift):
    with jax.enable_x64(True):
        weights = np.asarray(bayesian_gmm.normalize_log_weights(jnp.array(logs + shift)))

    np.testing.assert_allclose(weights, softmax(logs), rtol=1e-9)
    assert np.sum(weights) == pytest.approx(1, abs=1e-12)


def test_weights_of_logarithms_near_minus_1000(rtol):
    weights = bayesian_gmm.normalize_log_weights(*arrays([-1000.0, -1001.0, -1002.0]))

    # 1, 1/e and 1/e^2, over their sum.
    parts = np.exp([0, -1, -2])
    np.testing.assert_allclose(weights, parts / parts.sum(), rtol=10 * rtol)


def test_a_weight_may_be_too_small_to_be_represented():
    weights = bayesian_gmm.normalize_log_weights(jnp.array([0.0, -1e6]))

    assert weights.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("weights", "size"),
    [
        pytest.param((0.25,) * 4, 4, id="equal"),
        pytest.param((0.0, 1.0, 0.0), 1, id="one draw has it all"),
        pytest.param((0.5, 0.25, 0.25), 8 / 3, id="1/4 + 1/16 + 1/16 = 3/8"),
        pytest.param((1.0,), 1, id="a single draw"),
    ],
)
def test_effective_sample_sizes_by_hand(weights, size, rtol):
    np.testing.assert_allclose(bayesian_gmm.effective_sample_size(*arrays(weights)), size, rtol=rtol)


@given(hypothesis_arrays(np.float64, 5, elements=st.floats(1e-3, 1)))
def test_an_effective_sample_size_is_kishs(parts):
    weights = parts / parts.sum()
    with jax.enable_x64(True):
        size = float(bayesian_gmm.effective_sample_size(jnp.array(weights)))

    # Kish: the number of draws, divided by 1 + the squared coefficient of variation of the weights.
    assert size == pytest.approx(len(parts) / (1 + np.var(parts) / np.mean(parts) ** 2), rel=1e-9)
    assert 1 - 1e-9 <= size <= len(parts) + 1e-9


NEW_BENTOS = np.array([430.0, 415.0])


@pytest.fixture(scope="module")
def particles():
    """10 000 weighted draws given two bentos."""
    draws = bayesian_gmm.importance_sampling(jax.random.key(5), jnp.array(NEW_BENTOS, jnp.float32), 10_000)
    shapes = {name: draw.shape for name, draw in draws.items()}
    parts = dict.fromkeys(("pi", "mu", "sigma", "z"), (10000, 2))
    assert shapes == {**parts, "log_weights": (10_000,)}
    assert np.issubdtype(draws["z"].dtype, np.integer)
    return tuple(np.asarray(draws[name], int if name == "z" else float) for name in (*parts, "log_weights"))


@pytest.mark.long
def test_importance_weights_are_scipys_densities(particles):
    _, mu, sigma, z, log_weights = particles
    own = (np.take_along_axis(of, z, axis=1) for of in (mu, sigma))

    np.testing.assert_allclose(log_weights, norm.logpdf(NEW_BENTOS, *own).sum(axis=1), rtol=1e-4)


def test_the_proposal_is_the_prior(particles):
    pi, mu, sigma, z, _ = particles

    columns = [pi[:, 0]]
    columns += [norm.cdf(mu[:, k], 400, 50) for k in range(2)]
    columns += [gamma.cdf(sigma[:, k], 2) for k in range(2)]
    assert all(map(uniform, columns))
    assert unrelated(*columns)
    scores = ((z == 0) - pi[:, :1]) / np.sqrt(pi[:, :1] * pi[:, 1:])
    assert np.all(np.abs(scores.mean(axis=0)) < 4 / np.sqrt(len(z)))


def test_weighted_draws_follow_the_posterior(particles):
    _, mu, _, z, log_weights = particles
    weights = np.exp(log_weights)
    truth = truths.posterior(NEW_BENTOS, BENTO_PRIOR)

    # The average weight is the evidence. Then: weighted means of the first mu, and of both bentos having one kind.
    evidence = np.exp(truth.log_evidence)
    rows, own = np.arange(4), truth.assignments[:, 0]
    for values, expected in (
        (np.ones(len(z)), 1),
        (np.take_along_axis(mu, z, axis=1)[:, 0] - 400, truth.expect(truth.mu[rows, own]) - 400),
        (z[:, 0] == z[:, 1], truth.expect(own == truth.assignments[:, 1])),
    ):
        products = weights * values
        assert abs(products.mean() - evidence * expected) < 4 * products.std() / np.sqrt(len(z))
