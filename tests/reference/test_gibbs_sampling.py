"""The Gibbs sampler and its steps, labels and entropies: the reference against SciPy and exact posteriors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as hypothesis_arrays
from scipy.special import softmax
from scipy.stats import beta, binomtest, chisquare, entropy, gamma, norm

from reference import gibbs_sampling
from reference.data import BENTOS
from tests.reference import truths
from tests.reference.truths import BENTO_PRIOR, BENTOS_IN_ORDER, DESIGNED, Prior, uniform, unrelated

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

settings = pytest.mark.parametrize(
    "setting",
    [
        pytest.param(setting, id=name, marks=pytest.mark.long if name == "two components" else ())
        for name, setting in SETTINGS.items()
    ],
)
gibbs = jax.jit(gibbs_sampling.gibbs, static_argnames="num_samples")

label_counts = st.integers(2, 3)


def arrays(*values):
    """JAX arrays in the current precision."""
    return tuple(jnp.array(value) for value in values)


def single(prior):
    """The prior in float32."""
    return Prior(*(np.asarray(values, np.float32) for values in prior))


def keys(number):
    return jax.random.split(jax.random.key(number), NUM_DRAWS)


# --- one conditional at a time ---


@settings
def test_assignments_are_drawn_by_bayes_rule(setting):
    x, pi, mu, sigma = arrays(*(setting[name] for name in ("x", "pi", "mu", "sigma")))
    z = np.asarray(jax.vmap(lambda key: gibbs_sampling.sample_assignments(key, x, pi, mu, sigma))(keys(11)))

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
    z = np.asarray(jax.vmap(lambda key: gibbs_sampling.sample_assignments(key, x, *parameters))(keys(12)))

    assert binomtest(int(np.sum(z == 0)), NUM_DRAWS, 0.7).pvalue > 1e-3


@settings
def test_weights_are_drawn_from_dirichlets(setting):
    z, alpha = arrays(setting["z"], setting["prior"].alpha)
    pi = np.asarray(jax.vmap(lambda key: gibbs_sampling.sample_weights(key, z, alpha))(keys(13)))

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
    mu = np.asarray(jax.vmap(lambda key: gibbs_sampling.sample_means(key, x, z, sigma, loc, scale))(keys(14)))

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
    mu = gibbs_sampling.sample_means(jax.random.key(0), x, z, sigma, loc, scale)

    np.testing.assert_allclose(mu, 500.25, atol=5e-4)


@given(
    hypothesis_arrays(np.float64, 6, elements=st.floats(-2, 3)),
    hypothesis_arrays(np.float64, st.integers(0, 7), elements=st.floats(-6, 6)),
    st.floats(0.5, 5),
    st.floats(0.1, 4),
)
def test_the_density_of_log_sigma_is_scipys_up_to_a_constant(u, deviations, shape, rate):
    with jax.enable_x64(True):
        squares = float(np.sum(deviations**2))
        value = np.asarray(gibbs_sampling.log_std_density(jnp.array(u), len(deviations), squares, shape, rate))

    # A gamma prior of sigma, normal observations, and the derivative of sigma = e^u.
    truth = gamma.logpdf(np.exp(u), shape, scale=1 / rate) + u
    truth = truth + norm.logpdf(deviations[:, None], 0, np.exp(u)).sum(axis=0)
    np.testing.assert_allclose(value - value[0], truth - truth[0], rtol=1e-9, atol=1e-9)


def test_the_density_of_log_sigma_has_its_peak_where_its_slope_is_0():
    # shape - count = rate sigma - squares / sigma^2, for count = 4, squares = 8, shape = 2, rate = 1: sigma^3 + 2
    # sigma^2 - 8 = 0, which sigma = 1.507... solves.
    u = jnp.linspace(-1.0, 2.0, 30_001)
    value = gibbs_sampling.log_std_density(u, 4, 8.0, 2.0, 1.0)

    sigma = float(jnp.exp(u[jnp.argmax(value)]))
    assert sigma**3 + 2 * sigma**2 == pytest.approx(8, abs=0.02)


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
    step = jax.jit(jax.vmap(lambda key, sigma: gibbs_sampling.sample_stds(key, x, z, mu, sigma, shape, rate)))
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
    "name", [pytest.param(name, marks=() if name == "three" else pytest.mark.long) for name in DESIGNED]
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


@pytest.mark.long
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
    draws = gibbs_sampling.relabel(bento_draws)

    for name, means in BENTOS_IN_ORDER.items():
        assert np.max(np.abs(truths.batch_means_t(draws[name], means))) < 4
    assert np.all(np.asarray(draws["z"]) == (BENTOS > 425))


@pytest.mark.long
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
        value = gibbs_sampling.relabel({name: jnp.array(samples[name]) for name in samples})

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
            gibbs_sampling.relabel({name: jnp.array(draws[name]) for name in draws})
            for draws in (samples, renamed(samples, order), gibbs_sampling.relabel(samples))
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
    value = gibbs_sampling.relabel({name: jnp.array(values) for name, values in samples.items()})

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
            np.asarray(gibbs_sampling.assignment_entropy(jnp.array(p))) for p in (probabilities, probabilities[:, ::-1])
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
        before, after = gibbs_sampling.assignment_entropy(jnp.stack([jnp.array(certain), jnp.array(mixed)])).tolist()

    assert after >= before - 1e-12


def test_entropies_by_hand(rtol):
    rows = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3], [0.25, 0.25, 0.5]]
    value = gibbs_sampling.assignment_entropy(*arrays(rows))

    np.testing.assert_allclose(value, [0, np.log(2), np.log(3), 1.5 * np.log(2)], rtol=rtol, atol=rtol)
