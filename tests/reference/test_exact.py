"""Exact posteriors: the reference against covariance matrices, adaptive quadrature, full enumeration and draws."""

from itertools import permutations, product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import comb, gammaln, logsumexp
from scipy.stats import beta, chisquare, gamma, kstest, multivariate_normal, norm

from reference import exact
from reference.data import BENTOS, COFFEES
from tests.reference import truths
from tests.reference.truths import (
    BENTO_GROUPS,
    BENTO_PRIOR,
    BENTOS_IN_ORDER,
    BENTOS_IN_ORDER_STD,
    COFFEE_GROUPS,
    COFFEE_PRIOR,
    COFFEES_IN_ORDER,
    COFFEES_IN_ORDER_STD,
    DESIGNED,
)

# Data, prior, assignments (all if None), watched observations.
SETTINGS = {
    **{name: (*setting, None, (0, 1, len(setting[0]) - 1)) for name, setting in DESIGNED.items()},
    "bentos": (BENTOS, BENTO_PRIOR, exact.grouped_assignments(BENTO_GROUPS, 2), (0, 1, 2)),
    "coffees": (COFFEES, COFFEE_PRIOR, exact.grouped_assignments(COFFEE_GROUPS, 3), (0, 1, 3)),
}
LOG_EVIDENCE = {
    # The values for the designed sets were measured with a grid that missed some of the smallest sigmas.
    "overlap": (-17.957869054, 2e-6),
    "three": (-15.311431026, 2e-6),
    "tiny": (-6.044212491, 2e-6),
    "bentos": (-68.5207913802, 1e-9),
    "coffees": (-111.0423708477, 1e-9),
}

settings = pytest.mark.parametrize("name", SETTINGS)


@pytest.fixture(scope="module")
def posteriors():
    return {name: exact.posterior(*setting[:3]) for name, setting in SETTINGS.items()}


@pytest.fixture(scope="module")
def true_posteriors():
    return {name: truths.posterior(*setting[:3]) for name, setting in SETTINGS.items()}


def levels_of(x):
    return np.quantile(np.asarray(x, float), [0.1, 0.5, 0.8])


# --- assignments ---


def test_all_assignments_are_all_different():
    assignments = exact.all_assignments(4, 3)

    assert assignments.shape == (81, 4)
    assert len(np.unique(assignments, axis=0)) == 81
    assert set(assignments.ravel().tolist()) == {0, 1, 2}


def test_groups_keep_together_and_apart():
    assert exact.grouped_assignments([0, 1, 0], 2).tolist() == [[0, 1, 0], [1, 0, 1]]
    three = exact.grouped_assignments([0, 1, 2, 1], 3).tolist()
    assert sorted(three) == sorted([a, b, c, b] for a, b, c in permutations(range(3)))


# --- evidence and the assignments' probabilities ---


@settings
def test_the_evidence_is_the_known_one(posteriors, name):
    value, tolerance = LOG_EVIDENCE[name]

    assert posteriors[name].log_evidence == pytest.approx(value, abs=tolerance, rel=0)


@pytest.mark.parametrize(
    ("x", "prior"),
    [
        pytest.param(*DESIGNED["tiny"], id="K = 2, N = 3"),
        pytest.param(DESIGNED["three"][0][[0, 4]], DESIGNED["three"][1], id="K = 3, N = 2"),
        pytest.param(np.array([1.5]), DESIGNED["overlap"][1], id="K = 2, N = 1"),
        pytest.param(DESIGNED["tiny"][0], truths.make_prior((2.5,), (1,), (1.5,), (2,), (3,)), id="K = 1, N = 3"),
    ],
)
def test_the_evidence_by_adaptive_quadrature(x, prior):
    alpha, *parameters = prior

    def evidence(own, loc, scale, shape, rate):
        """p(own observations) of one component: mu by a covariance matrix, sigma by quadrature."""
        if len(own) == 0:
            return 1.0

        def density(t):
            covariance = np.exp(2 * t) * np.eye(len(own)) + scale**2
            given_sigma = multivariate_normal.pdf(own, np.full(len(own), loc), covariance)
            return given_sigma * gamma.pdf(np.exp(t), shape, scale=1 / rate) * np.exp(t)

        # Different observations rule out tiny sigmas, for which the covariance is singular.
        return quad(density, -25 if len(own) == 1 else -7, 4, epsabs=0, epsrel=1e-11, limit=200)[0]

    total = 0.0
    for z in product(range(len(alpha)), repeat=len(x)):
        # One observation after the other: Polya's urn.
        urn, probability = alpha.copy(), 1.0
        for k in z:
            probability *= urn[k] / urn.sum()
            urn[k] += 1
        own = [x[np.array(z) == k] for k in range(len(alpha))]
        parts = [evidence(own[k], *(values[k] for values in parameters)) for k in range(len(alpha))]
        total += probability * np.prod(parts)

    assert exact.posterior(x, prior).log_evidence == pytest.approx(np.log(total), abs=1e-9, rel=0)


@settings
def test_every_assignment_is_as_probable_as_covariance_matrices_say(posteriors, true_posteriors, name):
    posterior, truth = posteriors[name], true_posteriors[name]

    assert posterior.log_evidence == pytest.approx(truth.log_evidence, abs=1e-8, rel=0)
    assert posterior.assignments.tolist() == truth.assignments.tolist()
    np.testing.assert_allclose(posterior.probability, truth.probability, rtol=1e-8)
    assert posterior.probability.sum() == pytest.approx(1, abs=1e-12)


def test_an_empty_component_in_tiny_is_likely(posteriors):
    tiny = posteriors["tiny"]

    assert tiny.probability[np.all(tiny.assignments == 1, axis=1)].sum() == pytest.approx(0.30, abs=0.005)


@settings
def test_a_finer_grid_changes_nothing(posteriors, name):
    x, prior, assignments, watched = SETTINGS[name]
    finer = exact.posterior(x, prior, assignments, nodes=2 * exact.NODES - 1)

    assert posteriors[name].log_evidence == pytest.approx(finer.log_evidence, rel=1e-10)
    summaries = [exact.summaries(posterior, levels_of(x), watched) for posterior in (posteriors[name], finer)]
    np.testing.assert_allclose(*summaries, rtol=1e-10, atol=1e-13)


def test_the_bentos_by_all_assignments():
    # 2^20 assignments, by how often each weight occurs in component 1; evidence from count, sum and sum of squares.
    values, multiplicity = np.unique(BENTOS.astype(int) - 425, return_counts=True)
    taken = np.stack([grid.ravel() for grid in np.meshgrid(*(np.arange(m + 1) for m in multiplicity))], axis=1)
    ways = np.prod(comb(multiplicity, taken), axis=1)
    statistics = np.stack([taken.sum(axis=1), taken @ values, taken @ values**2], axis=1)
    total = np.array([20, multiplicity @ values, multiplicity @ values**2])
    together = np.concatenate([statistics, total - statistics])
    unique, index = np.unique(together, axis=0, return_inverse=True)
    count, first, second = unique.T.astype(float)

    log_sigma = np.linspace(np.log(0.02), np.log(400), 70)
    log_parts = np.full((len(unique), len(log_sigma)), -np.inf)
    filled = count > 0
    count, first, second = count[filled], first[filled], second[filled]
    mean, squares = first / count, second - first**2 / count
    for g, t in enumerate(log_sigma):
        variance = np.exp(2 * t)
        log_parts[filled, g] = (
            -(count - 1) / 2 * np.log(2 * np.pi * variance)
            - np.log(count) / 2
            - squares / (2 * variance)
            + norm.logpdf(mean, 400 - 425, np.sqrt(variance / count + 50**2))
        )
    log_parts[~filled] = 0
    log_prior = gamma.logpdf(np.exp(log_sigma), 2) + log_sigma
    log_each_part = logsumexp(log_parts + log_prior, axis=1) + np.log(log_sigma[1] - log_sigma[0])
    log_first, log_second = log_each_part[index].reshape(2, -1)
    sizes = statistics[:, 0]
    log_assigned = gammaln(1 + sizes) + gammaln(21 - sizes) - gammaln(22)
    log_each = np.log(ways) + log_assigned + log_first + log_second

    assert ways.sum() == 2**20
    posterior = exact.posterior(*SETTINGS["bentos"][:3])
    assert posterior.log_evidence == pytest.approx(logsumexp(log_each), abs=1e-9, rel=0)
    clean = (
        np.abs((taken / multiplicity).T[values < 0].sum(axis=0) - (taken / multiplicity).T[values > 0].sum(axis=0)) == 7
    )
    others = log_each[~clean]
    assert clean.sum() == 2  # all seven weights near 350 g and none of the seven near 500 g, or the other way round
    assert logsumexp(others) - posterior.log_evidence < np.log(1e-15)


def test_the_coffees_by_their_likeliest_other_assignments():
    clean = exact.grouped_assignments(COFFEE_GROUPS, 3)
    others = []
    for z in clean:  # one cup moves
        for i, k in product(range(30), range(3)):
            moved = z.copy()
            moved[i] = k
            others.append(moved)
    for labels in product(range(3), repeat=3):  # groups merge, and perhaps another group splits at some level
        merged = np.array(labels)[COFFEE_GROUPS]
        others.append(merged)
        for split, k in product(range(3), range(3)):
            for level in np.unique(COFFEES[split == COFFEE_GROUPS]):
                others.append(np.where((split == COFFEE_GROUPS) & (level > COFFEES), k, merged))
    everything = np.unique(np.concatenate([clean, others]), axis=0)
    posterior = exact.posterior(COFFEES, COFFEE_PRIOR, everything)
    is_clean = np.array([tuple(z) in {tuple(z) for z in clean} for z in everything])

    assert is_clean.sum() == 6
    # A single cup of another blend is not quite impossible: six such cups have nearly all of the 1.9e-8.
    assert posterior.probability[~is_clean].sum() < 3e-8


# --- summaries ---


def in_order(posterior, groups):
    """Expectation and standard deviation of pi, mu and sigma of the component that owns each group."""
    alpha = posterior.prior[0]
    moments = {"pi": [], "mu": [], "sigma": []}
    sigma = np.broadcast_to(np.exp(posterior.log_nodes), posterior.mu_mean.shape)
    tables = {
        "mu": (posterior.mu_mean, posterior.mu_mean**2 + posterior.mu_std**2),
        "sigma": (sigma, sigma**2),
    }
    for group in range(groups.max() + 1):
        owner = posterior.assignments[:, np.flatnonzero(groups == group)[0]]
        rows = np.arange(len(owner))
        size, total = np.sum(groups == group), len(groups) + alpha.sum()
        count = alpha[owner] + size
        moments["pi"].append(
            posterior.probability @ np.stack([count / total, count * (count + 1) / total / (total + 1)], 1)
        )
        for name, pair in tables.items():
            own = [posterior.over_nodes(table)[owner, posterior.owns[rows, owner]] for table in pair]
            moments[name].append(posterior.probability @ np.stack(own, axis=1))
    pairs = {name: np.array(values).T for name, values in moments.items()}
    return {name: (mean, np.sqrt(square - mean**2)) for name, (mean, square) in pairs.items()}


@pytest.mark.parametrize(
    ("name", "groups", "means", "stds"),
    [
        pytest.param("bentos", BENTO_GROUPS, BENTOS_IN_ORDER, BENTOS_IN_ORDER_STD, id="bentos"),
        pytest.param("coffees", COFFEE_GROUPS, COFFEES_IN_ORDER, COFFEES_IN_ORDER_STD, id="coffees"),
    ],
)
def test_known_summaries_in_the_order_of_the_means(posteriors, name, groups, means, stds):
    values = in_order(posteriors[name], groups)

    digits = 1e-6 if name == "bentos" else 1e-5
    for parameter in means:
        np.testing.assert_allclose(values[parameter][0], means[parameter], atol=digits, rtol=0)
        np.testing.assert_allclose(values[parameter][1], stds[parameter], atol=digits, rtol=0)


def test_known_shares_of_the_coffees_labellings(posteriors):
    coffees = posteriors["coffees"]
    share = {tuple(z[[0, 1, 2]].tolist()): p for z, p in zip(coffees.assignments, coffees.probability, strict=True)}

    assert share[0, 1, 2] == pytest.approx(0.9567, abs=5e-5)
    assert sorted([share[1, 0, 2], share[0, 2, 1]]) == pytest.approx([0.0209, 0.0224], abs=5e-5)


@settings
def test_summaries_by_covariance_matrices(posteriors, true_posteriors, name):
    x, _, _, watched = SETTINGS[name]
    levels, truth = levels_of(x), true_posteriors[name]
    x = np.asarray(x, float)
    center, spread = x.mean(), x.std()
    pi = truth.pi
    u, v = (truth.mu - center) / spread, truth.sigma / spread
    uu = (truth.mu_squared - 2 * center * truth.mu + center**2) / spread**2
    vv = truth.sigma_squared / spread**2
    uv = (truth.mu_sigma - center * truth.sigma) / spread**2
    sums = [u, uu, v, vv, uv, truth.pi_squared, pi * u, pi * uu, pi * v]

    below = []
    for level in levels:
        given = [
            [part.weights @ norm.cdf(level, part.mean, np.hypot(part.sigma, part.std)) for part in row]
            for row in truth.parts
        ]
        below.append(truth.expect((pi * np.array(given)).sum(axis=1)))
    z = truth.assignments[:, watched]
    rows = np.arange(len(z))
    own = [[truth.expect(values[rows, z[:, w]]) for w in range(len(watched))] for values in (pi, u, v)]
    expected = np.concatenate(
        [
            [truth.expect(values.sum(axis=1)) for values in sums],
            below,
            [truth.expect(z[:, w] == z[:, w + 1]) for w in range(len(watched) - 1)],
            *own,
        ]
    )

    np.testing.assert_allclose(exact.summaries(posteriors[name], levels, watched), expected, rtol=1e-7, atol=1e-9)


def functionals(draws, x, levels, watched):
    """The functions of each draw, (S, F), whose expectations `exact.summaries` gives."""
    pi, mu, sigma, z = draws
    x = np.asarray(x, float)
    u, v = (mu - x.mean()) / x.std(), sigma / x.std()
    z = z[:, watched]
    rows = np.arange(len(z))[:, None]
    sums = [values.sum(axis=1) for values in (u, u**2, v, v**2, u * v, pi**2, pi * u, pi * u**2, pi * v)]
    below = [np.sum(pi * norm.cdf(level, mu, sigma), axis=1) for level in levels]
    same = [z[:, i] == z[:, i + 1] for i in range(len(watched) - 1)]
    own = [values[rows, z] for values in (pi, u, v)]
    return np.concatenate([np.stack([*sums, *below, *same], axis=1), *own], axis=1)


@settings
def test_summaries_are_the_averages_over_draws(posteriors, name):
    x, _, _, watched = SETTINGS[name]
    posterior, levels = posteriors[name], levels_of(x)

    values = functionals(posterior.draw(np.random.default_rng(1), 20_000), x, levels, watched)

    summaries = exact.summaries(posterior, levels, watched)
    error = values.std(axis=0) / np.sqrt(len(values))
    assert summaries.shape == (values.shape[1],)
    assert np.max(np.abs(values.mean(axis=0) - summaries) / (5 * error + 1e-9)) < 1


@settings
def test_summaries_do_not_depend_on_the_components_names(posteriors, name):
    x, prior, assignments, watched = SETTINGS[name]
    order = np.roll(np.arange(len(prior.alpha)), 1)
    renamed = exact.posterior(x, [values[order] for values in prior], assignments)

    assert renamed.log_evidence == pytest.approx(posteriors[name].log_evidence, abs=1e-10)
    values = [exact.summaries(posterior, levels_of(x), watched) for posterior in (posteriors[name], renamed)]
    np.testing.assert_allclose(*values, rtol=1e-10, atol=1e-12)


# --- one labelling at a time ---


def test_a_restriction_is_bayes_rule(posteriors):
    three = posteriors["three"]
    keep = three.assignments[:, 0] == 1
    parts = [three.restricted(keep), three.restricted(~keep)]
    shares = [three.probability[keep].sum(), three.probability[~keep].sum()]

    for part, share in zip(parts, shares, strict=True):
        assert part.probability.sum() == pytest.approx(1, abs=1e-12)
        assert part.log_evidence == pytest.approx(three.log_evidence + np.log(share), abs=1e-12)
    summaries = [exact.summaries(part, [0.0], (0, 1)) for part in parts]
    np.testing.assert_allclose(np.dot(shares, summaries), exact.summaries(three, [0.0], (0, 1)), rtol=1e-10)


# --- draws ---


@settings
def test_draws_have_the_shapes_and_bounds_of_a_mixture(posteriors, name):
    x, prior, *_ = SETTINGS[name]
    pi, mu, sigma, z = posteriors[name].draw(np.random.default_rng(0), 50)

    assert pi.shape == mu.shape == sigma.shape == (50, len(prior.alpha))
    assert z.shape == (50, len(x))
    np.testing.assert_allclose(pi.sum(axis=1), 1)
    assert np.all(sigma > 0)


@settings
def test_assignments_are_drawn_as_often_as_probable(posteriors, name):
    posterior = posteriors[name]
    _, _, _, z = posterior.draw(np.random.default_rng(2), 20_000)

    code = len(posterior.prior[0]) ** np.arange(z.shape[1])
    number = {int(c): i for i, c in enumerate(posterior.assignments @ code)}
    observed = np.bincount([number[int(c)] for c in z @ code], minlength=len(number))
    expected = posterior.probability * len(z)
    rare = expected < 10
    observed = [*observed[~rare], observed[rare].sum()]
    expected = [*expected[~rare], expected[rare].sum()]
    if expected[-1] < 1e-9:
        observed, expected = observed[:-1], expected[:-1]
    assert chisquare(observed, expected).pvalue > 1e-3


@settings
def test_draws_given_their_assignments_are_uniform_in_probability(posteriors, true_posteriors, name):
    _, prior, *_ = SETTINGS[name]
    pi, mu, sigma, z = posteriors[name].draw(np.random.default_rng(3), 20_000)
    truth = true_posteriors[name]
    uniform = {"pi": [], "mu": [], "sigma": []}
    for assignment, parts, concentration in zip(truth.assignments, truth.parts, truth.concentration, strict=True):
        rows = np.flatnonzero(np.all(z == assignment, axis=1))
        if len(rows) == 0:
            continue
        for k, part in enumerate(parts):
            rest = concentration.sum() - concentration[k]
            uniform["pi"].append((k, beta.cdf(pi[rows, k], concentration[k], rest)))
            cdf = np.cumsum(part.weights) - part.weights / 2
            log_sigma = np.log(sigma[rows, k])
            grid = np.log(part.sigma)
            uniform["sigma"].append((k, np.interp(log_sigma, grid, cdf)))
            mean, std = np.interp(log_sigma, grid, part.mean), np.interp(log_sigma, grid, part.std)
            uniform["mu"].append((k, norm.cdf(mu[rows, k], mean, std)))

    for values in uniform.values():
        for k in range(len(prior.alpha)):
            u = np.concatenate([u for label, u in values if label == k])
            assert len(u) == 20_000
            assert kstest(u, "uniform").pvalue > 1e-3


# --- extremes ---


@settings
def test_extremes_are_exceeded_once_in_a_thousand_million_draws(posteriors, true_posteriors, name):
    extremes, truth = posteriors[name].extremes(), true_posteriors[name]

    def mu_below(level):
        return truth.expect_given_sigma(lambda sigma, mean, std: norm.cdf(level, mean, std))

    def mu_above(level):
        return truth.expect_given_sigma(lambda sigma, mean, std: norm.sf(level, mean, std))

    def sigma_below(level):
        return truth.expect_given_sigma(lambda sigma, mean, std: sigma < level)

    def sigma_above(level):
        return truth.expect_given_sigma(lambda sigma, mean, std: sigma > level)

    assert mu_below(extremes.mu_low) == pytest.approx(1e-9, rel=1e-3)
    assert mu_above(extremes.mu_high) == pytest.approx(1e-9, rel=1e-3)
    # On the nodes of a grid, 5 % apart.
    assert sigma_below(extremes.sigma_low) < 3e-9 < 3 * sigma_below(1.5 * extremes.sigma_low)
    assert sigma_above(extremes.sigma_high) < 3e-9 < 3 * sigma_above(extremes.sigma_high / 1.5)
