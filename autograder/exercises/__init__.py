"""The exercises: `load` returns an assignment by its name; authors import everything that they need from here.

Each exercise is a module in its assignment's package; CONTRIBUTING.md shows a complete one. Recurring mistakes are in
`catalogue`, data sets in `datasets`, exact distributions in `distributions`.
"""

from autograder.student.selfcheck.probes import Assess, Chains, Draws, Keys, Sample, Simulate, Steps, UpToConstant
from autograder.student.selfcheck.rules.arrays import EXACT, FIT, STEP, Arrays, Named, Part, Tolerance
from autograder.student.selfcheck.rules.conditional import Conditional
from autograder.student.selfcheck.rules.drawings import Curves, Points
from autograder.student.selfcheck.rules.draws import (
    Emissions,
    FreshKeys,
    Marginal,
    Mixture,
    Moves,
    PlausiblePriors,
)
from autograder.student.selfcheck.rules.partitions import PartitionChains, PartitionMoves, Partitions, Sticks
from autograder.student.selfcheck.rules.posterior import Posterior
from autograder.student.selfcheck.values import Base, Key, Prior

from .keys import key_aspect
from .mistakes import KnownMistake, Recurring, Together, Variant
from .model import (
    Arguments,
    Aspect,
    Assignment,
    Case,
    Exercise,
    Seeded,
    Written,
    f32,
    i32,
    keyed,
    known,
    load,
)

__all__ = [
    "EXACT",
    "FIT",
    "STEP",
    "Arguments",
    "Arrays",
    "Aspect",
    "Assess",
    "Assignment",
    "Base",
    "Case",
    "Chains",
    "Conditional",
    "Curves",
    "Draws",
    "Emissions",
    "Exercise",
    "FreshKeys",
    "Key",
    "Keys",
    "KnownMistake",
    "Marginal",
    "Mixture",
    "Moves",
    "Named",
    "Part",
    "PartitionChains",
    "PartitionMoves",
    "Partitions",
    "PlausiblePriors",
    "Points",
    "Posterior",
    "Prior",
    "Recurring",
    "Sample",
    "Seeded",
    "Simulate",
    "Steps",
    "Sticks",
    "Together",
    "Tolerance",
    "UpToConstant",
    "Variant",
    "Written",
    "f32",
    "i32",
    "key_aspect",
    "keyed",
    "known",
    "load",
]
