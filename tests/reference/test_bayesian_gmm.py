"""The Bayesian mixture: the reference against SciPy's densities, exact posteriors and arithmetic."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from genjax import seed
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as hypothesis_arrays
from scipy.special import softmax
from scipy.stats import beta, binomtest, chisquare, entropy, gamma, norm

from reference import bayesian_gmm
from reference.data import BENTOS
from tests.reference import truths
from tests.reference.truths import BENTO_PRIOR, BENTOS_IN_ORDER, DESIGNED, Prior, correlation, uniform, unrelated

NUM_DRAWS = 4000
# Two and three components; the last of the three is empty; the priors of the components differ.
SETTINGS = {
    "two components": {
        "x": (-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4),
        "z": (0, 0, 1, 0, 1, 1, 0, 1),
        "pi": (0.3, 0.7),
        "mu": (-1.0, 2.0),
        "sigma": (1.25, 0.8),
        "prior": DESIGNED["overlap"][1],
    },
    "three components, one empty": {
        "x": (-3.0, -0.5, 0.2, 1.1, 2.8, 4.0),
        "z": (0, 1, 0, 1, 1, 1),
        "pi": (0.2, 0.5, 0.3),
        "mu": (-2.0, 0.5, 3.0),
        "sigma": (1.5, 0.8, 1.25),
        "prior": DESIGNED["three"][1],
    },
}

settings = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())
gibbs = jax.jit(bayesian_gmm.gibbs, static_argnames="num_samples")

label_counts = st.integers(2, 3)


def arrays(*values):
    """JAX arrays in the current precision."""
    return tuple(jnp.array(value) for value in values)


def single(prior):
    """The prior in float32."""
    return Prior(*(np.asarray(values, np.float32) for values in prior))


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


# --- one conditional at a time ---


@settings
def test_assignments_are_drawn_by_bayes_rule(setting):
    x, pi, mu, sigma = arrays(*(setting[name] for name in ("x", "pi", "mu", "sigma")))
    z = np.asarray(jax.vmap(lambda key: bayesian_gmm.sample_assignments(key, x, pi, mu, sigma))(keys(11)))

    assert z.shape == (NUM_DRAWS, len(x))
    assert np.issubdtype(z.dtype, np.integer)
    truth = softmax(np.log(pi) + norm.logpdf(np.asarray(x)[:, None], mu, sigma), axis=1)
    for i in range(len(x)):
        observed, expected = np.bincount(z[:, i], minlength=len(pi)), NUM_DRAWS * truth[i]
        rare = expected < 5
        assert np.all(observed[rare] < 20)
        if np.sum(~rare) > 1:
            expected = expected[~rare] * observed[~rare].sum() / expected[~rare].sum()
            assert chisquare(observed[~rare], expected).pvalue > 1e-3
    undecided = (truth[:, 0] > 0.01) & (truth[:, 0] < 0.99)
    assert undecided.sum() > 1
    assert unrelated(*(z == 0).T[undecided])


@pytest.mark.usefixtures("rtol")
def test_a_bento_of_425_g_is_assigned_by_the_prior():
    x, *parameters = arrays([425.0], (0.7, 0.3), (500.0, 350.0), (2.0, 2.0))
    z = np.asarray(jax.vmap(lambda key: bayesian_gmm.sample_assignments(key, x, *parameters))(keys(12)))

    assert binomtest(int(np.sum(z == 0)), NUM_DRAWS, 0.7).pvalue > 1e-3


@settings
def test_weights_are_drawn_from_dirichlets(setting):
    z, alpha = arrays(setting["z"], setting["prior"].alpha)
    pi = np.asarray(jax.vmap(lambda key: bayesian_gmm.sample_weights(key, z, alpha))(keys(13)))

    concentration = setting["prior"].alpha + np.bincount(setting["z"], minlength=len(alpha))
    np.testing.assert_allclose(pi.sum(axis=1), 1, rtol=1e-5)
    # Stick breaking of a Dirichlet: the shares of the remaining length are independent betas.
    left, columns = np.ones(NUM_DRAWS), []
    for k in range(len(alpha) - 1):
        columns.append(beta.cdf(np.minimum(pi[:, k] / left, 1), concentration[k], concentration[k + 1 :].sum()))
        left = left - pi[:, k]
    assert all(map(uniform, columns))
    assert unrelated(*columns)


@settings
def test_means_are_drawn_from_their_normals(setting):
    prior = setting["prior"]
    x, z, sigma, loc, scale = arrays(setting["x"], setting["z"], setting["sigma"], prior.loc, prior.scale)
    mu = np.asarray(jax.vmap(lambda key: bayesian_gmm.sample_means(key, x, z, sigma, loc, scale))(keys(14)))

    columns = []
    for k in range(len(loc)):
        own = np.asarray(setting["x"])[np.array(setting["z"]) == k]
        # Observations and mean are jointly normal: condition on the observations.
        n, variance = len(own), prior.scale[k] ** 2
        gain = variance * np.ones(n) @ np.linalg.inv(setting["sigma"][k] ** 2 * np.eye(n) + variance)
        mean, std = prior.loc[k] + gain @ (own - prior.loc[k]), np.sqrt(variance * (1 - gain.sum()))
        columns.append(norm.cdf(mu[:, k], mean, std))
    assert all(map(uniform, columns))
    assert unrelated(*columns)


def test_the_mean_of_heavy_data_keeps_its_digits():
    # Three draws with almost no noise: 500.25 +- 1e-4; float32 resolves 3e-5.
    x, z, sigma, loc, scale = arrays([500.0, 500.5], [0, 0], [1e-4], [400.0], [50.0])
    mu = bayesian_gmm.sample_means(jax.random.key(0), x, z, sigma, loc, scale)

    np.testing.assert_allclose(mu, 500.25, atol=5e-4)


class Sigma:
    """The distribution of one sigma given its squares, by SciPy's densities on a fine grid of logarithms."""

    def __init__(self, own, mean, shape, rate):
        self.log_sigma = np.linspace(np.log(1e-6), np.log(100), 20_001)
        sigma = np.exp(self.log_sigma)
        log_density = gamma.logpdf(sigma, shape, scale=1 / rate) + self.log_sigma
        log_density += norm.logpdf(own[:, None], mean, sigma).sum(axis=0)
        density = np.exp(log_density - log_density.max())
        self.cumulative = (np.cumsum(density) - density / 2) / density.sum()

    def cdf(self, sigma):
        return np.interp(np.log(sigma), self.log_sigma, self.cumulative)

    def draw(self, rng, size):
        return np.exp(np.interp(rng.uniform(size=size), self.cumulative, self.log_sigma))


def step_of_sigmas(setting):
    """The exact distributions, and a function that takes one step from sigmas (R, K)."""
    prior = setting["prior"]
    x, z, mu, shape, rate = arrays(setting["x"], setting["z"], setting["mu"], prior.shape, prior.rate)
    known = [
        Sigma(
            np.asarray(setting["x"])[np.array(setting["z"]) == k],
            setting["mu"][k],
            float(prior.shape[k]),
            prior.rate[k],
        )
        for k in range(len(prior.alpha))
    ]
    step = jax.jit(jax.vmap(lambda key, sigma: bayesian_gmm.sample_stds(key, x, z, mu, sigma, shape, rate)))
    return known, step


@settings
def test_a_step_leaves_the_distribution_of_sigma_unchanged(setting):
    known, step = step_of_sigmas(setting)
    rng = np.random.default_rng(15)
    before = np.stack([component.draw(rng, NUM_DRAWS) for component in known], axis=1)

    after = np.asarray(step(keys(15), jnp.array(before, jnp.float32)))

    columns = [component.cdf(after[:, k]) for k, component in enumerate(known)]
    assert all(map(uniform, columns))
    assert unrelated(*columns)
    # The step moves sigma in both directions.
    moved = np.abs(after / before - 1) > 1e-6
    assert np.all(moved.mean(axis=0) > 0.2)
    assert np.all(moved.mean(axis=0) < 1)


@settings
def test_many_steps_from_a_far_start_find_the_distribution_of_sigma(setting):
    known, step = step_of_sigmas(setting)
    sigma = jnp.full((NUM_DRAWS, len(known)), 30.0)
    for i in range(80):
        sigma = step(keys(100 + i), sigma)

    columns = [component.cdf(np.asarray(sigma[:, k])) for k, component in enumerate(known)]
    assert all(map(uniform, columns))
    assert unrelated(*columns)


# --- Gibbs sampling ---


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if name == "overlap" else ()) for name in DESIGNED]
)
def test_gibbs_finds_the_exact_posterior(name, num_draws):
    x, prior = DESIGNED[name]
    draws = gibbs(jax.random.key(20), jnp.array(x, jnp.float32), single(prior), num_samples=num_draws)
    truth = truths.posterior(x, prior)
    pi, mu, sigma, z = (np.asarray(draws[part], float) for part in ("pi", "mu", "sigma", "z"))

    assert pi.shape == mu.shape == sigma.shape == (num_draws, len(prior.alpha))
    assert z.shape == (num_draws, len(x))
    for values, expected in (
        (pi, truth.pi),
        (pi**2, truth.pi_squared),
        (mu, truth.mu),
        (mu**2, truth.mu_squared),
        (sigma, truth.sigma),
        (sigma**2, truth.sigma_squared),
        (mu * sigma, truth.mu_sigma),
        (pi * mu, truth.pi * truth.mu),
        (pi * sigma, truth.pi * truth.sigma),
    ):
        assert np.max(np.abs(truths.batch_means_t(values, truth.expect(expected)))) < 5
    for k in range(len(prior.alpha)):
        assert np.max(np.abs(truths.batch_means_t(z == k, truth.membership[:, k]))) < 5


def test_gibbs_with_a_single_component():
    x, prior = DESIGNED["tiny"][0], truths.make_prior((2,), (1,), (1.5,), (2,), (3,))
    draws = gibbs(jax.random.key(21), jnp.array(x, jnp.float32), single(prior), num_samples=4000)
    truth = truths.posterior(x, prior)

    assert np.all(np.asarray(draws["z"]) == 0)
    assert np.all(np.asarray(draws["pi"]) == 1)
    assert np.max(np.abs(truths.batch_means_t(draws["mu"], truth.expect(truth.mu)))) < 5
    assert np.max(np.abs(truths.batch_means_t(draws["sigma"], truth.expect(truth.sigma)))) < 5


@pytest.fixture(scope="module")
def bento_draws():
    return gibbs(jax.random.key(22), jnp.array(BENTOS), single(BENTO_PRIOR), num_samples=4000)


def test_gibbs_on_the_bentos_agrees_with_the_exact_posterior_once_relabelled(bento_draws):
    draws = bayesian_gmm.relabel(bento_draws)

    for name, means in BENTOS_IN_ORDER.items():
        assert np.max(np.abs(truths.batch_means_t(draws[name], means))) < 4
    assert np.all(np.asarray(draws["z"]) == (BENTOS > 425))


def test_the_labels_of_the_bentos_depend_on_the_key():
    # The priors are exchangeable, so there are two labellings, and a chain stays in one.
    highest = set()
    for number in range(6):
        draws = gibbs(jax.random.key(number), jnp.array(BENTOS), single(BENTO_PRIOR), num_samples=500)
        labels = np.unique(np.argmax(np.asarray(draws["mu"]), axis=1))
        assert len(labels) == 1
        highest.add(int(labels[0]))
    assert highest == {0, 1}


# --- labels ---


@st.composite
def sample_dicts(draw):
    """Draws with distinct means, and each draw's labels permuted in some way."""
    num_samples, num_components, num_observations = 3, draw(label_counts), 5
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    samples = {
        "pi": rng.dirichlet(np.ones(num_components), num_samples),
        "mu": rng.permuted(np.arange(num_components) + rng.uniform(size=(num_samples, num_components)) / 2, axis=1),
        "sigma": rng.gamma(2, size=(num_samples, num_components)),
        "z": rng.integers(num_components, size=(num_samples, num_observations)),
        "log_weights": rng.normal(size=num_samples),
    }
    order = rng.permuted(np.tile(np.arange(num_components), (num_samples, 1)), axis=1)  # the old label of each new one
    return samples, order


def renamed(samples, order):
    """The same draws with the components renamed, written out."""
    result = {name: samples[name].copy() for name in samples}
    for s, old in enumerate(order):
        for name in ("pi", "mu", "sigma"):
            result[name][s] = samples[name][s][old]
        result["z"][s] = [list(old).index(k) for k in samples["z"][s]]
    return result


@given(sample_dicts())
def test_relabelling_sorts_each_draw_by_its_means(drawn):
    samples, _ = drawn
    with jax.enable_x64(True):
        value = bayesian_gmm.relabel({name: jnp.array(samples[name]) for name in samples})

    truth = renamed(samples, np.argsort(samples["mu"], axis=1))
    assert value.keys() == samples.keys()
    for name in samples:
        np.testing.assert_array_equal(value[name], truth[name])
    assert np.all(np.diff(value["mu"], axis=1) > 0)


@given(sample_dicts())
def test_relabelling_forgets_the_names(drawn):
    samples, order = drawn
    with jax.enable_x64(True):
        value, other, twice = (
            bayesian_gmm.relabel({name: jnp.array(draws[name]) for name in draws})
            for draws in (samples, renamed(samples, order), bayesian_gmm.relabel(samples))
        )

    for name in samples:
        np.testing.assert_array_equal(value[name], other[name])
        np.testing.assert_array_equal(value[name], twice[name])


def test_relabelling_by_hand():
    samples = {
        "pi": [[0.5, 0.2, 0.3]],
        "mu": [[30.0, 10.0, 20.0]],
        "sigma": [[3.0, 1.0, 2.0]],
        "z": [[0, 1, 2, 0]],
    }
    value = bayesian_gmm.relabel({name: jnp.array(values) for name, values in samples.items()})

    assert value["mu"].tolist() == [[10, 20, 30]]
    assert value["sigma"].tolist() == [[1, 2, 3]]
    np.testing.assert_allclose(value["pi"], [[0.2, 0.3, 0.5]])
    assert value["z"].tolist() == [[2, 0, 1, 2]]


# --- entropy ---


@given(hypothesis_arrays(np.float64, st.tuples(st.just(3), label_counts), elements=st.sampled_from([0, 1e-9, 0.3, 1])))
def test_an_entropy_is_scipys(parts):
    parts[:, 0] += 0.1
    probabilities = parts / parts.sum(axis=1, keepdims=True)
    with jax.enable_x64(True):
        value, mirrored = (
            np.asarray(bayesian_gmm.assignment_entropy(jnp.array(p))) for p in (probabilities, probabilities[:, ::-1])
        )

    np.testing.assert_allclose(value, entropy(probabilities, axis=1), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(mirrored, value, rtol=1e-9, atol=1e-12)
    assert np.all(value >= 0)
    assert np.all(value <= np.log(probabilities.shape[1]) + 1e-12)


@given(hypothesis_arrays(np.float64, 3, elements=st.floats(0.01, 1)), st.floats(0, 1))
def test_mixing_with_ignorance_never_lowers_the_entropy(parts, share):
    certain = parts / parts.sum()
    mixed = (1 - share) * certain + share / 3
    with jax.enable_x64(True):
        before, after = bayesian_gmm.assignment_entropy(jnp.stack([jnp.array(certain), jnp.array(mixed)])).tolist()

    assert after >= before - 1e-12


def test_entropies_by_hand(rtol):
    rows = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3], [0.25, 0.25, 0.5]]
    value = bayesian_gmm.assignment_entropy(*arrays(rows))

    np.testing.assert_allclose(value, [0, np.log(2), np.log(3), 1.5 * np.log(2)], rtol=rtol, atol=rtol)
