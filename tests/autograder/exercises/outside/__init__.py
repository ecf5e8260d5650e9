"""Answers written by others, who had not seen the checks: wrong ones and right ones, one to a module.

The docstring of a module begins with the name of its exercise; what follows says what is wrong, or how it is done.
"""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.exercises import Exercise, load

HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Outside:
    """An answer to an exercise; `says` is what its author says of it."""

    assignment: str
    exercise: Exercise
    name: str
    says: str
    function: Callable[..., Any]


def outside(kind: str, *assignments: str) -> Iterator[Outside]:
    """The answers of a kind, "wrong" or "right", to some assignments."""
    for assignment in assignments:
        exercises = {one.name: one for one in load(assignment).exercises if isinstance(one, Exercise)}
        for path in sorted((HERE / kind / assignment).glob("*.py")):
            spec = importlib.util.spec_from_file_location(f"outside_{kind}_{path.stem}", path)
            assert spec
            assert spec.loader
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            name, _, says = (module.__doc__ or "").strip().partition("\n")
            if name in exercises:
                yield Outside(assignment, exercises[name], path.stem, says.strip(), getattr(module, name))
