"""Texts with formulas as pages that need no network."""

import re
from xml.etree import ElementTree

import jupytext
import pytest

from autograder import paths
from autograder.publish import texts


@pytest.mark.parametrize("name", paths.ASSIGNMENTS)
def test_every_formula_of_an_assignment_becomes_mathml(name):
    cells = jupytext.read(paths.ASSIGNMENT_TEXTS / f"{name}.md").cells
    markdown = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")

    page = texts.prose(markdown, trusted=True)

    formulas = re.findall(r"<math.*?</math>", page, re.DOTALL)
    assert len(formulas) > 10
    assert len(formulas) == len(re.findall(r"(?<!\\)\$\$?", markdown)) / 2
    for formula in formulas:
        ElementTree.fromstring(re.sub(r"&(?!lt;|gt;|amp;)\w+;", "", formula))  # HTML has more entities than XML
    around = re.sub(r"<(math|code)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert "$" not in around
    assert "\\" not in around


@pytest.mark.parametrize(
    ("markdown", "blocks", "inline"),
    [
        ("a $x$ b", 0, 1),
        ("in two lines $z =\nL^{-1}x$, it goes on", 0, 1),
        ("before\n\n$$\nx\n$$\n\nafter", 1, 0),
        ("before\n$$x$$\nafter", 1, 0),
        ("in a line $$x$$ too", 1, 0),
        ("- $a$\n- $b$", 0, 2),
        ("- of an item\n  $$\n  x\n  $$", 1, 0),
        ("> $q$", 0, 1),
        ("| a |\n| --- |\n| $P(z \\mid x)$ |", 0, 1),
        ("`$x$` is code", 0, 0),
        ("it costs $5 or $6", 0, 0),
        ("\\$x\\$ is escaped", 0, 0),
        ("```\n$x$\n```", 0, 0),
    ],
)
def test_formulas_are_found_as_a_notebook_finds_them(markdown, blocks, inline):
    page = texts.prose(markdown)

    assert page.count('<math display="block">') == blocks
    assert page.count("<math>") == inline


@pytest.mark.parametrize("latex", [r"\unknown{x}", "x^", "a & b", r"\text{<b>", r"\href{javascript:alert(1)}{x}"])
def test_text_that_is_not_latex_stays_unchanged(latex):
    page = texts.prose(f"see ${latex}$")

    assert "<math" not in page
    assert "<code>" in page
    assert "<b>" not in page
    assert "href" not in page.replace(r"\href", "")


def test_html_in_a_students_text_is_escaped():
    page = texts.prose("<script>x</script> $<script>$ $\\text{<i>}$")

    assert "<script>" not in page
    assert "<i>" not in page
    assert "<b>kept</b>" in texts.prose("<b>kept</b>", trusted=True)


def test_only_formulas_in_plain_text_are_converted():
    shown = texts.with_formulas("Why <b> $\\mu_1$ & not $5?\nLook.")

    assert shown == f"Why &lt;b&gt; {texts.formula(chr(92) + 'mu_1', block=False)} &amp; not $5?\nLook."
    assert shown.count("<math>") == 1
