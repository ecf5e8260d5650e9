"""The class report: its statistics, what it says, and what it keeps to itself."""

import random
import re
import statistics
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr

from autograder import report, results
from autograder.course import Course
from autograder.exercises import Exercise, Misconception
from autograder.exports.marks import ExportError
from autograder.grading import attempt, judge
from autograder.results import CheckResult, ExerciseResult, Verdict
from autograder.sandbox import Limits, Sandbox
from autograder.submissions import Submission

from .toy import DOUBLE, RELEASED, SKELETON, TOY, notebook

TODAY = date(2026, 2, 3)
CASES = [(case.name, case.visible) for case in DOUBLE.cases]
QUICK = replace(TOY, exercises=(replace(DOUBLE, seconds=1), TOY.exercises[1]))
KEY = b"of this test"


def double(score=5.0, *, mistake=None, wrong=(), message="doubles: wrong values", **more) -> ExerciseResult:
    """A result of the toy's exercise with these checks failed."""
    checks = tuple(
        CheckResult(name=name, passed=name not in wrong, visible=visible, message=message if name in wrong else "")
        for name, visible in CASES
    )
    return ExerciseResult(name="double", score=score, max_score=5, misconception=mistake, checks=checks, **more)


def essay(score=None) -> ExerciseResult:
    return ExerciseResult(name="essay", score=score, max_score=4, kind="manual")


def verdict(student: str, *exercises: ExerciseResult, seconds=1.0, **more) -> Verdict:
    return Verdict(
        student=student,
        notebook=f"submitted/{student}/toy/toy.ipynb",
        status="graded",
        seconds=seconds,
        exercises=exercises or (double(), essay()),
        **more,
    )


def unread(student: str, why="the file is empty, not a valid notebook") -> Verdict:
    note = f"The notebook could not be read: {why}."
    check = CheckResult(name="notebook", passed=False, visible=True, message=f"double could not be checked: {why}")
    nothing = ExerciseResult(name="double", score=0, max_score=5, checks=(check,))
    return replace(verdict(student, nothing, essay()), status="unreadable", seconds=0.0, notes=(note,))


def unwritten(student: str) -> Verdict:
    everything = [name for name, _ in CASES]
    return verdict(student, double(0, wrong=everything, message="double is not written yet"), essay())


CLASS = [
    verdict("ada", double(5), essay(4), seconds=0.5),
    verdict("bilal", double(2, wrong=["four of them"]), essay(3), seconds=2),
    verdict("chiara", double(0, mistake="squared", wrong=["one, two", "three, four"]), essay(1), seconds=4),
    verdict("dmitri", double(2, mistake="squared", wrong=["three of them"]), essay(), seconds=12),
    unwritten("esi"),
    unread("jonas"),
]


# --- statistics ---


def test_the_numbers_at_the_top_by_hand():
    found = report.summary(TOY, CLASS, absent=["zoe", "kofi"])

    assert (found.handed_in, found.unreadable, found.waiting) == (6, 1, 2)
    assert found.absent == ("kofi", "zoe")
    assert found.scores == (0, 1, 2, 5, 9)
    assert found.quartiles == (1, 2, 5)
    assert (found.reachable, found.points) == (9, 9)
    assert [(one.low, one.high, one.count) for one in found.bins if one.count] == [
        (0, 1, 1),
        (1, 2, 1),
        (2, 3, 1),
        (5, 6, 1),
        (8, 9, 1),
    ]


def test_points_that_nobody_has_a_mark_for_are_not_reachable():
    assert report.summary(TOY, [verdict("ada")]).reachable == 5


def test_late_penalties_count():
    assert report.summary(TOY, [verdict("ada", late_penalty=2.0)]).scores == (3,)


def test_difficulty_by_hand():
    found, written = report.difficulties(TOY, CLASS[:5])

    assert (found.name, found.marked, written.name, written.marked) == ("double", 5, "essay", 3)
    assert found.mean == pytest.approx((5 + 2 + 0 + 2 + 0) / 5 / 5)
    assert found.full == pytest.approx(1 / 5)
    assert written.mean == pytest.approx((4 + 3 + 1) / 3 / 4)
    assert written.full == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([(5, 4), (2, 3), (0, 1), (2, 2)], "fewer than 5 marks"),
        ([(5, 4), (5, 3), (5, 1), (5, 2), (5, 0)], "all have the same mark"),
        ([(5, 3), (2, 3), (0, 3), (3, 3), (5, 3)], "all have the same total elsewhere"),
        ([(5, None), (2, 3), (0, 3), (3, 2), (5, 1)], "no other exercise has all its marks"),
    ],
)
def test_discrimination_says_why_there_is_none(pairs, why):
    verdicts = [verdict(f"s{number}", double(a), essay(b)) for number, (a, b) in enumerate(pairs)]

    found, _ = report.difficulties(TOY, verdicts)

    assert found.discrimination == f"undefined: {why}"


def test_an_exercise_is_not_compared_with_itself():
    names = ("a", "b", "c")
    rows = [(1, 2, 4), (0, 1, 3), (2, 2, 1), (3, 0, 5), (1, 1, 1), (0, 3, 2)]
    assignment = replace(TOY, exercises=tuple(replace(TOY.exercises[1], name=name, points=5) for name in names))
    verdicts = [
        verdict(
            f"s{number}",
            *(ExerciseResult(name=name, score=score, max_score=5) for name, score in zip(names, row, strict=True)),
        )
        for number, row in enumerate(rows)
    ]

    found = report.difficulties(assignment, verdicts)

    for place, one in enumerate(found):
        own = [row[place] for row in rows]
        rest = [sum(row) - row[place] for row in rows]
        assert isinstance(one.discrimination, report.Correlation)
        assert one.discrimination.value == pytest.approx(statistics.correlation(own, rest))


MARKS = st.integers(0, 20)


@given(st.lists(st.tuples(MARKS, MARKS), min_size=5, max_size=40))
@settings(deadline=None)
def test_correlations_and_intervals_are_those_of_scipy(pairs):
    x, y = np.array(pairs, float).T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    truth: Any = pearsonr(x, y)

    found = report.correlation(x, y)

    assert found.value == pytest.approx(truth.statistic, abs=1e-9)
    if abs(found.value) < 1 - 1e-9:
        interval = truth.confidence_interval()
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-6)
    assert -1 <= found.low <= found.high <= 1


@given(st.lists(st.floats(0, 100), min_size=2, max_size=50))
@settings(deadline=None)
def test_quartiles_are_those_of_the_standard_library(values):
    assert report.quartiles(values) == pytest.approx(tuple(statistics.quantiles(values, method="inclusive")))


@given(st.lists(st.floats(0, 60), min_size=1, max_size=50), st.floats(0, 60))
@settings(deadline=None)
def test_bins_lose_nobody_and_are_few(values, reachable):
    for bins in (report.score_bins(values, reachable), report.time_bins(values)):
        assert sum(one.count for one in bins) == len(values)
        assert len(bins) <= report.MOST_BINS
        assert all(one.high == other.low for one, other in pairwise(bins))
    assert report.score_bins(values, reachable)[0].low == 0


def test_time_by_hand():
    found = report.time([0.5, 2, 4, 12, 30])

    assert found is not None
    assert (found.median, found.longest, found.total) == (4, 30, 48.5)
    assert [(one.low, one.high, one.count) for one in found.bins] == [
        (0, 1, 1),
        (1, 2, 0),
        (2, 5, 2),
        (5, 10, 0),
        (10, 20, 1),
        (20, 50, 1),
    ]


# --- what was misunderstood ---


def test_a_mistake_is_told_with_whose_it_is_and_what_to_say():
    (found,) = report.misunderstandings(TOY, CLASS[:5])

    assert (found.name, found.says) == ("squared", "The numbers were squared.")
    assert found.exercises == (("double", 2),)
    assert found.students == ("chiara", "dmitri")
    assert found.sentence == (
        "Two of you made the same mistake in `double`. The numbers were squared. Twice, not x times."
    )


def test_one_mistake_in_two_exercises_is_one():
    again = replace(DOUBLE, name="again", misconceptions=(replace(DOUBLE.misconceptions[0], hint="Again."),))
    assignment = replace(TOY, exercises=(DOUBLE, again))
    wrong = double(0, mistake="squared")
    verdicts = [
        verdict("ada", wrong, replace(wrong, name="again")),
        verdict("bilal", double(), replace(wrong, name="again")),
        verdict("chiara", double(), replace(double(), name="again")),
        verdict("dmitri", double(), replace(double(), name="again")),
    ]

    (found,) = report.misunderstandings(assignment, verdicts)

    assert found.exercises == (("again", 2), ("double", 1))
    assert found.students == ("ada", "bilal")
    assert (
        found.sentence == "Two of you made the same mistake in `again` and `double`. The numbers were squared. Again."
    )


@pytest.mark.parametrize(
    ("count", "of", "opening"),
    [
        (1, 9, "Here is a mistake that is easily made in `a`, `b` and `c`. "),
        (3, 9, "Three of you "),
        (13, 90, "13 of you "),
        (6, 9, "Most of you "),
    ],
)
def test_the_lecture_points_at_nobody(count, of, opening):
    mistake = Misconception(name="m", says="It fell.", hint="Catch it.", variant=lambda: None)

    said = report.sentence(mistake, ["a", "b", "c"], count=count, of=of)

    assert said.startswith(opening)
    assert said.endswith("It fell. Catch it.")


def test_what_was_lost_without_a_known_mistake():
    verdicts = [
        *CLASS,
        verdict("kofi", double(2, wrong=["three of them", "four of them"], message="doubles: another shape"), essay()),
    ]

    (found,) = report.lost(TOY, [one for one in verdicts if one.status == "graded"])

    assert (found.exercise, found.aspect) == ("double", "long")
    assert found.students == ("bilal", "kofi")
    assert found.checks == (("four of them", 2), ("three of them", 1))
    assert found.said == "doubles: another shape"


# --- trouble ---


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with Sandbox(bundle=tmp_path_factory.mktemp("bundle"), limits=Limits(cell_seconds=1, wall_factor=60)) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("while True: pass", "ran out of time"),
        ("raise MemoryError", "ran out of memory"),
        ("import os; os._exit(1)", "ended its process"),
        ("raise ValueError('ended the process')", None),
    ],
)
def test_trouble_is_recognised_by_what_the_grader_says(sandbox, tmp_path, body, what):
    path = notebook(tmp_path / "ada.ipynb", f"def double(x):\n    {body}")

    found = report.troubles([judge(attempt(Submission("ada", path), QUICK, RELEASED, sandbox), QUICK)])

    assert [(one.what, one.where, one.students) for one in found] == ([(what, "double", ("ada",))] if what else [])


def test_a_cell_in_trouble_is_told_too(sandbox, tmp_path):
    path = notebook(tmp_path / "ada.ipynb", "def double(x):\n    return 2 * x", "while True: pass")

    found = report.troubles([judge(attempt(Submission("ada", path), QUICK, RELEASED, sandbox), QUICK)])

    assert [(one.what, one.where) for one in found] == [("ran out of time", "a cell of the notebook")]


def test_an_exercise_that_was_left_is_recognised_by_what_the_grader_says(sandbox, tmp_path):
    for source, left in {SKELETON: True, "y = 1": True, "def double(x): return x": False}.items():
        path = notebook(tmp_path / "ada.ipynb", source)
        graded = judge(attempt(Submission("ada", path), QUICK, RELEASED, sandbox), QUICK)
        assert report.unwritten(graded.exercises[0]) == left


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (b"{", "The file is broken: it may have been cut off, or edited by hand."),
        (b"%PDF-1.7", "The file is of another kind: an archive, a PDF, a web page."),
        (b"\xff\xfe", "The file is not text."),
        (b"{}", "The file is no notebook."),
        (b" " * 20_000_001, "The file is too large."),
        (b'{"cells": [' + b"0," * 5_000 + b"0]}", "The notebook has too many cells."),
        (None, "There is no notebook file."),
    ],
)
def test_reasons_are_recognised_by_what_the_grader_says(sandbox, tmp_path, content, why):
    path = tmp_path / "ada.ipynb"
    if content is not None:
        path.write_bytes(content)

    (found,) = report.unreadable([judge(attempt(Submission("ada", path), QUICK, RELEASED, sandbox), QUICK)])

    assert (found.reason, found.students) == (why, ("ada",))


def test_who_may_need_help_and_why():
    found = report.concerns(CLASS)

    assert [one.student for one in found] == ["esi", "jonas", "chiara", "dmitri"]
    assert [one.reasons for one in found] == [
        ("Less than 50\N{NO-BREAK SPACE}% of the points.", "One exercise is not written."),
        ("The notebook could not be read.",),
        ("Less than 50\N{NO-BREAK SPACE}% of the points.",),
        ("Less than 50\N{NO-BREAK SPACE}% of the points.",),
    ]
    assert (found[3].score, found[3].reachable) == (2, 5)


# --- the page ---


class Structure(HTMLParser):
    """What a page is made of; it fails where tags do not close in order, ids come twice or pictures have no text."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self, page: str):
        super().__init__()
        self.open, self.tags, self.ids, self.references, self.words = [], [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))
        assert set(self.references) <= set(self.ids)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "img":
            assert attributes["alt"]
        if tag == "svg":
            assert attributes["role"] == "img"
            assert attributes["aria-label"]
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.references += [attributes["aria-labelledby"]] if "aria-labelledby" in attributes else []
        for name, value in attrs:
            self.references += re.findall(r"^#(.+)" if name.endswith("href") else r"url\(#(.+?)\)", value or "")
            assert not name.startswith("on")
            assert not (name in ("src", "href") and "//" in (value or ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


def show(verdicts, *, absent=(), anonymous=False) -> str:
    return report.page([report.of_class(TOY, verdicts, absent=absent)], made=TODAY, anonymous=anonymous)


def test_the_page_says_it_all():
    page = show(CLASS, absent=["zoe"])
    structure = Structure(page)

    assert page.startswith("<!doctype html>")
    assert structure.tags.count("svg") == 3
    assert "Undefined for every exercise" in structure.text
    assert "script" not in structure.tags
    for said in (
        "Made on 3 February 2026",
        "Handed in 6 1 of the class did not",
        "Median 2 of 9 points",
        "Middle half 1 to 5",
        "Unreadable 1 left out",
        "Waiting for a mark 2",
        "The hardest exercise was double : 36 % of its points",
        "double 5 5 36 % 20 %",
        "essay 4 3 67 % 33 % undefined: fewer than 5 marks",
        "squared in double chiara, dmitri To say in the lecture Two of you made",
        "Unreadable The file is empty. 1 jonas",
        "esi 0 of 5 Less than 50 % of the points. One exercise is not written.",
        "Handed in nothing: zoe",
    ):
        assert said in structure.text, said


def test_discrimination_is_drawn_where_it_is_defined():
    structure = Structure(show([verdict(f"s{number}", double(number), essay(number % 3)) for number in range(6)]))

    assert structure.tags.count("svg") == 4
    assert "double 5 6 50 % 17 % 0.48 (−0.54 to 0.93)" in structure.text


def test_figures_take_the_colours_of_the_page():
    page = show([verdict(f"s{number}", double(number), essay(number % 3)) for number in range(6)])

    drawn = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL))
    assert not re.search(r"(fill|stroke): #", drawn)
    assert "font-family" not in drawn
    assert "prefers-color-scheme: dark" in page


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([], "Nobody has handed in a notebook yet."),
        ([unread("ada"), unread("bilal")], "No notebook could be read, so there are no statistics."),
        ([verdict("ada")], "No points were lost."),
        ([verdict(f"s{number}", double(), essay(4)) for number in range(7)], "undefined: all have the same mark"),
        ([verdict("ada", ExerciseResult(name="double", score=None, max_score=5), essay())], "Nothing has a mark yet."),
        ([verdict("ada", double(5), essay(6.5))], "11.5"),
    ],
    ids=["nobody", "all unreadable", "one", "all equal", "all waiting", "extra credit"],
)
def test_a_page_for_every_class(verdicts, said):
    for anonymous in (False, True):
        assert said in Structure(show(verdicts, anonymous=anonymous)).text


@pytest.mark.parametrize(
    "name", ['<script>alert("x")</script>', "[bold]Max[/bold]", "{{ 7 * 7 }}", "a'b&amp;\"", "\ud800"]
)
def test_names_stay_text(name):
    structure = Structure(show([replace(one, student=name) for one in (CLASS[2], unread(name))], absent=[name]))

    assert "script" not in structure.tags
    assert structure.text.count(name) == 5


def test_no_numbers_of_hidden_cases_nor_words_of_students():
    said = "doubles: 1 of 2 values are wrong, first [0]: 271828, expected 314159"
    wrong = verdict("ada", double(2, wrong=["one, two"], message=said), essay(), notes=("Cell 3 raised Boo: 161803.",))

    page = show([wrong, *CLASS])

    for number in ("271828", "314159", "161803"):
        assert number not in page


NAMES = st.lists(st.text("αβγδεζηθικλμνξοπρστυφχψω", min_size=3, max_size=8), min_size=1, max_size=8, unique=True)


@given(NAMES, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_students_makes_no_difference(names, chance):
    verdicts = [replace(chance.choice(CLASS), student=name) for name in names]
    shuffled = chance.sample(verdicts, len(verdicts))

    assert report.of_class(TOY, verdicts) == report.of_class(TOY, shuffled)


@given(names=NAMES, chance=st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_an_anonymous_page_has_no_names(tmp_path_factory, names, chance):
    told = " ".join(names)
    kinds = [
        *CLASS,
        unread("x", f"{told}.ipynb was not handed in; the folder holds: {told}"),
        verdict("x", double(2, wrong=["four of them"], message=told, comment=told, hints=(told,)), essay()),
        verdict("x", double(0, wrong=["four of them"], message=f"double ended the process ({told})"), notes=(told,)),
    ]
    course = Course(tmp_path_factory.mktemp("course"))
    verdicts = [replace(chance.choice(kinds), student=name, notebook=f"{name}/toy.ipynb") for name in names]
    results.write(course.results("toy"), "toy", verdicts)
    results.write(course.results("em"), "em", [verdict(f"{names[0]}ά")])
    page = course.root / "class.html"

    report.write(page, course, [TOY], made=TODAY, anonymous=True)

    written = page.read_text(encoding="utf-8")
    assert not [name for name in names if name in written]
    Structure(written)


def test_pseudonyms_tell_nothing_of_the_order_and_stay():
    students = [f"s{number:03}" for number in range(120)]

    named = report.pseudonyms(students, KEY)

    assert sorted(named.values()) == [f"student {number:03}" for number in range(1, 121)]
    assert report.pseudonyms(random.Random(1).sample(students, 120), KEY) == named
    assert report.pseudonyms(students, b"another key") != named
    places = [int(named[student].split()[1]) for student in students]
    assert abs(statistics.correlation(range(120), places)) < 0.2
    assert report.pseudonyms(["ada"], KEY) == {"ada": "student 01"}


def test_pseudonyms_stay_and_their_key_is_for_its_owner(tmp_path):
    results.write(tmp_path / "results" / "toy.json", "toy", CLASS)

    for name in ("a.html", "b.html"):
        report.write(tmp_path / name, Course(tmp_path), [TOY], made=TODAY, anonymous=True)

    assert (tmp_path / "a.html").read_text() == (tmp_path / "b.html").read_text()
    key = tmp_path / ".kit" / "pseudonyms.key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 32


def test_who_handed_in_something_else_is_named_as_absent(tmp_path):
    course = Course(tmp_path)
    results.write(course.results("toy"), "toy", CLASS)
    results.write(course.results("em"), "em", [verdict("zoe")])

    report.write(tmp_path / "a.html", course, [TOY], made=TODAY, anonymous=False)

    assert "Handed in nothing: zoe" in Structure((tmp_path / "a.html").read_text()).text


def test_what_has_not_been_graded_has_no_report(tmp_path):
    with pytest.raises(ExportError, match="run `autograder grade toy"):
        report.write(tmp_path / "a.html", Course(tmp_path), [TOY], made=TODAY, anonymous=False)


def test_several_assignments_share_a_page():
    other = replace(TOY, name="other", title="Other")
    reports = [report.of_class(assignment, CLASS) for assignment in (TOY, other)]

    structure = Structure(report.page(reports, made=TODAY, anonymous=False))

    assert structure.tags.count("article") == 2
    assert structure.tags.count("nav") == 1


def test_all_exercises_have_something_to_say():
    """A mistake's sentence and hint follow an opening, and are followed by nothing: they must be whole sentences."""
    from autograder import exercises, paths

    for name in paths.ASSIGNMENTS:
        for exercise in exercises.load(name).exercises:
            for mistake in exercise.misconceptions if isinstance(exercise, Exercise) else ():
                said = report.sentence(mistake, [exercise.name], count=2, of=9)
                assert mistake.says.endswith((".", "?")), said
                assert said.endswith((".", "?", "!", "`")), said
