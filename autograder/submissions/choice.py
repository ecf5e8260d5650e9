"""Which of several notebooks counts that one student has handed in: the one with the work, else the newest."""

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
    """The notebook that counts, and a sentence that names it where there were others."""

    path: Path
    note: str = ""


@dataclass(frozen=True)
class Candidate:
    """A notebook that may count.

    Attributes:
        cells: the text of each, in order.
        answered: the exercises whose cell is not as it was released.
        run: when a cell was run last, where the notebook says so; seconds since 1970.
        saved: when the file was written, by the file system.
    """

    path: Path
    cells: tuple[str, ...]
    answered: frozenset[str]
    run: float | None
    saved: float | None


@dataclass(frozen=True)
class Evidence:
    """What tells which notebook is newer: something that is higher there, by more than `slack`."""

    says: str
    of: Callable[[Candidate], float | None]
    slack: float = 0

    def highest(self, candidates: list[Candidate]) -> list[Candidate]:
        """Those that may be the newest; all of them where one says nothing."""
        values = [value for one in candidates if (value := self.of(one)) is not None]
        if len(values) < len(candidates):
            return candidates
        least = max(values) - self.slack
        return [one for one, value in zip(candidates, values, strict=True) if value >= least]


# From what tells most to what tells least.
EVIDENCE = (
    Evidence("its cells were run last", lambda one: one.run),
    Evidence("it answers the most exercises", lambda one: len(one.answered)),
    # Copying a folder gives its files times that are close to each other, and say nothing.
    Evidence("it was saved last", lambda one: one.saved, slack=60),
    Evidence("its name has the highest number", lambda one: names.copy_number(one.path.name)),
)


def choose(paths: Sequence[Path], released: Released) -> Choice:
    """The notebook that counts among what one student has handed in.

    Where none can be read it is the first, whose reading says why.
    """
    found = [one for path in paths for one in _opened(path)]
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
        listed = ", ".join(_shown(one.path) for one in candidates)
        told = [f"{len(candidates)} notebooks were handed in ({listed}). {counts}: {why}."]
    if len(found) > MAX_COMPARED:
        told.append(f"Only the first {MAX_COMPARED} of {len(found)} files were looked at: hand in one notebook.")
    return Choice(chosen.path, " ".join([*told, *broken]))


def may_hold_notebooks(path: Path) -> bool:
    """Whether to look into a file: it is called as a notebook, or begins as one, or is an archive."""
    start = files.beginning(path, 1000)
    return names.is_notebooks(path.name) or start.startswith(archives.BEGINNING) or bool(JSON.match(start))


def _opened(path: Path) -> list[Path]:
    """The file itself; of an archive, the notebooks in it; of one without, the archive."""
    if not files.beginning(path, len(archives.BEGINNING)).startswith(archives.BEGINNING):
        return [path]
    try:
        data = files.content(path)
    except UnreadableNotebook:
        return [path]
    if archives.document(data):
        return [path]
    inside = [name for name in archives.names(data) if not any(map(names.is_left_by_a_program, name.split("/")))]
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
    """The exercises whose cell was changed; where cells have lost their names, those whose function is defined."""
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
    """When a cell was run, as Colab and JupyterLab note it."""
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
    """When a file was written; in an archive nobody knows: its times have no zone, and often are the packing's."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return None


def _newest(candidates: list[Candidate]) -> tuple[Candidate, str]:
    """The one that counts, and why."""
    left = [one for one in candidates if one.answered] or candidates
    why = "the others are as they were released" if len(left) < len(candidates) else "they hold the same"
    if len({one.cells for one in left}) > 1:
        why = "nothing tells which of them is newer"
        for evidence in EVIDENCE:
            newest = evidence.highest(left)
            if len(newest) == 1:
                return newest[0], evidence.says
            left = newest
    return min(left, key=lambda one: names.copy_number(one.path.name) > 0), why


def _shown(path: Path) -> str:
    archive = files.archive_of(path)
    return legible(path.relative_to(archive.parent) if archive else path.name)
