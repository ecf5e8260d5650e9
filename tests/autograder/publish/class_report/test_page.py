"""The page of the class report: what it shows, and what it must not show."""

import random
import re
import statistics
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.folder import Course
from autograder.errors import ExportError
from autograder.grading import results
from autograder.grading.results import ExerciseResult
from autograder.publish.class_report import page
from tests.autograder.publish.class_report.toy_class import CLASS, double, essay, unread, verdict
from tests.autograder.toy import TOY

TODAY = date(2026, 2, 3)
KEY = b"of this test"


class Structure(HTMLParser):
    """The structure of a page; parsing fails if tags do not close in order, ids repeat or pictures have no text."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self, text: str):
        super().__init__()
        self.open, self.tags, self.ids, self.references, self.words = [], [], [], [], []
        self.feed(text)
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
    return page.render([page.of_class(TOY, verdicts, absent=absent)], made=TODAY, anonymous=anonymous)


def test_the_page_shows_all_parts():
    made = show(CLASS, absent=["zoe"])
    structure = Structure(made)

    assert made.startswith("<!doctype html>")
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
    made = show([verdict(f"s{number}", double(number), essay(number % 3)) for number in range(6)])

    drawn = "".join(re.findall(r"<svg.*?</svg>", made, flags=re.DOTALL))
    assert not re.search(r"(fill|stroke): #", drawn)
    assert "font-family" not in drawn
    assert "prefers-color-scheme: dark" in made


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
    structure = Structure(show([replace(item, student=name) for item in (CLASS[2], unread(name))], absent=[name]))

    assert "script" not in structure.tags
    assert structure.text.count(name) == 5


def test_the_page_has_no_numbers_of_hidden_cases_and_no_words_of_students():
    said = "doubles: 1 of 2 values are wrong, first [0]: 271828, expected 314159"
    wrong = verdict("ada", double(2, wrong=["one, two"], message=said), essay(), notes=("Cell 3 raised Boo: 161803.",))

    made = show([wrong, *CLASS])

    for number in ("271828", "314159", "161803"):
        assert number not in made


NAMES = st.lists(st.text("αβγδεζηθικλμνξοπρστυφχψω", min_size=3, max_size=8), min_size=1, max_size=8, unique=True)


@given(NAMES, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_students_makes_no_difference(names, chance):
    verdicts = [replace(chance.choice(CLASS), student=name) for name in names]
    shuffled = chance.sample(verdicts, len(verdicts))

    assert page.of_class(TOY, verdicts) == page.of_class(TOY, shuffled)


@given(names=NAMES, chance=st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_an_anonymous_page_has_no_names(tmp_path_factory, names, chance):
    told = " ".join(names)
    kinds = [
        *CLASS,
        unread("x", f"{told}.ipynb was not handed in; the folder holds: {told}", "absent"),
        verdict("x", double(2, wrong=["four of them"], message=told, comment=told, hints=(told,)), essay()),
        verdict(
            "x",
            double(0, wrong=["four of them"], message=f"double ended the process ({told})", kind="crashed"),
            notes=(told,),
        ),
    ]
    course = Course(tmp_path_factory.mktemp("course"))
    verdicts = [replace(chance.choice(kinds), student=name, notebook=f"{name}/toy.ipynb") for name in names]
    results.write(course.results("toy"), "toy", verdicts)
    results.write(course.results("em"), "em", [verdict(f"{names[0]}ά")])
    path = course.root / "class.html"

    page.write(path, course, [TOY], made=TODAY, anonymous=True)

    written = path.read_text(encoding="utf-8")
    assert not [name for name in names if name in written]
    Structure(written)


def test_pseudonyms_hide_the_order_and_stay():
    students = [f"s{number:03}" for number in range(120)]

    named = page.pseudonyms(students, KEY)

    assert sorted(named.values()) == [f"student {number:03}" for number in range(1, 121)]
    assert page.pseudonyms(random.Random(1).sample(students, 120), KEY) == named
    assert page.pseudonyms(students, b"another key") != named
    places = [int(named[student].split()[1]) for student in students]
    assert abs(statistics.correlation(range(120), places)) < 0.2
    assert page.pseudonyms(["ada"], KEY) == {"ada": "student 01"}


def test_pseudonyms_stay_and_only_the_owner_reads_their_key(tmp_path):
    results.write(tmp_path / "results" / "toy.json", "toy", CLASS)

    for name in ("a.html", "b.html"):
        page.write(tmp_path / name, Course(tmp_path), [TOY], made=TODAY, anonymous=True)

    assert (tmp_path / "a.html").read_text() == (tmp_path / "b.html").read_text()
    key = tmp_path / ".kit" / "pseudonyms.key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 32


def test_a_student_of_another_assignment_is_listed_as_absent(tmp_path):
    course = Course(tmp_path)
    results.write(course.results("toy"), "toy", CLASS)
    results.write(course.results("em"), "em", [verdict("zoe")])

    page.write(tmp_path / "a.html", course, [TOY], made=TODAY, anonymous=False)

    assert "Handed in nothing: zoe" in Structure((tmp_path / "a.html").read_text()).text


def test_an_ungraded_assignment_has_no_report(tmp_path):
    with pytest.raises(ExportError, match="run `autograder grade toy"):
        page.write(tmp_path / "a.html", Course(tmp_path), [TOY], made=TODAY, anonymous=False)


def test_several_assignments_share_a_page():
    other = replace(TOY, name="other", title="Other")
    reports = [page.of_class(assignment, CLASS) for assignment in (TOY, other)]

    structure = Structure(page.render(reports, made=TODAY, anonymous=False))

    assert structure.tags.count("article") == 2
    assert structure.tags.count("nav") == 1
