"""The README as it is shown where the repository is hosted."""

import re
from html.parser import HTMLParser

import pytest

from autograder import paths

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")
LARGEST = 150_000  # bytes of a picture
PICTURES = re.findall(r"<picture>.*?</picture>", README, re.DOTALL)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str | None]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] = dict(attrs)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_small_and_has_a_text_and_a_dark_form(picture):
    tags = Tags(picture).found

    assert len(tags["img"]["alt"] or "") > 40
    assert tags["source"]["media"] == "(prefers-color-scheme: dark)"
    for name in (tags["img"]["src"], tags["source"]["srcset"]):
        assert name
        assert 0 < (paths.ROOT / name).stat().st_size < LARGEST
    assert str(tags["source"]["srcset"]).replace("dark", "light") == tags["img"]["src"]


def test_every_picture_is_shown():
    shown = set(re.findall(r"\.github/pictures/[\w-]+\.png", README))

    assert shown == {
        path.relative_to(paths.ROOT).as_posix() for path in (paths.ROOT / ".github/pictures").glob("*.png")
    }


def test_a_picture_comes_before_any_table():
    assert PICTURES
    assert README.index("<picture>") < README.index("| --- |")


def test_links_lead_to_files():
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if not link.startswith("http")]

    assert links
    assert not [link for link in links if not (paths.ROOT / link).exists()]


def test_ci_runs_the_test_command_of_the_readme():
    (command,) = re.findall(r"^uv run .*pytest$", README, re.MULTILINE)

    assert command in (paths.ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_assignment_has_a_row():
    assert re.findall(r"^\| \[(\w+)\]\(assignments/\1\.md\)", README, re.MULTILINE)
    assert {*re.findall(r"\(assignments/(\w+)\.md\)", README)} == {*paths.ASSIGNMENTS}
