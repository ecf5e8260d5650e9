"""Two samples of the same distribution are alike; samples of different distributions are not."""

import numpy as np
import pytest

from autograder.exercises import distributions
from autograder.exercises.datasets import TINY
from autograder.exercises.dpmm import distributions as partition_distributions
from autograder.exercises.dpmm.data import EIGHT, FOUR
from autograder.student.selfcheck.diagnosis.two_samples import alike, identical
from autograder.student.selfcheck.rules.arrays import EXACT, Arrays, Part
from autograder.student.selfcheck.rules.conditional import Conditional
from autograder.student.selfcheck.rules.draws import FreshKeys, Mixture, PlausiblePriors
from autograder.student.selfcheck.rules.partitions import PartitionChains, Partitions, Sticks
from autograder.student.selfcheck.rules.posterior import Posterior
from autograder.student.selfcheck.values import Opaque

NORMAL = Conditional("normal", "mu")
STANDARD = {"loc": np.zeros(2), "scale": np.ones(2)}
LABELS = Conditional("categorical", "z")
ODDS = {"probabilities": np.array([[0.5, 0.5], [0.2, 0.8]])}


def normal(seed: int, *, loc=(1.0, 0.0), scale=(1.0, 1.0), rows: int = 2000) -> np.ndarray:
    return np.random.default_rng(seed).normal(loc, scale, (rows, 2))


def labels(seed: int, *odds: float, rows: int = 2000) -> np.ndarray:
    return (np.random.default_rng(seed).random((rows, 2)) < odds).astype(np.int32)


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.long if n % 4 else ()) for n in range(20)])
@pytest.mark.parametrize("rows", [400, 2000])
def test_draws_of_the_same_distribution_are_alike(seed, rows):
    assert alike(NORMAL, normal(seed, rows=rows), normal(100 + seed), STANDARD)
    assert alike(LABELS, labels(seed, 0.9, 0.3, rows=rows), labels(100 + seed, 0.9, 0.3), ODDS)


@pytest.mark.parametrize(
    "other",
    [
        normal(1, loc=(1.2, 0.0)),
        normal(1, scale=(1.0, 1.25)),
        normal(1)[:, ::-1],
        normal(1)[:, :1] - np.array([0, 1]),  # the same noise in both
        normal(1)[:, :1],
        np.exp(normal(1)),
    ],
)
def test_draws_of_different_distributions_are_not_alike(other):
    assert not alike(NORMAL, normal(0), other, STANDARD)


def test_labels_with_different_probabilities_are_not_alike():
    assert not alike(LABELS, labels(0, 0.9, 0.3), labels(1, 0.9, 0.4), ODDS)


def test_passing_values_are_alike_and_differ_from_failing_ones():
    right, wrong = normal(0, loc=(0, 0)), normal(1)

    assert alike(NORMAL, right, normal(2, loc=(0, 0)), STANDARD)
    assert not alike(NORMAL, right, wrong, STANDARD)
    assert not alike(NORMAL, wrong, right, STANDARD)


def test_values_of_different_forms_are_not_alike():
    assert alike(NORMAL, np.zeros((2000, 3)), np.ones((2000, 3)), STANDARD) is False
    assert not alike(NORMAL, np.zeros((2000, 3)), np.zeros((2000, 4)), STANDARD)
    assert not alike(NORMAL, normal(0), np.full((2000, 2), np.nan), STANDARD)


def test_without_draws_the_reason_decides():
    def keys(*, reused: bool, others: float) -> dict:
        first = {"result": np.ones(3)}
        return {
            "first": first,
            "again": first,
            "others": {"result": np.full((2, 3), others)},
            "reused": np.asarray(reused),
        }

    assert alike(FreshKeys(), keys(reused=True, others=2), keys(reused=True, others=3), None)
    assert not alike(FreshKeys(), keys(reused=True, others=2), keys(reused=False, others=1), None)

    shape = {"shape": np.array([3])}
    narrow, wide = ((np.array([80.0, 120, 160]), np.full(3, scale)) for scale in (1.0, 900.0))
    assert alike(PlausiblePriors(50, 200), narrow, (narrow[0], narrow[1] * 2), shape)
    assert not alike(PlausiblePriors(50, 200), narrow, wide, shape)


def test_equal_values_under_an_exact_rule_are_alike():
    rule = Arrays((Part("number", "()", EXACT),))

    assert alike(rule, np.array(3.0), np.array(3.0), np.array(3.0))


# --- any two values can be compared without an error ---

TINY_POSTERIOR = distributions.posterior(None, TINY.x, TINY.prior, 200)


def chains(seed: int, *, weighted: bool = False, shift: float = 3.0, **more) -> dict:
    """Draws from another distribution than the posterior."""
    rng = np.random.default_rng(seed)
    draws = {
        "pi": rng.dirichlet([2, 2], (4, 200)),
        "mu": rng.normal([shift, 5], 1, (4, 200, 2)),
        "sigma": rng.gamma(2, 1, (4, 200, 2)),
        "z": rng.integers(0, 2, (4, 200, 3)),
    }
    return {**draws, **({"log_weights": rng.normal(-9, 0.1, (4, 200))} if weighted else {}), **more}


@pytest.mark.parametrize("by_draws", [False, True])
def test_weighted_draws_are_not_like_unweighted_ones_of_a_chain(by_draws):
    plain, weighted = chains(0), chains(0, weighted=True)

    assert not alike(Posterior(), weighted, plain, TINY_POSTERIOR, by_draws=by_draws)
    assert not alike(Posterior(), plain, weighted, TINY_POSTERIOR, by_draws=by_draws)
    assert alike(Posterior(), weighted, chains(1, weighted=True), TINY_POSTERIOR, by_draws=by_draws)
    assert alike(Posterior(), plain, chains(1), TINY_POSTERIOR, by_draws=by_draws)
    assert not alike(Posterior(), plain, chains(1, shift=-3.0), TINY_POSTERIOR, by_draws=by_draws)


def test_further_entries_of_a_dict_of_draws_do_not_matter():
    more = {"note": Opaque("str"), "accepted": np.ones((4, 7)), "state": {"deep": np.zeros(3)}}

    assert alike(Posterior(), chains(0, **more), chains(1), TINY_POSTERIOR)


FOUR_POSTERIOR = partition_distributions.swept(None, FOUR.x, None, FOUR.alpha, FOUR.base)
EIGHT_CHAINS = partition_distributions.chained(None, EIGHT.x, EIGHT.alpha, EIGHT.base, 200)


def partitions(seed: int, odds: float, rows: int = 2000) -> np.ndarray:
    """Each of four observations is in the cluster of the first, or has the label number plus one modulo four."""
    rng = np.random.default_rng(seed)
    z = np.where(rng.random((rows, 4)) < odds, 0, np.arange(1, 5)) % 4
    return np.argsort(rng.random((rows, 4)), axis=1)[np.arange(rows)[:, None], z]


def test_partitions_are_alike_under_any_labels():
    for seed in range(10):
        assert alike(Partitions("z"), partitions(seed, 0.3), partitions(seed + 100, 0.3), FOUR_POSTERIOR)
        assert not alike(Partitions("z"), partitions(seed, 0.3), partitions(seed + 100, 0.5), FOUR_POSTERIOR)
    assert alike(Partitions("z"), partitions(0, 0.3) + 4, partitions(0, 0.3) + 4, FOUR_POSTERIOR)


def test_chains_of_partitions_are_alike_under_any_labels():
    def chains(seed: int, odds: float) -> np.ndarray:
        left, right = partitions(seed, odds, 800), partitions(seed + 50, odds, 800)
        return np.concatenate([left, right + 4], axis=1).reshape(4, 200, 8)

    for seed in range(5):
        assert alike(PartitionChains("z"), chains(seed, 0.3), chains(seed + 100, 0.3), EIGHT_CHAINS)
        assert not alike(PartitionChains("z"), chains(seed, 0.3), chains(seed + 100, 0.6), EIGHT_CHAINS)


MIXTURE = Mixture()
WORLDS = distributions.simulated(distributions.BENTO_PRIOR, 2)
ODD = [
    *(
        (),
        {},
        None,
        Opaque("set"),
        np.zeros(0),
        np.array(1.0),
        np.zeros((0, 2)),
        np.zeros((3, 0)),
        np.full(200, np.inf),
    ),
    *((np.zeros(3), np.zeros(2)), {"pi": np.zeros((200, 2))}, {"x": np.zeros(200), "pi": np.zeros(150)}, chains(0)),
    *(chains(0, weighted=True), np.arange(200.0), np.arange(200) % 2, np.tile([0, 1], (200, 1)), (None, "text")),
    {name: np.zeros((n, 2)) for n, name in enumerate(("pi", "mu", "sigma", "z", "x"), start=200)},
]


@pytest.mark.parametrize(
    ("rule", "truth"),
    [
        (NORMAL, STANDARD),
        (LABELS, ODDS),
        (MIXTURE, WORLDS),
        (Posterior(), TINY_POSTERIOR),
        (Partitions("z"), FOUR_POSTERIOR),
        (PartitionChains("z"), EIGHT_CHAINS),
        (Sticks(), partition_distributions.worlds(2)),
    ],
    ids=["normal", "labels", "mixture", "posterior", "partitions", "chains", "sticks"],
)
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(value, id=type(value).__name__, marks=pytest.mark.long if number % 3 else ())
        for number, value in enumerate(ODD)
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::scipy.stats.ConstantInputWarning")
def test_any_two_values_can_be_compared(rule, truth, value):
    for other in ODD:
        for by_draws in (False, True):
            assert alike(rule, value, other, truth, by_draws=by_draws) in (True, False)
        assert identical(value, other) in (True, False)


def test_labels_are_not_alike_if_one_sample_has_only_rare_labels():
    many, rare = labels(0, 0.5, 0.5).astype(float), 2.0 + (np.arange(240) % 17).reshape(120, 2)
    pair = [np.concatenate([value, np.full((len(value), 1), 9.0)], axis=1) for value in (many, rare)]

    assert not alike(Conditional("categorical", "z"), pair[0], pair[1], {"probabilities": np.full((3, 20), 0.05)})


def test_the_same_numbers_are_identical():
    value = {"pi": normal(0), "z": (labels(0, 0.5, 0.5), np.array([np.nan, 1]))}
    rounded = {"pi": value["pi"].astype(np.float32), "z": value["z"]}

    assert identical(value, rounded)
    assert not identical(value, {**value, "pi": normal(1)})
    assert not identical(value, {"pi": value["pi"]})
