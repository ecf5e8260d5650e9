"""The full posterior: exact moments, a new bento, ordered labels, and the effective size of draws."""

import re
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from scipy.stats import norm

from autograder.exercises.gibbs_sampling.pictures import log_evidence
from reference import exact, gibbs_sampling
from reference.data import BENTOS
from tests.reference.truths import BENTO_GROUPS, BENTO_PRIOR, DESIGNED, make_prior
from tests.texts.printed import RECIPE, moments, says, source, text

HERE = "gibbs_sampling"


@cache
def bento_posterior() -> exact.Posterior:
    """The posterior in the order of the means: the light component first."""
    return exact.posterior(BENTOS, BENTO_PRIOR, np.array([BENTO_GROUPS]))


def test_the_exact_posterior():
    (pi, mu, sigma), (pi_std, mu_std, sigma_std) = zip(
        *(moments(bento_posterior())[n] for n in ("pi", "mu", "sigma")), strict=True
    )
    says(
        HERE,
        "| $\\pi$ | " + " | ".join(f"{m:.3f} ± {s:.3f}" for m, s in zip(pi, pi_std, strict=True)) + " |",
    )
    says(
        HERE,
        "| $\\mu$ | " + " | ".join(f"{m:.2f} ± {s:.2f} g" for m, s in zip(mu, mu_std, strict=True)) + " |",
    )
    says(
        HERE,
        "| $\\sigma$ | " + " | ".join(f"{m:.2f} ± {s:.2f} g" for m, s in zip(sigma, sigma_std, strict=True)) + " |",
    )
    says(HERE, f"= {np.mean(mu):.2f} g for *both* components")
    says(HERE, f"tonkatsu's share is {pi[1]:.2f}, give or take {pi_std[1]:.2f}")


def test_what_the_figures_of_the_posterior_show():
    draws = bento_posterior().draw(np.random.default_rng(0), 40_000)
    light, heavy = np.asarray(draws.mu).T
    spreads = np.asarray(draws.sigma)

    says(HERE, f"spread around {light.mean():.0f} g", f"spread around {heavy.mean():.0f} g")
    between("All four chains jump about between", light, 347, 353, least=0.99)
    between("mostly between", light, 348.5, 352, least=0.9)
    between("mostly between", heavy, 499, 501, least=0.9)
    between("lie between", spreads, 1, 5, least=0.99)
    for spread in spreads.T:
        counts, edges = np.histogram(spread, np.arange(0, 8, 0.25))
        assert abs(edges[counts.argmax()] + 0.125 - 2) < 0.5  # "are most often near 2 g"
        assert np.mean(spread) > np.median(spread)  # "with a longer tail to the right"


def between(words: str, draws: np.ndarray, low: float, high: float, *, least: float) -> None:
    """Assert that the text contains the sentence, and that at least this share of the draws lies in the interval."""
    [printed] = {
        (first, second)
        for first, second in re.findall(rf"{words} (\S+)(?: g)? and (\S+) g", text(HERE).replace('" "', ""))
        if (float(first), float(second)) == (low, high)
    }
    assert np.mean((draws > float(printed[0])) & (draws < float(printed[1]))) > least


def cell_with(function: str) -> dict:
    """The names that a cell of the text defines: the one that defines this function."""
    cells = re.findall(r"^```python.*?\n(.*?)^```$", source(HERE), re.DOTALL | re.MULTILINE)
    [code] = (cell for cell in cells if f"def {function}(" in cell)
    names = {"np": np, "jax": jax, "jnp": jnp, "norm": jax.scipy.stats.norm, "logsumexp": jax.nn.logsumexp}
    names |= {"BENTOS": np.asarray(BENTOS) if function == "exact_joint" else jnp.asarray(BENTOS, jnp.float32)}
    exec(code, names)
    return names


def on_the_pile(grams: float) -> exact.Posterior:
    return exact.posterior(np.append(BENTOS, grams), BENTO_PRIOR, np.array([[*BENTO_GROUPS, k] for k in (0, 1)]))


def test_a_new_bento_given_the_20():
    exact_joint = cell_with("exact_joint")["exact_joint"]
    grams = np.array([340.0, 350.0, 400.0, 425.0, 430.0, 435.0, 440.0, 445.0, 450.0, 500.0])
    light, heavy = exact_joint(grams)

    # The code in the notebook is right: an enumeration with each of these weights among the data agrees.
    enumerated = [on_the_pile(x) for x in grams]
    np.testing.assert_allclose(
        heavy / (light + heavy), [item.probability[1] for item in enumerated], rtol=1e-6, atol=1e-12
    )
    evidence = [item.log_evidence - bento_posterior().log_evidence for item in enumerated]
    np.testing.assert_allclose(np.log(light + heavy), evidence, atol=1e-6)

    p, surprise = (
        dict(zip(grams, heavy / (light + heavy), strict=True)),
        dict(zip(grams, -np.log(light + heavy), strict=True)),
    )
    says(HERE, f"from {p[430]:.3f} at 430 g to {p[445]:.3f} at 445 g", f"where the truth is {p[435]:.3f}")
    rises = f"rises from {p[425]:.0f} at 425 g over {p[435]:.2f} at 435 g to {p[450]:.0f} at 450 g"
    says(HERE, " ".join(rises.split()))
    says(
        HERE,
        f"Given the 20 bentos it is {p[425]:.4f}",
        f"The exact probability of tonkatsu is {p[425]:.4f}",
    )
    says(
        HERE,
        f"Given the 20 bentos P(tonkatsu) is {p[425]:.4f}",
        f"the plug-in says 1.000, the posterior {p[435]:.3f}",
    )
    says(
        HERE,
        f"and {surprise[425]:.1f} given the 20 bentos",
        f"and {surprise[425]:.0f} given the 20 bentos, against {surprise[500]:.0f}",
    )
    assert (1 - p[425]) / p[425] > 1000  # "more than a thousand times as probable"


def test_the_two_explanations_on_the_pile():
    posterior = on_the_pile(425.0)
    light, heavy = (moments(posterior.restricted(posterior.assignments[:, -1] == k))["sigma"][0] for k in (0, 1))
    usual = moments(bento_posterior())["sigma"][0]
    says(
        HERE,
        f"near {light[0]:.1f} g instead of {usual[0]:.1f} g",
        f"with {heavy[1]:.1f} g instead of {usual[1]:.1f} g",
    )


def test_the_known_recipe_and_the_plug_in():
    known = RECIPE[0][::-1], RECIPE[1][::-1], RECIPE[2]
    joint = np.log(known[0]) + norm.logpdf(np.array([[425.0], [424.9]]), *known[1:])
    p = softmax(joint, axis=1)[:, 1]
    says(HERE, f"P(tonkatsu) is {p[0]:.2f} at exactly 425 g", f"at 424.9 g it is {p[1]:.3f}")
    says(HERE, f"it is {-np.asarray(logsumexp(joint[0])):.0f} nats with the recipe known")
    entropy = float(gibbs_sampling.assignment_entropy(jnp.array([[0.7, 0.3]]))[0])
    says(HERE, f"For (0.7, 0.3) the entropy is {entropy:.3f}", f"$\\log 2$ = {np.log(2):.3f}")
    ordinary = -np.asarray(logsumexp(np.log(known[0]) + norm.logpdf(500, *known[1:])))
    assert round(float(ordinary)) == 2

    pi, mu, sigma = (moments(bento_posterior())[name][0] for name in ("pi", "mu", "sigma"))
    joint = np.log(pi) + norm.logpdf(np.array([[429.5], [430.5], [435.0], [425.0]]), mu, sigma)
    p = softmax(joint, axis=1)[:, 1]
    says(HERE, "from 0 to 1 within a gram, near 430 g", f"At 435 g it says {p[2]:.3f}")
    assert p[0] < 0.01
    assert p[1] > 0.99
    assert np.asarray(logsumexp(joint[3])) < -500
    assert 4 < (360 - mu[0]) / sigma[0] < 4.5  # "four standard deviations from the light mean"


def test_the_effective_size_of_draws():
    rng = np.random.default_rng(0)
    worth, surprise, at_435 = {360.0: [], 425.0: [], 500.0: []}, [], []
    for size in [4000] * 40 + [40_000] * 3:
        draws = bento_posterior().draw(rng, size)
        joint = np.log(draws.pi) + norm.logpdf(np.array([360, 425, 500, 435.0])[:, None, None], draws.mu, draws.sigma)
        logs = np.asarray(logsumexp(joint, axis=2))  # (4, S)
        sizes = dict(zip((360.0, 425.0, 500.0), 1 / np.sum(softmax(logs, axis=1) ** 2, axis=1), strict=False))
        assert sizes[425.0] < 3.5  # "one or two, and 40 000 would be worth no more"
        if size == 4000:
            worth = {x: [*values, sizes[x]] for x, values in worth.items()}
            surprise.append(np.log(size) - logsumexp(logs[1]))
            at_435.append(softmax(logsumexp(joint[3], axis=0))[1])
    says(HERE, "4000 independent draws are worth between 200 and 300")
    assert 200 < np.mean(worth[360.0]) < 300
    assert np.median(worth[425.0]) < 2
    assert min(worth[500.0]) > 3500  # "nearly all of them count"
    says(HERE, "(Your draws say something between 40 and 130.")
    assert 40 < min(surprise) < max(surprise) < 130
    # "At 435 g it is usually 0 or 1, by luck"
    assert np.mean(np.abs(np.array(at_435) - 0.5) > 0.45) > 0.7


def test_the_number_of_draws_that_count():
    draws = bento_posterior().draw(np.random.default_rng(1), 4000)
    grams = np.array([350.0, 500.0, *np.linspace(380, 480, 21)])
    joint = np.log(draws.pi) + norm.logpdf(grams[:, None, None], draws.mu, draws.sigma)
    sizes = 1 / np.sum(softmax(logsumexp(joint, axis=2), axis=1) ** 2, axis=1)

    says(HERE, 'thousands at 350 and 500 g, a few from 380 to 480 g."')
    assert min(sizes[:2]) > 2000
    assert max(sizes[2:]) < 10


def test_small_examples():
    precision = 2 / 50**2
    says(HERE, f"the posterior mean is {(400 + 350) / 2:.0f} g", f"= {precision**-0.5:.1f} g.")
    first, second = np.array([0.09, 0.01]), np.array([0.001, 0.009])
    total = first + second
    says(
        HERE,
        f"The sums are {total[0]:.3f} and {total[1]:.3f}",
        f"0.091/0.110 = {total[0] / total.sum():.3f}",
    )
    says(HERE, "are 0.9 and 0.1, and their average is 0.5")
    assert [first[0] / first.sum(), second[0] / second.sum()] == pytest.approx([0.9, 0.1])
    # "the first explains x ten times as well"
    assert first.sum() / second.sum() == pytest.approx(10)


def test_ordering_splits_a_component_in_two():
    low, high = (
        0.5 - 1.5 / np.sqrt(np.pi),
        0.5 + 1.5 / np.sqrt(np.pi),
    )  # the means of the smaller and of the larger of two normals
    says(HERE, f"near {low:.2f} and {high:.2f}")
    x = np.linspace(-4, 4, 8001)
    peak = x[np.argmax(norm.pdf(x, 0.5, 1.5) * norm.sf(x, 0.5, 1.5))]  # for the smaller; the larger is its mirror image
    says(HERE, f'has its peak near {peak:.1f}, the higher one near " "{1 - peak:.1f}')
    x = DESIGNED["overlap"][0]
    says(HERE, f"overlap ({', '.join(f'{value:.1f}' for value in x)})")
    posterior = exact.posterior(x, make_prior((1, 1), (0.5, 0.5), (1.5, 1.5), (2, 2), (1, 1)))
    draws = np.sort(posterior.draw(np.random.default_rng(0), 400_000).mu, axis=1)
    error = draws.std(axis=0) / np.sqrt(len(draws))
    [printed] = re.findall(r"the ordered means of the exact posterior are (\S+) and (\S+) on average", text(HERE))
    np.testing.assert_allclose(draws.mean(axis=0), [float(number) for number in printed], atol=0.005 + 4 * max(error))


@pytest.mark.long
def test_chains_on_the_pile_may_disagree():
    gibbs = jax.jit(gibbs_sampling.gibbs, static_argnames="num_samples")
    pile = jnp.append(jnp.array(BENTOS, float), 425.0)
    heavy = set()
    for number in range(8):
        draws = gibbs_sampling.relabel(gibbs(jax.random.key(number), pile, BENTO_PRIOR, num_samples=1000))
        heavy.add(round(float(jnp.mean(draws["z"][:, -1] == 1)), 1))
    assert heavy == {0.0, 1.0}  # each chain keeps to the explanation that it found first


@pytest.mark.long
def test_variational_inference_is_a_tenth_too_narrow():
    given = cell_with("fit_q")
    exact_moments = moments(bento_posterior())
    drawn = np.asarray(given["drawn"])
    values = {"pi": 1 / (1 + np.exp(-drawn[:, :1])), "mu": drawn[:, 1:3], "sigma": np.exp(drawn[:, 3:])}
    for name, draws in values.items():
        mean, std = (part[-draws.shape[1] :] for part in exact_moments[name])
        np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.1 * float(std.max()))  # "The means agree."
        if name != "pi":
            narrower = 1 - draws.std(axis=0) / std
            assert np.all((narrower > 0.05) & (narrower < 0.17)), name
    says(HERE, "The standard deviations of $\\mu$ and $\\sigma$ are about a tenth too small")


def test_the_chain_of_genjax():
    with jax.enable_x64(False):
        given = cell_with("genjax_chain")
    light = BENTOS[BENTOS < 425]
    u = np.linspace(-3, 4, 4001)
    logs = 2 * u - np.exp(u) - len(light) * u - np.sum((light - 350.0) ** 2) / 2 * np.exp(-2 * u)
    weights = softmax(logs)
    mean = weights @ np.exp(u)
    std = np.sqrt(weights @ np.exp(2 * u) - mean**2)
    says(HERE, f"The exact mean is {mean:.2f} g, and the exact standard deviation {std:.2f} g")
    assert float(given["drawn"].mean()) == pytest.approx(mean, abs=0.1)
    assert float(given["accepted"]) == pytest.approx(0.4, abs=0.05)  # "four in ten are accepted"


def test_how_many_kinds():
    logs = np.array([log_evidence(k) for k in (1, 2, 3)])
    one, two, three = logs
    says(HERE, f"is {one:.1f} with one component, {two:.1f} with two and {three:.1f} with three")
    p = softmax(logs)
    says(HERE, f"two kinds have the probability {p[1]:.2f}, and three have {p[2]:.2f}")
    assert p[0] < 1e-30
