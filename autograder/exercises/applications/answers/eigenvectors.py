# NumPy float64, in the axes of each component. The log density only.

# %% scratch
import numpy as np


# %% multivariate_log_density
def multivariate_log_density(x, means, covs):
    """In the axes of each component, where it is a product of one-dimensional densities."""
    x, means, covs = (np.asarray(a, np.float64) for a in (x, means, covs))
    variances, axes = np.linalg.eigh(covs)
    z = np.einsum("nkd,kde->nke", x[:, None] - means, axes)
    return -0.5 * (z**2 / variances + np.log(2 * np.pi * variances)).sum(axis=2)
