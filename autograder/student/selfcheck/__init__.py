"""The package beside a notebook: the self-check (public cases, expected values, hints) and the given pictures.

    from selfcheck import Checks, Pictures

    check, show = Checks("em"), Pictures("em")
    show("learning")
    check("e_step", e_step)

It needs NumPy, JAX, matplotlib, and the file `em.json` beside the notebook, which comes with the release. Hidden cases
are tried only when the notebook is graded.
"""

from .checks import CheckFailed, Checks
from .pictures import Pictures
from .values import Base, Prior

__all__ = ["Base", "CheckFailed", "Checks", "Pictures", "Prior"]
