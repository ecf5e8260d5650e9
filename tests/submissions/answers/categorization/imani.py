# %% delete setup
# %% component_log_density
def component_log_density(x, means, stds):
    z = (x[:, None] - means) / stds
    return -0.5 * z**2 - jnp.log(stds) - 0.5 * jnp.log(2 * jnp.pi)

# %% duplicate component_log_density
# %% responsibilities
def responsibilities(x, weights, means, stds):
    return jax.nn.softmax(jnp.log(weights) + component_log_density(x, means, stds), axis=1)

# %% marginal_density
def marginal_density(x, weights, means, stds):
    return (jnp.exp(component_log_density(x, means, stds)) * weights).sum(axis=1))

# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    # only the one between the means is a real boundary
    lo, hi = float(means.min()), float(means.max())
    for _ in range(3):  # the grid gets finer around it
        x = jnp.linspace(lo, hi, 1001)
        r = responsibilities(x, weights, means, stds)[:, 0] > 0.5
        at = jnp.flatnonzero(r[1:] != r[:-1])
        if len(at) == 0:
            return jnp.array([])
        lo, hi = float(x[at[0]]), float(x[at[0] + 1])
    return jnp.array([(lo + hi) / 2])

# %% delete count_modes
# %% scratch
1 / 0

# %% plot_mixture
def plot_mixture(weights, means, stds):
    x = jnp.linspace(jnp.min(means - 4 * stds), jnp.max(means + 4 * stds), 1000)
    parts = weights * jnp.exp(component_log_density(x, means, stds))
    fig, (ax, ax2) = plt.subplots(2)
    ax.plot(x, parts.sum(axis=1), label="p(x)")
    ax.plot(x, parts, label=["0", "1"])
    ax2.plot(x, responsibilities(x, weights, means, stds)[:, 0], label="P(c=0|x)")
    ax.set(xlabel="x", ylabel="density")
    ax2.set(xlabel="x", ylabel="probability")
    ax.legend()
    return fig

# %% written_categorization [markdown]
# 1. Away from the more probable one.
# 2. Two of them then.
# 3. When they are near each other.
