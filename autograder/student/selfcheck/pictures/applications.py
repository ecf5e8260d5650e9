"""The given pictures of applications of mixtures: each function draws the picture of its name."""

from typing import Any

import numpy as np

from .display import COLOURS, STYLES, still


def two_tasks(numbers: dict[str, Any], portrait: Any) -> None:
    """The two data sets of the notebook: the colours of a photograph, and the budgets of households."""
    from matplotlib import pyplot as plt

    portrait, households = np.asarray(portrait), numbers["households"]
    figure = plt.figure(figsize=(11, 3.4), layout="constrained")
    grid = figure.add_gridspec(1, 3, width_ratios=(2, 3, 3), wspace=0.15)
    left, right = figure.add_subplot(grid[0]), figure.add_subplot(grid[2])
    middle: Any = figure.add_subplot(grid[1], projection="3d")
    left.imshow(portrait)
    left.set(title="which part is which?", xticks=[], yticks=[])
    pixels = portrait.reshape(-1, 3)[::3]
    middle.scatter(*pixels.T, c=np.clip(pixels, 0, 1), s=5)
    middle.set(title="its colours: 3 numbers each", xlabel="red", ylabel="green", zlabel="blue")
    middle.tick_params(labelsize=6)
    right.plot(*households.T, ".", color="0.4", markersize=4)
    right.set(title="households: 2 numbers each", xlabel="income (francs)", ylabel="food (francs)")
    still(
        figure,
        "Left: a portrait of Grace Hopper in front of a flag and a blue sky. Middle: the colours of its pixels as a "
        "cloud of points with the axes red, green and blue; the sky and the dark coat are two dense parts of it. "
        "Right: the income and the expenditure on food of 235 households, a cloud that rises to the right and "
        "becomes wider.",
    )


def colours(numbers: dict[str, Any]) -> None:
    """The portrait in 2 to 6 colours."""
    from matplotlib import pyplot as plt

    segmented = numbers["segmented"]
    figure, panels = plt.subplots(1, len(segmented), figsize=(10, 2.7), layout="constrained")
    for panel, (count, segments) in zip(panels, segmented.items(), strict=True):
        labels = np.array(list(segments["labels"]), int).reshape(numbers["shape"])
        panel.imshow(np.clip(segments["palette"], 0, 1)[labels])
        panel.set(title=f"K = {count}", xticks=[], yticks=[])
    still(
        figure,
        "The portrait in 2, 3, 4, 5 and 6 flat colours. With two, there is only dark and light. With more, sky, "
        "skin, coat and flag come apart, and one part of the picture after the other is divided into light and "
        "shadow.",
    )


def speakers(numbers: dict[str, Any]) -> None:
    """Two speakers, each with their own mixture: a single frame is weak evidence, many frames are strong evidence."""
    from matplotlib import pyplot as plt

    frames, ratios = numbers["frames"], numbers["log_ratios"]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for speaker, name in enumerate(("A", "B")):
        for k, (mean, cov) in enumerate(zip(numbers["means"][speaker], numbers["covs"][speaker], strict=True)):
            label = f"speaker {name}" if k == 0 else None
            left.plot(*_ellipse(mean, cov), linestyle=STYLES[speaker], color=COLOURS[speaker], label=label)
    left.plot(*frames.T, "x", color="black", label="frames of a recording")
    left.set(xlabel="first resonance (Hz)", ylabel="second resonance (Hz)")
    left.legend(fontsize="small")
    count = np.arange(1, len(ratios) + 1)
    right.axhline(0, color="0.7", linewidth=0.8)
    right.bar(count, ratios, color="0.8", label="this frame")
    right.plot(count, np.cumsum(ratios), "o-", color=COLOURS[0], label="all frames so far")
    right.set(xlabel="frame", ylabel="log p(A) - log p(B)")
    right.legend(fontsize="small")
    against = int(np.sum(ratios < 0))
    still(
        figure,
        "Left: the resonances of three vowels of two speakers, as ellipses that overlap, and the frames of a "
        "recording among them. Right: for each frame, by how much its log density is higher under speaker A; "
        f"{against} of {len(ratios)} frames are more probable under B. The sum over the frames so far rises to "
        f"{np.sum(ratios):.0f}.",
    )


def _ellipse(mean: np.ndarray, cov: np.ndarray, distance: float = 2.0) -> np.ndarray:
    """Points around a component, at a distance of this many standard deviations from its mean."""
    angle = np.linspace(0, 2 * np.pi, 100)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (mean + distance * circle @ np.linalg.cholesky(cov).T).T
