"""Probes: the value that each probe returns, for functions in JAX, NumPy and plain Python."""

# A probe may return any kind of value.
# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportIndexIssue=false, reportOptionalMemberAccess=false, reportOptionalSubscript=false

import jax
import jax.numpy as jnp
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from genjax import categorical, gen, normal
from scipy import stats

from autograder.student.selfcheck import programs
from autograder.student.selfcheck.probes import (
    CALL,
    Assess,
    Chains,
    Draws,
    Keys,
    Sample,
    Simulate,
    Steps,
    UpToConstant,
    stack,
)
from autograder.student.selfcheck.programs import version
from autograder.student.selfcheck.values import Base, Key, Opaque, Prior
from reference.bayesian_gmm import bento_mixture

mpl.use("agg")

LOC = np.array([-1.0, 0.5, 2.0], np.float32)
KEY = Key(1)


def draw(key, loc):
    return loc + jax.random.normal(key, loc.shape)


def draw_by_branch(key, loc):
    noise = jax.random.normal(key, loc.shape)
    return loc + noise if float(noise[0]) < 100 else loc


def draw_by_numpy(key, loc):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    return rng.normal(loc)


def not_written(*args):
    raise NotImplementedError


def broken(*args):
    raise ZeroDivisionError("no draws today")


PROBES = (CALL, UpToConstant(), Draws(), Chains(), Sample(), Steps(state=1), Keys(), Keys(short=3))


@pytest.mark.parametrize("probe", PROBES, ids=repr)
def test_a_function_that_is_not_written_raises_its_own_error(probe):
    with pytest.raises(NotImplementedError):
        probe(not_written, (KEY, LOC))


@pytest.mark.parametrize("probe", PROBES, ids=repr)
def test_a_function_raises_its_own_error(probe):
    with pytest.raises(ZeroDivisionError, match="no draws today"):
        probe(broken, (KEY, LOC))


def test_nothing_is_tried_again_once_a_function_is_not_written():
    calls = []

    def function(key, loc):
        calls.append(1)
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        Draws()(function, (KEY, LOC))
    assert len(calls) == 1


# --- one call ---


def test_a_call_gets_arguments_as_in_a_notebook():
    given = []

    def function(*args):
        given.extend(args)
        return args[1]

    value = CALL(function, (KEY, LOC, 3, Prior(*[LOC] * 5), {"x": LOC}, Base(1.5, 2, LOC, 4.0)))

    assert isinstance(value, np.ndarray)
    np.testing.assert_array_equal(value, LOC)
    assert jnp.issubdtype(given[0].dtype, jax.dtypes.prng_key)
    assert given[0] == jax.random.key(1)
    assert given[2] == 3
    assert all(isinstance(array, jax.Array) for array in (given[1], given[3].loc, given[4]["x"], given[5].shape))
    assert given[5]._replace(shape=0) == Base(1.5, 2, 0, 4.0)


def test_a_figure_is_read_and_closed():
    def function():
        figure, axes = plt.subplots()
        axes.plot([0, 1], [1, 2])
        return figure

    value = CALL(function, ())

    assert isinstance(value, dict)
    assert "figure" in value
    assert plt.get_fignums() == []


# --- draws ---


def test_batched_and_looped_draws_are_equal():
    batched, looped = (Draws(500, 100)(function, (KEY, LOC)) for function in (draw, draw_by_branch))

    assert isinstance(batched, np.ndarray)
    assert batched.shape == (500, 3)
    np.testing.assert_allclose(looped, batched[:100], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("function", "count"), [(draw, 3000), (draw_by_branch, 300), (draw_by_numpy, 300)])
def test_draws_are_independent_and_of_the_right_distribution(function, count):
    draws = Draws(3000, 300)(function, (KEY, LOC))

    assert isinstance(draws, np.ndarray)
    assert draws.shape == (count, 3)
    assert len(np.unique(draws[:, 0])) == count
    assert stats.kstest((draws - LOC).ravel(), "norm").pvalue > 1e-3


def test_a_batch_is_one_call():
    calls = []

    def function(key, loc):
        calls.append(1)
        return draw(key, loc)

    Draws(500)(function, (KEY, LOC))
    Draws(500)(function, (Key(2), LOC + 1))
    assert len(calls) == 1


@pytest.mark.parametrize("function", [draw, draw_by_branch, draw_by_numpy])
def test_mapped_arguments_have_a_row_for_each_draw(function):
    rows = np.arange(600, dtype=np.float32)[:, None] * 1000 + LOC
    draws = Draws(4000, 50, mapped=(1,))(function, (KEY, rows))

    assert isinstance(draws, np.ndarray)
    assert len(draws) == (600 if function is draw else 50)
    assert np.max(np.abs(draws - rows[: len(draws)])) < 10


def test_the_loop_makes_no_more_draws_than_there_are_rows():
    draws = Draws(mapped=(1,))(draw_by_branch, (KEY, np.zeros((7, 3), np.float32)))

    assert np.shape(draws) == (7, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize("branch", [False, True])
def test_numbers_stay_numbers_and_shapes_may_depend_on_them(branch):
    def function(key, locs, num_draws):
        noise = jax.random.normal(key, (num_draws,))
        return locs[0] + noise if not branch or float(noise[0]) < 100 else noise

    draws = Draws(40, 20)(function, (KEY, LOC, 6))

    assert np.shape(draws) == ((20 if branch else 40), 6)  # type: ignore[arg-type]


@pytest.mark.parametrize("function", [draw, draw_by_branch])
def test_lists_and_dicts_are_returned_as_arrays(function):
    pair = Draws(40, 20)(lambda key, loc: [function(key, loc), 2.0], (KEY, LOC))
    named = Draws(40, 20)(lambda key, loc: {"a": function(key, loc), "b": 2}, (KEY, LOC))

    assert isinstance(pair, tuple)
    assert isinstance(named, dict)
    assert [np.shape(item)[1:] for item in pair] == [np.shape(named[name])[1:] for name in "ab"] == [(3,), ()]  # type: ignore[arg-type]
    np.testing.assert_array_equal(pair[0], named["a"])


def test_a_function_that_cannot_be_batched_is_looped():
    def function(key, loc):
        if isinstance(loc + jax.random.normal(key), jax.core.Tracer):
            raise ValueError("not under vmap")
        return draw(key, loc)

    assert np.shape(Draws(500, 30)(function, (KEY, LOC))) == (30, 3)  # type: ignore[arg-type]


# --- chains ---


def gibbs(key, x, num_samples):
    return {"mu": x[0] + jnp.cumsum(jax.random.normal(key, (num_samples,))), "z": jnp.zeros((num_samples, 2), int)}


def gibbs_by_branch(key, x, num_samples):
    chain = gibbs(key, x, num_samples)
    return {**chain, "mu": chain["mu"] if float(chain["mu"][0]) < 100 else chain["mu"] + 1}


def test_chains_are_returned_along_a_new_first_axis():
    batched, looped = (Chains(3)(function, (KEY, LOC, 7)) for function in (gibbs, gibbs_by_branch))

    for chains in (batched, looped):
        assert isinstance(chains, dict)
        assert {name: np.shape(chain) for name, chain in chains.items()} == {"mu": (3, 7), "z": (3, 7, 2)}  # type: ignore[arg-type]
    assert isinstance(batched, dict)
    assert isinstance(looped, dict)
    np.testing.assert_allclose(batched["mu"], looped["mu"], rtol=1e-5, atol=1e-6)  # type: ignore[arg-type]
    assert len(np.unique(batched["mu"])) == 21  # type: ignore[arg-type]


def noted(counts, *, jax_loop=True):
    """A sampler that notes how many draws it is asked for each time its code runs."""

    def sampler(key, x, num_samples):
        counts.append(num_samples)
        if jax_loop:
            return gibbs(key, x, num_samples)
        draws = []
        for one in jax.random.split(key, num_samples):
            draws.append(x[0] + jax.random.normal(one))
        return {"mu": jnp.stack(draws), "z": jnp.zeros((num_samples, 2), int)}

    return sampler


def test_a_sampler_in_jax_runs_once_for_chains_and_keys_of_the_same_shapes():
    counts = []
    sampler = noted(counts)
    chains = Chains()(sampler, (KEY, LOC, 40))
    value = Keys(short=3)(sampler, (KEY, LOC + 1, 40))
    Chains()(sampler, (Key(2), LOC - 1, 40))

    assert sorted(counts) == [2, 3, 40]
    assert chains["mu"].shape == (4, 40)
    assert value["first"]["mu"].shape == (40,)
    assert not value["reused"]


def test_a_python_loop_over_draws_is_not_compiled_and_is_tried_for_keys_with_few_draws():
    counts = []
    sampler = noted(counts, jax_loop=False)
    value = Keys(short=3)(sampler, (KEY, LOC, 40))
    assert max(counts) == 3
    assert value["first"]["mu"].shape == (3,)
    counts.clear()
    assert Chains()(sampler, (KEY, LOC, 40))["mu"].shape == (4, 40)
    assert counts == [40]  # not under `jit`, but under `vmap`


def test_a_long_unrolled_loop_is_not_compiled(monkeypatch):
    monkeypatch.setattr(programs, "MOST_OPERATIONS", 200)

    def burns_in(key, x, num_samples):
        for _ in range(60):
            key = jax.random.split(key)[0]
            x = x + jax.random.normal(key) / 10
        return gibbs(key, x, num_samples)

    ran = []

    def looks(key, x, num_samples):
        ran.append(type(x).__name__)
        return burns_in(key, x, num_samples)

    assert Chains(2)(looks, (KEY, LOC, 5))["mu"].shape == (2, 5)
    assert ran[-1] == "ArrayImpl"  # an array with numbers: JAX did not compile the function


@pytest.mark.parametrize("function", [gibbs, gibbs_by_branch])
def test_a_sample_is_that_of_its_key(function):
    value = Sample()(function, (KEY, LOC, 30))
    expected = CALL(gibbs, (KEY, LOC, 30))

    assert value["mu"].shape == (30,)
    np.testing.assert_allclose(value["mu"], expected["mu"], rtol=1e-5)


def test_keys_share_the_program_of_draws():
    calls = []

    def noted_draw(key, loc):
        calls.append(loc)
        return draw(key, loc)

    Draws(50)(noted_draw, (KEY, LOC))
    value = Keys(batch=50)(noted_draw, (KEY, LOC + 1))

    assert len(calls) == 1
    np.testing.assert_array_equal(value["first"]["result"], value["again"]["result"])
    assert value["others"]["result"].shape == (2, 3)


def test_a_helper_that_is_written_again_counts_in_another_version():
    shift = {"by": 1.0}

    def uses_a_helper(key, loc):
        return loc + shift["by"] + 0 * jax.random.normal(key)

    def mean():
        return float(np.mean(Draws(20)(uses_a_helper, (KEY, LOC))))

    with version("before"):
        before = mean()
        shift["by"] = 5.0
        assert mean() == before
    with version("after"):
        assert mean() == pytest.approx(before + 4)


# --- steps ---


def walk(key, x, state, width):
    return state + width * jax.random.normal(key, state.shape) + 0 * x[0]


def walk_by_branch(key, x, state, width):
    moved = walk(key, x, state, width)
    return moved if float(moved[0]) < 1000 else state


@pytest.mark.parametrize(("function", "count"), [(walk, 400), (walk_by_branch, 40)])
def test_steps_walk_from_the_start(function, count):
    ends = Steps(state=2, times=9, count=400, looped=40)(function, (KEY, LOC, np.array([5, 50], np.float32), 2.0))

    assert isinstance(ends, np.ndarray)
    assert ends.shape == (count, 2)
    # Nine independent steps of width 2: a standard deviation of 6.
    assert stats.kstest(((ends - [5, 50]) / 6).ravel(), "norm").pvalue > 1e-3


def test_a_step_to_a_list_or_to_integers_keeps_the_walk_going():
    ends = Steps(state=1, times=4, count=5)(lambda key, state: [1 + round(3.0), 2], (KEY, LOC[:2]))

    np.testing.assert_array_equal(ends, [[4, 2]] * 5)  # type: ignore[arg-type]


# --- keys ---


def tried(function, *args):
    value = Keys(others=3)(function, (KEY, *args))
    assert isinstance(value, dict)
    assert set(value) == {"first", "again", "others", "reused"}
    assert isinstance(value["reused"], np.ndarray)
    return value


@pytest.mark.parametrize("function", [draw, draw_by_branch, draw_by_numpy])
def test_the_same_key_twice_and_other_keys(function):
    value = Keys(others=3)(function, (KEY, LOC))

    assert isinstance(value, dict)
    first, again, others = (value[name]["result"] for name in ("first", "again", "others"))  # type: ignore[index, call-overload]
    np.testing.assert_array_equal(first, again)
    assert np.shape(others) == (3, 3)
    assert len(np.unique(np.concatenate([others, [first]]))) == 12
    assert not value["reused"]


def test_the_parts_of_a_dict_keep_their_names():
    value = tried(lambda key: {"mu": jax.random.normal(key), "n": 3})

    assert set(value["first"]) == set(value["again"]) == set(value["others"]) == {"mu", "n"}
    np.testing.assert_array_equal(value["others"]["n"], [3, 3, 3])


def test_numbers_and_nested_values_are_arrays_too():
    deeper = tried(lambda key: {"a": {"b": jax.random.normal(key)}})["first"]["a"]
    for value in (tried(jax.random.normal)["first"], deeper):
        [number] = value.values()
        assert isinstance(number, np.ndarray)
        assert number.shape == ()


def test_numpy_s_own_randomness_differs_the_second_time():
    rng = np.random.default_rng(0)
    value = tried(lambda key: rng.normal(size=1 + int(float(jax.random.uniform(key)))))

    assert not np.array_equal(value["first"]["result"], value["again"]["result"])


@pytest.mark.parametrize("branch", [False, True], ids=["traced", "run"])
def test_a_key_that_is_used_twice_is_found(branch):
    def reuses(key, loc):
        first = jax.random.normal(key)
        return first + jax.random.uniform(key) if not branch or float(first) < 100 else first

    def splits(key, loc):
        first, second = jax.random.split(key)
        x = jax.random.normal(first)
        return x + jax.random.uniform(second) if not branch or float(x) < 100 else x

    assert tried(reuses, LOC)["reused"]
    assert not tried(splits, LOC)["reused"]


def test_a_key_used_in_a_loop_and_one_split_after_use_are_found():
    def scanned(key):
        return jax.lax.scan(lambda carry, _: (carry + jax.random.normal(key), None), 0.0, length=3)[0]

    def split_late(key):
        return jax.random.normal(key) + jax.random.normal(jax.random.split(key)[0])

    assert tried(scanned)["reused"]
    assert tried(split_late)["reused"]


def test_the_search_for_reuse_leaves_jax_unchanged():
    tried(draw, LOC)

    key = jax.random.key(0)
    assert jax.random.normal(key) == jax.random.normal(key)


# --- GenJAX programs ---


@gen
def other_addresses():
    dish = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "dish"
    return normal(jnp.array([500.0, 350.0])[dish], 2.0) @ "weight"


@gen
def no_addresses():
    return 3.0


BENTO = {"component": np.array(1, np.int32), "weight": np.array(352.5, np.float32)}


def test_the_log_density_of_choices_is_right():
    density = Assess()(bento_mixture, (BENTO,))

    np.testing.assert_allclose(density, np.log(0.3) + stats.norm.logpdf(352.5, 350, 2), rtol=1e-5)  # type: ignore[arg-type]


def test_wrong_addresses_are_listed_with_the_expected_ones():
    with pytest.raises(ValueError, match=r"^the addresses are dish, weight; expected component, weight$"):
        Assess()(other_addresses, (BENTO,))


def test_missing_addresses_are_listed():
    with pytest.raises(ValueError, match=r"^the addresses are none; expected component, weight$"):
        Assess()(no_addresses, (BENTO,))


def test_with_right_addresses_the_error_is_unchanged():
    @gen
    def raises():
        dish = categorical(jnp.log(jnp.array([0.7, 0.3]))) @ "component"
        weight = normal(jnp.array([500.0, 350.0])[dish], 2.0) @ "weight"
        if isinstance(weight, (jnp.ndarray, np.ndarray)) and not isinstance(weight, jax.core.Tracer):
            raise ZeroDivisionError("only when assessed")
        return weight

    with pytest.raises((ZeroDivisionError, ValueError)) as raised:
        Assess()(raises, (BENTO,))
    assert "the addresses are" not in str(raised.value)


@pytest.mark.parametrize(("probe", "args"), [(Assess(), (BENTO,)), (Simulate(), (KEY,))], ids=["assess", "simulate"])
def test_a_plain_function_instead_of_a_program_is_an_error(probe, args):
    with pytest.raises(TypeError, match="it is not a GenJAX program: `@gen` is missing above its `def`"):
        probe(lambda *args: None, args)


def test_simulated_choices_have_a_row_for_each_run():
    drawn = Simulate(1500)(bento_mixture, (KEY,))

    assert isinstance(drawn, dict)
    component, weight = (np.asarray(drawn[name]) for name in ("component", "weight"))
    assert component.shape == weight.shape == (1500,)
    assert stats.binomtest(int(component.sum()), 1500, 0.3).pvalue > 1e-3
    assert stats.kstest((weight - np.array([500, 350])[component]) / 2, "norm").pvalue > 1e-3


def test_a_number_of_observations_is_a_number():
    @gen
    def program(n):
        return normal.vmap(in_axes=(0, None))(jnp.arange(n, dtype=jnp.float32), 1.0) @ "x"

    drawn = Simulate(30)(program, (KEY, 4))

    assert isinstance(drawn, dict)
    assert np.shape(drawn["x"]) == (30, 4)  # type: ignore[arg-type]


# --- several results as one ---


def test_arrays_of_one_shape_are_stacked():
    stacked = stack(np.full(2, float(i)) for i in range(3))

    np.testing.assert_array_equal(stacked, [[0, 0], [1, 1], [2, 2]])  # type: ignore[arg-type]


def test_dicts_and_tuples_are_stacked_part_by_part():
    stacked = stack([{"a": (np.zeros(2), np.array(i))} for i in range(3)])

    assert isinstance(stacked, dict)
    parts = stacked["a"]
    assert isinstance(parts, tuple)
    assert [np.shape(part) for part in parts] == [(3, 2), (3,)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [
        (np.zeros(2), np.zeros(3)),
        ({"a": np.zeros(2)}, {"b": np.zeros(2)}),
        ((np.zeros(2),), (np.zeros(2), np.array(1))),
        (np.zeros(2), None),
        (None, "text", Opaque("set")),
    ],
    ids=["shapes", "keys", "lengths", "kinds", "no numbers"],
)
def test_results_that_differ_in_kind_stay_apart(values):
    stacked = stack(values)

    assert isinstance(stacked, tuple)
    assert len(stacked) == len(values)
