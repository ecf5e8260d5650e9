# %% delete setup


# %% coffee_gmm
@gen
def coffee_gmm(num_observations):
    pi = dirichlet(jnp.ones(3)) @ "pi"
    mu = normal.vmap(in_axes=(0, None), axis_size=3)(jnp.array([80.0, 120.0, 160.0]), 20.0) @ "mu"
    sigma = gamma.repeat(3)(2.0, 1.0) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(pi)) @ "z"
    return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], sigma[z]) @ "x"

# %% choose_mean_prior
def choose_mean_prior():
    # nothing tells the blends apart: the middle of the range, both ends at two standard deviations
    return jnp.full(3, 125.0), jnp.full(3, 37.5)

# %% prior_predictive
def prior_predictive(key, locs, scales, num_draws):
    z_key, mu_key, sigma_key, x_key = jax.random.split(key, 4)
    z = jax.random.randint(z_key, (num_draws, 1), 0, 3)
    mu = locs[z] + scales[z] * jax.random.normal(mu_key, (num_draws, 1))
    sigma = jax.random.gamma(sigma_key, 2.0, (num_draws, 1))
    return mu + sigma * jax.random.normal(x_key, (num_draws, 1))

# %% scratch
# how far did I get
plt.hist(prior_predict(jax.random.key(0), 100))

# %% fit_coffee
def fit_coffee(key, x, num_samples):
    draws = {"pi": [], "mu": [], "sigma": [], "z": []
    for sweep in range(num_samples):
        key, z_key = jax.random.split(key)
    return draws

# %% delete coassignment


# %% plot_assignments
def plot_assignments(x, probabilities):
    figure, axes = plt.subplots(figsize=(8, 3.5), layout="constrained")
    for k, (blend, marker) in enumerate([("low", "o"), ("medium", "s"), ("high", "^")]):
        axes.plot(x, probabilities[:, k], marker, alpha=0.7, label=f"{blend} blend")
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend | data)")
    axes.legend()
    return figure

# %% duplicate plot_assignments


# %% written_coffee [markdown]
# 1. It says how sure one is.
# 2. ???
