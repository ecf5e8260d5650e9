"""Settings that every test shares."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from autograder import computing
from autograder.cli import OBJECTS
from autograder.student.worker import hooks

# Containers often set this variable. Then every process of the tests would compile the source of all libraries again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The same examples on every run. A first call compiles, so there is no deadline.
settings.register_profile("reproducible", derandomize=True, deadline=None, max_examples=8)
settings.register_profile("long", settings.get_profile("reproducible"), max_examples=25)

# JAX's compiled programs are shared by all processes of the tests, and kept for the next run.
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path(__file__).parents[1] / ".pytest_cache" / "jax"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")

# The same rounding as in the grader, whichever test imports JAX first.
computing.set_up()

LONGEST = (
    "test_guide.py",
    "test_lms_term.py",
    "test_sample_class.py",
    "browser/",
    "test_gradescope_container.py",
    "test_crashes.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="run all tests, else a selection that has each kind once and takes five minutes on two cores",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: run with --long only")
    config.addinivalue_line("markers", "few_of_the_pairs: run a few of all pairs of parameters; with --long, all")
    settings.load_profile("long" if config.getoption("--long") else "reproducible")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect tests without collecting garbage: hardly anything of imported modules and of tests is ever garbage.

    Later, search for garbage as rarely as the command line does.
    """
    gc.set_threshold(OBJECTS)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the slowest tests first: at the end, one process would run them while the other waits."""
    if not config.getoption("--long"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONGEST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--long"):
        terminalreporter.write_line("Tests with the marker `long` run with --long only.")


@pytest.fixture(scope="session", autouse=True)
def quick_compiler(request: pytest.FixtureRequest) -> None:
    """Compile programs with the options of the compile server, in half the time; with `--long`, as JAX does."""

    def wrap(compile_here: Callable[..., Any]) -> Callable[..., Any]:
        def compile_quickly(backend: Any, computation: Any, devices: Any, options: Any, *rest: Any) -> Any:
            return compile_here(backend, computation, devices, hooks.quick_options(options, computation), *rest)

        return compile_quickly

    if not request.config.getoption("--long"):
        hooks.wrap_compiler(wrap)
