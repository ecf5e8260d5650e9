"""The report of a check: plain text for a terminal, HTML for a notebook.

The HTML is self-contained: no scripts, no style sheet, no external resources. It inherits the colours of the page, so
that it is legible on light and on dark pages; the green and the red are legible on both.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from .table import Table

WIDTH = 88
GREEN, RED, SOFT = "#1f9463", "#d1512d", "rgba(128, 128, 128, .14)"
ARGUMENTS = "the arguments of this case, to copy into a cell of your own"
MORE = "you get it if the next check of this exercise fails too."
CODE = '<code style="background: none; color: inherit; padding: 0">{}</code>'
MARKS = {True: ("✓", "right", GREEN), False: ("✗", "wrong", RED), None: ("○", "not checked yet", "inherit")}


@dataclass(frozen=True)
class Case:
    """One public case. If it is wrong, `problem` is the message, and `numbers` are the values as a table.

    `arguments` is the code that makes the arguments of the case.
    """

    name: str
    problem: str | None = None
    numbers: Table | None = None
    arguments: str | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The report of a check of one exercise.

    Attributes:
        exercise: the name of the exercise.
        cases: the public cases.
        difference: a sentence on how the values differ from the right ones, or None.
        hints: sentences.
        closer: the closer hints, from the second failed check of the exercise on.
        more: whether the next failed check will show closer hints.
        plot: an SVG element, or None.
        progress: for each exercise of the assignment, whether its last check passed; None if it has not been checked.
        remarks: what the student should know although no case is wrong because of it: a heading and a text.
    """

    exercise: str
    cases: tuple[Case, ...]
    difference: str | None = None
    hints: tuple[str, ...] = ()
    closer: tuple[str, ...] = ()
    more: bool = False
    plot: str | None = None
    progress: Mapping[str, bool | None] = field(default_factory=dict)
    remarks: tuple[tuple[str, str], ...] = ()

    @property
    def passed(self) -> bool:
        return not any(case.problem for case in self.cases)

    @property
    def headline(self) -> str:
        right = sum(not case.problem for case in self.cases)
        return f"{self.exercise}: {right} of {len(self.cases)} public cases are right"

    def __str__(self) -> str:
        lines = [self.headline]
        shown = next((case for case in self.cases if case.numbers and len(case.numbers.rows) > 1), None)
        for case in self.cases:
            lines.append(f"  {MARKS[not case.problem][0]} {case.name}")
            lines += [f"      {case.problem}"] if case.problem and not self._same_everywhere else []
            lines += _table_lines(case.numbers) if case is shown and case.numbers else []
            if case is self._first_wrong and case.arguments:
                lines += [f"      {ARGUMENTS}", *textwrap.indent(case.arguments, " " * 6).splitlines()]
        lines += _filled("In every case", self._same_everywhere) if self._same_everywhere else []
        lines += _filled("What differs", self.difference) if self.difference else []
        for heading, hint in self._hints:
            lines += _filled(heading, hint)
        for heading, remark in self.remarks:
            lines += _filled(heading, remark)
        return "\n".join([*lines, *_progress_lines(self.progress)])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        del include, exclude
        return {"text/plain": str(self), "text/html": self.html()}

    def html(self) -> str:
        """The report as an HTML element."""
        parts = [
            f'<p style="margin: 0 0 .4em"><strong>{_code(self.exercise)}{escape(self.headline[len(self.exercise) :])}'
            "</strong></p>",
            '<ul style="list-style: none; margin: 0; padding: 0">',
            *(
                _case_html(case, unfolded=case is self._first_wrong, alone=not self._same_everywhere)
                for case in self.cases
            ),
            "</ul>",
            _note("In every case", self._same_everywhere) if self._same_everywhere else "",
            f'<div style="margin: .6em 0 0">{self.plot}</div>' if self.plot else "",
            _note("What differs", self.difference) if self.difference else "",
            *(_note(heading, hint) for heading, hint in self._hints),
            *(_note(heading, remark) for heading, remark in self.remarks),
            progress_html(self.progress),
        ]
        return _framed("".join(parts), MARKS[self.passed][2])

    @property
    def _hints(self) -> list[tuple[str, str]]:
        """The hints, each with its heading."""
        hints = [("Hint", hint) for hint in self.hints] + [("Closer hint", hint) for hint in self.closer]
        return [*hints, ("Closer hint", MORE)] if self.more else hints

    @property
    def _same_everywhere(self) -> str | None:
        """The problem, if there are several cases and all have the same one, without numbers."""
        problems = {case.problem for case in self.cases}
        same = len(self.cases) > 1 and len(problems) == 1 and not any(case.numbers for case in self.cases)
        return problems.pop() if same else None

    @property
    def _first_wrong(self) -> Case | None:
        return next((case for case in self.cases if case.problem), None)


def progress(known: Mapping[str, bool | None]) -> str:
    """The student's progress in an assignment, in a sentence."""
    right = sum(passed is True for passed in known.values())
    if right == len(known):
        return f"All {len(known)} exercises are right on the public cases."
    return f"{right} of {len(known)} exercises {'is' if right == 1 else 'are'} right so far."


def progress_html(known: Mapping[str, bool | None]) -> str:
    """The progress as HTML, with a list of the exercises."""
    if not known:
        return ""
    each = "".join(
        f'<li style="display: inline-block; margin: 0 1em 0 0; white-space: nowrap">{_mark(passed)} {_code(name)}</li>'
        for name, passed in known.items()
    )
    return (
        '<div style="margin: .8em 0 0; padding: .5em 0 0; border-top: 1px solid rgba(128, 128, 128, .4); '
        f'font-size: .9em">{escape(progress(known))}'
        f'<ul style="list-style: none; margin: .2em 0 0; padding: 0">{each}</ul></div>'
    )


def progress_text(known: Mapping[str, bool | None]) -> str:
    """The progress for a terminal."""
    return "\n".join(_progress_lines(known))


def framed_progress(known: Mapping[str, bool | None]) -> str:
    """The progress as a framed HTML element."""
    return _framed(progress_html(known), GREEN if all(known.values()) else "rgba(128, 128, 128, .4)")


def numbers_html(numbers: Table, *, unfolded: bool) -> str:
    """The returned and the expected values, as an HTML table that can be folded."""
    number = "padding: .1em .8em; text-align: right; white-space: pre; border: 0; font-variant-numeric: tabular-nums"
    heads = "".join(
        f'<th scope="col" style="{number}">{escape(head)}</th>'
        for head in ("", numbers.places, "came back", "expected")
    )
    rows = "".join(
        f'<tr style="background: {SOFT if row.wrong else "none"}"><td style="{number}">'
        f"{_mark(not row.wrong)}</td>"
        + "".join(f'<td style="{number}">{escape(text)}</td>' for text in (row.place, row.returned, row.expected))
        + "</tr>"
        for row in numbers.rows
    )
    left = f'<div style="font-size: .9em">and {numbers.left} more that are wrong</div>' if numbers.left else ""
    return (
        f'<details style="margin: .2em 0 .4em 1.4em"{" open" * unfolded}><summary style="cursor: pointer">'
        f"{escape(numbers.name)}: what came back, and what was expected</summary>"
        f'<table style="border-collapse: collapse; margin: .3em 0; font-size: .9em; color: inherit">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{left}</details>"
    )


def _framed(inside: str, colour: str) -> str:
    return (
        f'<div style="border-left: 4px solid {colour}; padding: .3em 0 .3em 1em; margin: .4em 0; max-width: 52em; '
        f'line-height: 1.5; font-family: system-ui, sans-serif">{inside}</div>'
    )


def _mark(passed: bool | None, *, alone: bool = True) -> str:
    glyph, word, colour = MARKS[passed]
    said = f'role="img" aria-label="{word}" title="{word}"' if alone else 'aria-hidden="true"'
    return f'<span style="color: {colour}; font-weight: bold" {said}>{glyph}</span>'


def _case_html(case: Case, *, unfolded: bool, alone: bool) -> str:
    mark, word = _mark(not case.problem, alone=False), MARKS[not case.problem][1]
    problem = f'<div style="margin: 0 0 0 1.4em">{_prose(case.problem)}</div>' if case.problem and alone else ""
    numbers = numbers_html(case.numbers, unfolded=unfolded) if case.numbers else ""
    arguments = _arguments_html(case.arguments) if case.problem and case.arguments else ""
    return f'<li style="margin: .2em 0">{mark} {word}: {escape(case.name)}{problem}{numbers}{arguments}</li>'


def _arguments_html(code: str) -> str:
    return (
        '<details style="margin: .2em 0 .4em 1.4em"><summary style="cursor: pointer">'
        f'{ARGUMENTS}</summary><pre style="margin: .3em 0; font-size: .9em; white-space: pre-wrap; background: none; '
        f'color: inherit">{escape(code)}</pre></details>'
    )


def _note(title: str, text: str) -> str:
    return (
        f'<p style="background: {SOFT}; border-radius: .3em; padding: .4em .7em; margin: .6em 0 0">'
        f"<strong>{title}.</strong> {_prose(text)}</p>"
    )


def _prose(text: str) -> str:
    """A text as HTML, in which backticks mark code."""
    return re.sub(r"`([^`]+)`", lambda marked: CODE.format(marked[1]), escape(text))


def _code(name: str) -> str:
    return CODE.format(escape(name))


def _table_lines(numbers: Table) -> list[str]:
    cells = [("", numbers.places, "came back", "expected")]
    cells += [(MARKS[not row.wrong][0], row.place, row.returned, row.expected) for row in numbers.rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["   ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in cells]
    left = [f"      and {numbers.left} more that are wrong"] if numbers.left else []
    return [*(f"      {line}" for line in lines), *left]


def _progress_lines(known: Mapping[str, bool | None]) -> list[str]:
    if not known:
        return []
    each = "   ".join(f"{MARKS[passed][0]}\N{NO-BREAK SPACE}{name}" for name, passed in known.items())
    return [progress(known), *(line.replace("\N{NO-BREAK SPACE}", " ") for line in _wrapped(each))]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _filled(title: str, text: str) -> list[str]:
    return _wrapped(f"{title}: {text}")
