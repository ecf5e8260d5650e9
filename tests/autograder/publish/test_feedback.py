from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.grading.results import CaseResult, ExerciseResult, Verdict
from autograder.publish import feedback
from tests.autograder.toy import TOY

HTML_VOID = {"meta", "link", "br", "img"}


def check(name, message="", *, visible=True):
    return CaseResult(name=name, passed=not message, visible=visible, message=message)


def verdict(*checks, notes=(), student="ada", hints=()):
    double = ExerciseResult(name="double", score=2, max_score=5, checks=checks, hints=hints)
    essay = ExerciseResult(name="essay", score=None, max_score=4, kind="manual")
    return Verdict(student=student, notebook="x", status="graded", seconds=1, exercises=(double, essay), notes=notes)


class Structure(HTMLParser):
    """The text of a page, and whether its tags close in order."""

    def __init__(self):
        super().__init__()
        self.open, self.text, self.tags = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in HTML_VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


def read(page: str) -> tuple[str, list[str]]:
    structure = Structure()
    structure.feed(page)
    assert structure.open == []
    return " ".join(" ".join(structure.text).split()), structure.tags


def test_a_page_shows_scores_checks_hints_and_waiting_answers():
    page = feedback.page(
        TOY,
        verdict(
            check("one, two"),
            check("three, four", "doubles: wrong values", visible=False),
            hints=("Add x to itself.",),
            notes=("Cell 3 raised NameError.",),
        ),
    )

    text, tags = read(page)

    assert "2 of 9 points" in text
    assert "4 points wait for a written answer to be marked" in text
    assert "Cell 3 raised NameError." in text
    assert "right: one, two" in text
    assert "wrong: three, four (hidden) doubles: wrong values" in text
    assert "Hint. Add x to itself." in text
    assert "script" not in tags


def test_a_page_shows_the_difference():
    shown = replace(verdict(check("one, two", "wrong")).exercises[0], difference="Every value is <3> times too large.")

    assert "What differs. Every value is <3> times too large." in read(feedback.fragment(shown))[0]
    page = feedback.page(TOY, replace(verdict(), exercises=(shown,)))
    assert "What differs. Every value is <3> times too large." in read(page)[0]


def test_a_page_shows_the_numbers_and_the_picture():
    shown = replace(verdict(check("one, two", "wrong")).exercises[0], comparison="<table><tr><td>2.5</td></tr></table>")

    text, tags = read(feedback.page(TOY, replace(verdict(), exercises=(shown,))))

    assert "2.5" in text
    assert "table" in tags


def test_equal_messages_are_shown_once():
    checks = [check(name, "double is not defined") for name in ("one, two", "three, four", "five, six")]

    text, _ = read(feedback.page(TOY, verdict(*checks)))

    assert text.count("double is not defined") == 1
    assert "one, two, three, four, five, six" in text


@pytest.mark.parametrize("field", ["student", "message", "note", "hint"])
def test_what_a_student_wrote_stays_text(field):
    attack = '<script>alert("x")</script>'
    page = feedback.page(
        TOY,
        verdict(
            check("one", attack if field == "message" else "wrong"),
            student=attack if field == "student" else "ada",
            notes=(attack,) if field == "note" else (),
            hints=(attack,) if field == "hint" else (),
        ),
    )

    text, tags = read(page)

    assert "script" not in tags
    assert attack in text


def test_passed_checks_are_listed_separately():
    assert [len(group) for group in feedback.alike((check("a"), check("b"), check("c", "x"), check("d", "x")))] == [
        1,
        1,
        2,
    ]
