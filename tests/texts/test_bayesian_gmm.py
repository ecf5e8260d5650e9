"""A mixture as programs: the effective size of weighted draws, the mean that no bento weighs, the chapter's listing."""

import re

import genjax
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from scipy.stats import norm

from autograder.exercises.bayesian_gmm import pictures
from reference import bayesian_gmm
from reference.data import BENTOS
from tests.texts.printed import RECIPE, says, source


def test_the_effective_size_of_four_draws():
    weights = np.array([0.7, 0.1, 0.1, 0.1])
    says("bayesian_gmm", f"are worth 1/{np.sum(weights**2):.2f} = {1 / np.sum(weights**2):.2f} draws")


def test_the_mean_that_no_bento_weighs():
    mean = BENTOS.mean()
    says("bayesian_gmm", f"The 20 bentos weigh {mean:.1f} g on average", f"bentos weigh about {mean / 10:.0f} kg")
    assert np.abs(BENTOS - mean).min() > 30  # "no bento within 30 g of it"
    says("bayesian_gmm", f"the error of a prediction stays near {BENTOS.std():.0f} g")


def test_the_recipes_mean():
    weights, means, _ = RECIPE
    says("bayesian_gmm", f"0.7 times 500 g plus 0.3 times 350 g, which is {weights @ means:.0f} g")


@pytest.mark.long
def test_the_labels_summed_out():
    drawn, summed = {1: [], 2: [], 20: []}, {1: [], 2: [], 20: []}
    for number in range(3):
        for n in drawn:
            pi, mu, sigma, z = pictures._draws(np.random.default_rng(number), 100_000, n)
            own = (np.take_along_axis(one, z, axis=1) for one in (mu, sigma))
            joint = np.log(pi)[:, None] + norm.logpdf(BENTOS[:n, None], mu[:, None], sigma[:, None])
            for found, logs in ((drawn, norm.logpdf(BENTOS[:n], *own)), (summed, np.asarray(logsumexp(joint, axis=2)))):
                found[n].append(1 / np.sum(softmax(logs.sum(axis=1)) ** 2))
    says(
        "bayesian_gmm",
        "about 680 draws in the place of 450",
        "37 in the place of 5",
        "between 1 and 6 in the place of 1",
    )
    assert np.median(summed[1]) == pytest.approx(680, rel=0.05)
    assert np.median(drawn[1]) == pytest.approx(450, rel=0.05)
    assert np.median(summed[2]) == pytest.approx(37, rel=0.1)
    assert np.median(drawn[2]) == pytest.approx(5, rel=0.1)
    assert 1 <= min(summed[20]) < max(summed[20]) < 6
    assert max(drawn[20]) < 1.1


@pytest.mark.long
def test_more_particles_do_not_help():
    draw = jax.jit(bayesian_gmm.importance_sampling, static_argnames="num_particles")
    weights = bayesian_gmm.normalize_log_weights(
        draw(jax.random.key(0), jnp.array(BENTOS, float), num_particles=100_000)["log_weights"]
    )
    says("bayesian_gmm", f"still has an effective sample size of {bayesian_gmm.effective_sample_size(weights):.1f}")


def test_the_function_in_the_chapters_listing_does_not_exist():
    [rows] = re.findall(r"\| the chapter's listing \|.*?\n\n", source("bayesian_gmm"), re.DOTALL)
    called = re.findall(r"jnp\.(\w+)", rows)
    assert called == ["categorical", "normal", "gamma", "dirichlet"]
    assert not any(hasattr(jnp, name) for name in called)
    assert all(hasattr(genjax, name) for name in called)
    assert "choice_map()" in rows
    assert "import simulate" in rows
    assert not hasattr(genjax, "choice_map")
    assert not hasattr(genjax, "simulate")
