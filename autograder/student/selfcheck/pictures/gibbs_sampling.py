"""The given pictures of Gibbs sampling: each function draws the picture of its name."""

from typing import Any

import numpy as np

from .display import COLOURS, moving, still


def haystack(numbers: dict[str, Any]) -> None:
    """Where guesses from the prior lie, and where the posterior is."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(5.4, 4.2), layout="constrained")
    axes.plot(*numbers["guesses"].T, ".", color="0.7", markersize=3, label="1000 guesses from the prior")
    axes.plot(*numbers["posterior"].T, ".", color=COLOURS[1], markersize=5, label="the posterior")
    axes.plot([250, 550], [250, 550], color="0.8", linewidth=0.8)
    for point in ((350, 500), (500, 350)):
        axes.add_patch(plt.Circle(point, 12, fill=False, color=COLOURS[1], linewidth=1.5))
    axes.set(xlabel="mu of component 0 (g)", ylabel="mu of component 1 (g)", xlim=(240, 560), ylim=(240, 560))
    axes.legend(loc="lower left")
    still(
        figure,
        "A square with the mean of component 0 across and that of component 1 upwards. A thousand guesses are "
        "scattered around (400, 400). The posterior is two tiny spots, at (350, 500) and at (500, 350), mirror images "
        "of each other, with hardly a guess near them.",
    )


def chain(numbers: dict[str, Any]) -> None:
    """A Gibbs chain between two mirror modes, sweep by sweep."""
    from matplotlib import pyplot as plt

    path = numbers["path"]
    figure, axes = plt.subplots(figsize=(5, 4.4), dpi=75, layout="constrained")

    def draw(t: int) -> None:
        axes.clear()
        axes.plot(*numbers["posterior"].T, ".", color="0.82", markersize=3)
        axes.plot([-4, 5], [-4, 5], color="0.6", linewidth=0.8)
        axes.plot(*path[: t + 1].T, "-", color=COLOURS[0], linewidth=1)
        axes.plot(*path[: t + 1].T, "o", color=COLOURS[0], markersize=4)
        axes.plot(*path[t], "o", color=COLOURS[1], markersize=9)
        axes.set(title=f"after {t} sweeps", xlabel="mu of component 0", ylabel="mu of component 1",
                 xlim=(-3.5, 4.5), ylim=(-3.5, 4.5), aspect="equal")  # fmt: skip

    moving(
        figure,
        draw,
        len(path),
        "An animation of a Gibbs chain on the means of two components. Grey points show the posterior: two clouds that "
        "are mirror images of each other across the diagonal, with a bridge of few points between them. The chain "
        f"starts in the upper left one and hops about in it. In {len(path) - 1} sweeps it crosses the diagonal "
        f"{'once' if numbers['crossed'] == 1 else str(int(numbers['crossed'])) + ' times'}, and is then in the other "
        "cloud: the two components have exchanged their labels.",
    )


def metropolis(numbers: dict[str, Any]) -> None:
    """Proposals of log sigma: accepted and refused ones, and the density that they follow in the long run."""
    from matplotlib import pyplot as plt

    here, proposed, accepted = (numbers[name] for name in ("here", "proposed", "accepted"))
    step = np.arange(1, len(here) + 1)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained", sharey=True, width_ratios=(4, 1))
    left.step(np.append(step, step[-1] + 1), np.append(here, here[-1]), where="post", color=COLOURS[0], linewidth=1)
    left.plot(step[accepted] + 1, proposed[accepted], "o", color=COLOURS[0], markersize=5, label="accepted")
    left.plot(step[~accepted] + 1, proposed[~accepted], "x", color=COLOURS[1], markersize=6, label="refused")
    left.set(xlabel="step", ylabel="u = log sigma", ylim=(-0.9, 2.5))
    left.legend(loc="upper right", ncols=2)
    right.plot(numbers["density"], numbers["grid"], color="black")
    right.set(xlabel="density of u", xlim=(0, None))
    still(
        figure,
        f"A walk of log sigma over {len(here)} steps. It starts high, near 1.8, comes down within a few steps, and "
        "then stays between 0.3 and 1.4. Accepted proposals are dots on its path; refused ones are crosses, most of "
        f"them far above or below it. {np.sum(accepted)} of {len(here)} are accepted. At the right, the density of u: "
        "a hill with its top near 0.7.",
    )
