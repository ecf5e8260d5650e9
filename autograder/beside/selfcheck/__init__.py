"""The self-check beside a notebook: public cases, their expected values, and hints.

    from selfcheck import Checks

    check = Checks("em")
    check("e_step", e_step)

It needs NumPy, JAX and the file `em.json` beside the notebook, which the build
writes. Hidden cases are tried when the notebook is graded.
"""

import json
import textwrap
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from . import codec
from .naming import explains
from .probes import Probe
from .rules import Rule
from .values import Prior

__all__ = ["CheckFailed", "Checks", "Prior"]


class CheckFailed(AssertionError):
    """A public case is wrong; the message is the whole report."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows: the report alone, without frames that are not the student's."""
        return str(self).splitlines()


class Checks:
    """The public checks of one assignment.

    Args:
        assignment: its name; `assignment.json` lies in the working directory.

    Raises:
        FileNotFoundError: the file is not there; the message says what to do.
    """

    def __init__(self, assignment: str) -> None:
        path = Path(f"{assignment}.json")
        if not path.exists():
            raise FileNotFoundError(
                f"{path} is not beside this notebook: keep all the files that came with it in one folder"
            )
        self._exercises = json.loads(path.read_text(encoding="utf-8"))["exercises"]
        self._passed: set[str] = set()

    def passed(self, name: str) -> bool:
        """Whether the last check of exercise `name` in this session found every public case right."""
        return name in self._passed

    def __call__(self, name: str, function: Callable[..., Any]) -> None:
        """Try a function on the public cases of exercise `name`, and say how it did.

        Raises:
            CheckFailed: a case is wrong; says which, what was expected, and a hint.
        """
        if name not in self._exercises:
            raise KeyError(f"no exercise {name!r}; there are: {', '.join(self._exercises)}")
        exercise = self._exercises[name]
        tried = [_try(name, function, case) for case in exercise["cases"]]
        wrong = [one for one in tried if one.problem]
        self._passed.discard(name)
        report = [f"{name}: {len(tried) - len(wrong)} of {len(tried)} public cases are right"]
        for one in tried:
            report.append(f"  {'✗' if one.problem else '✓'} {one.case}")
            if one.problem:
                report.append(f"      {one.problem}")
        if not wrong:
            self._passed.add(name)
            print("\n".join(report))
            return
        # Draws differ every time: only what is always the same can name a mistake.
        fixed = [one for one in tried if one.fixed]
        returned = {one.case: one.value for one in fixed if one.came_back}
        expected = {one.case: one.expected for one in fixed}
        rules = {one.case: one.rule for one in fixed}
        named = [
            f"{mistake['says']} {mistake['hint']}"
            for mistake in exercise["mistakes"]
            if explains(rules, returned, expected, codec.decode(mistake["returns"]))
        ]
        hints = named if len(named) == 1 else dict.fromkeys(one.hint for one in wrong)
        raise CheckFailed("\n".join([*report, *map(_hint, hints)]))


def _hint(text: str) -> str:
    return textwrap.fill(f"Hint: {text}", width=88, initial_indent="  ", subsequent_indent="  ")


@dataclass(frozen=True)
class _Tried:
    """One public case, tried. `problem` says what is wrong, if anything is."""

    case: str
    hint: str
    rule: Rule
    expected: Any
    fixed: bool
    problem: str | None
    came_back: bool
    value: Any = None


def _try(name: str, function: Callable[..., Any], case: dict[str, Any]) -> _Tried:
    """Try a case. One whose result is random and fails is tried once more, with other keys."""
    probe, rule = codec.decode_probe(case["probe"]), codec.decode_rule(case["rule"])
    first, *more = (partial(_try_once, name, function, case, attempt, probe, rule) for attempt in case["attempts"])
    tried = first()
    for again in more:
        if tried.problem and tried.came_back:
            tried = again()
    return tried


def _try_once(
    name: str, function: Callable[..., Any], case: dict[str, Any], attempt: dict[str, Any], probe: Probe, rule: Rule
) -> _Tried:
    expected = codec.decode(attempt["expected"])
    known = (case["name"], case["hint"], rule, expected, len(case["attempts"]) == 1)
    try:
        value = probe(function, codec.decode(attempt["args"]))
    except Exception as error:
        return _Tried(*known, _what_was_raised(name, error), came_back=False)
    mismatch = rule.compare(value, expected)
    return _Tried(*known, mismatch and mismatch.detail, came_back=True, value=value)


def _what_was_raised(name: str, error: Exception) -> str:
    if isinstance(error, NotImplementedError):
        return f"{name} is not written yet"
    frames = traceback.extract_tb(error.__traceback__)
    # The last line that stands in the notebook, not in a library.
    inside = [frame for frame in frames if "ipykernel" in frame.filename or frame.filename.startswith("<")]
    where = f" at `{inside[-1].line}`" if inside and inside[-1].line else ""
    return f"{name} raised {type(error).__name__}{where}: {error}"
