from html.parser import HTMLParser

import pytest

from autograder.student.selfcheck.display.report import Case, Report, framed_progress, progress, progress_text
from autograder.student.selfcheck.display.table import Row, Table

NUMBERS = Table("resp", "x", (Row("425", "nan", "0.5", wrong=True), Row("500", "1", "1", wrong=False)), left=3)
WRONG = Report(
    exercise="e_step",
    cases=(Case("three", "resp holds NaN", NUMBERS), Case("<two>"), Case("one", "a < b & c")),
    difference="All values are NaN.",
    hints=("Stay in log space.", "x " * 60),
    plot="<svg></svg>",
    progress={"e_step": False, "m_step": True, "bic": None},
)
RIGHT = Report(exercise="bic", cases=(Case("one"),))
VOID = {"br", "img", "meta"}


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.labels: list[str] = []
        self.styles: list[str] = []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        known = dict(attrs)
        self.labels += filter(None, [known.get("aria-label")])
        self.styles += [known.get("style") or ""]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_report_as_plain_text():
    assert str(WRONG).splitlines() == [
        "e_step: 1 of 3 public cases are right",
        "  ✗ three",
        "      resp holds NaN",
        "            x   came back   expected",
        "      ✗   425         nan        0.5",
        "      ✓   500           1          1",
        "      and 3 more that are wrong",
        "  ✓ <two>",
        "  ✗ one",
        "      a < b & c",
        "  What differs: All values are NaN.",
        "  Hint: Stay in log space.",
        f"  Hint: {' '.join(40 * 'x')}",
        f"  {' '.join(20 * 'x')}",
        "1 of 3 exercises is right so far.",
        "  ✗ e_step   ✓ m_step   ○ bic",
    ]
    assert str(RIGHT) == "bic: 1 of 1 public cases are right\n  ✓ one"


def test_the_page_contains_all_of_the_text():
    page = Page(WRONG.html())

    for words in (
        "e_step: 1 of 3 public cases are right",
        "wrong: three",
        "resp holds NaN",
        "right: <two>",
        "a < b & c",
        "What differs. All values are NaN.",
        "Hint. Stay in log space.",
        "and 3 more that are wrong",
        "1 of 3 exercises is right so far.",
    ):
        assert words in page.text
    assert page.tags.count("svg") == 1


def test_the_page_needs_no_colours_scripts_or_external_resources():
    page = Page(WRONG.html())

    assert page.labels == ["wrong", "right", "wrong", "right", "not checked yet"]
    assert not {"script", "link", "style", "img", "iframe"} & set(page.tags)
    assert "http" not in WRONG.html()
    # The page decides on the colours of text and background.
    assert not any("background: #" in style or "color: black" in style for style in page.styles)


def test_a_notebook_gets_text_and_html():
    assert WRONG._repr_mimebundle_() == {"text/plain": str(WRONG), "text/html": WRONG.html()}


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({"a": None, "b": None}, "0 of 2 exercises are right so far."),
        ({"a": True, "b": False}, "1 of 2 exercises is right so far."),
        ({"a": True, "b": True}, "All 2 exercises are right on the public cases."),
    ],
)
def test_progress_is_a_sentence(known, says):
    assert progress(known) == says
    assert says in progress_text(known)
    assert says in Page(framed_progress(known)).text


def test_a_report_without_progress_shows_none():
    assert progress_text({}) == ""
    assert "so far" not in RIGHT.html()
