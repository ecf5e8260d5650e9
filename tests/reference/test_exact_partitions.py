"""Exact posteriors over partitions: a list of all partitions, a recursion over subsets, and SciPy's covariances."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import gammaln, logsumexp
from scipy.stats import chisquare, invgamma, multivariate_normal, multivariate_t, norm

from reference import exact_partitions as exact
from tests.reference.partitions import BASES, SETTINGS

settings = pytest.mark.parametrize("name", SETTINGS)
BELL = (1, 2, 5, 15, 52, 203, 877, 4140)  # OEIS A000110
# Computed once with another program, by both routes, in float64.
LOG_EVIDENCE = {"six": -14.207138653923923, "eight": -18.735986820671513, "ten": -45.275872758366134}
NUM_CLUSTERS = {
    "four": (0.050, 0.316, 0.462, 0.172),
    "five": (0.021, 0.092, 0.563, 0.289, 0.035),
    "six": (0.0092196135, 0.10749825, 0.3346702054, 0.3674768008, 0.1582914937, 0.0228436367),
    "eight": (0.0546108805, 0.2518584202, 0.3748801779, 0.2356056201, 0.0713717133, 0.0108607835, 0.000790744),
    "ten": (0.0, 1.493e-07, 0.8751594643, 0.1188454012, 0.0058509281, 0.0001421646, 1.8787e-06),
}


@pytest.fixture(scope="module")
def posteriors():
    return {name: exact.posterior(*setting) for name, setting in SETTINGS.items()}


# --- partitions ---


@pytest.mark.parametrize("n", range(1, 9))
def test_there_are_as_many_partitions_as_bell_says(n):
    partitions = exact.all_partitions(n)

    assert partitions.shape == (BELL[n - 1], n)
    assert len(np.unique(partitions, axis=0)) == len(partitions)


@pytest.mark.parametrize("n", [1, 3, 6])
def test_every_assignment_is_a_renamed_partition(n):
    def named(z):
        order = {label: number for number, label in enumerate(dict.fromkeys(z))}
        return tuple(order[label] for label in z)

    assert {named(z) for z in product(range(n), repeat=n)} == set(map(tuple, exact.all_partitions(n).tolist()))


def test_blocks_are_sets_of_observations():
    assert exact.members(np.array([[0, 1, 0], [0, 0, 0], [0, 1, 2]])).tolist() == [[5, 2, 0], [7, 0, 0], [1, 2, 4]]


# --- one block ---


@pytest.mark.parametrize("base", BASES.values(), ids=BASES.keys())
@pytest.mark.parametrize("x", [(0.3,), (-1.0, 2.5), (0.9, 0.9, 1.1, -4.0)])
def test_a_block_is_a_multivariate_t(x, base):
    loc, count, shape, rate = base
    covariance = rate / shape * (np.eye(len(x)) + 1 / count)

    expected = multivariate_t.logpdf(x, np.full(len(x), loc), covariance, df=2 * shape)
    assert exact.log_marginal(x, base) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("base", BASES.values(), ids=BASES.keys())
@pytest.mark.parametrize("x", [(-0.7,), (-0.4, 0.3, 0.8)])
def test_a_block_by_quadrature_over_its_variance(x, base):
    loc, count, shape, rate = base

    def integrand(log_variance):
        variance = np.exp(log_variance)
        covariance = variance * (np.eye(len(x)) + 1 / count)
        density = multivariate_normal.pdf(x, np.full(len(x), loc), covariance)
        return density * invgamma.pdf(variance, shape, scale=rate) * variance

    total = quad(integrand, -14, 25, epsabs=0, epsrel=1e-11, limit=400)[0]
    assert exact.log_marginal(x, base) == pytest.approx(np.log(total), rel=1e-9)


def test_no_observations_have_probability_one():
    assert exact.log_marginal((), BASES["six"]) == 0
    assert exact.block_log_weights(np.array([1.0]), 2.5, BASES["six"])[0] == 0


@settings
def test_the_predictive_is_a_ratio_of_marginals(name):
    x, _, base = SETTINGS[name]
    x_new = np.array([x[0], x.mean() + 0.1, x.max() + 3])

    for many in range(4):
        ratio = [exact.log_marginal([*x[:many], point], base) - exact.log_marginal(x[:many], base) for point in x_new]
        np.testing.assert_allclose(exact.log_predictive(x_new, x[:many], base), ratio, rtol=1e-9)


# --- the posterior ---


@settings
def test_two_routes_agree(posteriors, name):
    num_clusters, log_evidence = exact.num_clusters_by_subsets(*SETTINGS[name])

    assert posteriors[name].log_evidence == pytest.approx(log_evidence, rel=1e-12)
    np.testing.assert_allclose(posteriors[name].num_clusters(), num_clusters, rtol=1e-11, atol=1e-15)


@given(
    st.lists(st.floats(-20, 20), min_size=1, max_size=6),
    st.floats(0.05, 20),
    st.tuples(st.floats(-5, 5), st.floats(0.01, 10), st.floats(0.5, 8), st.floats(0.1, 20)),
)
def test_two_routes_agree_whatever_the_data(x, alpha, base):
    posterior = exact.posterior(x, alpha, base)
    num_clusters, log_evidence = exact.num_clusters_by_subsets(x, alpha, base)

    assert posterior.log_evidence == pytest.approx(log_evidence, rel=1e-10, abs=1e-10)
    np.testing.assert_allclose(posterior.num_clusters(), num_clusters, rtol=1e-8, atol=1e-12)
    assert posterior.probability.sum() == pytest.approx(1, rel=1e-12)


@settings
def test_the_numbers_are_the_known_ones(posteriors, name):
    if name in LOG_EVIDENCE:
        assert posteriors[name].log_evidence == pytest.approx(LOG_EVIDENCE[name], rel=1e-11)
    known = NUM_CLUSTERS[name]
    digits = 5.1e-4 if name in ("four", "five") else 1e-10
    np.testing.assert_allclose(posteriors[name].num_clusters()[: len(known)], known, atol=digits, rtol=0)


def test_the_odd_bento_is_alone(posteriors):
    ten = posteriors["ten"]
    alone = ten.together()[5].sum() - 1

    assert alone < 5e-6
    assert ten.together()[0, 4] == pytest.approx(0.92346698, abs=1e-8)
    assert ten.together()[6, 9] == pytest.approx(0.98770576, abs=1e-8)


@settings
def test_with_a_very_wide_base_the_posterior_is_the_prior(name):
    # With an enormous rate, all observations are equally likely in any block: only the sizes count, through alpha.
    x, alpha, (loc, _, _, _) = SETTINGS[name]
    n = len(x)
    num_clusters = exact.posterior(x, alpha, (loc, 1e9, 1e9, 1e15)).num_clusters()

    prior = np.array([1.0])
    for seated in range(n):
        prior = (np.append(seated * prior, 0) + alpha * np.append(0, prior)) / (seated + alpha)
    np.testing.assert_allclose(num_clusters, prior[1:], rtol=1e-3, atol=1e-6)


@settings
def test_the_evidence_customer_by_customer(posteriors, name):
    """Without any list: seats times predictive densities, for every assignment of the first four."""
    x, alpha, base = SETTINGS[name]
    terms = []
    for z in exact.all_partitions(4):
        log_joint = 0.0
        for i, k in enumerate(z):
            own = x[:i][z[:i] == k]
            log_joint += np.log((len(own) or alpha) / (i + alpha)) + float(exact.log_predictive(x[i], own, base)[0])
        terms.append(log_joint)

    assert exact.posterior(x[:4], alpha, base).log_evidence == pytest.approx(logsumexp(terms), rel=1e-10)


@pytest.mark.parametrize("name", ["four", "five", "six"])
def test_a_reassignment_leaves_the_posterior_unchanged(posteriors, name):
    """A second proof: the kernel from `reassignment` on all partitions, with their probabilities."""
    posterior = posteriors[name]
    x, alpha, base = SETTINGS[name]
    number = {tuple(row): a for a, row in enumerate(posterior.partitions.tolist())}

    def named(z):
        order = {label: rank for rank, label in enumerate(dict.fromkeys(z))}
        return tuple(order[label] for label in z)

    for i in range(len(x)):
        after = np.zeros(len(posterior.probability))
        for z, p in zip(posterior.partitions, posterior.probability, strict=True):
            for k, share in enumerate(exact.reassignment(i, x, z, alpha, base)):
                if share:
                    moved = z.astype(int).tolist()
                    moved[i] = k
                    after[number[named(moved)]] += p * share
        np.testing.assert_allclose(after, posterior.probability, rtol=1e-9)


@pytest.mark.parametrize("name", ["four", "five", "six", "eight"])
def test_the_predictive_density_integrates_to_one_and_is_a_ratio_of_evidences(posteriors, name):
    x, alpha, base = SETTINGS[name]
    posterior = posteriors[name]
    x_new = np.array([-3.1, 0.2, 1.0, 6.5])

    ratio = [exact.posterior([*x, point], alpha, base).log_evidence - posterior.log_evidence for point in x_new]
    np.testing.assert_allclose(posterior.predictive_density(x_new), np.exp(ratio), rtol=1e-9)
    grid = np.sinh(np.linspace(-14, 14, 4001))
    assert np.trapezoid(posterior.predictive_density(grid), grid) == pytest.approx(1, abs=1e-4)


def test_a_known_variance_is_the_limit_of_a_sharp_base():
    """Chapter 6 of the tutorial fixes sigma at 1 and draws means from Normal(0, 10)."""
    x = np.array([1.0, 1.5, 4.0])
    sharp = exact.log_marginal(x, (0.0, 0.01, 1e7, 1e7))

    covariance = np.eye(3) + 100.0
    inside = x @ np.linalg.solve(covariance, x) + np.linalg.slogdet(2 * np.pi * covariance)[1]
    assert sharp == pytest.approx(-inside / 2, abs=1e-5)
    first = exact.log_predictive(2.0, (), (0, 0.01, 1e7, 1e7))[0]
    assert first == pytest.approx(norm.logpdf(2.0, 0, np.sqrt(101)), rel=1e-6)


def test_draws_follow_the_probabilities(posteriors):
    four = posteriors["four"]
    draws = four.draw(np.random.default_rng(1), 20_000)

    counts = [np.sum(np.all(draws == row, axis=1)) for row in four.partitions]
    assert chisquare(counts, 20_000 * four.probability).pvalue > 1e-4


def test_the_prior_of_partitions_is_the_product_of_seats():
    """The known log prior of 0 0 1 1 2 2 at alpha 1.7: alpha^3 (1!)^3 / (alpha (alpha + 1) ... (alpha + 5))."""
    assert 3 * np.log(1.7) - (gammaln(7.7) - gammaln(1.7)) == pytest.approx(-6.43046430048956, rel=1e-12)
