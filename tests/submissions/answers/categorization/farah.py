# %% component_log_density
class Bell:
    def __init__(self, mean, std):
        self.mean, self.std = mean, std

    def log(self, x):
        return -jnp.square(x - self.mean) / (2 * self.std * self.std) - jnp.log(self.std * jnp.sqrt(2 * jnp.pi))

def component_log_density(x, means, stds):
    return jnp.stack([Bell(m, s).log(x) for m, s in zip(means, stds)], axis=-1)

# %% responsibilities
def responsibilities(x, weights, means, stds):
    joint = component_log_density(x, means, stds) + jnp.log(weights)
    # 1 / sum_j exp(joint_j - joint_k), one column after the other
    columns = [1 / jnp.exp(jnp.minimum(joint - joint[:, [k]], 80.0)).sum(axis=1) for k in range(joint.shape[1])]
    p = jnp.array(columns).T
    return p / p.sum(axis=1, keepdims=True)

# %% marginal_density
def marginal_density(x, weights, means, stds):
    def add(k, total):
        return total + weights[k] * jnp.exp(Bell(means[k], stds[k]).log(x))

    return jax.lax.fori_loop(0, len(weights), add, jnp.zeros_like(x))

# %% decision_boundaries
def decision_boundaries(weights, means, stds):
    (w0, w1), (m0, m1), (s0, s1) = weights.tolist(), means.tolist(), stds.tolist()
    a = (s0**2 - s1**2) / (2 * s0**2 * s1**2)
    b = m0 / s0**2 - m1 / s1**2
    c = m1**2 / (2 * s1**2) - m0**2 / (2 * s0**2) + float(jnp.log(w0 * s1 / (w1 * s0)))
    if abs(a) < 1e-12:
        return [] if abs(b) < 1e-12 else [-c / b]
    discriminant = b * b - 4 * a * c
    if discriminant < 0:
        return []
    root = discriminant**0.5
    return sorted([(-b + root) / (2 * a), (-b - root) / (2 * a)])

# %% count_modes
def count_modes(weights, means, stds):
    x = jnp.sort(jnp.concatenate([m + s * jnp.linspace(-5, 5, 1501) for m, s in zip(means, stds)]))
    log_p = logsumexp(component_log_density(x, means, stds) + jnp.log(weights), axis=1)

    def scan(state, pair):
        falling, count = state
        before, after = pair
        peak = (after < before - 1e-6) & ~falling
        falling = jnp.where(after < before - 1e-6, True, jnp.where(after > before + 1e-6, False, falling))
        return (falling, count + peak), None

    (_, count), _ = jax.lax.scan(scan, (jnp.array(False), 0), (log_p[:-1], log_p[1:]))
    return count

# %% plot_mixture
def plot_mixture(weights, means, stds):
    x = jnp.arange(float((means - 4 * stds).min()), float((means + 4 * stds).max()), float(stds.min()) / 20)
    fig, ax = plt.subplots()
    ax.plot(x, marginal_density(x, weights, means, stds), label="p(x)", color="#000000")
    for k, style in zip(range(len(weights)), ("--", ":")):
        ax.plot(x, weights[k] * jnp.exp(Bell(means[k], stds[k]).log(x)), style, label=f"{k}")
    ax.plot(x, responsibilities(x, weights, means, stds)[:, 0], "-.", label="P(c=0|x)")
    ax.set_xlabel("x")
    ax.set_ylabel("p(x) and P(c=0|x)")
    ax.legend()
    return fig

# %% written_categorization [markdown]
# 1. towards the less common kind, hardly for bentos because they are 75 stds apart
# 2. two boundaries or none
# 3. close or rare; so peaks are not kinds
