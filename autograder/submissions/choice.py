"""If a student handed in several notebooks: which one counts. The one with the work, else the newest."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.errors import UnreadableNotebook
from autograder.notebooks.released import Released
from autograder.submissions import archives, files, names, notebooks
from autograder.submissions.names import legible

MAX_COMPARED = 10
MAX_SNIFFED = 200
EARLIEST = datetime(2015, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{|\xff\xfe\{|\xfe\xff\x00\{")
DEFINED = re.compile(r"^(?:def\s+(\w+)\s*\(|(\w+)\s*=(?!=))", re.MULTILINE)


@dataclass(frozen=True)
class Choice:
    """The notebook that counts. If there were others, a sentence names the one that was taken."""

    path: Path
    note: str = ""


@dataclass(frozen=True)
class Candidate:
    """A notebook that may count.

    Attributes:
        cells: the text of each cell, in order.
        answered: the exercises whose cell differs from the released one.
        run: when a cell last ran, if the notebook says so, in seconds since 1970.
        saved: when the file was written, according to the file system.
    """

    path: Path
    cells: tuple[str, ...]
    answered: frozenset[str]
    run: float | None
    saved: float | None


@dataclass(frozen=True)
class Evidence:
    """A measure of how new a notebook is: a value counts as higher if it is higher by more than `slack`."""

    says: str
    of: Callable[[Candidate], float | None]
    slack: float = 0

    def highest(self, candidates: list[Candidate]) -> list[Candidate]:
        """The candidates with the highest value; all candidates if one has no value."""
        values = [value for candidate in candidates if (value := self.of(candidate)) is not None]
        if len(values) < len(candidates):
            return candidates
        least = max(values) - self.slack
        return [candidate for candidate, value in zip(candidates, values, strict=True) if value >= least]


# From the strongest evidence to the weakest.
EVIDENCE = (
    Evidence("its cells were run last", lambda notebook: notebook.run),
    Evidence("it answers the most exercises", lambda notebook: len(notebook.answered)),
    # Files copied together have nearly the same time, which says nothing about their order.
    Evidence("it was saved last", lambda notebook: notebook.saved, slack=60),
    Evidence("its name has the highest number", lambda notebook: names.copy_number(notebook.path.name)),
)


def choose(paths: Sequence[Path], released: Released) -> Choice:
    """The notebook that counts among those that a student handed in.

    If none can be read, the first one: reading it then says why.
    """
    found = [opened for path in paths for opened in _opened(path)]
    if len(found) == 1:
        return Choice(found[0])
    candidates, broken = [], []
    for path in found[:MAX_COMPARED]:
        try:
            candidates.append(_candidate(path, released))
        except UnreadableNotebook as reason:
            if names.is_notebooks(path.name):
                broken.append(f"{_shown(path)} could not be read: {reason}.")
    if not candidates:
        return Choice(found[0])
    chosen, why = _newest(candidates)
    counts = f"{_shown(chosen.path)} counts"
    told = [f"{counts}."] if broken else []
    if len(candidates) > 1:
        listed = ", ".join(_shown(candidate.path) for candidate in candidates)
        told = [f"{len(candidates)} notebooks were handed in ({listed}). {counts}: {why}."]
    if len(found) > MAX_COMPARED:
        told.append(f"Only the first {MAX_COMPARED} of {len(found)} files were looked at: hand in one notebook.")
    return Choice(chosen.path, " ".join([*told, *broken]))


def may_hold_notebooks(path: Path) -> bool:
    """Whether a file may hold notebooks: by its name, by its first bytes, or because it is an archive."""
    return is_likely(path.name, files.beginning(path, 1000))


def is_likely(name: str, start: bytes) -> bool:
    """The same for a file of this name that begins with these bytes."""
    return names.is_notebooks(name) or start.startswith(archives.BEGINNING) or bool(JSON.match(start))


def _opened(path: Path) -> list[Path]:
    """The file itself. For an archive, the notebooks in it; for an archive without notebooks, the archive."""
    if not files.beginning(path, len(archives.BEGINNING)).startswith(archives.BEGINNING):
        return [path]
    try:
        data = files.content(path)
    except UnreadableNotebook:
        return [path]
    if archives.document(data):
        return [path]
    inside = [name for name in archives.names(data) if not names.is_left_by_a_program(name)]
    found = [name for name in inside if names.is_notebooks(name.rpartition("/")[2])]
    if not found:
        starts = archives.beginnings(data, inside[:MAX_SNIFFED], 1000)
        found = [name for name, start in starts.items() if JSON.match(start)]
    return [path / name for name in sorted(found, key=lambda name: (name.count("/"), name))] or [path]


def _candidate(path: Path, released: Released) -> Candidate:
    cells = [cell for cell in notebooks.cells(path) if isinstance(cell, dict)]
    return Candidate(
        path=path,
        cells=tuple(map(notebooks.source, cells)),
        answered=frozenset(_answered(cells, released)),
        run=max((time for cell in cells for time in _times(cell)), default=None),
        saved=_saved(path),
    )


def _answered(cells: Iterable[dict], released: Released) -> Iterator[str]:
    """The exercises whose cell was changed. If cells have lost their names: those whose function is defined."""
    blank = {**released.skeletons, **released.blanks}
    texts = {text.strip() for text in blank.values()}
    for cell in cells:
        name, text = notebooks.grade_id(cell, released), notebooks.source(cell).strip()
        if name in blank:
            if text and text != blank[name].strip():
                yield name
        elif name is None and text not in texts:
            defined = {name for pair in DEFINED.findall(text) for name in pair}
            yield from defined & released.skeletons.keys()


def _times(cell: dict) -> Iterator[float]:
    """When cells ran, as Colab and JupyterLab record it."""
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict):
        return
    colab, lab = metadata.get("executionInfo"), metadata.get("execution")
    stamps: list[Any] = [colab.get("timestamp")] if isinstance(colab, dict) else []
    stamps += lab.values() if isinstance(lab, dict) else []
    for stamp in stamps:
        try:
            seconds = datetime.fromisoformat(stamp).timestamp() if isinstance(stamp, str) else float(stamp) / 1000
        except (TypeError, ValueError, OverflowError, OSError):
            continue
        if EARLIEST < seconds < LATEST:
            yield seconds


def _saved(path: Path) -> float | None:
    """When a file was written; None in an archive, whose times have no time zone and often are those of the packing."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return None


def _newest(candidates: list[Candidate]) -> tuple[Candidate, str]:
    """The newest notebook, and the reason."""
    left = [candidate for candidate in candidates if candidate.answered] or candidates
    why = "the others are as they were released" if len(left) < len(candidates) else "they hold the same"
    if len({candidate.cells for candidate in left}) > 1:
        why = "nothing tells which of them is newer"
        for evidence in EVIDENCE:
            newest = evidence.highest(left)
            if len(newest) == 1:
                return newest[0], evidence.says
            left = newest
    return min(left, key=lambda notebook: names.copy_number(notebook.path.name) > 0), why


def _shown(path: Path) -> str:
    archive = files.archive_of(path)
    return legible(path.relative_to(archive.parent) if archive else path.name)
