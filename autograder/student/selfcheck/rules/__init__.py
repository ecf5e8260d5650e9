"""The rules that judge a returned value.

A rule has the method `compare(value, expected)`. It returns None if the value passes, else a `Mismatch`.
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
