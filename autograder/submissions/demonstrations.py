"""Demonstrations: released cells that only show something. Those that no other cell depends on are not run.

A demonstration has no exercise and no name: it draws a figure or prints what a student's function returns. It is run if
the student changed it, or if it binds a name that another cell uses. If the student's code cannot be read, or looks up
names while it runs (`globals()`, `eval`), all demonstrations are run.
"""

import ast
import re
import symtable
from collections.abc import Iterable, Sequence

from autograder.notebooks.released import Released, same_text

DYNAMIC = frozenset({"eval", "exec", "globals", "locals", "vars", "get_ipython", "__import__"})
SETTING = re.compile(r"^(\s*)[%!](?:pip|conda|matplotlib|config|autosave|xmode|precision)\b.*", re.MULTILINE)


def unused(sources: Sequence[str], released: Released) -> set[int]:
    """The places of the demonstrations that need not run.

    Args:
        sources: the code cells of a submitted notebook, in order.
    """
    shown = {place for place, source in enumerate(sources) if _is_demonstration(source, released)}
    own = [source for place, source in enumerate(sources) if place not in shown]
    try:
        used = _used([*own, *released.given.values()])
        if used & DYNAMIC or any(map(_declares_globals, own)):
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
    """The names that cells look up in the notebook's namespace, or a few more."""
    used: set[str] = set()
    for source in sources:
        for table in _scopes(source):
            symbols = [symbol for symbol in table.get_symbols() if symbol.is_referenced()]
            used |= {name.get_name() for name in symbols if table.get_type() == "module" or name.is_global()}
        for node in ast.walk(ast.parse(_plain(source))):  # for symtable, `x += 1` and `del x` are not references
            match node:
                case ast.AugAssign(target=ast.Name(name)) | ast.Name(name, ctx=ast.Del()):
                    used.add(name)
    return used


def _bound(source: str) -> set[str]:
    """The names that a cell puts into the notebook's namespace."""
    return {
        symbol.get_name()
        for table in _scopes(source)
        for symbol in table.get_symbols()
        if (symbol.is_assigned() or symbol.is_imported())
        and (table.get_type() == "module" or symbol.is_declared_global())
    }


def _declares_globals(source: str) -> bool:
    """Whether a function of the cell binds names of the notebook: other cells may depend on a call of it."""
    inner = [table for table in _scopes(source) if table.get_type() != "module"]
    return any(symbol.is_declared_global() for table in inner for symbol in table.get_symbols())


def _scopes(source: str) -> list[symtable.SymbolTable]:
    """The scopes of a cell: the module, and each function, class and comprehension in it.

    Raises:
        SyntaxError: the cell is not plain Python, apart from settings of IPython.
    """
    scopes = [symtable.symtable(_plain(source), "cell", "exec")]
    for scope in scopes:  # grows
        scopes += scope.get_children()
    return scopes


def _plain(source: str) -> str:
    """A cell without settings of IPython, which change no name."""
    return SETTING.sub(r"\1pass", source)
