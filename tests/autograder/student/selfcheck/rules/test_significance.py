"""Error rates of the tests of draws: right draws fail at the promised rate, wrong draws get the right message.

Every p-value must be conservative: for right draws, at most a share a of the p-values is below a.
"""

import numpy as np
import pytest
from scipy import stats

from autograder.student.selfcheck.rules.significance import (
    LEVEL,
    Finding,
    categorical_tests,
    dirichlet_residuals,
    feature_tests,
    residual_tests,
    serial_tests,
    tabulated_residuals,
    verdict,
)
from reference import conditionals

REPEATS = 200
ROWS = 1000


def allowed(trials: int, level: float) -> float:
    """The number that successes of this many independent trials exceed with a probability of 1e-5."""
    return float(stats.binom.isf(1e-5, trials, level))


def assert_conservative(p: np.ndarray, *, independent: int | None = None) -> None:
    """Assert that not too many p-values are small. They count as `independent` p-values, by default all."""
    p = np.ravel(p)
    assert np.all((p >= 0) & (p <= 1))
    independent = independent or p.size
    for level in (0.01, 0.05, 0.2):
        assert np.mean(p <= level) * independent <= allowed(independent, level)


def assert_uniform(p: np.ndarray) -> None:
    """Assert that the p-values are conservative, but not more than needed."""
    assert_conservative(p)
    assert 0.3 < np.mean(np.ravel(p) < 0.5) < 0.6


def by_kind(runs: list[list[Finding]]) -> list[np.ndarray]:
    """The p-values of each kind of test, (REPEATS, D) each."""
    assert len({len(findings) for findings in runs}) == 1
    return [np.stack([findings[i].p for findings in runs]) for i in range(len(runs[0]))]


def words(findings: list[Finding]) -> str:
    mismatch = verdict("x", findings)
    assert mismatch is not None
    assert mismatch.summary == "x: not distributed as expected"
    return mismatch.detail


# --- residuals ---


def test_uniform_residuals_have_the_promised_false_fail_rate():
    rng = np.random.default_rng(1)
    kinds = by_kind([residual_tests(rng.uniform(size=(300, 3)), ["a", "b", "c"]) for _ in range(REPEATS)])

    assert [p.shape for p in kinds] == [(REPEATS, 3)] * 4
    for p in kinds:
        assert_uniform(p)


def test_one_column_has_no_correlation():
    assert len(residual_tests(np.random.default_rng(2).uniform(size=(300, 1)), ["a"])) == 3


def wrong(change) -> str:
    scores = np.random.default_rng(3).standard_normal((ROWS, 3))
    change(scores)
    return words(residual_tests(stats.norm.cdf(scores), ["a", "b", "c"]))


def two_peaks(scores):
    """Numbers with the right mean and variance, but two peaks."""
    rng = np.random.default_rng(4)
    scores[:, 1] = 0.9 * rng.choice([-1, 1], ROWS) + np.sqrt(1 - 0.81) * rng.standard_normal(ROWS)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda scores: np.add(scores, [0, 0.3, 0], out=scores), "x: b is too large. "),
        (lambda scores: np.add(scores, [0, 0, -0.3], out=scores), "x: c is too small. "),
        (lambda scores: np.multiply(scores, [1.3, 1, 1], out=scores), "x: a is too spread out. "),
        (lambda scores: np.multiply(scores, [1, 0.7, 1], out=scores), "x: b is too concentrated. "),
        (two_peaks, "x: b has another distribution. "),
        (lambda scores: np.copyto(scores[:, 2], scores[:, 0]), "x: a and c are not independent. "),
        (lambda scores: np.copyto(scores[:, 2], -scores[:, 1]), "x: b and c are not independent. "),
        (lambda scores: np.copyto(scores[:, 2], 0.6 * scores[:, 0] + 0.8 * scores[:, 2]), "x: a and c are not "),
    ],
    ids=["large", "small", "spread", "narrow", "shape", "same", "opposite", "correlated"],
)
def test_wrong_residuals_get_the_right_message(change, says):
    assert wrong(change).startswith(says)


@pytest.mark.parametrize("constant", [0.0, 0.5, 1.0, -3.0, 7.0])
def test_residuals_that_never_vary_fail(constant):
    assert words(residual_tests(np.full((ROWS, 2), constant), ["a", "b"]))


# --- labels ---


def labels_of(rng, probabilities):
    u = rng.uniform(size=(*probabilities.shape[:2], 1))
    return np.sum(u > np.cumsum(probabilities, axis=-1)[..., :-1], axis=-1)


FIXED = np.array([[0.2, 0.5, 0.3], [0.99, 0.008, 0.002], [0.0, 1.0, 0.0], [0.4, 0.4, 0.2]])


def varying(rng, rows=ROWS, *, sharp=1.0):
    logits = rng.normal(0, sharp, (rows, 4, 3))
    return np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)


def test_right_labels_of_fixed_probabilities_have_the_promised_false_fail_rate():
    rng = np.random.default_rng(5)
    probabilities = np.broadcast_to(FIXED, (ROWS, 4, 3))
    counts, pairs = by_kind([categorical_tests(labels_of(rng, probabilities), probabilities) for _ in range(REPEATS)])

    assert counts.shape == (REPEATS, 12)
    # The counts of the labels of an observation have a fixed sum.
    assert_conservative(counts, independent=REPEATS * 7)
    assert np.all(counts.reshape(REPEATS, 4, 3)[:, 2] == 1)  # a certain label proves nothing
    assert_conservative(pairs)


@pytest.mark.parametrize("sharp", [0.5, 2.0, 6.0], ids=["even", "uneven", "nearly certain"])
def test_right_labels_of_varying_probabilities_have_the_promised_false_fail_rate(sharp):
    rng = np.random.default_rng(6)
    runs = []
    for _ in range(REPEATS):
        probabilities = varying(rng, sharp=sharp)
        runs.append(categorical_tests(labels_of(rng, probabilities), probabilities))

    for kind in range(4):
        p = np.concatenate([findings[kind].p for findings in runs])
        if p.size:  # some tests do not apply to some kinds of probabilities
            assert_conservative(p, independent=p.size // 2 if kind < 2 else p.size)


def two_valued(rng):
    """Each label is probable in about half of the rows."""
    first = rng.choice([0.2, 0.8], (ROWS, 4, 1))
    return np.concatenate([first, 1 - first], axis=-1)


def test_labels_must_occur_when_they_are_probable():
    rng = np.random.default_rng(21)
    p = []
    for _ in range(REPEATS):
        probabilities = two_valued(rng)
        p.append(categorical_tests(labels_of(rng, probabilities), probabilities)[1].p)
    assert np.shape(p) == (REPEATS, 8)
    assert_conservative(np.array(p), independent=REPEATS * 4)

    probabilities = two_valued(rng)
    elsewhere = labels_of(rng, probabilities[rng.permutation(ROWS)])
    assert np.all(categorical_tests(elsewhere, probabilities)[1].p < 1e-9)


def rare(rng, rows=ROWS):
    """Labels with a probability of about one in a thousand, which differs between rows."""
    small = rng.uniform(0, 0.002, (rows, 4, 1))
    return np.concatenate([1 - 2 * small, small, small], axis=-1)


def test_rare_labels_have_the_promised_false_fail_rate_and_fail_if_too_frequent():
    rng = np.random.default_rng(7)
    smallest = []
    for _ in range(REPEATS):
        probabilities = rare(rng)
        p = np.concatenate([finding.p for finding in categorical_tests(labels_of(rng, probabilities), probabilities)])
        assert p.size == 1  # no label occurs often enough for its own test
        smallest.append(p[0])
    assert_conservative(np.array(smallest))

    probabilities = rare(rng)
    labels = labels_of(rng, probabilities)
    labels[:15, 2] = 1
    assert "labels that are very improbable come too often, or too rarely" in words(
        categorical_tests(labels, probabilities)
    )


@pytest.mark.parametrize("kind", ["fixed", "varying"])
def test_labels_that_ignore_their_probabilities_get_a_message(kind):
    rng = np.random.default_rng(8)
    probabilities = np.broadcast_to(FIXED[[0, 3]], (ROWS, 2, 3)) if kind == "fixed" else varying(rng)
    if kind == "varying":
        probabilities = (probabilities + np.array([1, 0, 0])) / 2

    swapped = labels_of(rng, probabilities[..., [1, 0, 2]])
    said = words(categorical_tests(swapped, probabilities))
    assert said.startswith("x: label ")
    assert " comes too " in said


def test_a_label_that_occurs_too_often_is_named():
    probabilities = np.broadcast_to(FIXED[[0, 3]], (ROWS, 2, 3))
    labels = labels_of(np.random.default_rng(9), probabilities)

    labels[:300, 0] = 0
    assert words(categorical_tests(labels, probabilities)).startswith("x: label 0 of observation 0 comes too often")
    labels[labels == 2] = 1
    assert " comes too " in words(categorical_tests(labels, probabilities))


@pytest.mark.parametrize("kind", ["fixed", "varying"])
def test_dependent_labels_get_a_message(kind):
    rng = np.random.default_rng(10)
    probabilities = np.broadcast_to(FIXED[[0, 0, 3]], (ROWS, 3, 3)) if kind == "fixed" else varying(rng, sharp=0.5)
    if kind == "varying":
        probabilities = np.repeat(probabilities[:, :1], 3, axis=1)
    labels = labels_of(rng, probabilities)
    labels[:, 1] = labels[:, 0]

    assert words(categorical_tests(labels, probabilities)).startswith(
        "x: the labels of observations 0 and 1 are not independent"
    )


def test_an_impossible_label_fails():
    probabilities = np.broadcast_to(FIXED, (ROWS, 4, 3))
    labels = labels_of(np.random.default_rng(11), probabilities)
    labels[3, 2] = 0

    assert "observation 2" in words(categorical_tests(labels, probabilities))


# --- residuals of distributions ---


def test_stick_breaking_makes_dirichlet_draws_uniform_and_independent():
    rng = np.random.default_rng(12)
    concentration = np.array([0.5, 3.0, 8.0, 1.5])
    runs = []
    for _ in range(REPEATS):
        residuals = dirichlet_residuals(rng.dirichlet(concentration, 300), np.broadcast_to(concentration, (300, 4)))
        assert residuals.shape == (300, 3)
        runs.append(residual_tests(residuals, ["a", "b", "c"]))

    for p in by_kind(runs):
        assert_uniform(p)


def test_dirichlet_residuals_follow_each_row_s_concentration():
    rng = np.random.default_rng(13)
    concentration = rng.uniform(0.3, 9, (2000, 3))
    draws = np.array([rng.dirichlet(row) for row in concentration])

    assert verdict("x", residual_tests(dirichlet_residuals(draws, concentration), ["a", "b"])) is None
    assert words(residual_tests(dirichlet_residuals(draws, concentration[::-1]), ["a", "b"]))


def test_the_share_of_an_empty_stick_is_a_number():
    residuals = dirichlet_residuals(np.array([[1.0, 0.0, 0.0]]), np.array([[1.0, 1.0, 1.0]]))

    assert np.all(np.isfinite(residuals))


SHAPE, RATE = np.array([2.0, 5.0]), np.array([0.5, 3.0])
# A component without observations keeps its prior.
GAMMA = conditionals.stds(np.zeros(1), np.zeros((1, 1), int) + 5, np.zeros((1, 2)), SHAPE, RATE)


def tabulated(draws):
    cdf, pdf = (np.broadcast_to(table, (len(draws), *table.shape[1:])) for table in (GAMMA.cdf, GAMMA.pdf))
    return tabulated_residuals(draws, GAMMA.log_nodes, cdf, pdf)


def test_tabulated_residuals_are_the_distribution_function():
    draws = np.random.default_rng(14).gamma(SHAPE, 1 / RATE, (4000, 2))

    np.testing.assert_allclose(tabulated(draws), stats.gamma.cdf(draws, SHAPE, scale=1 / RATE), atol=2e-6)


def test_draws_outside_the_table_are_at_its_ends():
    np.testing.assert_allclose(tabulated(np.array([[1e-30, 0.0], [1e30, 1e9]])), [[0, 0], [1, 1]], atol=1e-8)


def test_right_tabulated_draws_have_the_promised_false_fail_rate():
    rng = np.random.default_rng(15)
    runs = [residual_tests(tabulated(rng.gamma(SHAPE, 1 / RATE, (300, 2))), ["a", "b"]) for _ in range(REPEATS)]

    for p in by_kind(runs)[:3]:
        assert_uniform(p)


# --- dependence of draws ---


def test_right_draws_do_not_depend_on_features_or_on_the_draw_before():
    rng = np.random.default_rng(16)
    features, serial = [], []
    for _ in range(REPEATS):
        residuals, given = (
            rng.uniform(size=(ROWS, 2)),
            np.concatenate([rng.gamma(2, size=(ROWS, 2)), np.ones((ROWS, 1))], 1),
        )
        [found] = feature_tests(residuals, given)
        features.append(found.p)
        [found] = serial_tests(residuals, rng.integers(0, 2, (ROWS, 1)))
        serial.append(found.p)

    assert np.shape(features) == (REPEATS, 4)  # two components, two features that vary
    assert np.shape(serial) == (REPEATS, 2)
    assert_uniform(np.array(features))
    assert_uniform(np.array(serial))


def test_features_that_never_vary_test_nothing():
    assert feature_tests(np.random.default_rng(17).uniform(size=(ROWS, 2)), np.ones((ROWS, 3))) == []


def test_a_component_that_follows_its_feature_wrongly_is_named():
    rng = np.random.default_rng(18)
    scores, features = rng.standard_normal((ROWS, 3)), rng.standard_normal((ROWS, 2))
    scores[:, 1] = 0.6 * features[:, 0] + 0.8 * scores[:, 1]

    assert words(feature_tests(stats.norm.cdf(scores), features)).startswith(
        "x: component 1 does not change with what it is drawn given as expected"
    )


@pytest.mark.parametrize("what", ["numbers", "labels"])
def test_draws_that_repeat_the_draw_before_get_a_message(what):
    rng = np.random.default_rng(19)
    residuals, labels = rng.uniform(size=(ROWS, 1)), rng.integers(0, 2, (ROWS, 1))
    series = residuals if what == "numbers" else labels
    series[1::2] = series[::2]

    assert words(serial_tests(residuals, labels)).startswith("x: one draw depends on the one before")


# --- the verdict ---


def finding(*p: float, name: str = "test") -> Finding:
    return Finding(np.array(p), lambda i: f"{name} {i} failed")


def test_each_test_has_its_share_of_the_level():
    share = LEVEL / 4

    assert verdict("x", [finding(1.01 * share, 0.5), finding(0.2, 1.0)]) is None
    assert verdict("x", [finding(0.99 * share, 0.5), finding(0.2, 1.0)]) is not None
    assert verdict("x", [finding(0.99 * share, 0.5), finding(0.2, 1.0, 0.9)]) is None
    assert verdict("x", [finding(0.01, 0.5)], level=0.05) is not None


def test_the_message_comes_from_the_most_significant_test():
    mismatch = verdict("x", [finding(1e-6, 0.5, name="one"), finding(0.3, 1e-9, name="other")])

    assert mismatch is not None
    assert mismatch.summary == "x: not distributed as expected"
    assert mismatch.detail == (
        "x: other 1 failed. If all were right, so large a difference would come less than once in 250,000,000 times"
    )


def test_a_kind_without_tests_finds_nothing():
    assert verdict("x", [finding(), finding(0.5)]) is None
    assert verdict("x", [finding(), finding(0.0)]) is not None


def test_right_draws_fail_no_more_often_than_the_level():
    rng = np.random.default_rng(20)
    level = 0.05
    failed = sum(
        verdict("x", residual_tests(rng.uniform(size=(300, 2)), ["a", "b"]), level=level) is not None
        for _ in range(2 * REPEATS)
    )

    assert 0 < failed <= allowed(2 * REPEATS, level)
