"""A ridge that does not belong there: a known mistake in every exercise with covariance matrices."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import KnownMistake, Variant, catalogue

CONSTANTS = (1e-3, 0.01, 0.1, 1.0, 1e-4, 1e-5, 1e-6)


def ridge_added(added: Callable[[Callable[[Any], Any]], Variant]) -> KnownMistake:
    """The mistake of adding a ridge. `added` makes the variant, given a function that adds a ridge to matrices."""
    first, *others = (added(partial(_with_ridge, constant)) for constant in CONSTANTS)
    return catalogue.RIDGE_ADDED.here(
        hint="It would keep a matrix invertible. Is any of these not, and is a small number small in every unit?",
        variant=first,
        forms=tuple(others),
    )


def _with_ridge(constant: float, covs: Any) -> Any:
    return covs + constant * np.eye(covs.shape[-1], dtype=np.float32)
