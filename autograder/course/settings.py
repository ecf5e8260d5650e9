"""The course's own settings: `course.toml`."""

import tomllib
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from autograder.errors import SettingsError
from autograder.exercises import Assignment

NAME = "course.toml"
TEMPLATE = """\
# The day from which `autograder solutions --course` hands out an assignment's solutions.
[solutions]
# em = 2027-01-31

# The least share of an exercise's points that an answer earns if this known mistake is named.
[partial_credit]
# em.m_step.variance_for_std = 0.5
"""

type Shares = dict[str, dict[str, float]]
"""The share of its exercise's points that a known mistake is worth, by exercise and mistake."""


def solutions_from(root: Path, assignment: str) -> date | None:
    """The first day on which solutions may be handed out; None if the course in `root` sets none.

    Raises:
        SettingsError: the settings are not valid.
    """
    day = _table(root, "solutions").get(assignment)
    if day is not None and type(day) is not date:
        raise SettingsError(
            f"{root / NAME}: solutions.{assignment} should be a date such as 2027-01-31, without quotes"
        )
    return day


def partial_credit(root: Path, assignment: str) -> Shares:
    """The share of the points that each known mistake keeps in the course in `root`.

    Raises:
        SettingsError: a share is not a number from 0 to 1.
    """
    shares = _table(root, "partial_credit", assignment)
    for exercise in shares:
        for mistake, share in _table(root, "partial_credit", assignment, exercise).items():
            if type(share) not in (int, float) or not 0 <= share <= 1:
                raise SettingsError(
                    f"{root / NAME}: partial_credit.{assignment}.{exercise}.{mistake} should be a share of the "
                    f"exercise's points, from 0 to 1, not {share!r}"
                )
    return shares


def check(root: Path, assignment: Assignment) -> None:
    """Check that every exercise and every mistake in the settings exists.

    Raises:
        SettingsError: one does not exist.
    """
    exercises = {exercise.name: exercise for exercise in assignment.graded}
    for name, mistakes in partial_credit(root, assignment.name).items():
        if name not in exercises:
            raise _unknown(root, f"partial_credit.{assignment.name}", name, "exercise", [*exercises])
        known = [mistake.name for mistake in exercises[name].mistakes]
        for mistake in mistakes:
            if mistake not in known:
                raise _unknown(root, f"partial_credit.{assignment.name}.{name}", mistake, "known mistake", known)


def _unknown(root: Path, where: str, name: str, what: str, known: list[str]) -> SettingsError:
    close = get_close_matches(name, known, n=1)
    there_are = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known)}"
    return SettingsError(f"{root / NAME}: {where} has no {what} {name!r}; {there_are}")


def _table(root: Path, *names: str) -> dict[str, Any]:
    """A table of the settings; empty if it is not there."""
    path = root / NAME
    try:
        found: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    for depth, name in enumerate(names, start=1):
        found = found.get(name, {})
        if not isinstance(found, dict):
            raise SettingsError(f"{path}: {'.'.join(names[:depth])} should be a table")
    return found
