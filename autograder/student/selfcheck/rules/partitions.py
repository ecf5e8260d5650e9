"""Rules for draws of partitions, given as labels: equal labels mean the same cluster, and nothing else.

Any labelling passes. The compared quantities do not depend on labels: the number of clusters, which observations are
together, the sizes of the clusters, and, for few observations, each partition. Of independent draws, events are
counted. The counts are binomial, so each p-value is exact. Draws of a chain depend on each other: for them, averages of
batches are compared, as in `posterior`.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy

from ..values import Plain
from .draws import dict_problem, draws_problem, labels_problem, positive_problem
from .mismatch import Mismatch, describe
from .posterior import Summaries, averages, is_rare, worth
from .significance import Finding, categorical_tests, residual_tests, verdict

STUCK = 0.5  # the kernel does not move if more than this share of the walks is at the start
IMPOSSIBLE = 1e-9  # numbers of clusters with less probability than this do not occur by chance


class Events(NamedTuple):
    """Events that do not depend on labels: names (E,), whether each draw has the event (R, E), probabilities (E,)."""

    names: list[str]
    happened: np.ndarray
    probability: np.ndarray


@dataclass(frozen=True)
class Partitions:
    """A rule: independent draws of a partition, labels (R, N).

    The expected value is a dict:

    - "num_clusters" (N,): P(K = 1), ..., P(K = N)
    - "together" (N, N): P(z_i = z_j)
    - "sizes" (A, N) and "sizes_probability" (A,): cluster sizes in descending order, padded with 0
    - "partitions" (B, N) and "partitions_probability" (B,): for each observation, the first observation in its cluster

    The last four may be empty.
    """

    name: str

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare draws; None if they pass."""
        del equal_nan
        n = len(expected["num_clusters"])
        problem = draws_problem(value, (n,), self.name)
        problem = problem or labels_problem(np.asarray(value, float), n, self.name)
        if problem:
            return problem
        names, happened, probability = events(np.asarray(value).astype(int), expected)
        rows, counts = len(happened), happened.sum(axis=0)
        odds = np.clip(probability, 0, 1)
        p = 2 * np.minimum(scipy.stats.binom.cdf(counts, rows, odds), scipy.stats.binom.sf(counts - 1, rows, odds))

        def says(i: int) -> str:
            return f"{names[i]} in {counts[i] / rows:.4g} of the draws, expected {odds[i]:.4g}"

        return verdict(self.name, [Finding(np.minimum(p, 1), says)])


@dataclass(frozen=True)
class PartitionChains:
    """A rule: draws of a partition from a few chains, labels (C, S, N).

    The expected value is the dict of `Partitions`, with sizes, and with "num_samples" S.
    """

    name: str

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare draws; None if they pass."""
        del equal_nan
        form = (int(expected["num_samples"]), len(expected["num_clusters"]))
        wanted = f"{self.name} should be an array of shape {form}, a draw in each row"
        if not isinstance(value, np.ndarray) or value.ndim != 3 or value.shape[1:] != form:
            got = f"an array of shape {value.shape[1:]}" if isinstance(value, np.ndarray) else describe(value)
            return Mismatch("form", f"{self.name} should have another shape", f"{wanted}; got {got}", (self.name,))
        if not np.all(np.isfinite(value)):
            return Mismatch.same("not_finite", f"{self.name}: there are values that are not finite", self.name)
        problem = labels_problem(np.asarray(value, float), form[1], self.name)
        if problem:
            return problem
        (names, table, indicators), truth = summaries(np.asarray(value).astype(int), expected)
        weights = np.ones(table.shape[:2])
        problem = worth(table[..., ~indicators], weights, weighted=False) or self._impossible(table, expected)
        if problem:
            return problem
        rare = indicators & is_rare(truth, truth)
        return verdict("the draws", [averages(names, table, weights, truth, truth, without=rare)])

    def _impossible(self, table: np.ndarray, expected: Any) -> Mismatch | None:
        k = table[..., 0].astype(int)
        wrong = np.asarray(expected["num_clusters"])[k - 1] < IMPOSSIBLE
        if not np.any(wrong):
            return None
        _, draw = np.argwhere(wrong)[0]
        text = f"{self.name}: there are draws where the posterior has practically no mass"
        detail = f"{text}, first {k[wrong][0]} clusters at draw {draw} (is the burn-in left in?)"
        return Mismatch("mass", text, detail, (self.name,))


@dataclass(frozen=True)
class PartitionMoves:
    """A rule: the states of a kernel of partitions after many steps from a fixed start, labels (R, N): it must move.

    The expected value is {"start": (N,)}.
    """

    name: str

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare states; None if the kernel moves."""
        del equal_nan
        n = len(expected["start"])
        problem = draws_problem(value, (n,), self.name, at_least=8)
        problem = problem or labels_problem(np.asarray(value, float), n, self.name)
        if problem:
            return problem
        there = np.all(firsts(np.asarray(value).astype(int)) == firsts(np.asarray(expected["start"])[None]), axis=1)
        if np.mean(there) > STUCK:
            says = f"{self.name}: it hardly ever leaves its start within 50 sweeps"
            return Mismatch.same("movement", says, self.name, "stays")
        return None


@dataclass(frozen=True)
class Sticks:
    """A rule: draws of a mixture with stick-breaking weights, a dict of arrays whose first axis is the draws.

    The expected value is a dict: "alpha" of the fractions ~ Beta(1, alpha), "loc" and "scale" of the normal means,
    "shape" and "rate" of the gamma standard deviations, "num_components" T and "num_observations".
    """

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare draws; None if they pass."""
        del equal_nan
        t, n = int(expected["num_components"]), int(expected["num_observations"])
        shapes: dict[str, tuple[int, ...]] = {"fractions": (t - 1,), "mu": (t,), "sigma": (t,), "z": (n,), "x": (n,)}
        problem = dict_problem(value, shapes)
        if problem:
            return problem
        assert isinstance(value, dict)
        drawn = {name: np.asarray(value[name], float) for name in shapes}
        problem = labels_problem(drawn["z"], t, "z") or positive_problem(drawn["sigma"], "sigma")
        if problem:
            return problem
        if np.any(drawn["fractions"] < 0) or np.any(drawn["fractions"] > 1):
            return Mismatch.same("support", "fractions: there are draws outside of 0 to 1", "fractions")
        label = drawn["z"].astype(int)
        mu, sigma = (np.take_along_axis(drawn[name], label, axis=1) for name in ("mu", "sigma"))
        residuals = {
            "fractions": scipy.stats.beta.cdf(drawn["fractions"], 1, expected["alpha"]),
            "mu": scipy.stats.norm.cdf(drawn["mu"], expected["loc"], expected["scale"]),
            "sigma": scipy.stats.gamma.cdf(drawn["sigma"], expected["shape"], scale=1 / expected["rate"]),
            "x": scipy.stats.norm.cdf(drawn["x"], mu, sigma),
        }
        names = [f"{name}[{j}]" for name, columns in residuals.items() for j in range(columns.shape[1])]
        left = np.cumprod(1 - drawn["fractions"], axis=1)
        pieces = np.concatenate([drawn["fractions"], left[:, -1:]], axis=1)
        pieces[:, 1:-1] *= left[:, :-1]
        probabilities = np.broadcast_to(pieces[:, None, :], (len(label), n, t))
        tests = [
            *residual_tests(np.concatenate(list(residuals.values()), axis=1), names),
            *categorical_tests(drawn["z"], probabilities),
        ]
        return verdict("the draws", tests)


def firsts(z: np.ndarray) -> np.ndarray:
    """For each observation of partitions (R, N), the first observation in its cluster. Equal for equal partitions."""
    return np.argmax(z[:, :, None] == z[:, None, :], axis=2)


def sizes_of(z: np.ndarray) -> np.ndarray:
    """The cluster sizes (R, N) of partitions (R, N) with labels 0 to N - 1, in descending order, padded with 0."""
    counts = (z[:, :, None] == np.arange(z.shape[1])).sum(axis=1)
    return -np.sort(-counts, axis=1)


def events(z: np.ndarray, expected: Any) -> Events:
    """All events by which independent draws of a partition are judged."""
    n = z.shape[1]
    sizes = sizes_of(z)
    k = (sizes > 0).sum(axis=1)
    i, j = np.triu_indices(n, 1)
    names = [f"there {'is 1 cluster' if many == 1 else f'are {many} clusters'}" for many in range(1, n + 1)]
    happened = [k[:, None] == np.arange(1, n + 1), z[:, i] == z[:, j]]
    probability = [np.asarray(expected["num_clusters"]), np.asarray(expected["together"])[i, j]]
    names += [f"observations {a} and {b} are together" for a, b in zip(i, j, strict=True)]
    for key, own in (("sizes", sizes), ("partitions", firsts(z))):
        known = np.asarray(expected[key])
        if len(known):
            happened.append(np.all(own[:, None] == known, axis=2))
            probability.append(np.asarray(expected[f"{key}_probability"]))
            names += [
                f"the clusters have the sizes {', '.join(str(size) for size in row if size)}"
                if key == "sizes"
                else f"the partition is {_blocks(row)}"
                for row in known
            ]
    return Events(names, np.concatenate(happened, axis=1), np.concatenate(probability))


def summaries(z: np.ndarray, expected: Any) -> tuple[Summaries, np.ndarray]:
    """The functions of each draw by which chains (C, S, N) are judged, and their expectations (F,)."""
    chains, draws, n = z.shape
    flat = z.reshape(-1, n)
    i, j = np.triu_indices(n, 1)
    k = np.arange(1, n + 1)

    def of_sizes(sizes: np.ndarray) -> np.ndarray:
        clusters, squares = (sizes > 0).sum(axis=1), (sizes**2).sum(axis=1)
        return np.stack([clusters, squares, (sizes == 1).sum(axis=1), sizes.max(axis=1)], axis=1).astype(float)

    own = of_sizes(sizes_of(flat))
    table = np.concatenate([own, own[:, :1] == k, flat[:, i] == flat[:, j]], axis=1)
    truth = np.concatenate(
        [
            np.asarray(expected["sizes_probability"]) @ of_sizes(np.asarray(expected["sizes"])),
            np.asarray(expected["num_clusters"]),
            np.asarray(expected["together"])[i, j],
        ]
    )
    numbers = (
        "the number of clusters",
        "the sum of squared sizes",
        "the number of lone observations",
        "the largest size",
    )
    names = [
        *numbers,
        *(f"how often there are {many} clusters" for many in k),
        *(f"how often observations {a} and {b} are together" for a, b in zip(i, j, strict=True)),
    ]
    indicators = np.arange(len(names)) >= len(numbers)
    return Summaries(names, table.reshape(chains, draws, -1), indicators), truth


def _blocks(row: np.ndarray) -> str:
    groups = [[str(i) for i in range(len(row)) if row[i] == first] for first in np.unique(row)]
    return " | ".join(" ".join(group) for group in groups)
