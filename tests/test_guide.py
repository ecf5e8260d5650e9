"""The instructor's guide: its commands run in order, and print what the guide shows."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

GUIDE = Path(__file__).parents[1] / "instructor_guide.md"
TERM = "A term, step by step"
ELLIPSIS = "..."
# Without --long, the steps before this command run. Other tests grade classes, and play terms to their end.
GRADES = "autograder grade"
# The parts of outputs that differ between machines.
VARYING = {re.compile(r"\d+\.\d s\b"): "0.0 s", re.compile(r"(?<=Isolation of student code: )\w+"): "…"}


@dataclass(frozen=True)
class Step:
    """A command of the guide with its line, and the output that the guide shows, if it shows one."""

    line: int
    typed: str
    printed: str | None


def steps(guide: str) -> Iterator[Step]:
    """The commands in the part that plays a term."""
    tokens = [*_part(MarkdownIt().parse(guide), TERM)]
    for token, following in pairwise(tokens):
        if token.info == "bash" and token.map:
            printed = following.content if following.info == "text" else None
            yield Step(line=token.map[0] + 1, typed=token.content, printed=printed)


def _part(tokens: list[Token], title: str) -> Iterator[Token]:
    """The tokens below a heading of the second level."""
    below = False
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            below = tokens[number + 1].content == title
        elif below:
            yield token


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The part of a clone that the guide needs: the sample class."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / "tests").symlink_to(GUIDE.parent / "tests")
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which `uv run` uses the installed libraries; otherwise it would need a network."""
    folder = tmp_path_factory.mktemp("bin")
    path = os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]])
    quiet = {"COLUMNS": "80", "TERM": "dumb", "PYTHONWARNINGS": "ignore", "TZ": "UTC"}
    uv = folder / "uv"
    uv.write_text('#!/bin/sh\nshift\nexec "$@"\n', encoding="utf-8")
    uv.chmod(0o755)
    return {**os.environ, **quiet, "PATH": path}


def typed(step: Step, *, clone: Path, environment: dict[str, str]) -> str:
    """Run a step; return its output."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", step.typed],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"line {step.line}: {step.typed}\n{done.stdout}"
    return done.stdout


def lines(text: str) -> Counter[str]:
    """The lines of an output, in any order, without the parts that differ between machines."""
    text = text.replace("\ufeff", "")  # a CSV file begins with this mark, which no terminal shows
    for varying, same in VARYING.items():
        text = varying.sub(same, text)
    spaces = (" ".join(line.split()) for line in text.splitlines())
    return Counter(line for line in spaces if line)


def test_the_commands_of_the_guide_print_what_it_shows(
    clone: Path, environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    played = list(steps(GUIDE.read_text(encoding="utf-8")))
    assert len(played) >= 15
    if not request.config.getoption("--long"):
        played = played[: next(number for number, step in enumerate(played) if GRADES in step.typed)]
        assert len(played) >= 4
    for step in played:
        printed = typed(step, clone=clone, environment=environment)
        if step.printed is None:
            continue
        told, came = lines(step.printed), lines(printed)
        some = told.pop(ELLIPSIS, 0) > 0
        missing = told - came
        assert not missing, f"line {step.line}: not printed: {[*missing]}\n{printed}"
        more = came - told
        assert some or not more, f"line {step.line}: not in the guide: {[*more]}\n{printed}"


def test_links_lead_to_a_heading() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", guide, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", guide))
    assert links
    assert links <= anchors


def test_files_that_are_named_exist() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:autograder|reference|benchmarks|tests)/[\w/.]+)`", guide))
    assert named
    assert not [name for name in named if not (GUIDE.parent / name).exists()]


def test_the_share_of_named_mistakes_is_the_measured_one() -> None:
    measured = json.loads((GUIDE.parent / "benchmarks" / "results" / "naming_outside.json").read_text(encoding="utf-8"))
    guide = GUIDE.read_text(encoding="utf-8")
    for key, row in {
        "named": "a known mistake is named",
        "named_or_told": "a known mistake is named, or a sentence says what is wrong",
    }.items():
        hits, of, low, high = (measured[key][name] for name in ("hits", "of", "from", "to"))
        share = f"{hits} ({100 * hits / of:.0f} %)"
        assert f"| {row} | {share} | {100 * low:.0f} to {100 * high:.0f} % |" in guide
        assert f"| | of {of} |" in guide
    right = measured["right_but_named_or_told"]
    assert f"({right['hits']} of {right['of']}, 95 % interval 0 to {right['to'] * 100:.0f} %)" in guide
    assert (measured["not_noticed"] == 0) == ("No wrong answer passes." in guide)
