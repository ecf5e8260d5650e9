"""Ways to show a picture in a notebook: a still one, an animation, one with sliders.

Each has a text that says what it shows, for people who cannot see it.
"""

import base64
import io
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
STYLES = ("--", ":", "-.", (0, (5, 1)), (0, (1, 1)))
DPI = 110
NO_SLIDERS = "The sliders work in a running notebook with the library ipywidgets: install it, and run this cell again."
# matplotlib's buttons take their icons from the network. These come with every font.
ICONS = {
    "minus": "−",
    "fast-backward": "⏮",
    "step-backward": "◀❙",
    "play fa-flip-horizontal": "◀",
    "pause": "❙❙",
    "play": "▶",
    "step-forward": "❙▶",
    "fast-forward": "⏭",
    "plus": "+",
}


class Control(NamedTuple):
    """A slider: its label, its range and step, and where it stands at first."""

    label: str
    low: float
    high: float
    step: float
    value: float


def somebody_looks() -> bool:
    """Whether this runs in a notebook. While a notebook is graded, there is a shell but no kernel."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def still(figure: "Figure", alt: str) -> None:
    """Show a figure."""
    from IPython.display import Image, display

    display(Image(_png(figure), alt=alt), metadata={"image/png": {"alt": alt}})


def moving(figure: "Figure", draw: Callable[[int], object], frames: int, alt: str) -> None:
    """Show an animation with buttons: frame number i is what `draw(i)` makes of the figure."""
    from IPython.display import HTML, display
    from matplotlib.animation import FuncAnimation

    html = FuncAnimation(figure, draw, frames=frames).to_jshtml(fps=2, default_mode="once")
    draw(frames - 1)
    last = _source(figure)  # where no script runs, the last frame is there
    html = html.replace('<img id="_anim', f'<img alt="{escape(alt)}" src="{last}" id="_anim')
    html = re.sub(r"<link rel=.*?>", "", html, flags=re.DOTALL)
    html = re.sub(r'<i class="fa fa-([\w -]+)"></i>', lambda icon: ICONS[icon[1]], html)
    display(HTML(html))


def live(draw: Callable[..., tuple["Figure", str]], controls: Mapping[str, Control]) -> None:
    """Show sliders, and below them what `draw` makes of their values: a figure, and a text that describes it."""
    from IPython.display import display

    try:
        import ipywidgets
    except ImportError:
        print(NO_SLIDERS)
        return
    sliders = {
        name: ipywidgets.FloatSlider(
            value=one.value,
            min=one.low,
            max=one.high,
            step=one.step,
            description=one.label,
            style={"description_width": "14em"},
            layout={"width": "36em"},
        )
        for name, one in controls.items()
    }
    picture = ipywidgets.HTML()

    def update(_: object = None) -> None:
        figure, alt = draw(**{name: slider.value for name, slider in sliders.items()})
        picture.value = f'<img alt="{escape(alt)}" src="{_source(figure)}" style="max-width: 100%">'

    for slider in sliders.values():
        slider.observe(update, "value")
    update()
    box = ipywidgets.VBox([*sliders.values(), picture])
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    display({"text/plain": NO_SLIDERS, "application/vnd.jupyter.widget-view+json": view}, raw=True)


def _png(figure: "Figure") -> bytes:
    from matplotlib import pyplot as plt

    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    plt.close(figure)
    return file.getvalue()


def _source(figure: "Figure") -> str:
    from matplotlib import pyplot as plt

    file = io.BytesIO()
    figure.savefig(file, format="png")
    plt.close(figure)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
