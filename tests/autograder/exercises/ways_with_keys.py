"""Right ways to make several draws from a key. Each calls `sample`, a function of a key, with its own keys."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

type Sample = Callable[[Any], Any]


def vmap_of_scan(sample: Sample, key: Any) -> Any:
    def chain(key):
        return jax.lax.scan(lambda count, subkey: (count + 1, sample(subkey)), 0, jax.random.split(key, 4))[1]

    return jax.vmap(chain)(jax.random.split(key, 2))


def scan_of_vmap(sample: Sample, key: Any) -> Any:
    return jax.lax.scan(
        lambda count, row: (count + 1, jax.vmap(sample)(row)), 0, jax.random.split(key, 8).reshape(4, 2)
    )[1]


def fori_loop_with_fold_in(sample: Sample, key: Any) -> Any:
    first = sample(jax.random.fold_in(key, 0))
    return jax.lax.fori_loop(1, 5, lambda i, sums: _add(sums, sample(jax.random.fold_in(key, i))), first)


def fori_loop_over_an_array_of_keys(sample: Sample, key: Any) -> Any:
    keys = jax.random.split(key, 5)
    return jax.lax.fori_loop(1, 5, lambda i, sums: _add(sums, sample(keys[i])), sample(keys[0]))


def carried_key(sample: Sample, key: Any) -> Any:
    def step(key, _):
        key, own = jax.random.split(key)
        return key, sample(own)

    return jax.lax.scan(step, key, length=5)[1]


def while_loop_with_a_carried_key(sample: Sample, key: Any) -> Any:
    def step(state):
        count, key, sums = state
        key, own = jax.random.split(key)
        return count + 1, key, _add(sums, sample(own))

    start, key = jax.random.split(key)
    return jax.lax.while_loop(lambda state: state[0] < 4, step, (0, key, sample(start)))[2]


def until_a_draw_is_large(sample: Sample, key: Any) -> Any:
    def step(state):
        _, key, sums = state
        key, own, stop = jax.random.split(key, 3)
        return jax.random.uniform(stop), key, _add(sums, sample(own))

    start, key = jax.random.split(key)
    return jax.lax.while_loop(lambda state: state[0] < 0.7, step, (0.0, key, sample(start)))[2]


def table_of_keys(sample: Sample, key: Any) -> Any:
    return jax.vmap(jax.vmap(sample))(jax.random.split(key, (2, 3)))


def legacy_keys(sample: Sample, key: Any) -> Any:
    subkey, other = jax.random.split(jax.random.key_data(key))
    numbers = jax.random.key_data(jax.random.split(jax.random.wrap_key_data(other), 3))
    return sample(jax.random.wrap_key_data(subkey)), jax.vmap(lambda row: sample(jax.random.wrap_key_data(row)))(
        numbers
    )


def split_inside_jit(sample: Sample, key: Any) -> Any:
    @jax.jit
    def two(key):
        subkey, other = jax.random.split(key)
        return sample(subkey), sample(other)

    return [two(subkey) for subkey in jax.random.split(key)]


def lax_map(sample: Sample, key: Any) -> Any:
    return jax.lax.map(sample, jax.random.split(key, 4))


def tree_of_keys(sample: Sample, key: Any) -> Any:
    structure = jax.tree.structure({"a": 0, "b": (0, 0)})
    return jax.tree.map(sample, jax.tree.unflatten(structure, list(jax.random.split(key, structure.num_leaves))))


def seeds_from_numpy(sample: Sample, key: Any) -> Any:
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    return [sample(jax.random.key(int(rng.integers(2**31)))) for _ in range(3)]


def python_loop_that_looks_at_draws(sample: Sample, key: Any) -> Any:
    draws = []
    while True:
        key, own, stop = jax.random.split(key, 3)
        draws.append(sample(own))
        if float(jax.random.uniform(stop)) > 0.5:
            return draws


def one_of_two_branches(sample: Sample, key: Any) -> Any:
    flip, own = jax.random.split(key)
    return jax.lax.cond(jax.random.bernoulli(flip), sample, lambda key: jax.tree.map(lambda x: x + 1, sample(key)), own)


def parts_taken_one_by_one(sample: Sample, key: Any) -> Any:
    return [sample(jax.random.split(key, 3)[i]) for i in range(3)]


def draws_thrown_away(sample: Sample, key: Any) -> Any:
    sample(key)
    return [sample(subkey) for subkey in jax.random.split(key)]


def _add(sums: Any, draw: Any) -> Any:
    return jax.tree.map(lambda a, b: jnp.asarray(a + b, jnp.asarray(a).dtype), sums, draw)


WAYS = (
    vmap_of_scan,
    scan_of_vmap,
    fori_loop_with_fold_in,
    fori_loop_over_an_array_of_keys,
    carried_key,
    while_loop_with_a_carried_key,
    until_a_draw_is_large,
    table_of_keys,
    legacy_keys,
    split_inside_jit,
    lax_map,
    tree_of_keys,
    seeds_from_numpy,
    python_loop_that_looks_at_draws,
    one_of_two_branches,
    parts_taken_one_by_one,
    draws_thrown_away,
)
