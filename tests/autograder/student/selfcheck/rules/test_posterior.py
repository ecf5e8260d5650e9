"""The rule for posterior draws: exact draws pass under any labels; wrong draws fail with the right message."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from scipy import stats

from autograder.exercises import distributions
from autograder.exercises.datasets import GRAMS, OVERLAP, THREE, TINY, DataSet
from autograder.exercises.distributions import exact_posterior
from autograder.student.selfcheck.rules.mismatch import Mismatch
from autograder.student.selfcheck.rules.posterior import Posterior, identities, summaries
from autograder.student.selfcheck.values import plain
from reference import exact
from reference.data import BENTOS, COFFEES

CHAINS, SAMPLES = 4, 500
SETS = {
    "overlap": OVERLAP,
    "grams": GRAMS,
    "tiny": TINY,
    "three": THREE,
    "bentos": DataSet(BENTOS, distributions.BENTO_PRIOR),
    "coffees": DataSet(COFFEES, distributions.COFFEE_PRIOR),
}
every_set = pytest.mark.parametrize("name", SETS)


def expected(name: str) -> dict[str, Any]:
    return distributions.posterior(None, SETS[name].x, SETS[name].prior, SAMPLES)


def chains(name: str, seed: int = 0) -> dict[str, np.ndarray]:
    """Independent draws, in the form of chains."""
    draws = SETS[name].draws(seed, CHAINS * SAMPLES)._asdict()
    return {part: array.reshape(CHAINS, SAMPLES, -1).copy() for part, array in draws.items()}


def compare(name: str, value: Any) -> Mismatch | None:
    return Posterior().compare(plain(value), expected(name))


def problem(name: str, value: Any) -> str:
    mismatch = compare(name, value)
    assert mismatch is not None
    return mismatch.detail


def from_prior(name: str, seed: int = 0) -> dict[str, np.ndarray]:
    """Draws from the prior, with the log density of the data given each draw."""
    rng, x, prior = np.random.default_rng(seed), SETS[name].x, SETS[name].prior
    shape = (CHAINS, SAMPLES, len(prior.alpha))
    pi = rng.dirichlet(prior.alpha, shape[:2])
    mu, sigma = rng.normal(prior.loc, prior.scale, shape), rng.gamma(prior.shape, 1 / prior.rate, shape)
    z = np.sum(rng.uniform(size=(CHAINS, SAMPLES, len(x), 1)) > np.cumsum(pi, axis=-1)[:, :, None, :-1], axis=-1)
    own = [np.take_along_axis(values, z, axis=-1) for values in (mu, sigma)]
    log_weights = stats.norm.logpdf(x, *own).sum(axis=-1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}


def relabelled(draws: dict[str, np.ndarray], order: Any) -> dict[str, np.ndarray]:
    """Draws in which the new component j is the old component order[j]."""
    order = np.asarray(order)
    new = {part: draws[part][..., order] for part in ("pi", "mu", "sigma")}
    return {**new, "z": np.argsort(order)[draws["z"]]}


# --- draws that pass ---


@every_set
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_exact_draws_pass(name, seed):
    assert compare(name, chains(name, seed)) is None


@every_set
def test_further_entries_of_a_dict_are_ignored(name):
    draws = chains(name)

    assert compare(name, {**draws, "acceptance": 0.3, "log_weights": np.full((CHAINS, SAMPLES), -70.0)}) is None


@pytest.mark.parametrize(("name", "in_order"), [("bentos", (350, 500)), ("coffees", (80, 118, 157))])
def test_a_sampler_may_stay_in_any_labelling_of_well_separated_data(name, in_order):
    draws = chains(name)
    rank = np.argsort(draws["mu"], axis=-1)
    sorted_draws = {part: np.take_along_axis(draws[part], rank, axis=-1) for part in ("pi", "mu", "sigma")}
    sorted_draws["z"] = np.take_along_axis(np.argsort(rank, axis=-1), draws["z"], axis=-1)
    np.testing.assert_allclose(sorted_draws["mu"].mean(axis=(0, 1)), in_order, atol=3)

    for order in permutations(range(len(in_order))):
        assert compare(name, relabelled(sorted_draws, order)) is None


def test_labels_may_be_renamed_under_exchangeable_priors():
    draws = chains("bentos")
    swap = np.random.default_rng(0).uniform(size=(CHAINS, SAMPLES, 1)) < 0.5
    swapped = relabelled(draws, [1, 0])

    assert compare("bentos", {part: np.where(swap, swapped[part], draws[part]) for part in draws}) is None


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_weighted_draws_pass(seed):
    draws = from_prior("tiny", seed)

    assert compare("tiny", draws) is None
    assert compare("tiny", {**draws, "log_weights": draws["log_weights"] + 1000}) is None


@pytest.mark.parametrize("name", ["overlap", "three"])
def test_dependent_draws_pass(name):
    draws = chains(name)
    kept = np.repeat(np.arange(SAMPLES // 5), 5)  # each draw is repeated five times

    assert compare(name, {part: array[:, kept] for part, array in draws.items()}) is None


# --- draws that fail ---


@every_set
def test_prior_draws_fail(name):
    draws = from_prior(name)
    del draws["log_weights"]

    assert compare(name, draws) is not None


def test_weights_of_another_posterior_fail():
    draws = from_prior("tiny")

    for wrong in (-draws["log_weights"], draws["log_weights"][::-1], 0.3 * draws["log_weights"]):
        assert compare("tiny", {**draws, "log_weights": wrong}) is not None


def test_weights_that_concentrate_on_a_few_draws_fail():
    draws = from_prior("tiny")
    draws["log_weights"] = draws["log_weights"] + 200.0 * (np.arange(SAMPLES) < 3)
    said = problem("tiny", draws)

    assert said.startswith("the draws are worth fewer than 20 independent ones: given its weights, their effective")


def spread(draws: dict[str, np.ndarray]) -> np.ndarray:
    return draws["mu"].std(axis=(0, 1))


@pytest.mark.parametrize("name", ["overlap", "tiny", "three", "bentos", "coffees"])
@pytest.mark.parametrize(
    "change",
    [
        lambda draws: {"mu": draws["mu"] + 0.4 * np.minimum(spread(draws), 1)},
        lambda draws: {"sigma": 1.3 * draws["sigma"]},
        lambda draws: {"pi": draws["pi"] ** 2 / np.sum(draws["pi"] ** 2, axis=-1, keepdims=True)},
        lambda draws: {"pi": np.full_like(draws["pi"], 1 / draws["pi"].shape[-1])},
        lambda draws: {"z": draws["z"][:, ::-1]},
        lambda draws: {"z": np.zeros_like(draws["z"])},
        lambda draws: {"sigma": np.broadcast_to(draws["sigma"].mean(axis=(0, 1)), draws["sigma"].shape)},
    ],
    ids=["mu shifted", "sigma wide", "pi squared", "pi even", "z of others", "z constant", "sigma averaged"],
)
def test_draws_changed_in_one_parameter_fail(name, change):
    draws = chains(name)
    mismatch = compare(name, {**draws, **change(draws)})

    assert mismatch is not None
    assert mismatch.summary in (
        "the draws: not distributed as expected",
        "mu: there are draws where the posterior has practically no mass",
    )


@pytest.mark.parametrize("name", ["overlap", "three", "bentos", "coffees"])
def test_mu_sorted_alone_fails(name):
    draws = chains(name)
    if name in ("bentos", "coffees"):  # the order of the labels of a chain is random
        draws = relabelled(draws, np.arange(draws["mu"].shape[-1])[::-1])
    order = np.random.default_rng(0).permuted(
        np.broadcast_to(np.arange(draws["mu"].shape[-1]), draws["mu"].shape), axis=-1
    )
    mixed = {part: np.take_along_axis(draws[part], order, axis=-1) for part in ("pi", "mu", "sigma")}
    mixed["z"] = np.take_along_axis(np.argsort(order, axis=-1), draws["z"], axis=-1)

    assert problem(name, {**mixed, "mu": np.sort(mixed["mu"], axis=-1)}).startswith("the draws: ")


def test_a_chain_that_never_moves_fails():
    draws = chains("overlap")

    assert problem(
        "overlap", {part: array[:1, :1].repeat(CHAINS, 0).repeat(SAMPLES, 1) for part, array in draws.items()}
    ) == ("the chain never moves: all draws are the same")


@pytest.mark.parametrize("name", ["overlap", "bentos"])
def test_a_chain_that_hardly_moves_is_worth_too_few_draws(name):
    draws = chains(name)
    kept = np.repeat(np.arange(3), [166, 167, 167])

    assert problem(name, {part: array[:, kept] for part, array in draws.items()}).startswith(
        "the draws are worth fewer than 20 independent ones: given their autocorrelation, their effective sample size"
    )


def in_order(draws: dict[str, np.ndarray], number: np.ndarray) -> dict[str, np.ndarray]:
    """The same draws, sorted into chains by a number: the first chain gets the smallest, in any order."""
    shuffle = np.random.default_rng(0).permuted(np.tile(np.arange(SAMPLES), (CHAINS, 1)), axis=1)[..., None]
    sorted_draws = {part: array[np.argsort(number)].reshape(CHAINS, SAMPLES, -1) for part, array in draws.items()}
    return {part: np.take_along_axis(array, shuffle, axis=1) for part, array in sorted_draws.items()}


def test_chains_in_different_places_fail():
    draws = SETS["overlap"].draws(0, CHAINS * SAMPLES)._asdict()

    assert problem("overlap", in_order(draws, draws["mu"].sum(axis=1))).startswith(
        "chains from different keys do not agree with each other: R-hat is 2."
    )


def test_chains_with_different_spread_do_not_agree():
    draws = SETS["overlap"].draws(0, CHAINS * SAMPLES)._asdict()
    total = draws["sigma"].sum(axis=1)
    apart = in_order(draws, np.abs(total - np.median(total)))

    assert problem("overlap", apart).startswith("chains from different keys do not agree with each other: R-hat is ")


@pytest.mark.parametrize(
    ("part", "value", "says"),
    [
        ("mu", 60.0, "mu: there are draws where the posterior has practically no mass, first 60 at draw 3 "),
        ("mu", -60.0, "mu: there are draws where the posterior has practically no mass, first -60 at draw 3 "),
        ("sigma", 300.0, "sigma: there are draws where the posterior has practically no mass, first 300 at draw 3 "),
        ("sigma", 1e-9, "sigma: there are draws where the posterior has practically no mass, first 1e-09 at draw 3 "),
    ],
)
def test_a_draw_where_the_posterior_has_no_mass_fails(part, value, says):
    draws = chains("overlap")
    draws[part][1, 3, 0] = value
    said = problem("overlap", draws)

    assert said == says + "(is the burn-in left in?)"
    mismatch = compare("overlap", draws)
    assert mismatch is not None
    assert not any(digit in mismatch.summary for digit in "0123456789")


def test_weighted_draws_may_lie_anywhere():
    draws = from_prior("tiny")
    draws["mu"][1, 3, 0] = 1000.0
    draws["log_weights"][1, 3] = -1e6

    assert compare("tiny", draws) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda draws: None, "expected a dict of draws with pi, mu, sigma and z; got None (is a `return` missing?)"),
        (lambda draws: tuple(draws.values()), "expected a dict of draws with pi, mu, sigma and z; got 4 values"),
        (lambda draws: {}, "expected a dict of draws with pi, mu, sigma and z; got none"),
        (lambda draws: {"mu": 1, "means": 2}, "expected a dict of draws with pi, mu, sigma and z; got means, mu"),
        (
            lambda draws: {**draws, "mu": draws["mu"][..., :1]},
            "mu should be an array of shape (500, 2); got an array of shape (500, 1)",
        ),
        (
            lambda draws: {**draws, "mu": draws["mu"].swapaxes(1, 2)},
            "mu should be an array of shape (500, 2); got an array of shape (2, 500)",
        ),
        (
            lambda draws: {**draws, "z": draws["z"][:, :100]},
            "z should be an array of shape (500, 8); got an array of shape (100, 8)",
        ),
        (lambda draws: {**draws, "pi": 0.5}, "pi should be an array of shape (500, 2); got an array of shape ()"),
        (lambda draws: {**draws, "sigma": "no"}, "sigma should be an array of shape (500, 2); got a string"),
        (lambda draws: {**draws, "log_weights": draws["mu"]}, "log_weights should be an array of shape (500,); got"),
        (lambda draws: {**draws, "mu": draws["mu"] * np.nan}, "mu: there are values that are not finite"),
        (lambda draws: {**draws, "z": draws["z"] + 1}, "z: there are values other than the whole numbers 0 to 1"),
        (lambda draws: {**draws, "z": draws["z"] - 0.5}, "z: there are values other than the whole numbers 0 to 1"),
        (lambda draws: {**draws, "pi": 2 * draws["pi"]}, "pi: there are draws that are negative or do not sum to 1"),
        (lambda draws: {**draws, "sigma": -draws["sigma"]}, "sigma: there are draws that are not above 0"),
        (lambda draws: {**draws, "sigma": 0 * draws["sigma"]}, "sigma: there are draws that are not above 0"),
    ],
)
def test_draws_of_the_wrong_form_fail(change, says):
    assert problem("overlap", change(chains("overlap"))).startswith(says)


def test_summaries_of_messages_contain_nothing_that_the_student_chose():
    draws, secret = chains("overlap"), "x498352501"
    for value in (
        {secret: 1, **{part: draws[part] for part in ("pi", "mu", "sigma")}},
        {secret: draws["mu"]},
        (np.zeros(498), np.zeros(352)),
        {part: np.zeros((498, 352)) for part in draws},
        {part: np.full((4, 498, 2), 352501.0) for part in draws},
        {**draws, "mu": draws["mu"] + 352501.0},
        {**draws, "log_weights": np.zeros(498)},
        {**draws, "log_weights": 498.0 * (np.arange(SAMPLES) == 352) + np.zeros((CHAINS, 1))},
        {**draws, "sigma": 1.3 * draws["sigma"]},
    ):
        mismatch = compare("overlap", value)
        assert mismatch is not None
        assert not any(text in mismatch.summary for text in ("498", "352", "501"))


# --- averages ---


def in_one_chain(name: str, seed: int, count: int) -> dict[str, np.ndarray]:
    exactly = exact_posterior(
        tuple(map(float, SETS[name].x)), tuple(tuple(map(float, row)) for row in SETS[name].prior)
    )
    draws = exactly.draw(np.random.default_rng(seed), count)
    return {part: array[None] for part, array in draws._asdict().items()}


def standard_errors(values: np.ndarray, truth: Any) -> np.ndarray:
    error = values.std(axis=1) / np.sqrt(values.shape[1])
    return np.abs(values.mean(axis=1) - truth) / (error + 1e-6 * (1 + np.abs(truth)))


@every_set
def test_identities_are_0_on_average(name):
    claims, values = identities(in_one_chain(name, 1, 20_000), SETS[name].x, expected(name))

    assert values.shape == (1, 20_000, len(claims))
    assert len(set(claims)) == len(claims)
    assert np.max(standard_errors(values, 0)) < 5


@every_set
def test_summaries_average_to_the_references_expectations(name):
    x, known = SETS[name].x, expected(name)
    exactly = exact_posterior(tuple(map(float, x)), tuple(tuple(map(float, row)) for row in SETS[name].prior))
    names, values, _ = summaries(in_one_chain(name, 2, 20_000), np.asarray(x, float), known["levels"], known["watched"])

    truth = exact.summaries(exactly, known["levels"], known["watched"])
    assert values.shape == (1, 20_000, len(names))
    assert len(truth) == len(known["low"]) == len(names)
    assert len(set(names)) == len(names)
    assert np.max(standard_errors(values, truth)) < 5


@pytest.mark.parametrize("name", ["overlap", "three"])
def test_summaries_do_not_depend_on_the_labels(name):
    draws, x, known = chains(name), np.asarray(SETS[name].x, float), expected(name)
    renamed = relabelled(draws, np.roll(np.arange(draws["mu"].shape[-1]), 1))

    values = [summaries(version, x, known["levels"], known["watched"]).values for version in (draws, renamed)]
    np.testing.assert_allclose(*values, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("part", "broken"),
    [
        ("pi", ["pi against its mean given z", "z against the log pi of its component"]),
        ("mu", ["mu against its mean given z and sigma", "z against the log density of its component"]),
        ("sigma", ["sigma against its distribution given z and mu", "the variance of mu given z and sigma"]),
    ],
)
def test_a_parameter_that_settles_elsewhere_violates_its_identities(part, broken):
    draws = in_one_chain("bentos", 3, 20_000)
    draws[part] = {
        "pi": draws["pi"] ** 2 / np.sum(draws["pi"] ** 2, axis=-1, keepdims=True),
        "mu": draws["mu"] + 1,
        "sigma": 1.3 * draws["sigma"],
    }[part]
    claims, values = identities(draws, np.asarray(BENTOS, float), expected("bentos"))

    off = dict(zip(claims, standard_errors(values, 0)[0], strict=True))
    assert max(off[claim] for claim in broken) > 20
