# Plain NumPy, in the float type that comes. No samplers.

# %% log_std_density
def log_std_density(u, count, squares, shape, rate):
    u = np.asarray(u)
    sigma = np.exp(u)
    return (shape - 1 - count) * np.log(sigma) - rate * sigma - squares / (2 * sigma**2) + u


# %% relabel
def relabel(samples):
    draws = {name: np.asarray(values) for name, values in samples.items()}
    order = np.argsort(draws["mu"], axis=1)
    named = {name: np.take_along_axis(draws[name], order, axis=1) for name in ("pi", "mu", "sigma")}
    return draws | named | {"z": np.take_along_axis(np.argsort(order, axis=1), draws["z"], axis=1)}


# %% assignment_probabilities
def assignment_probabilities(samples, x_new):
    pi, mu, sigma = (np.asarray(samples[name])[:, None] for name in ("pi", "mu", "sigma"))
    logs = np.log(pi / sigma) - ((np.asarray(x_new)[:, None] - mu) / sigma) ** 2 / 2  # (S, M, K)
    if "log_weights" in samples:
        logs = logs + np.asarray(samples["log_weights"])[:, None, None]
    logs = np.logaddexp.reduce(logs, axis=0)
    return np.exp(logs - np.logaddexp.reduce(logs, axis=1)[:, None])


# %% assignment_entropy
def assignment_entropy(probabilities):
    p = np.asarray(probabilities)
    logs = np.log(p, out=np.zeros_like(p), where=p > 0)
    return -np.sum(p * logs, axis=1)
