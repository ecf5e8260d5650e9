# Python loops over JAX arrays, one number at a time. Three exercises only.

# %% scratch
import scipy


# %% stick_breaking
def stick_breaking(fractions):
    left, pieces = 1.0, []
    for fraction in fractions:
        pieces.append(fraction * left)
        left = left - pieces[-1]
    return [*pieces, left]


# %% scratch
def predictive_scipy(x_new, x, base):
    n = len(x)
    mean = x.mean() if n else base.loc
    c, a = base.count + n, base.shape + n / 2
    b = base.rate + ((x - mean) ** 2).sum() / 2 + base.count * n * (mean - base.loc) ** 2 / (2 * c)
    m = (base.count * base.loc + n * mean) / c
    return scipy.stats.t.logpdf(x_new, 2 * a, loc=m, scale=np.sqrt(b / a * (c + 1) / c))


# %% reassignment_probabilities
def reassignment_probabilities(i, x, z, alpha, base):
    n = len(x)
    others = np.arange(n) != i
    log_p = np.full(n, -np.inf)
    free = min(set(range(n)) - {int(k) for k in np.asarray(z)[others]})
    for k in {int(k) for k in np.asarray(z)[others]}:
        own = x[others & (z == k)]
        log_p[k] = np.log(len(own)) + predictive_scipy(x[i], own, base)
    log_p[free] = np.log(alpha) + predictive_scipy(x[i], x[:0], base)
    return scipy.special.softmax(log_p)


# %% num_clusters_posterior
def num_clusters_posterior(z_samples):
    n = len(z_samples[0])
    sizes = [len({int(label) for label in row}) for row in z_samples]
    return [sizes.count(k) / len(sizes) for k in range(1, n + 1)]
