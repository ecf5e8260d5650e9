"""The page of a solution."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.publish import solution
from tests.autograder import toy

PNG = "iVBORw0KGgo="
RICH = {"text/html": "<p>rich</p>", "text/plain": "poor"}
OUTPUTS = [
    new_output("stream", name="stdout", text="1 < 2\n"),
    new_output("display_data", {"image/png": PNG}, metadata={"image/png": {"alt": 'A "bell" & more'}}),
    new_output("display_data", RICH),
    new_output("execute_result", {"text/plain": "array([<1>])"}, execution_count=1),
    new_output("display_data", {"application/json": {}}),
]


class Reader(HTMLParser):
    """Collect the tags with their attributes, and the ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def answer(cell: NotebookNode, name: str) -> NotebookNode:
    cell.metadata = {"nbgrader": {"grade_id": name, "solution": True}}
    return cell


@pytest.fixture
def page() -> str:
    cells = [
        new_markdown_cell("# Toy\n\n$$\n\\frac12\n$$"),
        answer(new_code_cell("def double(x):\n    return 2 * x"), "double"),
        new_code_cell("run()", outputs=OUTPUTS),
        new_markdown_cell(" "),
        new_code_cell("folded()", metadata={"jupyter": {"source_hidden": True}}),
        answer(new_markdown_cell("Rubric: a reason, such as $x^2$."), "essay"),
    ]
    return solution.page(replace(toy.TOY, title="Toys & more"), new_notebook(cells=cells))


def test_answers_are_marked_and_linked_at_the_top(page):
    tags = Reader(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    links = [attributes["href"] for tag, attributes in tags if tag == "a"]

    assert links == ["#double", "#essay"]
    assert ids == ["double", "essay"]
    assert page.count("<math") == 2


def test_outputs_are_shown_with_their_alternative_texts(page):
    (picture,) = (attributes for tag, attributes in Reader(page).tags if tag == "img")

    assert picture == {"src": f"data:image/png;base64,{PNG}", "alt": 'A "bell" & more'}
    assert "<pre>1 &lt; 2\n</pre>" in page
    assert "<p>rich</p>" in page
    assert "poor" not in page
    assert "array([&lt;1&gt;])" in page


def test_folded_code_is_left_out(page):
    assert "folded" not in page


def test_it_needs_no_network_and_no_javascript(page):
    for tag, attributes in Reader(page).tags:
        assert tag not in ("script", "link", "iframe")
        assert not (attributes.get("src") or "data:").startswith("http")
    assert "url(" not in page
    assert "@import" not in page
