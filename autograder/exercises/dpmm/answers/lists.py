# Python lists, and fractions that are exact. No samplers.

# %% scratch
import math
import scipy
from fractions import Fraction


# %% crp_probabilities
def crp_probabilities(counts, alpha):
    counts = np.asarray(counts).tolist()
    total = sum(counts) + alpha
    return [count / total for count in counts] + [alpha / total]


# %% num_clusters_prior
def num_clusters_prior(alpha, num_customers):
    """Exactly, as fractions."""
    a, p = Fraction(alpha), [Fraction(1)]
    for m in range(1, num_customers):
        stay, new = m / (m + a), a / (m + a)
        p = [stay * here + new * below for here, below in zip([*p, 0], [0, *p], strict=True)]
    return [float(one) for one in p]


# %% stick_breaking
def stick_breaking(fractions):
    fractions = np.asarray(fractions).tolist()
    left, pieces = 1.0, []
    for fraction in fractions:
        pieces.append(fraction * left)
        left = left - pieces[-1]
    return [*pieces, left]


# %% cluster_log_marginal
def cluster_log_marginal(x, base):
    """One predictive after the other, the base updated each time."""
    x = np.asarray(x).tolist()
    m, c, a, b = base
    total = 0.0
    for value in x:
        scale = math.sqrt(b * (c + 1) / (a * c))
        total += float(scipy.stats.t.logpdf(value, 2 * a, m, scale))
        b += c * (value - m) ** 2 / (2 * (c + 1))
        m, c, a = (c * m + value) / (c + 1), c + 1, a + 0.5
    return total


# %% predictive_log_density
def predictive_log_density(x_new, x, base):
    x_new, x = (np.asarray(a).tolist() for a in (x_new, x))
    m, c, a, b = base
    for value in x:
        b += c * (value - m) ** 2 / (2 * (c + 1))
        m, c, a = (c * m + value) / (c + 1), c + 1, a + 0.5
    square = b * (c + 1) / (a * c)
    constant = math.lgamma(a + 0.5) - math.lgamma(a) - math.log(2 * a * math.pi * square) / 2
    return [constant - (a + 0.5) * math.log1p((value - m) ** 2 / (2 * a * square)) for value in x_new]


# %% scratch
def marginal_gammas(x, base):
    n = len(x)
    mean = np.mean(x) if n else 0.0
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + np.sum((np.asarray(x) - mean) ** 2) / 2 + base.count * n * (mean - base.loc) ** 2 / (2 * c)
    return (
        math.lgamma(a)
        - math.lgamma(base.shape)
        + base.shape * math.log(base.rate)
        - a * math.log(b)
        + math.log(base.count / c) / 2
        - n * math.log(2 * math.pi) / 2
    )


# %% reassignment_probabilities
def reassignment_probabilities(i, x, z, alpha, base):
    """From the probabilities of whole partitions."""
    x = np.asarray(x).tolist()
    z = np.asarray(z).tolist()
    n = len(x)
    others = [z[j] for j in range(n) if j != i]
    free = next(k for k in range(n) if k not in others)
    logs = []
    for k in range(n):
        if k not in others and k != free:
            logs.append(-math.inf)
            continue
        moved = [k if j == i else z[j] for j in range(n)]
        total = 0.0
        for label in set(moved):
            own = np.array([x[j] for j in range(n) if moved[j] == label])
            total += math.log(alpha) + math.lgamma(len(own)) + marginal_gammas(own, base)
        logs.append(total)
    top = max(logs)
    weights = [math.exp(one - top) for one in logs]
    return [weight / sum(weights) for weight in weights]


# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    z_samples = np.asarray(z_samples).tolist()
    n = len(z_samples[0])
    sizes = [len({int(label) for label in row}) for row in z_samples]
    return [sizes.count(k) / len(sizes) for k in range(1, n + 1)]


# %% predictive_density
def predictive_density(x_new, x, z_samples, alpha, base):
    x_new, x = (np.asarray(a).tolist() for a in (x_new, x))
    z_samples = np.asarray(z_samples).tolist()
    densities = []
    for place in range(len(x_new)):
        total = 0.0
        for z in z_samples:
            for k in {None, *z}:
                own = [value for value, label in zip(x, z, strict=True) if label == k]
                [log_density] = predictive_log_density([x_new[place]], own, base)
                total += (len(own) or alpha) / (len(x) + alpha) * math.exp(log_density)
        densities.append(total / len(z_samples))
    return densities
