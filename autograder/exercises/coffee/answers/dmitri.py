# %% coffee_gmm
@gen
def coffee_gmm(num_observations):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0)) @ "mu"
    sigma = gamma.vmap(in_axes=(0, None), axis_size=3)(jnp.full(3, 2.0), 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi / pi[0])) @ "z"
    means = jnp.where(z == 0, mu[0], jnp.where(z == 1, mu[1], mu[2]))
    stds = jnp.where(z == 0, sigma[0], jnp.where(z == 1, sigma[1], sigma[2]))
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(means, stds) @ "x"

# %% choose_mean_prior
def choose_mean_prior():
    return jnp.array([75.0, 125.0, 175.0]), jnp.full(3, 25.0)

# %% scratch
from functools import partial

# %% prior_predictive
@gen
def world(locs, scales):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, 0), axis_size=3)(locs, scales) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical(jnp.log(pi)) @ "z"
    return normal(mu[z], sigma[z]) @ "level"


@partial(jax.jit, static_argnames="num_draws")
def prior_predictive(key, locs, scales, num_draws):
    simulate = seed(world.simulate)
    return jax.vmap(lambda k: simulate(k, locs, scales).get_retval())(jax.random.split(key, num_draws))

# %% fit_coffee
@partial(jax.jit, static_argnames="num_samples")
def fit_coffee(key, x, num_samples):
    """Metropolis-Hastings whose ratios are those of the program's own density."""
    n = len(x)
    burn_in, thin = 100, 12

    def log_density(state):
        choices = {"pi": jax.nn.softmax(state["logs"]), "mu": state["mu"], "sigma": jnp.exp(state["log_sigma"])}
        joint, _ = coffee_gmm.assess(choices | {"z": state["z"], "x": x}, n)
        # pi is gammas over their sum; where that sum lies is of no importance, but it has to have a density.
        jacobian = jax.nn.log_softmax(state["logs"]).sum() + norm.logpdf(state["logs"].sum())
        return joint + jacobian + state["log_sigma"].sum()

    def decide(key, state, density, proposed, log_correction=0.0):
        new = log_density(proposed)
        accepted = jnp.log(jax.random.uniform(key)) < new - density + log_correction
        kept = {name: jnp.where(accepted, proposed[name], state[name]) for name in state}
        return kept, jnp.where(accepted, new, density)

    def relabel_cup(carry, inputs):
        i, key = inputs
        propose_key, accept_key = jax.random.split(key)
        state, density = carry
        other = (state["z"][i] + jax.random.randint(propose_key, (), 1, 3)) % 3
        return decide(accept_key, state, density, state | {"z": state["z"].at[i].set(other)}), None

    def walk(carry, inputs):
        j, key = inputs
        size_key, step_key, accept_key = jax.random.split(key, 3)
        state, density = carry
        size = 10 ** jax.random.uniform(size_key, minval=-1.0, maxval=0.8)
        steps = size * (jnp.arange(9) == j) * jax.random.normal(step_key, (9,))
        moves = {"logs": steps[:3], "mu": 2 * steps[3:6], "log_sigma": 0.5 * steps[6:]}
        return decide(
            accept_key, state, density, state | {name: state[name] + move for name, move in moves.items()}
        ), None

    def sweep(carry, key):
        cup_key, walk_key = jax.random.split(key)
        carry, _ = jax.lax.scan(relabel_cup, carry, (jnp.arange(n), jax.random.split(cup_key, n)))
        return jax.lax.scan(walk, carry, (jnp.arange(18) % 9, jax.random.split(walk_key, 18)))

    def several(carry, key):
        carry, _ = jax.lax.scan(sweep, carry, jax.random.split(key, thin))
        state, _ = carry
        pi, sigma = jax.nn.softmax(state["logs"]), jnp.exp(state["log_sigma"])
        return carry, {"pi": pi, "mu": state["mu"], "sigma": sigma, "z": state["z"]}

    mu = jnp.quantile(x, jnp.array([1 / 6, 1 / 2, 5 / 6]))
    z = jnp.argmin(jnp.abs(x[:, None] - mu), axis=1)
    state = {"logs": jnp.zeros(3), "mu": mu, "log_sigma": jnp.full(3, jnp.log(x.std() / 3)), "z": z}
    _, draws = jax.lax.scan(several, (state, log_density(state)), jax.random.split(key, burn_in + num_samples))
    return {name: draw[burn_in:] for name, draw in draws.items()}

# %% assignment_posterior
@jax.jit
def assignment_posterior(samples):
    order = jnp.argsort(samples["mu"], axis=1)
    blend = samples["z"][:, :, None] == order[:, None, :]  # (S, N, 3)
    log_weights = samples["log_weights"] if "log_weights" in samples else jnp.zeros(len(order))
    return jnp.average(blend, axis=0, weights=jax.nn.softmax(log_weights))

# %% coassignment
coassignment = jax.jit(lambda z: (z[:, :, None] == z[:, None, :]).mean(0))

# %% plot_assignments
def plot_assignments(x, probabilities):
    figure, axes = plt.subplots(figsize=(8, 3.5), layout="constrained")
    for k, (blend, marker) in enumerate([("low", "o"), ("medium", "s"), ("high", "D")]):
        axes.plot(x, probabilities[:, k], marker, alpha=0.7, label=f"{blend} blend")
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend | data)")
    axes.legend()
    return figure
