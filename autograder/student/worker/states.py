"""The values of a notebook's names after certain cells: the grader judges an answer as it is at its check's cell."""

import dis
import functools
import types
from collections.abc import Iterator
from typing import Any

MAX_OBJECTS = 10_000
READS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}
"""The instructions of Python that read a name of the notebook, and not an attribute."""


class States:
    """The values of all names, kept at places in the notebook.

    A state refers to the objects and does not copy them: if an object changes, as a list can, it changes in all states.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._kept: dict[int, dict[str, Any]] = {}
        self._place: int | None = None

    def keep(self, place: int) -> None:
        """Keep the names as they are now."""
        self._kept[place] = dict(self._names)
        self._place = place

    def go_to(self, place: int) -> None:
        """Restore the names as they were at a place. Between two calls at the same place, nothing is restored."""
        if place != self._place:
            self._names.clear()
            self._names.update(self._kept[place])
            self._place = place

    def differ(self, name: str, first: int, second: int) -> bool:
        """Whether a name, or a name that its value uses, has different values at two places."""
        before, after = self._kept[first], self._kept[second]
        used = {name, *self._used(before.get(name), before), *self._used(after.get(name), after)}
        return any(before.get(each) is not after.get(each) for each in used)

    def _used(self, value: Any, state: dict[str, Any]) -> Iterator[str]:
        """The names of the notebook that a function uses, directly or through other functions."""
        seen: set[int] = set()
        waiting = [value]
        while waiting and len(seen) < MAX_OBJECTS:
            current = waiting.pop()
            if id(current) in seen:
                continue
            seen.add(id(current))
            for code in _codes(current, waiting, self._names):
                for name in _read_by(code):
                    if name in state:
                        yield name
                        waiting.append(state[name])


def _read_by(code: types.CodeType) -> set[str]:
    """The names of the notebook that the code reads. `co_names` also holds names of attributes."""
    return {step.argval for step in dis.get_instructions(code) if step.opname in READS}


def _codes(value: Any, waiting: list[Any], names: dict[str, Any]) -> Iterator[types.CodeType]:
    """The code objects of the notebook in a value. Objects that may contain more are added to `waiting`.

    A library's function may hold functions of the notebook, but its own code reads the names of the library.
    """
    match value:
        case types.CodeType():
            yield value
            waiting += [constant for constant in value.co_consts if isinstance(constant, types.CodeType)]
        case types.FunctionType():
            if value.__globals__ is names:
                waiting.append(value.__code__)
            waiting += [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
            waiting += [cell.cell_contents for cell in value.__closure__ or () if _is_filled(cell)]
        case types.MethodType():
            waiting += [value.__func__, value.__self__]
        case functools.partial():
            waiting += [value.func, *value.args, *value.keywords.values()]
        case type() if value.__module__ == "__main__":
            waiting += [*vars(value).values(), *value.__bases__]
        case _ if type(value).__module__ == "__main__":
            waiting += [type(value), *getattr(value, "__dict__", {}).values()]
        case types.ModuleType() | type():
            return
        case _:  # a function from `jax.jit` has the first attribute, a generative function of GenJAX the other two
            waiting += [getattr(value, name, None) for name in ("__wrapped__", "source", "value")]


def _is_filled(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True
