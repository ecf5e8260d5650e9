"""The given pictures of a notebook. They are drawn from the kit's numbers, never from the student's answers.

    from selfcheck import Pictures

    show = Pictures("em")
    show("learning")
    show(figure, alt="What a figure of your own shows.")

A picture's name stands in two places: the function of this name in `pictures/ASSIGNMENT.py` draws it, and its numbers
are under this name in the file `ASSIGNMENT.json` beside the notebook. Nothing is drawn while a notebook is graded.
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
        assignment: its name, such as `em`; the file `em.json` must be in the working directory.

    Raises:
        FileNotFoundError: the file does not exist; the message says what to do.
    """

    def __init__(self, assignment: str) -> None:
        self._assignment = assignment
        self._numbers: dict[str, Any] = codec.decode(bundle.read(assignment).get("pictures", {"dict": {}}))

    def __call__(self, what: "str | Figure", *data: Any, alt: str = "") -> None:
        """Show a given picture by its name, or a figure of your own.

        Args:
            what: the name of a given picture, or a matplotlib figure.
            data: data of the notebook that the picture needs, such as a photograph.
            alt: a description of the figure, for people who cannot see it.

        Raises:
            KeyError: no picture has this name; the message lists all names.
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
