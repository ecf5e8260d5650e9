"""The shell that runs a notebook's cells, statement by statement.

A statement that fails does not end its cell: the statements below it still run. So a line that works only on the
student's own machine (it mounts a drive, or imports a library for drawing) does no harm to the other lines.
"""

import _sitebuiltins
import ast
import builtins
import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

from .isolation import limits

MAX_PROBLEMS = 20  # the most that are reported for one cell
REST = 0.2  # share of a cell's time that the statements below an interrupted one get
INSTALLERS = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
PROGRAMS = frozenset(
    {"bash", "sh", "script", "perl", "ruby", "js", "javascript", "python", "python2", "python3", "pypy"}
)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
# Calls that change nothing that other cells could notice.
SHOWS = frozenset({"print", "display", "check", "show"})
# JAX's settings that choose where it computes, and their values in this process.
PLATFORM = {"jax_platforms": "cpu", "jax_platform_name": ""}
FLAGS = "XLA_FLAGS"  # XLA ends the process if it does not know a flag, for example one of another version

type Select = Callable[[list[ast.stmt]], Iterable[ast.stmt]]


@dataclass
class Ran:
    """How a cell ran.

    Attributes:
        errors: the errors of the statements that failed, in order.
        platforms: the platforms or flags that the cell asked JAX for and that this machine does not have.
        acts: the cell may have changed more than the values of names.
    """

    errors: list[BaseException] = field(default_factory=list)
    platforms: list[str] = field(default_factory=list)
    acts: bool = False


class Capped(io.TextIOBase):
    """A text stream that keeps only the first `limit` characters."""

    def __init__(self, limit: int) -> None:
        self.room = limit
        self.kept: list[str] = []

    def write(self, text: str) -> int:
        if self.room > 0:
            self.kept.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def text(self) -> str:
        return "".join(self.kept)


class Printed(DisplayPublisher):
    """Prints displayed objects. IPython's own publisher would keep them all in memory, for a history."""

    def publish(self, data: dict[str, Any], *args: Any, **options: Any) -> None:
        print(data.get("text/plain", ""))


class Shell(InteractiveShell):
    """A notebook's shell that has no screen and no history file, and starts no other programs."""

    _select: Select | None = None
    _ran = Ran()
    _rest: dict[str, float] | None = None

    def run(self, source: str, select: Select = list, *, cpu_seconds: float, wall_seconds: float) -> Ran:
        """Run the statements of a cell that `select` chooses. A statement that does not end in time is interrupted."""
        self._ran, self._select = Ran(), select
        self._rest = {"cpu_seconds": cpu_seconds * REST, "wall_seconds": wall_seconds * REST}
        limits.interrupt_after(cpu_seconds=cpu_seconds, wall_seconds=wall_seconds)
        text, broken = source, None
        try:
            text = self.transform_cell(source)
        except Exception:
            broken = sys.exc_info()
        options = {"transformed_cell": text, "preprocessing_exc_tuple": broken}
        # Not `run_cell`, which keeps a copy of everything that the cell prints.
        cell = self.run_cell_async(source, store_history=False, **options)
        wait = self.loop_runner if self.should_run_async(source, **options) else _finished
        try:
            result = wait(cell)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:
            error = raised
        finally:
            limits.interrupt_no_more()
        if error:
            self._note(error)
        return self._ran

    async def run_ast_nodes(self, nodelist, cell_name, interactivity="last_expr", compiler=compile, result=None):
        """Run each statement, also after one that failed."""
        select, self._select = self._select or list, None
        nodes = list(separate(select(nodelist)))
        self._ran.acts |= any(map(acts, nodes))
        for node in nodes:
            shown = interactivity if node is nodelist[-1] else "none"
            if await super().run_ast_nodes([node], cell_name, shown, compiler, result):
                error = result and (result.error_before_exec or result.error_in_exec)
                if result and error:
                    self._note(error)
                    result.error_before_exec = result.error_in_exec = None
                if type(error) is limits.OutOfTime:
                    if self._rest is None:
                        break
                    limits.interrupt_after(**self._rest)
                    self._rest = None
            self._ran.platforms = [*self._ran.platforms, *keep_platform()][:MAX_PROBLEMS]
        return False

    def _note(self, error: BaseException) -> None:
        if len(self._ran.errors) < MAX_PROBLEMS:
            self._ran.errors.append(error)

    def enable_gui(self, gui=None):
        """Do nothing: there is no screen."""

    def enable_matplotlib(self, gui=None):
        """Accept `%matplotlib` in any form and change nothing: figures are judged by their data."""
        return gui, "agg"

    def system(self, cmd):
        """Print `!command` instead of running it: nothing is installed or started while grading."""
        print(f"not run while grading: {cmd}")

    system_piped = system_raw = system

    def getoutput(self, cmd, split=True, depth=0):
        self.system(cmd)
        return SList()

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        if magic_name in INSTALLERS or self.find_line_magic(magic_name) is None:
            return self.system(f"%{magic_name} {line}")
        return super().run_line_magic(magic_name, line, _stack_depth + 1)

    def run_cell_magic(self, magic_name, line, cell):
        if magic_name in PROGRAMS or self.find_cell_magic(magic_name) is None:
            return self.system(f"%%{magic_name} {line}")
        return super().run_cell_magic(magic_name, line, cell)

    def ask_exit(self):
        raise SystemExit

    def showtraceback(self, *args, **kwargs):
        """Print nothing: errors are reported to the grader."""

    def showsyntaxerror(self, *args, **kwargs):
        """Print nothing: errors are reported to the grader."""


def make_shell() -> Shell:
    """Make the shell, before the fork. It starts no thread and opens no file."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    builtins.help = _sitebuiltins._Helper()  # part of `site`, which is not loaded
    return Shell.instance(config=config, display_pub_class=Printed)


def definitions(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Select only definitions and imports, for a cell that has ended a process."""
    return (node for node in nodes if isinstance(node, DEFINITIONS))


def beside(shell: Shell, released: str) -> Select:
    """Select only the statements that a student has added to a locked cell.

    A statement that gives a new value to a name of the released cell counts as changed, not as added, and is left out.
    So is a call of the self-check.

    Args:
        released: the text of the cell in the release.
    """
    given = ast.parse(shell.transform_cell(released)).body
    names = {name for node in given for name in bound(node)}

    def select(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
        left = Counter(map(ast.dump, given))
        for node in nodes:
            text = ast.dump(node)
            if left[text]:
                left[text] -= 1
            elif not (names.intersection(bound(node)) or "check" in called(node)):
                yield node

    return select


def bound(statement: ast.stmt) -> Iterator[str]:
    """The names to which a statement, or a statement in its blocks, gives a value in the notebook."""
    nodes = [statement] if isinstance(statement, DEFINITIONS) else ast.walk(statement)
    for node in nodes:
        match node:
            case ast.Name(name, ast.Store()) | ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                yield name
            case ast.Import(names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in names)


def called(statement: ast.stmt) -> set[str]:
    """The functions that a statement calls by a plain name."""
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def acts(statement: ast.stmt) -> bool:
    """Whether a statement may change more than the values of names: an object, a setting, a library."""
    if isinstance(statement, DEFINITIONS):
        return False
    for node in ast.walk(statement):
        match node:
            case ast.Expr(ast.Call(function)) if getattr(function, "id", "") not in SHOWS:
                return True
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                return True
            case ast.AugAssign():
                return True
    return False


def separate(nodes: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Split each import of several names into several imports, so that one that fails does not stop the others."""
    for node in nodes:
        match node:
            case ast.Import(names) if len(names) > 1:
                yield from (ast.copy_location(ast.Import([name]), node) for name in names)
            case ast.ImportFrom(module, names, level) if len(names) > 1:
                yield from (ast.copy_location(ast.ImportFrom(module, [name], level), node) for name in names)
            case _:
                yield node


def keep_platform() -> list[str]:
    """Set JAX's platform and flags back to this machine's. Return the values that student code had set."""
    if flags := os.environ.get(FLAGS):
        os.environ[FLAGS] = ""  # do not delete it: the self-check sets it if it is missing
        return [flags, *keep_platform()]
    if "jax" not in sys.modules:
        return []
    config = sys.modules["jax"].config
    asked = [
        (name, value, own) for name, own in PLATFORM.items() if (value := config.values.get(name)) not in (own, "cpu")
    ]
    for name, _, own in asked:
        config.update(name, own)
    return [str(value) for _, value, _ in asked]


def _finished(cell: Any) -> Any:
    """The value of a coroutine that awaits nothing."""
    try:
        cell.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("the cell waits, but contains no await")
