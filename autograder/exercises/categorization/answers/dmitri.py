# %% component_log_density
from jax.scipy.stats import norm

@jax.jit
def component_log_density(x, means, stds):
    one = lambda xi: jax.vmap(lambda m, s: norm.logpdf(xi, m, s))(means, stds)
    return jax.vmap(one)(x)

# %% responsibilities
@jax.jit
def responsibilities(x, weights, means, stds):
    return jnp.exp(jax.nn.log_softmax(jnp.log(weights) + component_log_density(x, means, stds)))

# %% marginal_density
marginal_density = jax.jit(
    jax.vmap(lambda x, w, m, s: jnp.exp(logsumexp(norm.logpdf(x, m, s), b=w)), in_axes=(0, None, None, None))
)

# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    centre, scale = means.mean(), stds.mean()
    m, s = (means - centre) / scale, stds / scale
    a = 0.5 * (s[1] ** -2 - s[0] ** -2)
    b = m[0] / s[0] ** 2 - m[1] / s[1] ** 2
    c = 0.5 * (m[1] ** 2 / s[1] ** 2 - m[0] ** 2 / s[0] ** 2) + jnp.log(weights[0] * s[1] / weights[1] / s[0])
    roots = jnp.roots(jnp.array([a, b, c]), strip_zeros=True)
    return jnp.sort(roots.real[jnp.abs(roots.imag) < 1e-6]) * scale + centre

# %% count_modes
@jax.jit
def count_modes(weights, means, stds):
    t = jnp.linspace(-0.2, 1.2, 40001)
    x = means[0] + t * (means[1] - means[0])
    # Close means: also look a little further.
    x = jnp.where(jnp.abs(means[1] - means[0]) < 1e-3, means[0] + (t - 0.5) * stds[0], x)
    score = (responsibilities(x, weights, means, stds) * (means - x[:, None]) / stds**2).sum(1)
    up = score * jnp.where(x[-1] < x[0], -1, 1) > 0
    return jnp.sum(up[:-1] & ~up[1:])

# %% plot_mixture
def plot_mixture(weights, means, stds):
    x = jnp.linspace((means - 4 * stds).min(), (means + 4 * stds).max(), 3000)
    figure, axes = plt.subplot_mosaic([["p"], ["r"]], layout="constrained")
    axes["p"].plot(x, marginal_density(x, weights, means, stds), label="$p(x)$")
    axes["p"].plot(x, weights * jnp.exp(component_log_density(x, means, stds)), "--", label=["component 0", "component 1"])
    axes["r"].plot(x, responsibilities(x, weights, means, stds), label=["$P(0|x)$", "$P(1|x)$"])
    for ax in axes.values():
        ax.set(xlabel="weight / g", ylabel="density or probability")
        ax.legend()
    return figure

# %% written_categorization [markdown]
# 1. log odds = log prior odds + log likelihood ratio; the boundary is its zero: x = (mu0 + mu1)/2 -
#    sigma^2 log(pi0/pi1)/(mu0 - mu1). Raising the prior of 0 lifts the line,
#    the zero moves towards the mean of 1. Slope 37.5 per gram for the bentos, so a shift of 0.85 in log odds is 0.023 g.
# 2. The log likelihood ratio is a parabola then: 0 or 2 zeros.
# 3. If |mu0 - mu1| is less than about two standard deviations or one weight is tiny. Number of peaks <= number of kinds.
