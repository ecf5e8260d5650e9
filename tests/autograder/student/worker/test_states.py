from functools import partial
from typing import Any

import pytest

from autograder.student.worker.states import States


def test_going_to_a_place_restores_the_names():
    names = {"a": 1, "b": 2}
    states = States(names)
    states.keep(0)
    names["a"] = 3
    del names["b"]
    names["c"] = 4
    states.keep(1)

    states.go_to(0)
    assert names == {"a": 1, "b": 2}
    states.go_to(1)
    assert names == {"a": 3, "c": 4}


def test_changes_by_calls_at_a_place_stay_at_that_place():
    names = {"count": 0}
    states = States(names)
    states.keep(0)
    states.keep(1)
    states.go_to(0)
    names["count"] = 5
    states.go_to(0)
    assert names["count"] == 5
    states.go_to(1)
    states.go_to(0)
    assert names["count"] == 0


def states_of(before: str, after: str) -> States:
    """Two states of a notebook: after some code, and after some more."""
    names = {"__name__": "__main__"}
    states = States(names)
    exec(before, names)
    states.keep(0)
    exec(after, names)
    states.keep(1)
    return states


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(): return 1", "def f(): return 1"),
        ("def f(): return 1", "f = f()"),
        ("def f(): return 1", "del f"),
        ("", "def f(): return 1"),
        ("a = 1\ndef f(): return a", "a = 2"),
        ("a = 1\ndef f(): return lambda: a", "a = 2"),
        ("a = 1\ndef g(): return a\ndef f(): return g()", "a = 2"),
        ("a = 1\ndef g(): return a\ndef f(h=g): return h()", "a = 2"),
        ("a = 1\ndef make():\n    def g(): return a\n    return lambda: g()\nf = make()", "a = 2"),
        ("from functools import partial\na = 1\ndef g(b): return a\nf = partial(g, 1)", "a = 2"),
        ("a = 1\nclass F:\n    def __call__(self): return a\nf = F()", "a = 2"),
        ("a = 1\nclass F:\n    def method(self): return a\nf = F().method", "a = 2"),
        ("a = 1\nclass Base:\n    def __call__(self): return a\nclass F(Base): pass\nf = F()", "a = 2"),
        ("import jax\na = 1\n@jax.jit\ndef f(): return a", "a = 2"),
        ("import jax\na = 1\n@jax.vmap\ndef f(x): return a * x", "a = 2"),
        ("from genjax import gen\na = 1\n@gen\ndef f(): return a", "a = 2"),
        ("a = 1\ndef f(): return [a for _ in range(3)]", "a = 2"),
        ("a = 1\ndef f():\n    class C:\n        b = a\n    return C", "a = 2"),
        ("import math as a\ndef f(): return a.pi", "import cmath as a"),
        ("import jax\na = 1\ndef g(x): return a * x\nf = jax.vmap(jax.grad(g))", "a = 2"),
        ("from functools import cache\na = 1\n@cache\ndef f(): return a", "a = 2"),
    ],
)
def test_another_function_or_another_value_that_it_uses_differs(before, after):
    assert states_of(before, after).differ("f", 0, 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(): return 1", "a = 2"),
        ("a = 1\ndef f(): return 1", "a = 2"),
        ("a = 1\ndef f(): return a", "b = a"),
        ("import jax\n@jax.jit\ndef f(): return 1", "x = f()"),
        ("def f(): return f()", "g = f"),
        ("import jax\ndef f(key): return jax.random.normal(key)", "from genjax import normal"),
        ("def f(x):\n    x.shape = 1\n    return x.shape", "shape = 2"),
        ("def f():\n    import math\n    return math", "import math"),
        ("import statistics\ndef f(x): return statistics.mean(x)", "def _sum(x): return x"),
        ("from statistics import mean as f", "def _sum(x): return x"),
    ],
)
def test_a_change_that_the_function_does_not_use_makes_no_difference(before, after):
    assert not states_of(before, after).differ("f", 0, 1)


def test_each_of_many_linked_names_is_visited_once():
    names: dict[str, Any] = {}
    for i in range(500):
        names[f"f{i}"] = eval(f"lambda: (f{i + 1}, f{i // 2})", names)
    names["f"] = partial(names["f0"])
    states = States(names)
    states.keep(0)
    states.keep(1)
    assert not states.differ("f", 0, 1)
