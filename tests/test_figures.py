"""The guide's tables show the figures of the reports in `benchmarks/results`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder import paths

RESULTS = paths.ROOT / "benchmarks" / "results"
GUIDE = (paths.ROOT / "instructor_guide.md").read_text(encoding="utf-8").splitlines()
STYLES = ("compiled JAX", "JAX", "NumPy", "Python loops")


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


@pytest.mark.parametrize("rows", [graders_rows, floor_rows])
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
