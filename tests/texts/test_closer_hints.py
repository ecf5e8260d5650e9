"""The numbers in closer hints."""

import jax.numpy as jnp
import numpy as np
from scipy.special import entr, softmax
from scipy.stats import t

from autograder.exercises import load
from reference import applications, bayesian_gmm, categorization, dpmm, em, gibbs_sampling
from tests.autograder.exercises.judging import exercises


def closer(assignment: str, exercise: str, *numbers: str) -> None:
    """Assert that the closer hints of an exercise have each of these."""
    hints = " ".join(aspect.closer for aspect in load(assignment)[exercise].aspects)
    for number in numbers:
        assert number in hints, number


def test_densities():
    at_the_mean, one_off = categorization.component_log_density(jnp.array([0.0, 1.0]), jnp.zeros(1), jnp.ones(1))[:, 0]
    closer(
        "categorization", "component_log_density", f"-log std - {-at_the_mean:.3f}", f"fall by {at_the_mean - one_off}"
    )
    tonkatsu, _ = bayesian_gmm.bento_mixture.assess({"component": jnp.array(0), "weight": jnp.array(500.0)})
    closer("bayesian_gmm", "bento_mixture", f"log 0.7 - log 2 - {-at_the_mean:.3f} = {tonkatsu:.2f}")
    closer("bayesian_gmm", "bento_mixture", f"{100 * softmax([0.7, 0.3])[0]:.0f} % tonkatsu")

    covs = jnp.array([np.eye(2), np.diag([2.0, 1.0])])
    x = jnp.array([[0.0, 0.0], [1.0, 0.0]])
    first, second = np.asarray(applications.multivariate_log_density(x, jnp.zeros((2, 2)), covs))
    closer("applications", "multivariate_log_density", f"is {first[0]:.3f} in two", f"is {first[0] - second[0]} lower")
    np.testing.assert_allclose(first[1], first[0] - np.log(2) / 2, rtol=1e-6)


def test_estimates():
    weights, means, stds = em.labelled_mle(jnp.array([1.0, 3.0, 10.0]), jnp.array([0, 0, 1]), 2)
    np.testing.assert_allclose(np.stack([weights, means, stds]), [[2 / 3, 1 / 3], [2, 10], [1, 0]], atol=1e-6)
    closer("em", "labelled_mle", "(2/3, 1/3)", "(2, 10)", "(1, 0)")
    weights, means, stds = em.m_step(jnp.array([0.0, 4.0]), jnp.array([[1.0, 0.0], [0.5, 0.5]]))
    np.testing.assert_allclose([2 * weights[0], means[0], stds[0] ** 2], [1.5, 4 / 3, 32 / 9], rtol=1e-5)
    closer("em", "m_step", "worth 1.5", "4/3", "32/9")
    _, means, covs = applications.m_step_full(jnp.array([[0.0, 0.0], [2.0, 2.0]]), jnp.ones((2, 1)))
    np.testing.assert_allclose(np.append(means.ravel(), covs.ravel()), 1)


def test_gibbs_sampling():
    concentration = np.array([2, 0.5]) + np.bincount([0, 1, 1])
    mean = concentration / concentration.sum()
    closer("gibbs_sampling", "sample_weights", "Dirichlet(3, 2.5)", f"({mean[0]:.3f}, {mean[1]:.3f})")
    closer("gibbs_sampling", "sample_means", f"mean is {(400 + 350) / 2:.0f}", f"deviation {(2 / 50**2) ** -0.5:.1f}")
    samples = {"pi": [[1 / 3] * 3], "mu": [[30.0, 10.0, 20.0]], "sigma": [[1.0] * 3], "z": [[0, 1, 2, 0]]}
    moved = gibbs_sampling.relabel({name: jnp.array(values) for name, values in samples.items()})
    assert moved["z"].tolist() == [[2, 0, 1, 2]]
    closer("gibbs_sampling", "relabel", "z becomes (2, 0, 1, 2)")
    total = np.array([0.09, 0.01]) + np.array([0.001, 0.009])
    closer("gibbs_sampling", "assignment_probabilities", f"{total[0] / total.sum():.3f} for component 0")
    closer("gibbs_sampling", "assignment_entropy", "{:.3f} and {:.3f}".format(*entr([0.7, 0.3])))


def test_clusters():
    assert dpmm.stick_breaking(jnp.full(3, 0.5)).tolist() == [0.5, 0.25, 0.125, 0.125]
    np.testing.assert_allclose(dpmm.num_clusters_prior(3.0, 2), [1 / 4, 3 / 4], rtol=1e-6)
    pieces = np.asarray(dpmm.stick_breaking(jnp.full(9, 0.5)))
    np.testing.assert_allclose(np.log(pieces[0] / pieces[9]), 8 * np.log(2), rtol=1e-5)
    # One observation: a Student t.
    case = next(case for case in load("dpmm")["cluster_log_marginal"].cases if len(case.args[0]) > 0)
    x, base = case.args
    loc, count, shape, rate = map(float, base)
    one = t.logpdf(x[0], 2 * shape, loc, np.sqrt(rate * (count + 1) / (shape * count)))
    np.testing.assert_allclose(dpmm.cluster_log_marginal(jnp.asarray(x[:1]), base), one, rtol=1e-4)
    # A new cluster stands at the lowest label that is free.
    for z, new in (([0, 1, 1], 0), ([1, 0, 0], 1)):
        p = np.asarray(dpmm.reassignment_probabilities(0, jnp.zeros(3), jnp.array(z), 1.0, base))
        assert {*np.flatnonzero(p)} == {*z[1:], new}


def test_coffee():
    # sigma ~ Gamma(2, 1): its square is 2 + 2^2 on average.
    closer("coffee", "prior_predictive", f"scale^2 + {2 + 2**2}")
    closer("coffee", "coassignment", "z = (0, 0, 1)")


def test_a_closer_hint_fits_on_a_screen():
    for exercise in exercises(
        "categorization", "em", "bayesian_gmm", "gibbs_sampling", "coffee", "applications", "dpmm"
    ):
        assert all(len(aspect.closer) < 300 for aspect in exercise.aspects), exercise.name
