"""Demonstrations: released cells that only show something. Those that no other cell depends on are not run.

A demonstration has no exercise and no name: it draws a figure or prints what a student's function returns. It is run if
the student changed it, or if it binds a name that another cell uses. If the student's code cannot be read, or looks up
names while it runs (`globals()`, `eval`), all demonstrations are run.
"""

import ast
import dis
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType

from autograder.notebooks.released import Released, same_text
from autograder.student.worker.states import READS

DYNAMIC = frozenset({"eval", "exec", "globals", "locals", "vars", "get_ipython", "__import__"})
MAX_CHARACTERS = 60_000  # of a student's code: Python takes long to read some longer ones
SETTING = re.compile(r"^(\s*)[%!](?:pip|conda|matplotlib|config|autosave|xmode|precision)\b.*", re.MULTILINE)


def unused(sources: Sequence[str], released: Released) -> set[int]:
    """The places of the demonstrations that need not run.

    Args:
        sources: the code cells of a submitted notebook, in order.
    """
    shown = {place for place, source in enumerate(sources) if _is_demonstration(source, released)}
    own = [source for place, source in enumerate(sources) if place not in shown]
    if sum(map(len, own)) > MAX_CHARACTERS:
        return set()
    try:
        used = _used([*own, *released.given.values()])
        if used & DYNAMIC or any(map(_binds_globals, own)):
            return set()
        bound = {place: _bound(sources[place]) for place in shown}
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # another magic of IPython, or not Python
        return set()
    while needed := {place for place in shown if bound[place] & used}:
        shown -= needed
        used |= _used(sources[place] for place in needed)
    return shown


def _is_demonstration(source: str, released: Released) -> bool:
    return any(same_text(source, text) for text in released.demonstrations)


def _used(sources: Iterable[str]) -> set[str]:
    """The names that cells look up in the notebook's namespace."""
    used = READS | {"DELETE_NAME", "DELETE_GLOBAL"}
    return {str(step.argval) for source in sources for _, step in _steps(source) if step.opname in used}


def _bound(source: str) -> set[str]:
    """The names that a cell puts into the notebook's namespace."""
    return {
        str(step.argval)
        for inner, step in _steps(source)
        if step.opname == "STORE_GLOBAL" or (step.opname == "STORE_NAME" and not inner)
    }


def _binds_globals(source: str) -> bool:
    """Whether a function of the cell binds names of the notebook: other cells may depend on a call of it."""
    return any(step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL") for inner, step in _steps(source) if inner)


def _steps(source: str) -> Iterator[tuple[bool, dis.Instruction]]:
    """The instructions of a cell, and whether each is within a function or a class.

    Raises:
        SyntaxError: the cell is not plain Python, apart from settings of IPython.
    """
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the student's own: a backslash in a text, `is` with a number
        cell = compile(SETTING.sub(r"\1pass", source), "cell", "exec", flags=flags, dont_inherit=True)
    parts = [cell]
    for part in parts:  # grows
        parts += [constant for constant in part.co_consts if isinstance(constant, CodeType)]
        yield from ((part is not cell, step) for step in dis.get_instructions(part))
