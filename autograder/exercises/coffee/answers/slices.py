# Slice sampling with z summed out; Python lists.

# %% scratch
import math


# %% scratch from gibbs_sampling/slices


# %% scratch
PRIOR = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))


# %% fit_coffee
def fit_coffee(key, x, num_samples):
    return gibbs(key, x, PRIOR, num_samples)


# %% assignment_posterior
def assignment_posterior(samples):
    draws = {name: np.asarray(values).tolist() for name, values in samples.items()}
    count = len(draws["mu"])
    logs = draws.get("log_weights", [0.0] * count)
    weights = [math.exp(log - max(logs)) for log in logs]
    table = []
    for i in range(len(draws["z"][0])):
        row = [0.0, 0.0, 0.0]
        for s in range(count):
            means = draws["mu"][s]
            row[sum(mean < means[draws["z"][s][i]] for mean in means)] += weights[s] / sum(weights)
        table.append(row)
    return table


# %% coassignment
def coassignment(z_samples):
    draws = np.asarray(z_samples).tolist()
    cups = range(len(draws[0]))
    return [[sum(z[i] == z[j] for z in draws) / len(draws) for j in cups] for i in cups]


# %% scratch
BLENDS = ("low", "medium", "high")


def labelled(axes):
    axes.set(xlabel="caffeine (mg)", ylabel="P(blend given data)")
    axes.legend()
    return axes.figure


# %% plot_assignments
def plot_assignments(x, probabilities):
    """As pandas draws a table: one place for each cup, its level at the tick."""
    x, probabilities = (np.asarray(a) for a in (x, probabilities))
    _, axes = plt.subplots()
    at, below = np.arange(len(x)), np.zeros(len(x))
    for k, name in enumerate(BLENDS):
        axes.bar(at, probabilities[:, k], bottom=below, label=name)
        below = below + probabilities[:, k]
    axes.set_xticks(at, [f"{level:.0f}" for level in x], rotation=90)
    return labelled(axes)
