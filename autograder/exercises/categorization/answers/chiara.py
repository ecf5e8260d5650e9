# %% scratch
import math

def log_normal(x, mu, sigma):
    return -0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma) - 0.5 * math.log(2 * math.pi)

# %% component_log_density
def component_log_density(x, means, stds):
    rows = []
    for xi in x:
        rows.append([log_normal(float(xi), float(m), float(s)) for m, s in zip(means, stds)])
    return rows

# %% responsibilities
def responsibilities(x, weights, means, stds):
    result = []
    for row in component_log_density(x, means, stds):
        logs = [l + math.log(float(w)) for l, w in zip(row, weights)]
        top = max(logs)
        parts = [math.exp(l - top) for l in logs]
        result.append([p / sum(parts) for p in parts])
    return result

# %% marginal_density
def marginal_density(x, weights, means, stds):
    w = [float(v) for v in weights]
    return [sum(w[k] * math.exp(l) for k, l in enumerate(row)) for row in component_log_density(x, means, stds)]

# %% decision_boundaries
def log_odds(x, w, m, s):
    return math.log(w[0]) + log_normal(x, m[0], s[0]) - math.log(w[1]) - log_normal(x, m[1], s[1])

def decision_boundaries(weights, means, stds):
    # Look for sign changes of the log odds, then bisect.
    w, m, s = ([float(v) for v in a] for a in (weights, means, stds))
    width = 40 * max(s) + 4 * abs(m[0] - m[1])
    steps = 20000
    xs = [min(m) - width + i * (2 * width + abs(m[0] - m[1])) / steps for i in range(steps + 1)]
    values = [log_odds(x, w, m, s) for x in xs]
    found = []
    for a, b, fa, fb in zip(xs, xs[1:], values, values[1:]):
        if (fa > 0) != (fb > 0):
            for _ in range(80):
                c = (a + b) / 2
                if (log_odds(c, w, m, s) > 0) == (fa > 0):
                    a = c
                else:
                    b = c
            found.append((a + b) / 2)
    return found

# %% count_modes
def count_modes(weights, means, stds):
    w, m, s = ([float(v) for v in a] for a in (weights, means, stds))
    step = min(s) / 50
    x, peaks = min(m) - 3 * step, 0
    rising = True
    p = 0.0
    while x < max(m) + 3 * step:
        q = sum(w[k] * math.exp(log_normal(x, m[k], s[k])) for k in range(2))
        if rising and q < p:
            peaks += 1
            rising = False
        elif q > p:
            rising = True
        p = q
        x += step
    return peaks + (1 if rising else 0)

# %% plot_mixture
def plot_mixture(weights, means, stds):
    w, m, s = ([float(v) for v in a] for a in (weights, means, stds))
    lo = min(a - 4 * b for a, b in zip(m, s))
    hi = max(a + 4 * b for a, b in zip(m, s))
    xs = [lo + (hi - lo) * i / 800 for i in range(801)]
    fig = plt.figure()
    plt.subplot(1, 2, 1)
    plt.plot(xs, marginal_density(xs, w, m, s), label="p(x)")
    for k in (0, 1):
        plt.plot(xs, [w[k] * math.exp(log_normal(x, m[k], s[k])) for x in xs], "--", label="k=%d" % k)
    plt.xlabel("x")
    plt.ylabel("density")
    plt.legend()
    plt.subplot(1, 2, 2)
    plt.plot(xs, [row[0] for row in responsibilities(xs, w, m, s)], label="P(0|x)")
    plt.xlabel("x")
    plt.ylabel("P(0|x)")
    plt.legend()
    return fig

# %% written_categorization [markdown]
# 1. More prior, more room. The bentos are so far apart that it does not matter.
# 2. If one is wider it wins far away on both sides, so there are two boundaries.
# 3. If the distance is small compared to the widths.
