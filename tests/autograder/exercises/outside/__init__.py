"""Answers by people who had not seen the checks: wrong and right ones, a module for each.

A module's docstring begins with the name of its exercise; the rest describes the error or the method.
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
    """An answer to an exercise; `says` is its author's description."""

    assignment: str
    exercise: Exercise
    name: str
    says: str
    function: Callable[..., Any]


def outside(kind: str, *assignments: str) -> Iterator[Outside]:
    """The answers of a kind, "wrong" or "right", to some assignments."""
    for assignment in assignments:
        exercises = {
            exercise.name: exercise for exercise in load(assignment).exercises if isinstance(exercise, Exercise)
        }
        for path in sorted((HERE / kind / assignment).glob("*.py")):
            spec = importlib.util.spec_from_file_location(f"outside_{kind}_{path.stem}", path)
            assert spec
            assert spec.loader
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            name, _, says = (module.__doc__ or "").strip().partition("\n")
            if name in exercises:
                yield Outside(assignment, exercises[name], path.stem, says.strip(), getattr(module, name))
