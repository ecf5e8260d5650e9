"""Marks that a person enters for a group: one mark for all members, unless a member has their own."""

from types import SimpleNamespace
from typing import Any

from autograder.course import shared_marks
from autograder.course.shared_marks import share
from autograder.grading.results import Mark

GROUP = ("ada", "bilal", "chiara")


def cell():
    return (
        SimpleNamespace(manual_score=None, extra_credit=None, needs_manual_grade=True),
        SimpleNamespace(manual_comment=None),
    )


def members(*students) -> dict[str, Any]:
    return {student: {"essay": cell()} for student in students}


def mark(cells, student, score, comment=""):
    grade, note = cells[student]["essay"]
    grade.manual_score, note.manual_comment = score, comment


def scores(cells):
    return [cells[student]["essay"][0].manual_score for student in cells]


def test_a_member_s_mark_and_comment_count_for_all():
    cells = members(*GROUP)
    mark(cells, "bilal", 4.5, "Clear.")

    share(cells, [GROUP], {})

    assert scores(cells) == [4.5] * 3
    assert {member["essay"][1].manual_comment for member in cells.values()} == {"Clear."}
    assert not any(cells[member]["essay"][0].needs_manual_grade for member in ("ada", "chiara"))


def test_a_changed_mark_of_the_first_member_changes_all():
    cells = members(*GROUP)
    mark(cells, "ada", 4)
    shared = share(cells, [GROUP], {})
    mark(cells, "ada", 5)

    share(cells, [GROUP], shared)

    assert scores(cells) == [5, 5, 5]


def test_a_later_mark_of_another_member_stays_that_member_s_own():
    cells = members(*GROUP)
    mark(cells, "ada", 4)
    shared = share(cells, [GROUP], {})
    mark(cells, "bilal", 1)
    shared = share(cells, [GROUP], shared)
    mark(cells, "ada", 5)

    share(cells, [GROUP], shared)

    assert scores(cells) == [5, 1, 5]


def test_two_different_first_marks_are_not_shared():
    cells = members(*GROUP)
    mark(cells, "bilal", 1)
    mark(cells, "chiara", 2)

    assert share(cells, [GROUP], {}) == {}
    assert scores(cells) == [None, 1, 2]


def test_a_member_who_is_graded_later_gets_the_mark():
    cells = members(*GROUP)
    mark(cells, "ada", 4)
    shared = share({student: cells[student] for student in ("ada", "bilal")}, [GROUP], {})

    share(cells, [GROUP], shared)

    assert scores(cells) == [4, 4, 4]


def test_without_marks_nothing_is_shared():
    cells = members(*GROUP)

    assert share(cells, [GROUP], {}) == {}
    assert scores(cells) == [None] * 3


def test_stored_marks_are_read_back(tmp_path):
    shared = {"ada+bilal": {"essay": Mark(score=4.5, comment="“é”")}}

    shared_marks.write(tmp_path / "shared.json", shared)

    assert shared_marks.read(tmp_path / "shared.json") == shared
    assert shared_marks.read(tmp_path / "none.json") == {}
