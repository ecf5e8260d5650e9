"""The mixture with any number of clusters: against SciPy, quadrature, known numbers and a list of all partitions."""

from collections import Counter

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from genjax import seed
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import simpson
from scipy.special import factorial, gammaln

from reference import dpmm
from reference import exact_partitions as exact
from tests.reference.partitions import BASES, SETTINGS, Base

settings = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in ("five", "ten") else pytest.mark.long) for name in SETTINGS]
)
NUM_DRAWS = 4000
SIX, SIX_BASE = SETTINGS["six"][0], BASES["six"]

# Computed once with another program in float64; the second by enumeration of whole partitions.
REASSIGNED = {
    (0, 0, 1, 1, 2, 2): {
        0: (0.53428219, 0.08391146, 0.01214756, 0.36965878, 0, 0),
        2: (0.20997431, 0.31535048, 0.08324565, 0.39142956, 0, 0),
        5: (0.01084709, 0.07024829, 0.61746468, 0.30143993, 0, 0),
    },
    (0, 0, 1, 2, 2, 3): {2: (0.21587388, 0.40242742, 0.31832929, 0.06336941, 0, 0)},
}

weights = st.lists(st.integers(1, 30), max_size=6)
alphas = st.floats(0.05, 20)
small_floats = st.floats(-10, 10, width=32)
bases = st.builds(Base, st.floats(-3, 3), st.floats(0.05, 5), st.floats(0.6, 6), st.floats(0.2, 8))


def labelled(n):
    return st.lists(st.integers(0, n - 1), min_size=n, max_size=n)


def arrays(*values):
    return tuple(jnp.array(value, float) for value in values)


# --- seats ---


@given(weights, alphas)
def test_seats_are_proportional_to_the_number_of_customers(counts, alpha):
    with jax.enable_x64(True):
        probabilities = dpmm.crp_probabilities(jnp.array(counts, int), alpha)

    assert probabilities.shape == (len(counts) + 1,)
    expected = [*(count / (sum(counts) + alpha) for count in counts), alpha / (sum(counts) + alpha)]
    np.testing.assert_allclose(probabilities, expected, rtol=1e-12)


def test_seats_of_an_empty_restaurant():
    assert dpmm.crp_probabilities(jnp.zeros(0, int), 0.3).tolist() == [1.0]


@pytest.mark.parametrize("alpha", [0.5, 1.7])
def test_simulated_partitions_have_the_probability_of_the_product_of_seats(alpha):
    keys = jax.random.split(jax.random.key(1), NUM_DRAWS)
    drawn = Counter(map(tuple, jax.vmap(lambda key: dpmm.simulate_crp(key, 4, alpha))(keys).tolist()))

    probability = {}
    for z in map(tuple, exact.all_partitions(4).tolist()):
        sizes = np.bincount(z)
        log_p = len(sizes) * np.log(alpha) + gammaln(sizes).sum() + gammaln(alpha) - gammaln(alpha + 4)
        probability[z] = np.exp(log_p)
    assert set(drawn) <= set(probability)
    counts = [drawn[z] for z in probability]
    assert stats.chisquare(counts, NUM_DRAWS * np.array(list(probability.values()))).pvalue > 1e-4


def test_one_customer_sits_at_the_first_table():
    assert dpmm.simulate_crp(jax.random.key(0), 1, 3.0).tolist() == [0]


# --- the number of tables ---


@pytest.mark.parametrize(
    ("alpha", "expectation", "first"),
    [
        (0.5, 2.4797, None),
        (1.0, 3.5977, (0.0500, 0.1774, 0.2748, 0.2508, 0.1527)),
        (2.0, 5.2907, None),
        (10.0, 11.3269, None),
    ],
)
def test_the_number_of_tables_of_twenty_customers(alpha, expectation, first):
    """Known numbers: E[K] is the sum of alpha / (alpha + m); P(K) by Stirling numbers."""
    probabilities = np.asarray(dpmm.num_clusters_prior(alpha, 20))

    assert probabilities @ np.arange(1, 21) == pytest.approx(expectation, abs=1e-4)
    assert np.sum(alpha / (alpha + np.arange(20))) == pytest.approx(expectation, abs=1e-4)
    if first:
        np.testing.assert_allclose(probabilities[:5], first, atol=5e-5)


@pytest.mark.parametrize(("n", "alpha"), [(1, 2.0), (4, 1.7), (8, 0.3), (9, 6.0)])
def test_the_number_of_tables_by_all_partitions(rtol, n, alpha):
    partitions = exact.all_partitions(n)
    sizes = (partitions[:, :, None] == np.arange(n)).sum(axis=1)
    log_p = np.where(sizes > 0, np.log(alpha) + gammaln(np.maximum(sizes, 1)), 0).sum(axis=1)
    p = np.exp(log_p + gammaln(alpha) - gammaln(alpha + n))

    expected = np.bincount((sizes > 0).sum(axis=1), p, n + 1)[1:]
    np.testing.assert_allclose(dpmm.num_clusters_prior(alpha, n), expected, rtol=rtol)


# --- sticks ---


def test_halves_of_the_remaining_stick():
    assert dpmm.stick_breaking(jnp.array([0.5, 0.5, 0.5])).tolist() == [0.5, 0.25, 0.125, 0.125]


@given(st.lists(st.floats(0, 1), max_size=8))
def test_pieces_of_a_stick(fractions):
    with jax.enable_x64(True):
        pieces = np.asarray(dpmm.stick_breaking(jnp.array(fractions, float)))

    left, expected = 1.0, []
    for fraction in fractions:
        expected.append(left * fraction)
        left -= expected[-1]
    np.testing.assert_allclose(pieces, [*expected, left], atol=1e-12)
    assert float(pieces.sum()) == pytest.approx(1, abs=1e-12)


# --- the program ---


def test_the_log_density_of_the_program_is_scipys(rtol):
    rng = np.random.default_rng(3)
    fractions, mu, sigma = rng.beta(1, 2, 9), rng.normal(400, 50, 10), rng.gamma(2, 1, 10)
    z, x = np.array([0, 3, 9, 1]), np.array([401.0, 380.5, 420.25, 399.0])
    choices = dict(zip(("fractions", "mu", "sigma", "x"), arrays(fractions, mu, sigma, x), strict=True))

    pieces = fractions.copy()
    for k in range(9):
        pieces[k] *= np.prod(1 - fractions[:k])
    pieces = np.append(pieces, np.prod(1 - fractions))
    expected = (
        stats.beta.logpdf(fractions, 1, 2).sum()
        + stats.norm.logpdf(mu, 400, 50).sum()
        + stats.gamma.logpdf(sigma, 2).sum()
        + np.log(pieces[z]).sum()
        + stats.norm.logpdf(x, mu[z], sigma[z]).sum()
    )
    log_density = dpmm.truncated_dpmm.assess({**choices, "z": jnp.array(z)}, 4)[0]
    assert log_density.shape == ()
    assert float(log_density) == pytest.approx(expected, rel=10 * rtol)


@pytest.mark.long
def test_worlds_of_the_program():
    keys = jax.random.split(jax.random.key(5), NUM_DRAWS)
    worlds = jax.vmap(lambda key: seed(lambda: dpmm.truncated_dpmm.simulate(20))(key).get_choices())(keys)

    u = stats.beta.cdf(np.asarray(worlds["fractions"], float), 1, 2)
    assert all(stats.kstest(u[:, k], "uniform").pvalue > 1e-5 for k in range(9))
    standard = (worlds["x"] - jnp.take_along_axis(worlds["mu"], worlds["z"], 1)) / jnp.take_along_axis(
        worlds["sigma"], worlds["z"], 1
    )
    assert stats.kstest(np.asarray(standard, float).ravel(), "norm").pvalue > 1e-5
    # E[K] is the sum over labels of 1 - E[(1 - piece)^20].
    sizes = [len(set(row)) for row in np.asarray(worlds["z"]).tolist()]
    expectation = 0.0
    for k in range(10):
        rng = np.random.default_rng(k)
        left = np.prod(1 - rng.beta(1, 2, (200_000, k)), axis=1) if k else np.ones(200_000)
        piece = left * (rng.beta(1, 2, 200_000) if k < 9 else 1)
        expectation += 1 - np.mean((1 - piece) ** 20)
    assert np.mean(sizes) == pytest.approx(expectation, abs=5 * np.std(sizes) / np.sqrt(NUM_DRAWS) + 0.01)


def test_the_moments_of_pieces_are_the_known_ones():
    """E[w_k^m] = m! Gamma(1 + alpha) / Gamma(1 + alpha + m) (alpha / (alpha + m))^(k - 1)."""
    fractions = jnp.array(np.random.default_rng(8).beta(1.0, 1.7, (20_000, 5)))
    pieces = np.asarray(jax.vmap(dpmm.stick_breaking)(fractions), float)

    for k in range(5):
        for m in (1, 2):
            law = factorial(m) * np.exp(gammaln(2.7) - gammaln(2.7 + m)) * (1.7 / (1.7 + m)) ** k
            values = pieces[:, k] ** m
            assert values.mean() == pytest.approx(law, abs=5 * values.std() / np.sqrt(len(values)))
    assert pieces[:, -1].mean() == pytest.approx((1.7 / 2.7) ** 5, abs=0.01)


# --- one cluster ---


def test_the_marginal_of_a_cluster_is_the_known_one():
    with jax.enable_x64(True):
        assert float(dpmm.cluster_log_marginal(SIX, SIX_BASE)) == pytest.approx(-16.189331756154136, rel=1e-12)
        assert float(dpmm.cluster_log_marginal(SIX[:1], SIX_BASE)) == pytest.approx(-2.788557375707213, rel=1e-12)
        assert float(dpmm.cluster_log_marginal(SIX[:0], SIX_BASE)) == 0


def test_the_marginal_of_a_cluster_by_quadrature():
    loc, count, shape, rate = SIX_BASE
    x = SIX[:3]

    log_variance, mu = np.linspace(-5, 7, 401), np.linspace(-25, 25, 2001)[:, None]
    variance = np.exp(log_variance)
    log_density = stats.norm.logpdf(x[:, None, None], mu, np.sqrt(variance)).sum(axis=0) + log_variance
    log_density += stats.norm.logpdf(mu, loc, np.sqrt(variance / count))
    log_density += stats.invgamma.logpdf(variance, shape, scale=rate)
    total = simpson(simpson(np.exp(log_density), x=log_variance), x=mu[:, 0])
    with jax.enable_x64(True):
        assert float(dpmm.cluster_log_marginal(x, SIX_BASE)) == pytest.approx(np.log(total), abs=1e-5)


@given(st.lists(small_floats, min_size=1, max_size=7), bases)
def test_a_cluster_is_a_multivariate_t(x, base):
    covariance = base.rate / base.shape * (np.eye(len(x)) + 1 / base.count)
    expected = stats.multivariate_t.logpdf(x, np.full(len(x), base.loc), covariance, df=2 * base.shape)

    with jax.enable_x64(True):
        assert float(dpmm.cluster_log_marginal(jnp.array(x, float), base)) == pytest.approx(
            expected, rel=1e-9, abs=1e-9
        )


@given(st.lists(small_floats, min_size=1, max_size=6), bases)
def test_predictives_multiply_to_the_marginal(x, base):
    with jax.enable_x64(True):
        x = jnp.array(x, float)
        chain = sum(float(dpmm.predictive_log_density(x[i : i + 1], x[:i], base)[0]) for i in range(len(x)))
        assert float(dpmm.cluster_log_marginal(x, base)) == pytest.approx(chain, rel=1e-9, abs=1e-9)


def test_the_predictives_are_the_known_ones(rtol):
    x_new = jnp.array([-2.0, 0.0, 5.0])
    [x] = arrays(SIX[:3])

    after_three = dpmm.predictive_log_density(x_new, x, SIX_BASE)
    np.testing.assert_allclose(after_three, (-1.6530190680777577, -1.335389612534393, -8.046821694701126), rtol=rtol)
    before = dpmm.predictive_log_density(x_new, x[:0], SIX_BASE)
    np.testing.assert_allclose(before, (-2.7021351330303607, -1.4380853770857978, -4.469313136524401), rtol=rtol)


def test_in_float32_bentos_are_as_exact_as_small_numbers():
    x, _, base = SETTINGS["ten"]
    bentos = jnp.array(x[6:], jnp.float32)

    assert float(dpmm.cluster_log_marginal(bentos, base)) == pytest.approx(exact.log_marginal(x[6:], base), rel=1e-5)
    x_new = jnp.array([352.0, 425.0, 501.0])
    np.testing.assert_allclose(
        dpmm.predictive_log_density(x_new, bentos, base), exact.log_predictive(x_new, x[6:], base), rtol=1e-5
    )


# --- one observation moves ---


@pytest.mark.parametrize(("z", "i"), [(z, i) for z, rows in REASSIGNED.items() for i in rows])
def test_reassignments_are_the_known_ones(rtol, z, i):
    [x] = arrays(SIX)
    probabilities = dpmm.reassignment_probabilities(i, x, jnp.array(z), 1.7, SIX_BASE)

    np.testing.assert_allclose(probabilities, REASSIGNED[z][i], atol=max(rtol, 1e-8), rtol=0)


@given(st.data(), labelled(6), alphas, bases)
def test_a_reassignment_is_the_share_of_whole_partitions(data, z, alpha, base):
    i = data.draw(st.integers(0, 5))
    x = np.array(data.draw(st.lists(small_floats, min_size=6, max_size=6)))

    with jax.enable_x64(True):
        probabilities = np.asarray(dpmm.reassignment_probabilities(i, jnp.array(x), jnp.array(z), alpha, base))
    np.testing.assert_allclose(probabilities, exact.reassignment(i, x, z, alpha, base), rtol=1e-8, atol=1e-12)
    assert probabilities.sum() == pytest.approx(1)


@given(labelled(6), st.permutations(range(6)), st.integers(0, 5))
def test_names_of_labels_and_the_own_label_do_not_matter(z, names, i):
    [x] = arrays(SIX)
    renamed = [names[k] for k in z]
    before = dpmm.reassignment_probabilities(i, x, jnp.array(z), 1.7, SIX_BASE)
    after = dpmm.reassignment_probabilities(i, x, jnp.array(renamed), 1.7, SIX_BASE)
    elsewhere = dpmm.reassignment_probabilities(i, x, jnp.array(z).at[i].set((z[i] + 1) % 6), 1.7, SIX_BASE)

    others = set(np.delete(z, i).tolist())
    np.testing.assert_allclose([before[k] for k in others], [after[names[k]] for k in others], rtol=1e-5)
    np.testing.assert_allclose(before, elsewhere, rtol=1e-6)


# --- sweeps and chains ---


def functions_of(z):
    """Label-free functions of draws (S, N): P(K = k), all pairs, squared sizes, largest: (S, F)."""
    n = z.shape[1]
    counts = (z[:, :, None] == np.arange(n)).sum(axis=1)
    size = (counts > 0).sum(axis=1)
    first, second = np.triu_indices(n, 1)
    columns = [size[:, None] == np.arange(1, n + 1), z[:, first] == z[:, second]]
    columns += [np.sum(counts**2, axis=1, keepdims=True), counts.max(axis=1, keepdims=True)]
    return np.concatenate(columns, axis=1).astype(float)


def scores(values, truth, errors):
    return np.abs(values - truth) / np.maximum(errors, 1e-9) * (truth > 0.01) * (np.abs(truth - 1) > 0.01)


@pytest.mark.parametrize("name", [*(pytest.param(name, marks=pytest.mark.long) for name in ("four", "six")), "eight"])
def test_a_sweep_from_exact_draws_gives_exact_draws(name):
    x, alpha, base = SETTINGS[name]
    posterior = exact.posterior(x, alpha, base)
    start = jnp.array(posterior.draw(np.random.default_rng(7), NUM_DRAWS), int)
    keys = jax.random.split(jax.random.key(9), NUM_DRAWS)
    [data] = arrays(x)
    moved = np.asarray(jax.vmap(lambda key, z: dpmm.sweep(key, data, z, alpha, base))(keys, start))

    truth = posterior.probability @ functions_of(posterior.partitions)
    values = functions_of(moved)
    assert np.max(scores(values.mean(axis=0), truth, values.std(axis=0) / np.sqrt(NUM_DRAWS))) < 5
    assert np.mean(np.any(moved != np.asarray(start), axis=1)) > 0.9


@settings
def test_chains_average_to_the_exact_posterior(name):
    x, alpha, base = SETTINGS[name]
    posterior = exact.posterior(x, alpha, base)
    [data] = arrays(x)
    keys = jax.random.split(jax.random.key(11), 20)
    chains = np.asarray(jax.vmap(lambda key: dpmm.dpmm(key, data, alpha, base, 500))(keys))

    assert chains.shape == (20, 500, len(x))
    truth = posterior.probability @ functions_of(posterior.partitions)
    averages = np.array([functions_of(chain).mean(axis=0) for chain in chains])
    error = averages.std(axis=0, ddof=1) / np.sqrt(20)
    # Student t with 19 degrees of freedom: 7 comes less than once in a million.
    assert np.max(scores(averages.mean(axis=0), truth, error)) < 7


# --- functions of draws ---


def test_the_number_of_clusters_is_not_the_largest_label():
    shares = dpmm.num_clusters_posterior(jnp.array([[3, 3, 3, 3], [0, 2, 0, 2], [0, 1, 2, 3], [3, 1, 1, 1]]))

    assert shares.tolist() == [0.25, 0.5, 0.0, 0.25]


@given(st.lists(labelled(5), min_size=1, max_size=6))
def test_the_number_of_clusters_counts_different_labels(z):
    shares = np.asarray(dpmm.num_clusters_posterior(jnp.array(z)))

    expected = np.bincount([len(set(row)) for row in z], minlength=6)[1:] / len(z)
    np.testing.assert_allclose(shares, expected, atol=1e-6)


@pytest.mark.parametrize("name", [*(pytest.param(name, marks=pytest.mark.long) for name in ("four", "five")), "six"])
def test_the_predictive_density_of_all_partitions_is_a_ratio_of_evidences(name):
    """Draws in exact proportion to the posterior give the exact density, whatever the labels."""
    x, alpha, base = SETTINGS[name]
    posterior = exact.posterior(x, alpha, base)
    rng = np.random.default_rng(2)
    x_new = np.array([x[0], 0.3, x.max() + 3])
    names = np.argsort(rng.uniform(size=posterior.partitions.shape), axis=1)
    renamed = np.take_along_axis(names, posterior.partitions.astype(int), axis=1)
    with jax.enable_x64(True):
        each = jax.vmap(lambda z: dpmm.predictive_density(jnp.array(x_new), jnp.array(x), z[None], alpha, base))(
            jnp.array(renamed)
        )
        each = np.asarray(each)
    evidence = [exact.posterior([*x, point], alpha, base).log_evidence - posterior.log_evidence for point in x_new]

    np.testing.assert_allclose(posterior.probability @ each, np.exp(evidence), rtol=1e-9)


@pytest.mark.long
def test_densities_are_averaged_over_draws():
    [x, x_new] = arrays(SIX, [-1.0, 0.5, 4.0])
    z = jnp.array([[0, 0, 1, 1, 2, 2], [5, 5, 5, 5, 5, 5], [0, 1, 2, 3, 4, 5]])
    each = [dpmm.predictive_density(x_new, x, row[None], 1.7, SIX_BASE) for row in z]

    np.testing.assert_allclose(dpmm.predictive_density(x_new, x, z, 1.7, SIX_BASE), np.mean(each, axis=0), rtol=1e-5)
