"""The numbers and the picture of one public case that the feedback page shows for a wrong answer.

The self-check in the notebook shows the same.
"""

import logging
import threading
from collections.abc import Sequence
from html import escape

import numpy as np

from autograder.student.selfcheck.diagnosis.differences import pairs_of
from autograder.student.selfcheck.display.plot import plot
from autograder.student.selfcheck.display.report import numbers_html
from autograder.student.selfcheck.display.table import table
from autograder.student.selfcheck.trial import Trial

logger = logging.getLogger(__name__)
_drawing = threading.Lock()  # matplotlib's settings belong to the whole process


def comparison(trials: Sequence[Trial]) -> str:
    """Show returned beside expected values for the first public case that can be shown.

    Returns:
        A self-contained HTML element; empty if no case can be shown.
    """
    public = (trial for trial in trials if trial.visible and not trial.seeded)
    return next((shown for trial in public if trial.wrong and (shown := _shown(trial))), "")


def _shown(trial: Trial) -> str:
    try:
        with _drawing, np.errstate(all="ignore"):
            numbers, picture = table(pairs_of(trial)), plot([trial])
    except Exception:  # matplotlib cannot draw numbers of every size; a missing picture must not cost marks
        logger.exception("no picture of the case %s", trial.case)
        return ""
    parts = (numbers_html(numbers, unfolded=True) if numbers else "", picture or "")
    return f"<p>{escape(trial.case)}:</p>{''.join(parts)}" if any(parts) else ""
