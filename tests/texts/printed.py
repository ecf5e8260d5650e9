"""The text of an assignment, and the moments of exact posteriors that it prints."""

from functools import cache

import numpy as np

from autograder import paths
from reference import exact

RECIPE = np.array([0.7, 0.3]), np.array([500.0, 350.0]), np.array([2.0, 2.0])


def source(name: str) -> str:
    return (paths.ASSIGNMENT_TEXTS / f"{name}.md").read_text(encoding="utf-8")


@cache
def text(name: str) -> str:
    """The text in a single line."""
    return " ".join(source(name).split())


def says(name: str, *sentences: str) -> None:
    """Assert that the text contains each of these sentences, with their numbers."""
    for sentence in sentences:
        assert " ".join(sentence.split()) in text(name), sentence


def moments(posterior: exact.Posterior) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Means and standard deviations of pi, mu and sigma, (K,) each."""
    own, components = posterior.owns, np.arange(posterior.owns.shape[1])
    sizes = posterior.subsets.sum(axis=1)[own]
    total = posterior.prior[0].sum() + len(posterior.x)
    share = (posterior.prior[0] + sizes) / total
    sigma = np.exp(posterior.log_nodes)
    tables = {
        "mu": (posterior.mu_mean, posterior.mu_mean**2 + posterior.mu_std**2),
        "sigma": (np.broadcast_to(sigma, posterior.mu_mean.shape), np.broadcast_to(sigma**2, posterior.mu_mean.shape)),
    }
    values = {name: [posterior.over_nodes(part)[components, own] for part in parts] for name, parts in tables.items()}
    values["pi"] = [share, share * (share * total + 1) / (total + 1)]
    means = {name: [posterior.probability @ part for part in parts] for name, parts in values.items()}
    return {name: (first, np.sqrt(second - first**2)) for name, (first, second) in means.items()}
