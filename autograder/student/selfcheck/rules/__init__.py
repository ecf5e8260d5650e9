"""Every rule that a returned value can be judged by.

A rule has `compare(value, expected)`, which gives None where the value passes, else what is wrong, in words.
"""

from .arrays import Arrays, Named
from .conditional import Conditional
from .drawings import Curves, Points
from .draws import Emissions, FreshKeys, Marginal, Mixture, Moves, PlausiblePriors
from .partitions import PartitionChains, PartitionMoves, Partitions, Sticks
from .posterior import Posterior

type Rule = (
    Arrays
    | Conditional
    | Curves
    | Emissions
    | FreshKeys
    | Marginal
    | Mixture
    | Moves
    | Named
    | PartitionChains
    | PartitionMoves
    | Partitions
    | PlausiblePriors
    | Points
    | Posterior
    | Sticks
)
RULES: dict[str, type] = {rule.__name__: rule for rule in Rule.__value__.__args__}
