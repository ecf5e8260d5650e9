"""The rules for draws of partitions: exact draws pass under any labels; wrong draws fail with the right message."""

from typing import Any

import numpy as np
import pytest

from autograder.exercises.dpmm import distributions
from autograder.exercises.dpmm.data import EIGHT, FIVE, FOUR, SIX, TEN
from autograder.student.selfcheck.rules import partitions
from autograder.student.selfcheck.rules.mismatch import Mismatch
from autograder.student.selfcheck.rules.partitions import PartitionChains, PartitionMoves, Partitions, Sticks
from autograder.student.selfcheck.values import plain

SETS = {"four": FOUR, "five": FIVE, "six": SIX, "eight": EIGHT, "ten": TEN}
every_set = pytest.mark.parametrize("name", SETS)
CHAINS, SAMPLES = 4, 500


def known(name: str) -> dict[str, Any]:
    data = SETS[name]
    return distributions.chained(None, data.x, data.alpha, data.base, SAMPLES)


def problem(mismatch: Mismatch | None) -> str:
    assert mismatch is not None
    return mismatch.detail


def seated(seed: int, rows: int, n: int, alpha: float) -> np.ndarray:
    """Independent draws of the Chinese restaurant process."""
    rng = np.random.default_rng(seed)
    z = np.zeros((rows, n), int)
    for row in z:
        counts = [1.0]
        for i in range(1, n):
            p = np.array([*counts, alpha]) / (i + alpha)
            row[i] = rng.choice(len(p), p=p)
            counts = [*counts, 0.0] if row[i] == len(counts) else counts
            counts[row[i]] += 1
    return z


# --- quantities that do not depend on labels ---


def test_firsts_and_sizes_do_not_depend_on_labels():
    first, second = np.array([[0, 1, 1, 2], [3, 3, 3, 0]]), np.array([[3, 0, 0, 1], [2, 2, 2, 1]])

    assert partitions.firsts(first).tolist() == partitions.firsts(second).tolist() == [[0, 1, 1, 3], [0, 0, 0, 3]]
    assert partitions.sizes_of(first).tolist() == partitions.sizes_of(second).tolist() == [[2, 1, 1, 0], [3, 1, 0, 0]]


@every_set
def test_events_have_the_exact_probabilities(name):
    posterior = SETS[name].posterior
    some = posterior.partitions[:5000].astype(int)
    names, happened, probability = partitions.events(some, known(name))

    assert len(set(names)) == len(names) == happened.shape[1] == len(probability)
    if len(some) == len(posterior.partitions):
        np.testing.assert_allclose(posterior.probability @ happened, probability, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["four", "six", "eight"])
def test_summaries_have_the_exact_expectations(name):
    posterior = SETS[name].posterior
    (names, table, _), truth = partitions.summaries(posterior.partitions[None].astype(int), known(name))

    assert len(names) == table.shape[-1] == len(truth)
    np.testing.assert_allclose(posterior.probability @ table[0], truth, rtol=1e-9)


# --- independent draws ---


@every_set
@pytest.mark.parametrize("seed", [1, 2])
def test_exact_draws_pass_under_any_labels(name, seed):
    assert Partitions("z").compare(SETS[name].draws(seed, 4000), known(name)) is None
    assert Partitions("z").compare(SETS[name].draws(seed, 400).astype(float), known(name)) is None


def test_right_draws_fail_as_rarely_as_the_level_promises():
    """1000 comparisons at the level 1e-3: ten failures have a probability of less than 1e-6."""
    expected = known("four")
    failed = sum(Partitions("z").compare(FOUR.draws(seed, 400), expected) is not None for seed in range(1000))

    assert failed < 10


@pytest.mark.parametrize(("n", "alpha"), [(1, 2.0), (4, 1.75), (6, 0.5), (20, 2.5)])
def test_draws_of_the_chinese_restaurant_process_pass(n, alpha):
    expected = distributions.prior(None, n, alpha)

    assert expected["num_clusters"].sum() == pytest.approx(1)
    assert Partitions("tables").compare(seated(3, 1500, n, alpha), expected) is None


@pytest.mark.parametrize(("n", "alpha", "wrong"), [(4, 1.75, 1.2), (6, 0.5, 1.0), (20, 2.5, 1.8)])
def test_draws_with_another_alpha_fail(n, alpha, wrong):
    mismatch = Partitions("tables").compare(seated(3, 1500, n, wrong), distributions.prior(None, n, alpha))

    assert "tables: not distributed as expected" in (mismatch.summary if mismatch else "")
    assert "of the draws, expected" in problem(mismatch)


@every_set
def test_draws_of_the_prior_fail(name):
    data = SETS[name]
    drawn = seated(5, 2000, len(data.x), data.alpha)

    assert "If all were right" in problem(Partitions("z").compare(drawn, known(name)))


def test_right_sizes_and_pairs_in_wrong_partitions_fail():
    """Sizes and pairs are right on average, but the distribution of the whole partition is wrong."""
    expected = known("four")
    rng = np.random.default_rng(0)
    drawn = FOUR.draws(3, 4000).copy()
    drawn[:, 3] = drawn[rng.permutation(len(drawn)), 3]

    assert Partitions("z").compare(drawn, expected) is not None


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (np.zeros((400, 5), int), "z should be an array of shape (4,) at every call; got an array of shape (5,)"),
        (np.full((400, 4), 4), "z: there are values other than the whole numbers 0 to 3"),
        (np.full((400, 4), 0.5), "z: there are values other than the whole numbers 0 to 3"),
        (np.full((400, 4), -1), "z: there are values other than the whole numbers 0 to 3"),
        (np.full((400, 4), np.nan), "z: there are values that are not finite"),
        (np.zeros((20, 4), int), "got only 20 draws"),
        (None, "got None"),
    ],
)
def test_values_that_are_not_labels_get_a_message(value, says):
    assert says in problem(Partitions("z").compare(plain(value), known("four")))


# --- chains ---


def chains(name: str, seed: int = 0) -> np.ndarray:
    """Independent draws, in the form of chains."""
    return SETS[name].draws(seed, CHAINS * SAMPLES).reshape(CHAINS, SAMPLES, -1)


@every_set
@pytest.mark.parametrize("seed", [1, 2])
def test_independent_draws_pass_as_chains(name, seed):
    assert PartitionChains("z").compare(chains(name, seed), known(name)) is None


@every_set
def test_a_chain_with_some_autocorrelation_passes(name):
    """Every draw is repeated five times: each chain has 100 different draws."""
    repeated = np.repeat(chains(name, 3)[:, ::5], 5, axis=1)

    assert PartitionChains("z").compare(repeated, known(name)) is None


@every_set
def test_chains_of_the_prior_fail(name):
    data = SETS[name]
    drawn = seated(6, CHAINS * SAMPLES, len(data.x), data.alpha).reshape(CHAINS, SAMPLES, -1)

    assert PartitionChains("z").compare(drawn, known(name)) is not None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda z: np.broadcast_to(z[:, :1], z.shape), "effective sample size|never moves|do not agree"),
        (lambda z: np.repeat(z[:, ::250], 250, axis=1), "effective sample size|do not agree"),
        (lambda z: z.swapaxes(1, 2), "another shape|should be an array of shape"),
        (lambda z: z[:, :-1], "should be an array of shape"),
        (lambda z: z + 8, "whole numbers 0 to 7"),
        (lambda z: np.where(z == z[..., :1], z[..., :1], np.arange(8)), "the draws: "),
    ],
)
def test_wrong_chains_get_a_message(change, says):
    mismatch = PartitionChains("z").compare(plain(change(chains("eight"))), known("eight"))

    assert any(text in problem(mismatch) for text in says.split("|"))


def test_draws_that_the_posterior_excludes_get_a_message():
    drawn = chains("ten").copy()
    drawn[2, 7] = 0  # all ten bentos in one cluster

    assert "first 1 clusters at draw 7 (is the burn-in left in?)" in problem(
        PartitionChains("z").compare(drawn, known("ten"))
    )


# --- moves ---


def test_a_kernel_that_has_left_its_start_moves_under_any_labels():
    start = {"start": np.zeros(8, int)}

    assert PartitionMoves("z").compare(EIGHT.draws(1, 200), start) is None
    for stuck in (0, 5):
        assert "hardly ever leaves its start" in problem(PartitionMoves("z").compare(np.full((16, 8), stuck), start))
    assert PartitionMoves("z").compare(np.full((4, 8), 0), start) is not None  # too few walks


# --- draws of the program ---


def worlds(seed: int = 0, rows: int = 2000, n: int = 5, **other: Any) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    fractions = rng.beta(1, other.get("alpha", 2.0), (rows, 9))
    mu, sigma = rng.normal(400, other.get("scale", 50), (rows, 10)), rng.gamma(2, 1, (rows, 10))
    left = np.cumprod(np.column_stack([np.ones(rows), 1 - fractions]), axis=1)
    pieces = left * np.column_stack([fractions, np.ones(rows)])
    pieces = other.get("weights", lambda p: p)(pieces)
    z = (rng.uniform(size=(rows, n, 1)) > np.cumsum(pieces, axis=1)[:, None, :-1]).sum(axis=2)
    own = [np.take_along_axis(values, z, axis=1) for values in (mu, sigma)]
    x = own[0] + own[1] ** other.get("power", 1) * rng.standard_normal((rows, n))
    return {"fractions": fractions, "mu": mu, "sigma": sigma, "z": z, "x": x}


@pytest.mark.parametrize("seed", range(3))
def test_right_draws_of_the_program_pass(seed):
    assert Sticks().compare(plain(worlds(seed)), distributions.worlds(5)) is None
    assert Sticks().compare(plain(worlds(seed, n=1)), distributions.worlds(1)) is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (worlds(alpha=1.7), "fractions["),
        (worlds(scale=55), "mu["),
        (worlds(power=2), "x["),
        (worlds(weights=lambda p: np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)), "label"),
        (worlds() | {"z": np.full((2000, 5), 10)}, "whole numbers 0 to 9"),
        (worlds() | {"sigma": -worlds()["sigma"]}, "not above 0"),
        (worlds() | {"fractions": 2 * worlds()["fractions"]}, "outside of 0 to 1"),
        ({name: draws for name, draws in worlds().items() if name != "mu"}, "expected a dict with fractions, mu"),
        (worlds(n=4), "z should be an array of shape (S, 5)"),
    ],
)
def test_wrong_draws_of_the_program_get_a_message(wrong, says):
    assert says in problem(Sticks().compare(plain(wrong), distributions.worlds(5)))


def test_a_truncated_stick_has_another_prior_than_the_restaurant():
    """A sampler needs more pieces than observations; with as many, the prior of the partition is wrong."""
    n, alpha = 6, 1.75
    rng = np.random.default_rng(1)
    left = np.cumprod(1 - rng.beta(1, alpha, (100_000, n - 1)), axis=1)
    pieces = -np.diff(np.column_stack([np.ones(len(left)), left, np.zeros(len(left))]), axis=1)
    together = np.mean(np.sum(pieces**2, axis=1))

    assert together - 1 / (1 + alpha) > 10 * np.std(np.sum(pieces**2, axis=1)) / np.sqrt(len(pieces))


# --- kinds ---

WORLDS = worlds()


@pytest.mark.parametrize(
    ("rule", "change", "name", "reason"),
    [
        (Partitions("z"), lambda z: None, "four", ("form", "z")),
        (Partitions("z"), lambda z: np.full((400, 4), np.inf), "four", ("not_finite", "z")),
        (Partitions("z"), lambda z: np.full((400, 4), 4), "four", ("labels", "z")),
        (Partitions("z"), lambda z: np.zeros((400, 4)), "four", ("distribution", "z")),
        (PartitionChains("z"), lambda z: z[:, 1:], "eight", ("form", "z")),
        (PartitionChains("z"), lambda z: z * np.nan, "eight", ("not_finite", "z")),
        (PartitionChains("z"), lambda z: z + 8, "eight", ("labels", "z")),
        (PartitionChains("z"), lambda z: z * 0, "eight", ("mixing", "never moves")),
        (PartitionChains("z"), lambda z: np.minimum(z, 1), "ten", ("mass", "z")),
        (PartitionChains("z"), lambda z: np.minimum(z, 1), "eight", ("distribution", "the draws")),
    ],
)
def test_each_mismatch_of_draws_has_a_kind(rule, change, name, reason):
    mismatch = rule.compare(change(chains(name)), known(name))

    assert mismatch is not None
    assert mismatch.reason == reason


@pytest.mark.parametrize(
    ("rule", "value", "expected", "reason"),
    [
        (PartitionMoves("z"), np.zeros((16, 8)), {"start": np.zeros(8, int)}, ("movement", "z", "stays")),
        (
            Sticks(),
            plain(WORLDS | {"fractions": -WORLDS["fractions"]}),
            distributions.worlds(5),
            ("support", "fractions"),
        ),
        (Sticks(), plain(worlds(scale=55)), distributions.worlds(5), ("distribution", "the draws")),
    ],
)
def test_each_mismatch_of_moves_and_of_the_program_has_a_kind(rule, value, expected, reason):
    mismatch = rule.compare(value, expected)

    assert mismatch is not None
    assert mismatch.reason == reason
