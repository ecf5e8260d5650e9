"""How a figure is explained: the labels of its axes, and the texts that tell its series apart.

Only a clear contradiction is a fault: a text that names one thing beside a look, or in a panel, that shows another.
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
    """What is wrong with a figure: names for the kinds of fault, and words as in a `Mismatch`."""

    kinds: tuple[str, ...]
    summary: str
    detail: str = ""


@dataclass(frozen=True, eq=False)
class Seen:
    """A group of marks, and the names of what it shows."""

    group: Group
    shows: frozenset[str]


@dataclass(frozen=True)
class Contradiction:
    """A text calls `shown` by the name of something else."""

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
    """What is wrong with the labels and the legend.

    Args:
        seen: what is drawn, by group.
        things: how people call what may be drawn.
        wanted: the names of what should be drawn.
        of: what is said before such a name: "the curve of".
        exchanged: whether the values lie along x.
    """
    yield from _label_faults(drawing, seen, things, exchanged=exchanged)
    if not drawing.legend and not _told_without_legend(drawing, seen, wanted):
        labelled = any(one.label and not one.label.startswith("_") for one in drawing.series)
        yield Fault(("legend",), "the figure has no legend" + ": the labels are there, `legend()` is not" * labelled)
    where = "legend"
    wrong = [*_wrong_entries(drawing, seen, things)]
    if not wrong:
        where, wrong = "figure", [*_wrong_panels(drawing, seen, things, exchanged=exchanged)]
    if wrong:
        order = [thing.name for thing in things]
        calls = [f"the {where} calls {of} {listed(sorted(one.shown, key=order.index))}" for one in wrong]
        names = [_short(min(one.names, key=order.index)) for one in wrong]
        yield Fault(
            ("legend order",),
            "; ".join(f"{says} “{name}”" for says, name in zip(calls, names, strict=True)),
            "; ".join(f"{says} “{one.says}”" for says, one in zip(calls, wrong, strict=True)),
        )


def exchanged_labels(drawing: figures.Drawing, seen: Sequence[Seen], axes: Any, *, exchanged: bool) -> Iterator[Fault]:
    """Whether both labels clearly belong to the other axis."""
    if not axes:
        return
    for number in sorted({number for one in seen for number in one.group.panels}):
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
    numbers = {number for one in seen for number in one.group.panels} or range(len(drawing.panels))
    panels = [number for number in sorted(numbers) if not drawing.panels[number].inset]
    level, height = ("y", "x") if exchanged else ("x", "y")
    # Panels may have one axis in common, which is then labelled once.
    if not any(_text(drawing.panels[number], level) for number in panels):
        yield Fault((f"{level} label",), f"the {level} axis has no label")
    unit = {thing.name: thing.words if thing.number >= 0 else "" for thing in things}
    shown = {number: _shown_in(number, seen) for number in panels}
    units = {number: {unit.get(name, name) for name in names} for number, names in shown.items()}
    told = [number for number in panels if _text(drawing.panels[number], height)]
    untold = set().union(*units.values()).difference(*(units[number] for number in told))
    for number in panels:
        if number not in told and (units[number] & untold or not told):
            which = f" with {listed(sorted(shown[number]))}" if shown[number] else ""
            where = "" if len(panels) == 1 else f" of the panel{which}"
            yield Fault((f"{height} label",), f"the {height} axis{where} has no label")
            return


def _text(panel: figures.Panel, axis: str) -> str:
    return (panel.xlabel if axis == "x" else panel.ylabel).strip()


def _shown_in(number: int, seen: Sequence[Seen]) -> frozenset[str]:
    return frozenset().union(*(one.shows for one in seen if one.group.panels == {number}))


# --- what tells the series apart ---


def _told_without_legend(drawing: figures.Drawing, seen: Sequence[Seen], wanted: Collection[str]) -> bool:
    """Whether texts beside the series, the title of each panel or the texts at the ticks do the work of a legend."""
    panels = {number: _shown_in(number, seen) & set(wanted) for number in range(len(drawing.panels))}
    panels = {number: shown for number, shown in panels.items() if shown}
    texts = {entry.says for number in panels for entry in drawing.panels[number].texts}
    if sum(bool(re.search(r"[^\W\d]", text)) for text in texts) >= len(wanted):
        return True
    if any(one.group.row is not None and one.shows for one in seen):
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
    """What the series show that an entry may stand for; nothing where it may stand for a decoration."""
    numbered = [*enumerate(series)]
    likely = [number for number, one in numbered if entry.look.may_be(one.look)]
    # The key of a series whose colours stand for numbers has a colour that may be nowhere in it.
    by_label = [number for number, one in numbered if one.label == entry.says and (number in likely or len(one.value))]
    exact = [number for number in likely if entry.look == series[number].look]
    by_colour = [number for number, one in numbered if entry.look.colours & one.look.colours]
    chosen = frozenset(by_label or exact or likely or by_colour)
    of_one = [one for one in seen if len(one.group.series) == 1]
    whole = frozenset().union(*(one.group.series for one in of_one))
    # Several series together are what an entry means only where none of them would do alone.
    groups = [*of_one, *(one for one in seen if len(one.group.series) > 1 and not one.group.series & whole)]
    groups = [one for one in groups if one.group.series & chosen]
    if not by_label and chosen.difference(*(one.group.series for one in groups)):
        return frozenset()
    # Of marks in several colours, those that have the colour of the entry.
    groups = [one for one in groups if entry.look.colours & one.group.look.colours] or groups
    marks = [set(one.group.marks.tolist()) for one in groups]
    return frozenset().union(
        *(one.shows for one, mine in zip(groups, marks, strict=True) if not any(part < mine for part in marks))
    )


def _wrong_panels(
    drawing: figures.Drawing, seen: Sequence[Seen], things: Sequence[Called], *, exchanged: bool
) -> Iterator[Contradiction]:
    """Titles of panels, and texts at ticks, that belong to one another's series."""
    shown = [_shown_in(number, seen) for number in range(len(drawing.panels))]
    told = [(panel.title or panel.ylabel, each) for panel, each in zip(drawing.panels, shown, strict=True)]
    yield from _exchanged([(says, each) for says, each in told if len(each) == 1], things)
    yield from _exchanged([*_rows(drawing, seen, exchanged=exchanged)], things)


def _rows(drawing: figures.Drawing, seen: Sequence[Seen], *, exchanged: bool) -> Iterator[tuple[str, frozenset[str]]]:
    """The text at the tick of each row of a map of colours, and what the row shows."""
    for one in seen:
        if one.group.row is not None:
            low, high = sorted(one.group.row)
            for number in one.group.panels:
                ticks = drawing.panels[number].xticks if exchanged else drawing.panels[number].yticks
                inside = [text for at, text in zip(ticks.at, ticks.says, strict=True) if low <= at <= high]
                if len(inside) == 1:
                    yield inside[0], one.shows


def _exchanged(told: Sequence[tuple[str, frozenset[str]]], things: Sequence[Called]) -> Iterator[Contradiction]:
    """Texts that name what another text of theirs belongs to."""
    all_shown = frozenset().union(*(shown for _, shown in told))
    for (says, shown), names in zip(told, legends.named([says for says, _ in told], things), strict=True):
        if names & all_shown and not names & shown:
            yield Contradiction(says, names & all_shown, shown)


def listed(names: Collection[str]) -> str:
    *some, last = map(_short, names)
    return f"{', '.join(some)} and {last}" if some else last


def _short(name: str) -> str:
    return name.split(" (its")[0]
