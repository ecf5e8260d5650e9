"""Rules for draws: right draws from NumPy pass, wrong draws get the right message, hidden cases do not leak."""

# Draws are dicts of arrays, which pyright does not take for a dict of any plain values.
# pyright: reportArgumentType=false

import re
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
from scipy import stats

from autograder.student.selfcheck.probes import Keys
from autograder.student.selfcheck.rules.conditional import Conditional
from autograder.student.selfcheck.rules.draws import Emissions, FreshKeys, Marginal, Mixture, Moves, PlausiblePriors
from autograder.student.selfcheck.rules.mismatch import Mismatch
from autograder.student.selfcheck.values import Key, Opaque, plain
from reference import conditionals

COUNT = 4000
SEEDS = (0, 1, 2)
REPEATED = pytest.mark.parametrize("seed", SEEDS)

ALPHA = np.array([2.0, 0.75, 4.0])
LOC, SCALE = np.array([-2.0, 0.5, 3.0]), np.array([2.0, 1.5, 0.3])
PROBABILITIES = np.array([[0.2, 0.5, 0.3], [0.98, 0.01, 0.01], [1.0, 0.0, 0.0], [0.25, 0.25, 0.5]])
TABLE = conditionals.stds(
    np.array([-1.0, 0.5, 2.0]), np.array([0, 0, 1]), np.array([0.0, 1.0]), np.array([2.0, 3.0]), np.array([1.5, 0.7])
)

EXPECTED: dict[str, dict[str, np.ndarray]] = {
    "categorical": {"probabilities": PROBABILITIES},
    "dirichlet": {"concentration": ALPHA},
    "normal": {"loc": LOC, "scale": SCALE},
    "tabulated": TABLE._asdict(),
}


def labels_of(rng, probabilities):
    u = rng.uniform(size=(*probabilities.shape[:-1], 1))
    return np.sum(u > np.cumsum(probabilities, axis=-1)[..., :-1], axis=-1)


def right(family: str, seed: int = 0, count: int = COUNT) -> np.ndarray:
    rng = np.random.default_rng(seed)
    if family == "categorical":
        return labels_of(rng, np.broadcast_to(PROBABILITIES, (count, *PROBABILITIES.shape)))
    if family == "dirichlet":
        return rng.dirichlet(ALPHA, count)
    if family == "normal":
        return rng.normal(LOC, SCALE, (count, 3))
    return TABLE.quantiles(rng.uniform(size=(count, 2)))


def compare(family: str, value: Any) -> Mismatch | None:
    return Conditional(family, "them").compare(plain(value), EXPECTED[family])


def problem(mismatch: Mismatch | None) -> str:
    assert mismatch is not None
    return mismatch.detail


# --- one parameter given the others ---


@REPEATED
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("family", EXPECTED)
def test_right_draws_of_one_parameter_pass(family, dtype, seed):
    assert compare(family, right(family, seed).astype(dtype)) is None
    assert compare(family, right(family, seed, 100).astype(dtype)) is None


@pytest.mark.parametrize("family", EXPECTED)
@pytest.mark.parametrize("kind", ["none", "text", "flat", "wide", "deep", "few", "nan", "infinite", "constant"])
def test_draws_of_the_wrong_form_fail(family, kind):
    draws = right(family).astype(float)
    if kind in ("nan", "infinite"):
        draws[3, 0] = np.nan if kind == "nan" else np.inf
    length = draws.shape[1]
    value, says = {
        "none": (None, f"them should be an array of shape ({length},) at every call; got None"),
        "text": ("text", f"them should be an array of shape ({length},) at every call; got a string"),
        "flat": (draws[:, 0], f"them should be an array of shape ({length},) at every call; got a single number"),
        "wide": (np.concatenate([draws, draws], axis=1), f"got an array of shape ({2 * length},)"),
        "deep": (draws[..., None], f"got an array of shape ({length}, 1)"),
        "few": (draws[:99], "got only 99 draws"),
        "nan": (draws, "them: there are values that are not finite"),
        "infinite": (draws, "them: there are values that are not finite"),
        "constant": (np.repeat(draws[:1], COUNT, axis=0), "them: "),
    }[kind]

    assert says in problem(compare(family, value))


@pytest.mark.parametrize(
    ("family", "wrong", "says"),
    [
        ("categorical", lambda draws, rng: draws + 1, "them: there are values other than the whole numbers 0 to 2"),
        ("categorical", lambda draws, rng: draws - 1, "them: there are values other than the whole numbers 0 to 2"),
        ("categorical", lambda draws, rng: draws + 0.5, "them: there are values other than the whole numbers 0 to 2"),
        ("categorical", lambda draws, rng: draws[:, ::-1], "comes too"),
        ("categorical", lambda draws, rng: rng.integers(0, 3, draws.shape), "comes too"),
        ("categorical", lambda draws, rng: np.where(draws == 2, 1, draws), "comes too"),
        ("categorical", lambda draws, rng: np.broadcast_to(PROBABILITIES.argmax(1), draws.shape), "comes too"),
        ("dirichlet", lambda draws, rng: 2 * draws, "them: there are draws that are negative or do not sum to 1"),
        ("dirichlet", lambda draws, rng: draws - [0.5, -0.5, 0], "negative or do not sum to 1"),
        ("dirichlet", lambda draws, rng: rng.dirichlet(ALPHA + 0.5, len(draws)), "them: component"),
        ("dirichlet", lambda draws, rng: rng.dirichlet(2 * ALPHA, len(draws)), "them: component"),
        ("dirichlet", lambda draws, rng: np.broadcast_to(ALPHA / ALPHA.sum(), draws.shape), "them: component"),
        ("normal", lambda draws, rng: draws + np.array([0, 0.2, 0]), "them: component 1 is too large"),
        ("normal", lambda draws, rng: LOC + (draws - LOC) * [1, 1, 1.2], "them: component 2 is too spread out"),
        ("normal", lambda draws, rng: rng.normal(LOC, SCALE**2, draws.shape), "them: component"),
        ("normal", lambda draws, rng: LOC + SCALE * rng.laplace(size=draws.shape) / 2**0.5, "another distribution"),
        ("normal", lambda draws, rng: LOC + SCALE * rng.normal(size=(len(draws), 1)), "are not independent"),
        ("tabulated", lambda draws, rng: -draws, "them: there are draws that are not above 0"),
        ("tabulated", lambda draws, rng: 0 * draws, "them: there are draws that are not above 0"),
        ("tabulated", lambda draws, rng: draws**2, "them: component"),
        ("tabulated", lambda draws, rng: draws * 1.1, "them: component"),
        ("tabulated", lambda draws, rng: draws[:, ::-1], "them: component"),
    ],
)
def test_wrong_draws_of_one_parameter_fail(family, wrong, says):
    assert says in problem(compare(family, wrong(right(family), np.random.default_rng(5))))


@REPEATED
def test_parameters_may_differ_from_draw_to_draw(seed):
    rng = np.random.default_rng(seed)
    loc, scale, alpha = rng.normal(0, 3, (COUNT, 2)), rng.gamma(3, size=(COUNT, 2)), rng.uniform(0.5, 6, (COUNT, 3))
    mu = rng.normal(loc, scale)
    pi = np.array([rng.dirichlet(row) for row in alpha])
    probabilities = np.stack([alpha / alpha.sum(axis=1, keepdims=True)] * 2, axis=1)
    z = labels_of(rng, probabilities)

    normal, dirichlet = Conditional("normal", "mu"), Conditional("dirichlet", "pi")
    categorical = Conditional("categorical", "z")
    assert normal.compare(mu, {"loc": loc, "scale": scale}) is None
    assert normal.compare(mu[:400], {"loc": loc, "scale": scale}) is None  # a loop makes fewer draws
    assert dirichlet.compare(pi, {"concentration": alpha}) is None
    assert categorical.compare(z, {"probabilities": probabilities}) is None

    order = rng.permutation(COUNT)
    assert normal.compare(mu[order], {"loc": loc, "scale": scale}) is not None
    assert dirichlet.compare(pi[order], {"concentration": alpha}) is not None
    assert categorical.compare(z[order], {"probabilities": probabilities}) is not None


def test_draws_that_shrink_to_their_own_average_fail():
    rng = np.random.default_rng(3)
    loc = rng.normal(0, 3, (COUNT, 1))
    # The draws are right over all data sets together, but each draw ignores part of its own loc.
    mu = 0.8 * loc + rng.normal(0, np.sqrt(1 + 9 * (1 - 0.64)), (COUNT, 1))
    mismatch = Conditional("normal", "mu").compare(mu, {"loc": loc, "scale": np.ones((COUNT, 1))})

    assert mismatch is not None


# --- a whole mixture ---

PRIOR: dict[str, Any] = {
    "alpha": np.array([2.0, 0.7]),
    "loc": np.array([80.0, 120.0]),
    "scale": np.array([20.0, 10.0]),
    "shape": np.array([2.0, 3.0]),
    "rate": np.array([1.0, 0.5]),
    "num_observations": 5,
}
X = np.array([70.0, 118.0, 90.0])


def world(seed: int = 0, count: int = 2000, n: int = 5) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    pi = rng.dirichlet(PRIOR["alpha"], count)
    mu = rng.normal(PRIOR["loc"], PRIOR["scale"], (count, 2))
    sigma = rng.gamma(PRIOR["shape"], 1 / PRIOR["rate"], (count, 2))
    z = labels_of(rng, np.broadcast_to(pi[:, None], (count, n, 2)))
    x = rng.normal(np.take_along_axis(mu, z, 1), np.take_along_axis(sigma, z, 1))
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "x": x}


def particles(seed: int = 0, shift: float = 0.0) -> dict[str, np.ndarray]:
    draws = world(seed, n=3)
    mu, sigma = (np.take_along_axis(draws[name], draws["z"], 1) for name in ("mu", "sigma"))
    del draws["x"]
    return {**draws, "log_weights": stats.norm.logpdf(X, mu, sigma).sum(axis=1) + shift}


WEIGHTED = {**PRIOR, "num_observations": 3, "x": X}


@REPEATED
def test_right_draws_of_a_mixture_pass(seed):
    draws = world(seed)

    assert Mixture().compare(draws, PRIOR) is None
    assert Mixture().compare({name: a.astype(np.float32) for name, a in draws.items()} | {"more": None}, PRIOR) is None


@REPEATED
@pytest.mark.parametrize("shift", [0.0, -1000.0, 3.5])
def test_right_weighted_draws_pass_with_any_constant_in_their_log_weights(seed, shift):
    assert Mixture(weighted=True).compare(particles(seed, shift), WEIGHTED) is None


def test_normalised_log_weights_pass():
    draws = particles()
    draws["log_weights"] = draws["log_weights"] - np.logaddexp.reduce(draws["log_weights"])

    assert Mixture(weighted=True).compare(draws, WEIGHTED) is None


def test_components_with_the_same_draw_are_not_independent():
    draws = particles()
    rng = np.random.default_rng(9)
    draws["mu"] = PRIOR["loc"] + PRIOR["scale"] * rng.standard_normal((2000, 1))
    mu, sigma = (np.take_along_axis(draws[name], draws["z"], 1) for name in ("mu", "sigma"))
    draws["log_weights"] = stats.norm.logpdf(X, mu, sigma).sum(axis=1)

    assert "mu[0] and mu[1] are not independent" in problem(Mixture(weighted=True).compare(draws, WEIGHTED))


def changed(name: str, change: Callable[[np.ndarray], Any]) -> Callable[[dict[str, Any]], Any]:
    return lambda draws: {**draws, name: change(draws[name])}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda draws: tuple(draws.values()), "expected a dict with pi, mu, sigma, z, x; got 5 values"),
        (lambda draws: {"pi": draws["pi"]}, "expected a dict with pi, mu, sigma, z, x; got pi"),
        (lambda draws: {}, "expected a dict with pi, mu, sigma, z, x; got none"),
        (changed("mu", lambda mu: mu.T), "mu should be an array of shape (S, 2); got an array of shape (2, 2000)"),
        (changed("x", lambda x: x[:, :4]), "x should be an array of shape (S, 5); got an array of shape (2000, 4)"),
        (changed("z", lambda z: None), "z should be an array of shape (S, 5); got None"),
        (changed("sigma", lambda s: s[:-1]), "pi, mu, sigma, z, x should all have one row for each draw"),
        (lambda draws: {name: a[:99] for name, a in draws.items()}, "should all have one row for each draw"),
        (changed("mu", lambda mu: np.where(mu > 100, np.nan, mu)), "mu: there are values that are not finite"),
        (changed("z", lambda z: z + 1), "z: there are values other than the whole numbers 0 to 1"),
        (changed("pi", np.log), "pi: there are draws that are negative or do not sum to 1"),
        (changed("sigma", lambda sigma: -sigma), "sigma: there are draws that are not above 0"),
        (changed("sigma", lambda sigma: 1 / sigma), "the draws: sigma["),
        (changed("mu", lambda mu: mu + 5), "the draws: "),
        (changed("pi", lambda pi: pi[::-1]), "the draws: "),
        (changed("z", lambda z: 1 - z), "the draws: "),
        (changed("x", lambda x: x[::-1]), "the draws: "),
        (changed("x", lambda x: x[:, ::-1]), "the draws: "),
        (changed("z", lambda z: np.repeat(z[:, :1], 5, axis=1)), "the draws: "),
    ],
)
def test_wrong_draws_of_a_mixture_fail(wrong, says):
    assert says in problem(Mixture().compare(plain(wrong(world())), PRIOR))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda draws: {n: a for n, a in draws.items() if n != "log_weights"}, "sigma, z, log_weights; got mu, pi"),
        (changed("log_weights", lambda w: w[:, None]), "log_weights should be an array of shape (S,); got an array of"),
        (changed("log_weights", np.exp), "log_weights: "),
        (changed("log_weights", lambda w: 0 * w), "log_weights: "),
        (changed("log_weights", lambda w: 2 * w), "log_weights: "),
        (changed("log_weights", lambda w: w[::-1]), "log_weights: "),
        (changed("log_weights", lambda w: w + np.where(np.arange(len(w)) == 7, 0.1 * abs(w), 0)), " at draw 7, where "),
        (changed("pi", lambda pi: pi[:, ::-1]), "the draws: pi[0] is too"),
        (changed("pi", lambda pi: np.full_like(pi, 0.5)), "the draws: pi[0]"),
    ],
)
def test_wrong_weighted_draws_fail(wrong, says):
    assert says in problem(Mixture(weighted=True).compare(plain(wrong(particles())), WEIGHTED))


# --- known parameters ---

KITCHEN: dict[str, Any] = {
    "shape": np.array([2000]),
    "weights": np.array([0.7, 0.3]),
    "means": np.array([500.0, 350.0]),
    "stds": np.array([2.0, 4.0]),
}
EMITTED = Emissions(("weight", "component"))


def bentos(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = (rng.uniform(size=2000) < 0.3).astype(int)
    return rng.normal(KITCHEN["means"][labels], KITCHEN["stds"][labels]), labels


@REPEATED
def test_right_bentos_pass_as_pair_stack_or_dict(seed):
    weights, labels = bentos(seed)

    for value in (
        (weights, labels),
        [weights, labels],
        np.stack([weights, labels]),
        {"component": labels, "weight": weights, "more": 1},
    ):
        assert EMITTED.compare(plain(value), KITCHEN) is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda w, z: None, "expected weight and component; got None"),
        (lambda w, z: w, "expected weight and component; got an array of shape (2000,)"),
        (lambda w, z: (w, z, z), "expected weight and component; got"),
        (lambda w, z: {"w": w, "z": z}, "expected weight and component; got a dict with keys w, z"),
        (lambda w, z: (w[:-1], z), "weight should be an array of shape (2000,), one number for each draw; got"),
        (lambda w, z: (w, z[:, None]), "component should be an array of shape (2000,)"),
        (lambda w, z: (np.where(z, w, np.nan), z), "weight: there is NaN or infinity"),
        (lambda w, z: (z, w), "component: there are values other than the whole numbers 0 to 1"),
        (lambda w, z: (w, z + 1), "component: there are values other than the whole numbers 0 to 1"),
        (lambda w, z: (w, 1 - z), "the draws: "),
        (lambda w, z: (w + 1, z), "the draws: weight is too large"),
        (lambda w, z: (500 + 2 * (w - 500), z), "the draws: "),
        (lambda w, z: (w[::-1], z), "the draws: "),
        (lambda w, z: (np.sort(w)[::-1], np.sort(z)), "the draws: one draw depends on the one before"),
        (
            lambda w, z: (np.repeat(w[:1000], 2), np.repeat(z[:1000], 2)),
            "the draws: one draw depends on the one before",
        ),
        (lambda w, z: (w, 0 * z), "the draws: "),
    ],
)
def test_wrong_bentos_fail(wrong, says):
    assert says in problem(EMITTED.compare(plain(wrong(*bentos())), KITCHEN))


# --- independent draws, all from one distribution ---

NODES = np.linspace(-9, 9, 2001)
NORMAL: dict[str, Any] = {"nodes": NODES, "cdf": stats.norm.cdf(NODES), "num_draws": 4}


@REPEATED
def test_right_rows_pass(seed):
    draws = np.random.default_rng(seed).standard_normal((2000, 4))

    assert Marginal("levels").compare(draws.astype(np.float32), NORMAL) is None
    assert Marginal("levels").compare(draws[:300], NORMAL) is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            lambda draws: draws[:, :3],
            "levels should be an array of shape (4,) at every call; got an array of shape (3,)",
        ),
        (lambda draws: draws[:, 0], "levels should be an array of shape (4,) at every call; got a single number"),
        (lambda draws: draws[:50], "got only 50 draws"),
        (lambda draws: np.where(draws > 2, np.inf, draws), "levels: there are values that are not finite"),
        (lambda draws: draws + 0.2, "levels: draw "),
        (lambda draws: 1.2 * draws, "levels: draw "),
        (lambda draws: np.sign(draws) * (abs(draws) + 0.1), "levels: draw "),
        (lambda draws: np.sort(draws, axis=1), "levels: draw "),
        (lambda draws: draws[:, [0, 1, 2, 0]], "levels: draw 0 and draw 3 are not independent"),
    ],
)
def test_wrong_rows_fail(wrong, says):
    draws = np.random.default_rng(4).standard_normal((2000, 4))

    assert says in problem(Marginal("levels").compare(plain(wrong(draws)), NORMAL))


# --- a kernel moves ---

START = {"start": np.array([1.5, 3.0]), "spread": np.array([0.5, 0.2])}


def moved(share: Any, seed: int = 0, count: int = 200) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((count, 2))
    return np.exp(np.log(START["start"]) + share * START["spread"] * noise)


@REPEATED
@pytest.mark.parametrize(("share", "count"), [(1.0, 200), (1.0, 16), (0.5, 200), ((0.4, 3), 200)])
def test_a_kernel_that_moves_passes(share, count, seed):
    assert Moves("sigma").compare(moved(share, seed, count), START) is None


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (np.tile(START["start"], (200, 1)), "sigma: component 0 hardly ever leaves its start within 50 steps"),
        (moved((1, 0)), "sigma: component 1 hardly ever leaves its start within 50 steps"),
        (moved((1, 0.1)), "sigma: within 50 steps, component 1 explores only a small part of its range"),
        (moved((0.05, 1)), "sigma: within 50 steps, component 0 explores only a small part of its range"),
        (moved(1)[:, :1], "sigma should be an array of shape (2,) at every call; got an array of shape (1,)"),
        (moved(1)[:7], "got only 7 draws"),
        (-moved(1), "sigma: there are draws that are not above 0"),
        (moved(1) * np.array([np.nan, 1]), "sigma: there are values that are not finite"),
        (None, "sigma should be an array of shape (2,) at every call; got None (is a `return` missing?)"),
    ],
)
def test_a_kernel_that_stays_fails(value, says):
    assert problem(Moves("sigma").compare(value, START)) == says or says.startswith("got ")
    assert says in problem(Moves("sigma").compare(value, START))


def test_half_of_the_walks_may_be_refused_throughout():
    draws = moved(1)
    draws[::3] = START["start"]

    assert Moves("sigma").compare(draws, START) is None


# --- keys ---


def keys(function: Callable[..., Any]) -> str | None:
    mismatch = FreshKeys().compare(Keys()(function, (Key(3),)), None)
    if mismatch:
        assert mismatch.summary == mismatch.detail
    return mismatch and mismatch.detail


def pair(key: Any) -> dict[str, Any]:
    first, second = jax.random.split(key)
    return {"mu": jax.random.normal(first, (2,)), "z": jax.random.bernoulli(second, shape=(3,))}


@pytest.mark.parametrize(
    "function",
    [
        pair,
        jax.random.normal,
        lambda key: [jax.random.normal(key), 0.0],
        lambda key: float(jax.random.normal(key)),
        lambda key: {"x": np.random.default_rng(np.asarray(jax.random.key_data(key))).normal(size=3)},
        lambda key: (
            jax.random.normal(key) * np.nan
            if float(jax.random.uniform(jax.random.fold_in(key, 0))) > 2
            else 0 + jax.random.normal(jax.random.fold_in(key, 1))
        ),
    ],
    ids=["pair", "number", "with a constant", "float", "numpy", "fold_in"],
)
def test_right_use_of_keys_passes(function):
    assert keys(function) is None


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda key: 3.0, "different keys give the same result: the key is not used"),
        (lambda key: jax.random.normal(jax.random.key(0)), "different keys give the same result: the key is not used"),
        (lambda key: jax.random.normal(key) + jax.random.uniform(key), "a key is used twice"),
        (lambda key: {**pair(key), "x": jax.random.normal(key)}, "a key is used twice"),
        (lambda key: None, "the result holds no numbers"),
        (lambda key: {}, "the result holds no numbers"),
        (lambda key: {"a": "text", "b": jax.random.normal(key)}, "the result holds no numbers"),
    ],
    ids=["constant", "own key", "twice", "after a split", "none", "empty", "text"],
)
def test_wrong_use_of_keys_fails(function, says):
    message = keys(function)

    assert message is not None
    assert message.startswith(says)


def test_randomness_that_is_not_the_key_s_fails():
    rng = np.random.default_rng(0)

    message = keys(lambda key: rng.normal() + 0 * float(jax.random.normal(key)))

    assert message == "the same key gives a different result the second time: all randomness must come from the key"


def test_another_shape_every_time_fails():
    sizes = iter(range(1, 100))

    message = keys(lambda key: float(jax.random.normal(key)) + np.zeros(next(sizes)))

    assert message is not None
    assert message.startswith(("the same call gives another kind", "the result holds no numbers", "the same key gives"))


@pytest.mark.parametrize("value", [None, np.zeros(3), {"first": np.zeros(3)}, (), Opaque("set")], ids=repr)
def test_a_value_that_the_probe_never_returns_fails(value):
    assert FreshKeys().compare(value, None) is not None


# --- a choice of priors ---

PRIORS = PlausiblePriors(50, 200)
THREE = {"shape": np.array([3])}


@pytest.mark.parametrize(
    "value",
    [
        ([80, 120, 160], [20, 20, 20]),
        (np.array([75.0, 125, 175]), np.array([25.0, 25, 25])),
        [[125, 125, 125], [37.5, 37.5, 37.5]],
        np.array([[100.0, 100, 100], [50, 50, 50]]),
        ([160, 120, 80], [18, 30, 20]),
        ([60, 125, 190], [15, 15, 15]),
    ],
    ids=repr,
)
def test_plausible_priors_pass(value):
    assert PRIORS.compare(plain(value), THREE) is None


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "expected two values in this order: locs (3,), scales (3,); got None"),
        ([80, 120, 160], "expected two values in this order: locs (3,), scales (3,); got an array of shape (3,)"),
        (([80, 120], [20, 20]), "expected two values in this order: locs (3,), scales (3,); got"),
        (([80, 120, 160], 20), "expected two values in this order: locs (3,), scales (3,); got"),
        (([80, 120, np.nan], [20, 20, 20]), "there are values that are not finite"),
        (([80, 120, 160], [20, np.inf, 20]), "there are values that are not finite"),
        (([80, 120, 160], [20, 0, 20]), "a scale is a standard deviation: it must be above 0"),
        (([80, 120, 160], [20, -20, 20]), "a scale is a standard deviation: it must be above 0"),
        (([20, 20, 20], [80, 120, 160]), "a loc lies outside the range from 50 to 200"),
        (([80, 120, 250], [20, 20, 20]), "a loc lies outside the range from 50 to 200"),
        (([0, 0, 0], [1, 1, 1]), "a loc lies outside the range from 50 to 200"),
        (([80, 120, 160], [1, 1, 1]), "too narrow: 200 is 40.0 scales away from the nearest loc"),
        (([80, 120, 160], [5, 5, 5]), "too narrow: 200 is 8.0 scales away from the nearest loc"),
        (([190, 190, 190], [20, 20, 20]), "too narrow: 50 is 7.0 scales away from the nearest loc"),
        (([80, 120, 160], [400, 400, 400]), "too wide: only 15% of the prior lies in the range from 50 to 200"),
        (([125, 125, 125], [1000, 1000, 1000]), "too wide: only 6% of the prior"),
    ],
    ids=repr,
)
def test_implausible_priors_fail(value, says):
    assert says in problem(PRIORS.compare(plain(value), THREE))


# --- messages for hidden cases ---

SECRET = "x498352501"
LEAKS: list[Any] = [
    {SECRET: np.zeros(3)},
    {SECRET: Opaque(SECRET), "pi": np.zeros(498)},
    np.zeros(498),
    np.zeros((498, 352)),
    np.zeros((498, 352, 501)),
    np.zeros((7, 498)),
    (np.zeros(498), np.zeros(352)),
    (np.zeros(498),) * 50,
    Opaque(SECRET),
    SECRET,
    np.full((498, 3), 352501.0),
    {name: np.full((498, 3), 352501.0) for name in ("pi", "mu", "sigma", "z", "x", "log_weights", SECRET)},
    {name: np.full((498, 2), 0.5) for name in ("pi", "mu", "sigma", "z", "x", "log_weights")},
    {"first": {SECRET: np.zeros(498)}, "again": {}, "others": {}, "reused": np.array(False)},
    {name: np.full(2000, 352501.0) for name in ("weight", "component")},
]
RULES: list[tuple[Any, Any]] = [
    *((Conditional(family, "them"), expected) for family, expected in EXPECTED.items()),
    (Mixture(), PRIOR),
    (Mixture(weighted=True), WEIGHTED),
    (EMITTED, KITCHEN),
    (Marginal("levels"), NORMAL),
    (Moves("sigma"), START),
    (PRIORS, THREE),
    (FreshKeys(), None),
]


@pytest.mark.parametrize(("rule", "expected"), RULES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("value", LEAKS, ids=lambda value: type(value).__name__)
def test_a_summary_contains_nothing_that_the_student_chose(rule, expected, value):
    mismatch = rule.compare(value, expected)

    assert mismatch is not None
    assert not re.search(r"498|352|501", mismatch.summary)


@pytest.mark.parametrize(("rule", "expected"), RULES[:-1], ids=lambda value: type(value).__name__)
def test_no_rule_accepts_none_as_draws(rule, expected):
    assert "got None (is a `return` missing?)" in problem(rule.compare(None, expected))
