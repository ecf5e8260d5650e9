"""Read a matplotlib figure: series become marks with a look (`figures.Series`), however they are drawn.

matplotlib is imported only when there is a figure.
"""

import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

MANY = 10_000  # the most series, or cells of an image, that are read
WHITE = 0xFFFFFF
NO_MARKER = ("None", "none", "", " ", None)
NO_DASH = ("None", "none", "", " ")


def read(figure: Any) -> dict[str, Any]:
    """The series of a figure, its labels, its texts and its legends, as plain data."""
    insets = [inset for axes in figure.axes for inset in axes.child_axes if hasattr(inset, "lines")]
    panels = [axes for axes in figure.axes if not hasattr(axes, "_colorbar")]
    legends = [*_of_figures(figure), *(axes.get_legend() for axes in (*panels, *insets))]
    title = " ".join([figure.get_suptitle(), *(_bar_label(axes) for axes in figure.axes)])
    return {
        "figure": [
            *(_panel(axes, figure, inset=False) for axes in panels if axes.get_visible()),
            *(_panel(axes, figure, inset=True) for axes in insets if axes.get_visible()),
        ],
        "legend": [entry for legend in legends if legend for entry in _entries(legend)],
        "title": title,
    }


def _of_figures(figure: Any) -> Iterator[Any]:
    yield from figure.legends
    for part in figure.subfigs:
        yield from _of_figures(part)


def _bar_label(axes: Any) -> str:
    return f"{axes.get_xlabel()} {axes.get_ylabel()}" if hasattr(axes, "_colorbar") else ""


def _entries(legend: Any) -> Iterator[dict[str, Any]]:
    texts = [text.get_text() for text in legend.get_texts()]
    for text, handle in zip(texts, legend.legend_handles, strict=False):
        if text.strip():
            yield {"says": text, "look": _look(handle)}


def _panel(axes: Any, figure: Any, *, inset: bool) -> dict[str, Any]:
    owner = axes.get_figure(root=False)
    return {
        "xlabel": _label(axes, "x") or owner.get_supxlabel() or figure.get_supxlabel(),
        "ylabel": _label(axes, "y") or owner.get_supylabel() or figure.get_supylabel(),
        "title": next(filter(None, (axes.get_title(loc=loc) for loc in ("center", "left", "right"))), ""),
        "inset": inset,
        "xticks": _ticks(axes.xaxis),
        "yticks": _ticks(axes.yaxis),
        "texts": [
            {"says": text.get_text(), "look": _made(text, [text.get_color()])}
            for text in axes.texts
            if text.get_visible() and text.get_text().strip()
        ],
        "series": [series for series, _ in zip(_drawn(axes), range(MANY), strict=False)],
    }


def _label(axes: Any, which: str) -> str:
    """The label of an axis, or of an axis that it is shared with: panels side by side are labelled once."""
    group = getattr(axes, f"get_shared_{which}_axes")().get_siblings(axes)
    labels = [getattr(panel, f"get_{which}label")() for panel in (axes, *group)]
    return next((label for label in labels if label.strip()), "")


def _ticks(axis: Any) -> dict[str, Any]:
    """The texts at the ticks, if the student's code has set them."""
    formatter = axis.get_major_formatter()
    chosen = (
        type(formatter).__name__ not in ("ScalarFormatter", "NullFormatter") and "Log" not in type(formatter).__name__
    )
    if chosen:
        with suppress(Exception):  # a formatter may raise any error: then there are no texts
            at = np.asarray(axis.get_majorticklocs(), float)
            if len(at) <= MANY:
                return {"at": at, "says": [str(text) for text in formatter.format_ticks(at)]}
    return {"at": np.zeros(0), "says": []}


# --- the series ---


def _drawn(axes: Any) -> Iterator[dict[str, Any]]:
    labels = {id(part): str(container.get_label()) for container in axes.containers for part in _parts(container)}
    barred = {id(bar) for container in axes.containers for bar in getattr(container, "patches", ())}
    kinds = ((axes.lines, _line), (axes.collections, _collection), (axes.patches, _patch), (axes.images, _image))
    readers = [(_bars, bars, str(bars.get_label())) for bars in axes.containers if hasattr(bars, "patches")]
    readers += [
        (reader, artist, labels.get(id(artist)) or str(artist.get_label()))
        for artists, reader in kinds
        for artist in artists
        if artist.get_visible() and id(artist) not in barred
    ]
    for reader, artist, label in readers:
        with suppress(Exception):  # an artist that cannot be read shows nothing
            yield from [*reader(artist, label)]


def _parts(container: Any) -> Iterator[Any]:
    for part in container:
        yield from _parts(part) if isinstance(part, tuple) else (part,)


def _series(
    kind: str, label: str, x: np.ndarray, y: np.ndarray, look: dict[str, Any], *, value: Any = (), colour: Any = None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "label": label,
        "x": x,
        "y": y,
        "value": np.asarray(value, float),
        "colour": np.asarray(look["colours"][0] if len(look["colours"]) else -1) if colour is None else colour,
        "look": look,
    }


def _line(line: Any, label: str) -> Iterator[dict[str, Any]]:
    if not hasattr(line, "get_data_3d"):
        x, y = (np.asarray(data, float) for data in (line.get_xdata(orig=False), line.get_ydata(orig=False)))
        yield _series("line", label, x, y, _look(line))


def _bars(container: Any, label: str) -> Iterator[dict[str, Any]]:
    if bars := [bar for bar in container.patches if bar.get_visible()]:
        boxes = [bar.get_bbox() for bar in bars]
        x = np.array([(box.x0, box.x1) for box in boxes], float)
        y = np.array([(box.y0, box.y1) for box in boxes], float)
        colours = np.array([_code(bar.get_facecolor()) for bar in bars])
        yield _series("bars", label, x, y, _look(bars[0], colours), colour=colours)


def _collection(artist: Any, label: str) -> Iterator[dict[str, Any]]:
    from matplotlib import collections

    artist.update_scalarmappable()
    match artist:
        case collections.PathCollection() if not hasattr(artist, "_offsets3d"):
            points = np.ma.filled(np.ma.asarray(artist.get_offsets(), float), np.nan).reshape(-1, 2)
            colours = artist.get_facecolor() if len(artist.get_facecolor()) else artist.get_edgecolor()
            codes = np.array([*map(_code, colours)] or [-1])
            codes = codes if len(codes) == len(points) else codes[0]
            shown = () if artist.get_array() is None else np.ma.filled(np.ma.asarray(artist.get_array(), float), np.nan)
            value = shown if np.shape(shown) == (len(points),) else ()
            yield _series("points", label, points[:, 0], points[:, 1], _look(artist), value=value, colour=codes)
        case collections.LineCollection():
            yield from _segments(artist, label)
        case collections.QuadMesh():
            yield from _mesh(artist, label)
        case collections.PolyCollection():
            yield from _areas(artist, label)
        case _:
            yield _series("other", label, np.zeros(0), np.zeros(0), _look(artist))


def _segments(artist: Any, label: str) -> Iterator[dict[str, Any]]:
    """Vertical or horizontal segments are bars without a width; others are pieces of a line."""
    segments = [np.asarray(segment, float).reshape(-1, 2) for segment in artist.get_segments()]
    if segments and all(len(segment) == 2 and np.any(segment[0] == segment[1]) for segment in segments):
        ends = np.stack(segments)
        yield _series("bars", label, ends[:, :, 0], ends[:, :, 1], _look(artist))
    elif segments:
        points = np.concatenate(segments)
        shown = () if artist.get_array() is None else np.full(len(points), np.nan)
        yield _series("line", label, points[:, 0], points[:, 1], _look(artist), value=shown)


def _areas(artist: Any, label: str) -> Iterator[dict[str, Any]]:
    """An area from `fill_between`: its polygon goes along one curve and back along the other."""
    slices = []
    for path in artist.get_paths():
        there, back = path.vertices[1:], path.vertices[::-1][1:]
        count = max(0, len(path.vertices) - 3) // 2
        slices.append(np.stack([there[:count], back[:count]], axis=1))
    ends = np.concatenate(slices) if slices else np.zeros((0, 2, 2))  # (N, lower or upper, x or y)
    along = [axis for axis in (0, 1) if np.array_equal(ends[:, 0, axis], ends[:, 1, axis])]
    kind = "area" if along and len(ends) else "other"
    marks = ends if kind == "area" else ends[:0]
    yield _series(kind, label, marks[:, :, 0], marks[:, :, 1], _look(artist))


def _patch(patch: Any, label: str) -> Iterator[dict[str, Any]]:
    """A shape that was added without a container: its corners, because it may follow a curve."""
    from matplotlib import patches

    look = _look(patch)
    match patch:
        case patches.StepPatch():
            values, edges, baseline = patch.get_data()
            values, edges = np.asarray(values, float), np.asarray(edges, float)
            ends = np.stack([np.broadcast_to(0.0 if baseline is None else baseline, values.shape), values], axis=1)
            sides = np.stack([edges[:-1], edges[1:]], axis=1)
            x, y = (sides, ends) if patch.orientation == "vertical" else (ends, sides)
            yield _series("bars", label, x, y, look)
        case patches.Polygon() | patches.PathPatch():
            corners = np.asarray(patch.get_path().vertices, float)
            yield _series("line", label, corners[:, 0], corners[:, 1], look)
        case _:
            yield _series("other", label, np.zeros(0), np.zeros(0), look)


def _image(image: Any, label: str) -> Iterator[dict[str, Any]]:
    shown = image.get_array()
    if shown is None or np.ndim(shown) != 2 or np.size(shown) > MANY:
        return
    rows, columns = np.shape(shown)
    left, right, bottom, top = image.get_extent()
    first, last = (top, bottom) if image.origin == "upper" else (bottom, top)
    across, up = np.meshgrid(np.linspace(left, right, columns + 1), np.linspace(first, last, rows + 1))
    yield _cells(label, across, up, np.ma.filled(np.ma.asarray(shown, float), np.nan))


def _mesh(mesh: Any, label: str) -> Iterator[dict[str, Any]]:
    corners, shown = np.asarray(mesh.get_coordinates(), float), mesh.get_array()
    rows, columns = corners.shape[0] - 1, corners.shape[1] - 1
    if shown is not None and np.size(shown) == rows * columns <= MANY:
        values = np.ma.filled(np.ma.asarray(shown, float), np.nan).reshape(rows, columns)
        yield _cells(label, corners[:, :, 0], corners[:, :, 1], values)


def _cells(label: str, x: np.ndarray, y: np.ndarray, values: np.ndarray) -> dict[str, Any]:
    """The cells of a grid, from their corners (R + 1, C + 1)."""
    across, up = (np.stack([c[:-1, :-1].ravel(), c[1:, 1:].ravel()], axis=1) for c in (x, y))
    return _series("cells", label, across, up, _nothing(), value=values.ravel())


# --- looks ---


def _look(artist: Any, colours: Iterable[int] | None = None) -> dict[str, Any]:
    from matplotlib import collections, lines, patches

    match artist:
        case lines.Line2D():
            dash, marker = artist.get_linestyle(), artist.get_marker()
            dash, marker = "" if dash in NO_DASH else str(dash), "" if marker in NO_MARKER else _marker(artist)
            shown = [artist.get_markerfacecolor(), artist.get_markeredgecolor()] if marker else []
            return _made(artist, [*([artist.get_color()] if dash or not marker else []), *shown], marker, dash)
        case collections.Collection():
            paths = artist.get_paths() if isinstance(artist, collections.PathCollection) else []
            shown = [*artist.get_facecolor(), *artist.get_edgecolor()]
            return _made(artist, shown, _path(paths[0]) if len(paths) else "")
        case patches.Patch() if colours is not None:
            return _nothing() | {"colours": np.unique(np.fromiter(colours, int)), "hatch": artist.get_hatch() or ""}
        case patches.Patch():
            shown = artist.get_facecolor() if artist.get_fill() else artist.get_edgecolor()
            return _made(artist, [shown]) | {"hatch": artist.get_hatch() or ""}
    return _nothing()


def _nothing() -> dict[str, Any]:
    return {"colours": np.zeros(0, int), "marker": "", "dash": "", "hatch": ""}


def _made(artist: Any, colours: list[Any], marker: str = "", dash: str = "") -> dict[str, Any]:
    codes = {_code(colour) for colour in colours} - {-1}
    return _nothing() | {"colours": np.array(sorted(codes - {WHITE} or codes), int), "marker": marker, "dash": dash}


def _code(colour: Any) -> int:
    """A colour as a whole number, without its opacity; -1 for no colour."""
    with suppress(ValueError, TypeError):
        *rgb, alpha = sys.modules["matplotlib.colors"].to_rgba(colour)
        if alpha > 0:
            red, green, blue = (round(255 * float(part)) for part in rgb)
            return red << 16 | green << 8 | blue
    return -1


def _marker(line: Any) -> str:
    style = sys.modules["matplotlib.markers"].MarkerStyle(line.get_marker())
    return _path(style.get_path().transformed(style.get_transform()))


def _path(path: Any) -> str:
    return f"{zlib.crc32((np.round(path.vertices, 3) + 0.0).tobytes()):x}"
