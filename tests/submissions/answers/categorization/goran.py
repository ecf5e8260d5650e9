# %% component_log_density
def component_log_density(x, means, stds):
    z = (x[:, None] - means) / stds
    return -0.5 * z**2 - jnp.log(stds) - 0.5 * jnp.log(2 * jnp.pi)

# %% responsibilities
def responsibilities(x, weights, means, stds):
    joint = weights * jnp.exp(component_log_density(x, means, stds))
    return joint / joint.sum(axis=1, keepdims=True)

# %% marginal_density
def marginal_density(x, weights, means, stds):
    return jnp.exp(component_log_density(x, means, stds)).sum(axis=1)

# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    return jnp.array([means.mean()])

# %% count_modes
def count_modes(weights, means, stds):
    return 2 if abs(means[0] - means[1]) > stds.sum() else 1

# %% plot_mixture
def plot_mixture(weights, means, stds):
    x = jnp.linspace(jnp.min(means - 4 * stds), jnp.max(means + 4 * stds), 1000)
    parts = jnp.exp(component_log_density(x, means, stds))
    fig, ax = plt.subplots()
    ax.plot(x, parts @ weights, label="p(x)")
    ax.plot(x, parts[:, 0], label="component 0")
    ax.plot(x, parts[:, 1], label="component 1")
    ax.plot(x, (parts * weights)[:, 0] / (parts @ weights + 1e-30), label="P(c=0|x)")
    ax.set(xlabel="x", ylabel="density")
    ax.legend()
    return fig

# %% written_categorization [markdown]
# 1. The prior does not matter if there is enough data.
# 2. There are two boundaries.
# 3. If they overlap.
