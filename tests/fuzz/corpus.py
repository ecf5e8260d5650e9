"""Valid messages and notebooks, and values to insert into them."""

from typing import Any

import numpy as np

from autograder.notebooks.released import Released
from autograder.student.selfcheck.values import Key, Opaque, Prior
from autograder.student.worker import wire

RELEASED = Released(
    given={"setup": "import jax"},
    skeletons={"e_step": "def e_step(): raise NotImplementedError"},
    checks={"check_e_step": 'check("e_step", e_step)'},
    written={"written": "# Question"},
)
REPLIES: tuple[dict[str, Any], ...] = (
    {"value": None, "output": ""},
    {"value": np.arange(6, dtype=np.float32).reshape(2, 3), "output": "hello\n"},
    {"value": (np.zeros((2, 0)), np.array(True), np.array([-1, 1], np.int8), Opaque("set"))},
    {"value": {"mu": np.ones(2), "name": "text", "deep": ((), {"a": (np.array(1),)})}, "output": "é�"},
    {"value": Prior(1, 2.5, Key(3), None, "x"), "number": 2**70},
    {"kind": "missing"},
    {"kind": "not_implemented"},
    {"kind": "not_callable", "type": "int"},
    {"kind": "raised", "type": "ValueError", "text": "no", "where": "line 2"},
    {"kind": "memory", "type": "MemoryError", "text": "", "where": ""},
    {"ready": True},
)


def _cell(source: Any, grade_id: str | None = None) -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": grade_id, "points": 3, "locked": False}} if grade_id else {}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


NOTEBOOKS: tuple[dict[str, Any], ...] = (
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3"}},
        "cells": [
            {"cell_type": "markdown", "source": ["# EM\n", "é"], "metadata": {}},
            _cell("import jax", "setup"),
            _cell(["def e_step():\n", "    return 1"], "e_step"),
            _cell("check()", "check_e_step"),
            _cell("e_step()"),
        ],
    },
    {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []},
    {
        "nbformat": 4,
        "cells": [_cell(source, "e_step") for source in (RELEASED.skeletons["e_step"], "e_step = 1", "e_step = 2")],
    },
    {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["e_step = 1"], "metadata": {}}]}]},
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, -(2**63), 10**400, 0.5, -0.0, 5e-324, 1e308, float("nan")),
    *(float("inf"), "", "code", "value", "f8", "O", "b1", "\0", "\ud800", "\u202e", "../../x", "x" * 5_000),
    *([], [[]], {}, [{}], {"": ""}, ["f8", [2]], {"array": ["f8", [2**62, 4]]}, {"array": ["u1", [0, 2**63]]}),
    *({"array": ["b1", [1]]}, {"array": ["f8", []]}, {"tuple": []}, {"tuple": [1]}, {"key": 1}, {"opaque": "x"}),
    *({"dict": {}}, {"prior": [1, 2, 3, 4, 5]}, {"nbgrader": {"grade_id": "e_step"}}, {"cells": [{}]}),
)
NAMES = ("", "value", "kind", "output", "array", "tuple", "dict", "key", "opaque", "prior", "cells", "source", "input")
TOKENS = (
    *("NaN", "-Infinity", "1e999", "-", "\\", '"', "{", "}", "[", "]", ",", ":", "\0", "\n", "\ufeff", '"\\ud800"'),
    *("9" * 5_000, "1" * 400, '"value": 1, ', '"a": 1, "a": 2, ', '{"tuple": [' * 30, "[" * 3_000, '{"a":' * 3_000),
    "[" * 100_000,
)
NUMBERS = (
    0,
    1,
    2,
    11,
    12,
    13,
    255,
    256,
    2**16,
    2**20,
    2**20 + 1,
    wire.MAX_HEADER,
    wire.MAX_HEADER + 1,
    2**31,
    2**32 - 1,
)
