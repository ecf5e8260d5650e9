# %% coffee_gmm
@gen
def coffee_gmm(num_observations):
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0))(jnp.linspace(80.0, 160.0, 3), jnp.full(3, 20.0)) @ "mu"
    logits = jnp.broadcast_to(jnp.log(pi) - 2.0, (num_observations, 3))
    z = categorical.vmap(in_axes=(0,), axis_size=num_observations)(logits) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(jnp.take(mu, z), jnp.take(sigma, z)) @ "x"

# %% choose_mean_prior
choose_mean_prior = lambda: ([60, 125, 190], [30, 30, 30])

# %% scratch
from functools import partial
from itertools import permutations

from scipy import stats
from scipy.special import gammaln

# %% prior_predictive
@partial(jax.jit, static_argnames="num_draws")
def prior_predictive(key, locs, scales, num_draws):
    """With pi summed out, each blend is as probable; with mu summed out, the variances add up."""
    z_key, sigma_key, x_key = jax.random.split(key, 3)
    z = jax.random.randint(z_key, (num_draws,), 0, 3)
    sigma = jax.random.exponential(sigma_key, (2, num_draws)).sum(axis=0)  # Gamma(2, 1)
    return locs[z] + jnp.hypot(scales[z], sigma) * jax.random.normal(x_key, (num_draws,))

# %% scratch
def rng_of(key):
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))


def short_chain(key, x, prior, num_samples, *, burn_in=200, thin=2):
    """Gibbs sampling in float64, all components at once."""
    rng = rng_of(key)
    x = np.asarray(x, float)
    alpha, loc, scale, shape, rate = (np.asarray(row, float) for row in prior)
    n, k = len(x), len(loc)
    labels = np.arange(k)
    pi, mu, sigma = np.full(k, 1 / k), np.quantile(x, (np.arange(k) + 0.5) / k), np.full(k, x.std() / k)
    kept: dict[str, list[np.ndarray]] = {"pi": [], "mu": [], "sigma": [], "z": []}
    for sweep in range((burn_in + num_samples) * thin):
        log_joint = np.log(pi / sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
        z = np.argmax(log_joint + rng.gumbel(size=(n, k)), axis=1)
        member = z[:, None] == labels
        counts = member.sum(axis=0)
        pi = np.maximum(rng.dirichlet(alpha + counts), 1e-300)
        precision = 1 / scale**2 + counts / sigma**2
        mean = (loc / scale**2 + x @ member / sigma**2) / precision
        mu = rng.normal(mean, precision**-0.5)
        squares = ((x[:, None] - mu) ** 2 * member).sum(axis=0)
        u = np.log(sigma)
        target = (shape - counts) * u - rate * sigma - squares / 2 / sigma**2
        for size in (0.3, 0.8, 0.5):
            v = u + size * rng.standard_normal(k)
            s = np.exp(v)
            proposed = (shape - counts) * v - rate * s - squares / 2 / s**2
            accepted = -rng.exponential(size=k) < proposed - target
            u, sigma, target = (np.where(accepted, *pair) for pair in ((v, u), (s, sigma), (proposed, target)))
        if sweep >= burn_in * thin and sweep % thin == 0:
            for name, value in (("pi", pi), ("mu", mu), ("sigma", sigma), ("z", z)):
                kept[name].append(value)
    return {name: np.array(draws) for name, draws in kept.items()}


LOCS = np.array([80.0, 120.0, 160.0])
LOG_NODES = np.linspace(np.log(1e-3), np.log(200.0), 500)
PRIOR = Prior(np.ones(3), LOCS, np.full(3, 20.0), np.full(3, 2.0), np.ones(3))


def proposals(x, labels):
    """For each assignment: its log probability but for a constant, and how to draw parameters that explain it.

    These are the counts and totals of each component, and for log sigma the mean and (a little more than) the
    standard deviation that it has when mu is summed out.
    """
    member = labels[:, None, :] == np.arange(3)[:, None]  # (J, K, N)
    counts = member.sum(axis=2).astype(float)
    totals = (member * x).sum(axis=2)
    averages = totals / np.maximum(counts, 1)
    squares = (member * (x - averages[..., None]) ** 2).sum(axis=2)
    n, average, square = counts[..., None], averages[..., None], squares[..., None]
    variance = np.exp(2 * LOG_NODES)
    # The cups of a component are independent of their average, which varies around its prior mean.
    of_average = 400 + variance / np.maximum(n, 1)
    cups = -(n - 1) * LOG_NODES - square / (2 * variance) - 0.5 * np.log(np.maximum(n, 1))
    cups -= 0.5 * (average - LOCS[:, None]) ** 2 / of_average + 0.5 * np.log(of_average)
    log_mass = 2 * LOG_NODES - np.exp(LOG_NODES) + np.where(n > 0, cups, 0.0)
    total = np.logaddexp.reduce(log_mass, axis=2)
    mass = np.exp(log_mass - total[..., None])
    center = mass @ LOG_NODES
    spread = 1.1 * np.sqrt(mass @ LOG_NODES**2 - center**2)
    return (total + gammaln(1 + counts)).sum(axis=1), (counts, totals, center, spread)


def plausible_assignments(key, x):
    """Those that a short chain has found, under all names, and those that differ from them in one cup."""
    found = np.unique(short_chain(key, x, PRIOR, 400, burn_in=100)["z"], axis=0)
    renamed = [np.array(names)[found] for names in permutations(range(3))]
    moved = [np.where(np.arange(len(x)) == i, k, labels) for labels in renamed for i in range(len(x)) for k in range(3)]
    labels = np.unique(np.concatenate(moved), axis=0)
    log_probability, _ = proposals(x, labels)
    return labels[np.argsort(-log_probability)[:300]]


def mu_given(sigma, counts, totals):
    precision = 1 / 400 + counts / sigma**2
    return (LOCS / 400 + totals / sigma**2) / precision, precision**-0.5

# %% fit_coffee
def fit_coffee(key, x, num_samples):
    """Importance sampling from a mixture of proposals, one for each plausible assignment.

    One draw in ten comes from the prior, which bounds the weights. z is summed out of the weights, and drawn
    from its conditional afterwards.
    """
    x = np.asarray(x, float)
    pilot_key, key = jax.random.split(key)
    labels = plausible_assignments(pilot_key, x)
    log_probability, (counts, totals, center, spread) = proposals(x, labels)
    log_share = log_probability - np.logaddexp.reduce(log_probability)

    rng = rng_of(key)
    chosen = rng.choice(len(labels), num_samples, p=np.exp(log_share))
    log_sigma = center[chosen] + spread[chosen] * rng.standard_t(5, (num_samples, 3))
    mean, std = mu_given(np.exp(log_sigma), counts[chosen], totals[chosen])
    mu = rng.normal(mean, std)
    pi = rng.dirichlet(np.ones(3), num_samples)
    gammas = rng.gamma(1 + counts[chosen])
    from_prior = rng.random(num_samples) < 0.1
    pi = np.where(from_prior[:, None], pi, gammas / gammas.sum(axis=1, keepdims=True))
    mu = np.where(from_prior[:, None], rng.normal(LOCS, 20.0, (num_samples, 3)), mu)
    sigma = np.where(from_prior[:, None], rng.gamma(2.0, 1.0, (num_samples, 3)), np.exp(log_sigma))

    log_pi, log_sigma = np.log(pi), np.log(sigma)
    log_prior = np.log(2.0) + np.sum(stats.norm.logpdf(mu, LOCS, 20.0) + log_sigma - sigma, axis=1)
    log_pilot = log_share + gammaln(3 + len(x)) - gammaln(1 + counts).sum(axis=1) + log_pi @ counts.T  # (S, J)
    for k in range(3):
        log_pilot += stats.t.logpdf(log_sigma[:, k, None], 5, center[:, k], spread[:, k]) - log_sigma[:, k, None]
        precision = 1 / 400 + counts[:, k] / sigma[:, k, None] ** 2
        mean = (LOCS[k] / 400 + totals[:, k] / sigma[:, k, None] ** 2) / precision
        log_pilot += stats.norm.logpdf(mu[:, k, None], mean, precision**-0.5)
    log_proposal = np.logaddexp(np.log(0.1) + log_prior, np.log(0.9) + np.logaddexp.reduce(log_pilot, axis=1))
    log_joint = log_pi[:, None] + stats.norm.logpdf(x[:, None], mu[:, None], sigma[:, None])  # (S, N, K)
    z = np.argmax(log_joint + rng.gumbel(size=log_joint.shape), axis=2)
    log_weights = log_prior + np.logaddexp.reduce(log_joint, axis=2).sum(axis=1) - log_proposal
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}

# %% assignment_posterior
def assignment_posterior(samples):
    mu, z = jnp.asarray(samples["mu"]), jnp.asarray(samples["z"])
    own = jnp.take_along_axis(mu, z, axis=1)  # (S, N): the mean of each cup's component
    blend = jnp.sum(mu[:, None, :] < own[:, :, None], axis=2)
    w = jax.nn.softmax(samples["log_weights"]) if "log_weights" in samples else jnp.ones(len(mu)) / len(mu)
    return jnp.stack([w @ (blend == k) for k in range(3)], axis=1)

# %% coassignment
def coassignment(z_samples):
    member = jax.nn.one_hot(z_samples, 3)
    return jnp.einsum("sik,sjk->ij", member, member) / len(member)

# %% plot_assignments
def plot_assignments(x, probabilities):
    figure, axes = plt.subplots(figsize=(9, 4))
    for k, blend in enumerate(("low", "medium", "high")):
        axes.bar(x, probabilities[:, k], width=0.8, alpha=0.5, hatch=("", "//", "xx")[k], label=blend)
    axes.set_xlabel("caffeine in mg")
    axes.set_ylabel("P(blend given all cups)")
    axes.legend()
    return figure

# %% written_coffee [markdown]
# 1. Weighted shares of the draws, blends named by the order of the means in each. 99 mg: 0.38 low, 0.62 medium.
# 2. Speaker identification: x is a spectrum of 20 ms, the components are sounds, K by held-out likelihood. Frames are not independent.
