"""Marks that a person enters for one member of a group count for all members, because the notebook is the same.

A mark of the group's first member always counts for all. A mark of another member counts for all as long as no other
member has a mark; later it is that member's own.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from nbgrader.api import Comment, Grade

from autograder.files import write_atomically
from autograder.grading.results import Mark

type Cells = Mapping[str, tuple[Grade, Comment]]
"""A student's grades and comments in the gradebook, by exercise."""

type Shared = dict[str, dict[str, Mark]]
"""The marks that all members of a group had after the last sharing, by group and exercise."""

NONE = Mark()


def share(cells: Mapping[str, Cells], groups: Iterable[tuple[str, ...]], before: Shared) -> Shared:
    """Enter the marks of groups for all members who have none of their own; return the marks that all members have now.

    Args:
        cells: the cells of each student who is in the gradebook.
        before: what this function returned the last time.
    """
    now: Shared = {}
    for group in groups:
        members = [cells[student] for student in group if student in cells]
        name = "+".join(group)
        for exercise in members[0] if members else ():
            last = before.get(name, {}).get(exercise, NONE)
            marks = [mark_of(*member[exercise]) for member in members]
            common = _common(marks, last)
            for member, mark in zip(members, marks, strict=True):
                if mark in (last, NONE) and mark != common:
                    _enter(*member[exercise], common)
            if common != NONE:
                now.setdefault(name, {})[exercise] = common
    return now


def _common(marks: list[Mark], last: Mark) -> Mark:
    """Find the mark that counts for all members. `marks` are the members' marks, the first member's first."""
    if marks[0] != last:
        return marks[0]
    others = {mark for mark in marks if mark != NONE}
    return others.pop() if last == NONE and len(others) == 1 else last


def read(path: Path) -> Shared:
    """Read what `write` stored; empty if there is no file."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {group: {name: Mark(**mark) for name, mark in marks.items()} for group, marks in kept.items()}


def write(path: Path, shared: Shared) -> None:
    """Store the marks that all members have now."""
    kept = {group: {name: asdict(mark) for name, mark in marks.items()} for group, marks in shared.items()}
    write_atomically(path, json.dumps(kept, indent=1, ensure_ascii=False))


def mark_of(grade, comment) -> Mark:
    """What a person entered for an exercise."""
    return Mark(score=grade.manual_score, extra=grade.extra_credit or 0.0, comment=comment.manual_comment or "")


def _enter(grade, comment, mark: Mark) -> None:
    grade.manual_score = mark.score
    grade.extra_credit = mark.extra
    comment.manual_comment = mark.comment
    if mark.score is not None:
        grade.needs_manual_grade = False
