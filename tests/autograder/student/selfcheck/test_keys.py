"""A key that is used twice is found, however it is passed on; a right use is not reported."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from genjax import gen, normal, seed

from autograder.student.selfcheck.keys import reuses, walk
from tests.autograder.exercises.ways_with_keys import WAYS

KEY = jax.random.key(3)


@gen
def pair():
    mu = normal(0.0, 1.0) @ "mu"
    return normal(mu, 2.0) @ "x"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize(
    "sample",
    [jax.random.normal, lambda key: {"a": jax.random.gamma(key, 2.0), "b": 1.0}],
    ids=["normal", "dict of a gamma"],
)
def test_a_right_use_is_not_reported(way, sample):
    assert not reuses(lambda key: way(sample, key), KEY)


# --- the same key twice ---


def one_key_in_chains(key):
    def chain(start):
        return jax.lax.scan(lambda x, _: (x + jax.random.normal(key), x), start, length=4)[1]

    return jax.vmap(chain)(jnp.arange(3.0))


def keys_of_two_scans_overlap(key):
    def step(x, key):
        return x + jax.random.normal(key), x

    keys = jax.random.split(key, 20)
    x, _ = jax.lax.scan(step, 0.0, keys[:10])
    return jax.lax.scan(step, x, keys)[1]


def key_not_carried_on(key):
    def step(key, _):
        _, own = jax.random.split(key)
        return key, jax.random.normal(own)

    return jax.lax.scan(step, key, length=5)[1]


def while_loop_with_one_key(key):
    return jax.lax.while_loop(lambda x: x < 5, lambda x: x + jnp.abs(jax.random.normal(key)) + 1, 0.0)


def first_key_for_the_start_and_the_scan(key):
    keys = jax.random.split(key, 10)
    start = jax.random.uniform(keys[0])
    return jax.lax.scan(lambda x, key: (x + jax.random.normal(key), x), start, keys)[1]


def split_again(key):
    first, second = jax.random.split(key)
    three = jax.random.split(key, 3)
    return jax.random.normal(first), jax.random.normal(second), jax.vmap(jax.random.normal)(three)


def broadcast(key):
    return jax.vmap(jax.random.normal)(jnp.broadcast_to(key, (4,)))


def legacy(key):
    raw = jax.random.key_data(key)
    return jax.random.normal(raw) + jax.random.uniform(raw)


def legacy_rows(key):
    rows = jax.random.split(jax.random.key_data(key), 3)
    return jax.random.normal(rows[1]), jax.vmap(jax.random.uniform)(rows)


def both_shown_and_chosen(key):
    flip, own = jax.random.split(key)
    low, high = jax.random.normal(own), 5 + jax.random.normal(own)
    return jnp.where(jax.random.bernoulli(flip), low, high), low + high


def same_fold(key):
    return jax.random.normal(jax.random.fold_in(key, 2)) + jax.random.uniform(jax.random.fold_in(key, 1 + 1))


def key_chosen_by_a_draw(key):
    pick, key = jax.random.split(key)
    own = jax.random.split(key, 3)[jax.random.randint(pick, (), 0, 3)]
    return jax.random.normal(own) - jax.random.uniform(own)


def in_jit(key):
    draw = jax.jit(lambda key: jax.random.normal(key))
    return draw(key) + jax.jit(lambda key: draw(key) ** 2)(key)


def before_a_branch(key):
    x = jax.random.normal(key)
    return jax.lax.cond(x > 0, lambda: jax.random.uniform(key), lambda: x)


def of_its_own_seed(key):
    return jax.random.normal(jax.random.key(7)) + jax.random.uniform(jax.random.PRNGKey(7)) + jax.random.normal(key)


def python_loop_with_one_key(key):
    draws = [float(jax.random.normal(key))]
    while draws[-1] < 100 and len(draws) < 3:
        draws.append(float(jax.random.uniform(key)))
    return draws


def keys_listed_twice(key):
    keys = jax.random.split(key, 3)
    return [float(jax.random.normal(part)) for part in keys] + [float(jax.random.uniform(part)) for part in keys]


def program_run_twice(key):
    run = seed(pair.simulate)
    return run(key).get_retval() - run(key).get_retval()


TWICE = [
    one_key_in_chains,
    keys_of_two_scans_overlap,
    key_not_carried_on,
    while_loop_with_one_key,
    first_key_for_the_start_and_the_scan,
    split_again,
    broadcast,
    legacy,
    legacy_rows,
    both_shown_and_chosen,
    same_fold,
    key_chosen_by_a_draw,
    in_jit,
    before_a_branch,
    of_its_own_seed,
    python_loop_with_one_key,
    keys_listed_twice,
    program_run_twice,
]


@pytest.mark.parametrize("function", TWICE, ids=lambda function: function.__name__)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_key_that_is_used_twice_is_found(function):
    assert reuses(function, KEY)


# --- uses that are right, or not certainly wrong ---


def one_of_two_draws(key):
    flip, own = jax.random.split(key)
    return jnp.where(jax.random.bernoulli(flip), jax.random.normal(own), 5 + 2 * jax.random.normal(own))


def one_of_two_draws_in_a_batch(key):
    def draw(key):
        flip, own = jax.random.split(key)
        return jax.lax.cond(jax.random.bernoulli(flip), jax.random.normal, jax.random.uniform, own)

    return jax.vmap(draw)(jax.random.split(key, 4))


def fold_in_beside_split(key):
    """`fold_in(key, 1)` equals `split(key)[1]`."""
    _, other = jax.random.split(key)
    return jax.random.normal(jax.random.fold_in(key, 1)) + jax.random.normal(other)


def cloned(key):
    return jax.random.normal(key) + jax.random.uniform(jax.random.clone(key))


def by_numpy(key):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    return rng.normal(size=3) + rng.normal(size=3)


def programs_in_a_batch(key):
    return jax.vmap(lambda key: seed(pair.simulate)(key).get_retval())(jax.random.split(key, 3))


def fails(key):
    raise ZeroDivisionError


def returns_text(key):
    return {"text": "none", "x": jax.random.normal(key)}


@pytest.mark.parametrize(
    "function",
    [
        one_of_two_draws,
        one_of_two_draws_in_a_batch,
        fold_in_beside_split,
        cloned,
        by_numpy,
        programs_in_a_batch,
        fails,
        returns_text,
    ],
    ids=lambda function: function.__name__,
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_uncertain_reuse_is_not_reported(function):
    assert not reuses(function, KEY)


@pytest.mark.parametrize("function", [fold_in_beside_split, one_of_two_draws], ids=lambda function: function.__name__)
def test_watching_is_as_lenient_as_tracing(function):
    assert not reuses(lambda key: [float(function(key))], KEY)


DRAWS = {
    "ball": (3,),
    "bernoulli": (),
    "beta": (2.0, 3.0),
    "binomial": (10, 0.3),
    "categorical": (jnp.zeros(3),),
    "choice": (5,),
    "dirichlet": (jnp.ones(3),),
    "gamma": (2.0,),
    "multivariate_normal": (jnp.zeros(2), jnp.eye(2)),
    "permutation": (jnp.arange(5),),
    "poisson": (3.0,),
    "randint": ((3,), 0, 9),
    "t": (3.0,),
    "truncated_normal": (-1.0, 1.0),
}


@pytest.mark.parametrize("name", DRAWS)
def test_jax_s_own_draws_use_a_key_once(name: str):
    draw = getattr(jax.random, name)

    assert not reuses(lambda key: draw(key, *DRAWS[name]), KEY)
    assert reuses(lambda key: (draw(key, *DRAWS[name]), draw(key, *DRAWS[name])), KEY)


# --- if the search fails, nothing is reported ---


def test_a_walk_that_fails_finds_nothing(monkeypatch):
    def fail(*args, **kwargs):
        raise AttributeError("another version of JAX")

    monkeypatch.setattr(walk.Walk, "equation", fail)

    assert not reuses(lambda key: jax.random.normal(key) + jax.random.uniform(key), KEY)


@pytest.mark.parametrize("function", [in_jit, python_loop_with_one_key])
def test_a_walk_that_takes_too_long_finds_nothing(monkeypatch, function):
    monkeypatch.setattr(walk, "SECONDS", -1.0)

    assert not reuses(function, KEY)
    assert float(jax.random.normal(KEY)) == float(jax.random.normal(KEY))


def test_watching_a_function_leaves_jax_unchanged():
    assert reuses(python_loop_with_one_key, KEY)

    assert jax.jit(lambda x: x + 1)(1) == 2
    assert jax.make_jaxpr(jax.random.normal)(KEY).eqns


def test_the_walk_prints_nothing_of_a_program_that_prints(capsys):
    def tells(key):
        jax.debug.print("drawn: {}", jax.random.normal(key))
        return jax.random.normal(key)

    assert not reuses(tells, KEY)
    assert capsys.readouterr().out == ""
