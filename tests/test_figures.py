"""The guide's tables show the figures of the reports in `benchmarks/results`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder import paths
from autograder.commands.audit.report import TOGETHER

RESULTS = paths.ROOT / "benchmarks" / "results"
GUIDE = (paths.ROOT / "instructor_guide.md").read_text(encoding="utf-8").splitlines()
STYLES = ("compiled JAX", "JAX", "NumPy", "Python loops")
MANY = 1000  # comparisons; checks of how keys are used are tried less often


def audit_rows() -> Iterator[str]:
    """One row for each assignment: its right answers with draws, and its known mistakes."""
    lines = json.loads((RESULTS / "audit" / "audit.json").read_text(encoding="utf-8"))["lines"]
    for name in paths.ASSIGNMENTS:
        own = [line for line in lines if line["assignment"] == name]
        draws = [line for line in own if line["random"] and line["variant"] == TOGETHER and line["trials"] >= MANY]
        comparisons, failed = (sum(line[figure] for line in draws) for figure in ("trials", "hits"))
        exact = [line for line in own if line["kind"] == "right" and not line["random"] and line["variant"] != TOGETHER]
        wrong = [line for line in own if line["kind"] == "wrong"]
        least = min(line["rate"] for line in wrong)
        yield _row(
            name,
            f"{sum(line['hits'] for line in exact)} of {sum(line['trials'] for line in exact)}",
            f"{failed} of {comparisons}" if draws else "–",
            f"{100 * failed / comparisons:.2f} %" if draws else "–",
            str(sum(not line["random"] for line in wrong)),
            str(sum(line["random"] for line in wrong)),
            f"{100 * least:.1f} %" if least < 1 else "all",
        )


def graders_rows() -> Iterator[str]:
    """One row for each notebook that other graders have graded too."""
    for row in _medians("graders"):
        figures = [row[grader]["processor_seconds"] if grader in row else None for grader in ("nbgrader", "otter")]
        ratios = [row.get(f"{grader} to kit", {}).get("processor_seconds") for grader in ("nbgrader", "otter")]
        shown = [*figures, row["kit"]["processor_seconds"], *ratios]
        yield _row(row["assignment"], row["notebook"], *("–" if value is None else f"{value:.1f}" for value in shown))


def floor_rows() -> Iterator[str]:
    """One row for each assignment: the kit's cost and the floor, in each style."""
    costs = {(row["assignment"], row["style"]): row for row in _medians("floor")}
    for name in paths.ASSIGNMENTS:
        cells = [costs.get((name, style)) for style in STYLES]
        if any(cells):
            yield _row(name, *(f"{cell['kit']:.1f} ({cell['floor']:.1f})" if cell else "–" for cell in cells))


def scaling_rows() -> Iterator[str]:
    """One row for each class: its first grading, the memory that it took, and a regrade without changes."""
    for row in json.loads((RESULTS / "scaling.json").read_text(encoding="utf-8"))["rows"]:
        size, first = row["of"], row["first"]
        yield _row(
            size["assignment"],
            str(size["students"]),
            str(size["jobs"]),
            f"{first['seconds']:.0f}",
            f"{first['seconds'] / size['students']:.1f}",
            f"{first['grader_mb']:.0f} MB",
            f"{first['sandbox_mb']:.0f} MB",
            f"{row['again']['seconds']:.0f}",
        )


@pytest.mark.parametrize("rows", [audit_rows, graders_rows, floor_rows, scaling_rows])
def test_guide_shows_the_figures_of_the_reports(rows: Callable[[], Iterator[str]]) -> None:
    expected = [*rows()]
    assert expected
    assert [row for row in expected if row not in GUIDE] == []


def _medians(benchmark: str) -> list[dict[str, Any]]:
    """The medians of a benchmark with one report for each assignment, in the order of the assignments."""
    reports = (Path(RESULTS, benchmark, f"{name}.json") for name in paths.ASSIGNMENTS)
    return [row for path in reports if path.exists() for row in json.loads(path.read_text(encoding="utf-8"))["medians"]]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
