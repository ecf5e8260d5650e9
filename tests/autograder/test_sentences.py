"""No decision depends on the words of a message."""

import ast
from pathlib import Path

import pytest

from autograder import paths

SENTENCES = {"summary", "detail", "message", "notes", "says"}
READERS = {"startswith", "endswith", "find", "index", "match", "search", "fullmatch", "split", "removeprefix"}
# Places where such a name means something else.
ELSEWHERE = {
    "student/selfcheck/figures": "the texts of a student's figure",
    "student/selfcheck/rules/drawings.py": "the texts of a student's figure",
    "publish/class_report/scores.py": "a function of that name",
}


def read_sentences(source: str) -> list[int]:
    """The lines on which a message is compared, or searched for words."""

    def sentence(node: ast.AST) -> bool:
        return any(isinstance(part, ast.Attribute) and part.attr in SENTENCES for part in ast.walk(node))

    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Compare) and any(map(sentence, (node.left, *node.comparators))))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in READERS
            and any(map(sentence, (node.func.value, *node.args)))
        )
    ]


@pytest.mark.parametrize(
    "source",
    [
        "'; got ' in mismatch.summary",
        "one.summary == other.summary",
        "re.match('no', check.message)",
        "failure.detail.startswith('raised')",
    ],
)
def test_reading_a_message_is_found(source):
    assert read_sentences(source) == [1]


def test_no_message_is_read_back():
    package = Path(paths.__file__).parent
    found = {
        str(place): lines
        for path in sorted(package.rglob("*.py"))
        if not (place := path.relative_to(package)).as_posix().startswith(tuple(ELSEWHERE))
        and (lines := read_sentences(path.read_text(encoding="utf-8")))
    }

    assert not found
