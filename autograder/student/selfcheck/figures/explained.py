"""Judge how a figure is explained: the labels of its axes, and the texts that distinguish its series.

A text is a fault only if it clearly contradicts the figure: it names one curve, but its look or panel shows another.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .. import figures
from . import legends
from .legends import Called
from .marks import Group

BLACK = 0


@dataclass(frozen=True)
class Fault:
    """A fault of a figure: names for the kinds of fault, and a summary and a detail as in `Mismatch`."""

    kinds: tuple[str, ...]
    summary: str
    detail: str = ""


@dataclass(frozen=True, eq=False)
class Seen:
    """A group of marks, and the names of the curves or series that it shows."""

    group: Group
    shows: frozenset[str]


@dataclass(frozen=True)
class Contradiction:
    """A text names `names`, but stands for `shown`."""

    says: str
    names: frozenset[str]
    shown: frozenset[str]


def faults(
    drawing: figures.Drawing,
    seen: Sequence[Seen],
    things: Sequence[Called],
    wanted: Sequence[str],
    *,
    of: str,
    exchanged: bool,
) -> Iterator[Fault]:
    """The faults of the labels and the legend.

    Args:
        seen: the groups of marks, with the names of what they show.
        things: the words that people use for curves that may be drawn.
        wanted: the names of the curves that should be drawn.
        of: the words before such a name in a message: "the curve of".
        exchanged: whether the values lie along the x axis.
    """
    yield from _label_faults(drawing, seen, things, exchanged=exchanged)
    if not drawing.legend and not _explained_without_legend(drawing, seen, wanted):
        labelled = any(series.label and not series.label.startswith("_") for series in drawing.series)
        yield Fault(("legend",), "the figure has no legend" + ": the labels are there, `legend()` is not" * labelled)
    where = "legend"
    wrong = [*_wrong_entries(drawing, seen, things)]
    if not wrong:
        where, wrong = "figure", [*_wrong_panels(drawing, seen, things, exchanged=exchanged)]
    if wrong:
        order = [thing.name for thing in things]
        calls = [f"the {where} calls {of} {listed(sorted(fault.shown, key=order.index))}" for fault in wrong]
        names = [_short(min(fault.names, key=order.index)) for fault in wrong]
        yield Fault(
            ("legend order",),
            "; ".join(f"{says} “{name}”" for says, name in zip(calls, names, strict=True)),
            "; ".join(f"{says} “{fault.says}”" for says, fault in zip(calls, wrong, strict=True)),
        )


def exchanged_labels(drawing: figures.Drawing, seen: Sequence[Seen], axes: Any, *, exchanged: bool) -> Iterator[Fault]:
    """A fault if both labels clearly belong to the other axis."""
    if not axes:
        return
    for number in sorted({number for entry in seen for number in entry.group.panels}):
        panel = drawing.panels[number]
        along, up = (panel.ylabel, panel.xlabel) if exchanged else (panel.xlabel, panel.ylabel)
        if _is_only(along, axes["up"], axes["along"]) and _is_only(up, axes["along"], axes["up"]):
            yield Fault(("labels exchanged",), "the labels of the x axis and the y axis are exchanged")
            return


def _is_only(label: str, pattern: str, other: str) -> bool:
    text = legends.normal(label)
    return bool(re.search(pattern, text)) and not re.search(other, text)


# --- labels ---


def _label_faults(
    drawing: figures.Drawing, seen: Sequence[Seen], things: Sequence[Called], *, exchanged: bool
) -> Iterator[Fault]:
    numbers = {number for entry in seen for number in entry.group.panels} or range(len(drawing.panels))
    panels = [number for number in sorted(numbers) if not drawing.panels[number].inset]
    level, height = ("y", "x") if exchanged else ("x", "y")
    # Panels may share an axis, which is then labelled once.
    if not any(_text(drawing.panels[number], level) for number in panels):
        yield Fault((f"{level} label",), f"the {level} axis has no label")
    unit = {thing.name: thing.words if thing.number >= 0 else "" for thing in things}
    shown = {number: _shown_in(number, seen) for number in panels}
    units = {number: {unit.get(name, name) for name in names} for number, names in shown.items()}
    labelled = [number for number in panels if _text(drawing.panels[number], height)]
    missing = set().union(*units.values()).difference(*(units[number] for number in labelled))
    for number in panels:
        if number not in labelled and (units[number] & missing or not labelled):
            which = f" with {listed(sorted(shown[number]))}" if shown[number] else ""
            where = "" if len(panels) == 1 else f" of the panel{which}"
            yield Fault((f"{height} label",), f"the {height} axis{where} has no label")
            return


def _text(panel: figures.Panel, axis: str) -> str:
    return (panel.xlabel if axis == "x" else panel.ylabel).strip()


def _shown_in(number: int, seen: Sequence[Seen]) -> frozenset[str]:
    return frozenset().union(*(entry.shows for entry in seen if entry.group.panels == {number}))


# --- texts that distinguish the series ---


def _explained_without_legend(drawing: figures.Drawing, seen: Sequence[Seen], wanted: Collection[str]) -> bool:
    """Whether texts beside the series, titles of panels, or texts at ticks replace a legend."""
    panels = {number: _shown_in(number, seen) & set(wanted) for number in range(len(drawing.panels))}
    panels = {number: shown for number, shown in panels.items() if shown}
    texts = {entry.says for number in panels for entry in drawing.panels[number].texts}
    if sum(bool(re.search(r"[^\W\d]", text)) for text in texts) >= len(wanted):
        return True
    if any(entry.group.row is not None and entry.shows for entry in seen):
        return any(drawing.panels[number].xticks.says or drawing.panels[number].yticks.says for number in panels)
    titles = [drawing.panels[number].title or drawing.panels[number].ylabel for number in panels]
    return len(panels) > 1 and all(len(shown) == 1 for shown in panels.values()) and len(set(titles)) == len(titles)


def _wrong_entries(drawing: figures.Drawing, seen: Sequence[Seen], things: Sequence[Called]) -> Iterator[Contradiction]:
    texts = [text for panel in drawing.panels for text in panel.texts if BLACK not in text.look.colours]
    for entries in (drawing.legend, texts):
        for entry, names in zip(entries, legends.named([entry.says for entry in entries], things), strict=True):
            shown = _meant(entry, drawing.series, seen) if names else frozenset()
            if shown and not shown & names:
                yield Contradiction(entry.says, names, shown)


def _meant(entry: figures.Entry, series: Sequence[figures.Series], seen: Sequence[Seen]) -> frozenset[str]:
    """The curves for which an entry may stand; empty if it may stand for a decoration."""
    numbered = [*enumerate(series)]
    likely = [number for number, drawn in numbered if entry.look.may_be(drawn.look)]
    # If a series has a colour map, the colour of its key may not occur in the series.
    by_label = [
        number for number, drawn in numbered if drawn.label == entry.says and (number in likely or len(drawn.value))
    ]
    exact = [number for number in likely if entry.look == series[number].look]
    by_colour = [number for number, drawn in numbered if entry.look.colours & drawn.look.colours]
    chosen = frozenset(by_label or exact or likely or by_colour)
    single = [found for found in seen if len(found.group.series) == 1]
    whole = frozenset().union(*(found.group.series for found in single))
    # An entry stands for several series together only if it cannot stand for one of them alone.
    groups = [*single, *(found for found in seen if len(found.group.series) > 1 and not found.group.series & whole)]
    groups = [named for named in groups if named.group.series & chosen]
    if not by_label and chosen.difference(*(named.group.series for named in groups)):
        return frozenset()
    # If marks have several colours, take the marks with the colour of the entry.
    groups = [named for named in groups if entry.look.colours & named.group.look.colours] or groups
    marks = [set(named.group.marks.tolist()) for named in groups]
    return frozenset().union(
        *(named.shows for named, mine in zip(groups, marks, strict=True) if not any(part < mine for part in marks))
    )


def _wrong_panels(
    drawing: figures.Drawing, seen: Sequence[Seen], things: Sequence[Called], *, exchanged: bool
) -> Iterator[Contradiction]:
    """Contradictions of titles of panels, and of texts at ticks, that belong to another panel or row."""
    shown = [_shown_in(number, seen) for number in range(len(drawing.panels))]
    titles = [(panel.title or panel.ylabel, each) for panel, each in zip(drawing.panels, shown, strict=True)]
    yield from _exchanged([(says, each) for says, each in titles if len(each) == 1], things)
    yield from _exchanged([*_rows(drawing, seen, exchanged=exchanged)], things)


def _rows(drawing: figures.Drawing, seen: Sequence[Seen], *, exchanged: bool) -> Iterator[tuple[str, frozenset[str]]]:
    """For each row of a colour map, the text at its tick and the names of what the row shows."""
    for entry in seen:
        if entry.group.row is not None:
            low, high = sorted(entry.group.row)
            for number in entry.group.panels:
                ticks = drawing.panels[number].xticks if exchanged else drawing.panels[number].yticks
                inside = [text for at, text in zip(ticks.at, ticks.says, strict=True) if low <= at <= high]
                if len(inside) == 1:
                    yield inside[0], entry.shows


def _exchanged(texts: Sequence[tuple[str, frozenset[str]]], things: Sequence[Called]) -> Iterator[Contradiction]:
    """Contradictions of texts that name what belongs to another of the texts.

    Args:
        texts: each text with the names of what it belongs to.
    """
    all_shown = frozenset().union(*(shown for _, shown in texts))
    for (says, shown), names in zip(texts, legends.named([says for says, _ in texts], things), strict=True):
        if names & all_shown and not names & shown:
            yield Contradiction(says, names & all_shown, shown)


def listed(names: Collection[str]) -> str:
    *some, last = map(_short, names)
    return f"{', '.join(some)} and {last}" if some else last


def _short(name: str) -> str:
    return name.split(" (its")[0]
