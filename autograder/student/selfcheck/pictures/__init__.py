"""The given pictures of a notebook. They are drawn from numbers of the kit, never from the student's answers.

    from selfcheck import Pictures

    show = Pictures("em")
    show("learning")
    show(figure, alt="What a figure of your own shows.")

A picture has its name in two places: a function of `pictures/ASSIGNMENT.py` draws it, and the file `ASSIGNMENT.json`
beside the notebook holds its numbers. Nothing is drawn where nobody looks: while a notebook is graded.
"""

import importlib
from typing import TYPE_CHECKING, Any

from .. import bundle, codec
from . import display

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Pictures:
    """Shows the pictures of one assignment.

    Args:
        assignment: its name; `assignment.json` lies in the working directory.

    Raises:
        FileNotFoundError: the file is not there; the message says what to do.
    """

    def __init__(self, assignment: str) -> None:
        self._assignment = assignment
        self._numbers: dict[str, Any] = codec.decode(bundle.read(assignment).get("pictures", {"dict": {}}))

    def __call__(self, what: "str | Figure", *data: Any, alt: str = "") -> None:
        """Show a given picture by its name, or a figure of your own.

        Args:
            what: the name, or a matplotlib figure.
            data: what the picture needs of the notebook, such as a photograph.
            alt: what the figure shows, in words, for people who cannot see it.

        Raises:
            KeyError: no picture has that name; the message lists those there are.
        """
        if not display.somebody_looks():
            return
        if not isinstance(what, str):
            display.still(what, alt)
            return
        if what not in self._numbers:
            raise KeyError(f"no picture {what!r}; there are: {', '.join(self._numbers)}")
        drawings = importlib.import_module(f"{__name__}.{self._assignment}")
        getattr(drawings, what)(self._numbers[what], *data)
