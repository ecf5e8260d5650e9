"""The mistakes that can occur in many exercises: the name and the sentence of each, once.

An exercise defines how such a mistake is made there, and gives the hint: `@E_STEP.mistake(WEIGHTS_IGNORED, hint=...)`,
or `WEIGHTS_IGNORED.here(hint=..., variant=...)`. The class report counts all of them as the same mistake.
"""

from autograder.exercises.mistakes import Recurring

# --- the density and its logarithm ---

CONSTANT_FORGOTTEN = Recurring("constant_forgotten", "The constant of the Gaussian is missing.")
HALF_FORGOTTEN = Recurring("half_forgotten", "The half in the exponent is missing.")
SPREAD_FORGOTTEN_IN_CONSTANT = Recurring(
    "spread_forgotten_in_constant", "The factor 1/std in front of each Gaussian is missing."
)
NORMALISATION_DROPPED = Recurring("normalisation_dropped", "The density lacks its factor 1/sigma.")
DETERMINANT_FORGOTTEN = Recurring("determinant_forgotten", "The determinant of the covariance matrix is missing.")
CORRELATIONS_IGNORED = Recurring(
    "correlations_ignored", "Only the variances count, as if the coordinates were independent."
)
STD_AS_VARIANCE = Recurring("std_as_variance", "The standard deviation was used as if it were the variance.")
STD_SQUARED_TWICE = Recurring("std_squared_twice", "The standard deviation was squared once too often.")
STD_FOR_VARIANCE = Recurring("std_for_variance", "sigma was used in place of its square, the variance.")
VARIANCE_FOR_STD = Recurring("variance_for_std", "A variance was used in place of a standard deviation.")
PI_SHADOWED = Recurring("pi_shadowed", "The mixing proportions were taken for the number 3.14159.")
DECIMAL_LOGARITHM = Recurring("decimal_logarithm", "The logarithm is to base 10.")
TWO_COMPONENTS_ONLY = Recurring("two_components_only", "Only the first two components were used.")

# --- mixing proportions ---

WEIGHTS_IGNORED = Recurring("weights_ignored", "The mixing proportions play no part.")
WEIGHTS_NOT_LOGGED = Recurring(
    "weights_not_logged", "The weights were added to log densities without taking their logarithms."
)
COUNTS_FOR_WEIGHTS = Recurring("counts_for_weights", "The weights are counts, not shares.")
EQUAL_WEIGHTS = Recurring("equal_weights", "Every component got the same weight.")
LOGITS_FOR_PROBABILITIES = Recurring(
    "logits_for_probabilities", "`categorical` was given probabilities, not their logarithms."
)

# --- responsibilities ---

JOINT_FOR_POSTERIOR = Recurring(
    "joint_for_posterior", "The joint density came back instead of the posterior probability."
)
LIKELIHOOD_FOR_POSTERIOR = Recurring(
    "likelihood_for_posterior", "The likelihood came back: the density of each observation, given the component."
)
PRIOR_FOR_POSTERIOR = Recurring("prior_for_posterior", "This is the prior: the observations change nothing.")
LOGS_FOR_PROBABILITIES = Recurring("logs_for_probabilities", "Logarithms of the probabilities came back.")
LARGEST_SUBTRACTED_ONLY = Recurring(
    "largest_subtracted_only",
    "The largest logarithm of each row was subtracted, but the rows were not divided by their sums.",
)
NORMALISED_OVER_OBSERVATIONS = Recurring(
    "normalised_over_observations", "The probabilities sum to 1 over the observations."
)
NORMALISED_OVER_EVERYTHING = Recurring(
    "normalised_over_everything", "The probabilities of all observations together sum to 1."
)
HARD_ASSIGNMENT = Recurring("hard_assignment", "Every observation went wholly to its most probable component.")
BEST_COMPONENT_ONLY = Recurring("best_component_only", "Only the best component of each observation counted.")

# --- the log likelihood ---

MEAN_LOG_LIKELIHOOD = Recurring("mean_log_likelihood", "The log likelihood is a mean over the observations.")
LOG_INSIDE_SUM = Recurring("log_inside_sum", "Logarithms were added up over the components, too.")
NEGATIVE_LOG_LIKELIHOOD = Recurring("negative_log_likelihood", "The log likelihood has the wrong sign.")
EXPECTED_COMPLETE_DATA = Recurring(
    "expected_complete_data",
    "This is the expected log likelihood of the data and the components together, not that of the data.",
)
SIGN = Recurring("sign", "The sign is wrong.")

# --- means and spreads ---

DIVIDED_BY_N = Recurring("divided_by_n", "The sums were divided by N, the number of all observations.")
DIVIDED_BY_COUNT_MINUS_1 = Recurring(
    "divided_by_count_minus_1", "The sum of squared deviations was divided by the count minus 1."
)
ABSOLUTE_DEVIATIONS = Recurring(
    "absolute_deviations", "The spread is a mean of distances, not the root of a mean of squares."
)
OVERALL_MEAN_IN_SPREAD = Recurring(
    "overall_mean_in_spread", "The spread was measured around the mean of all observations."
)
ONE_STD_FOR_ALL = Recurring("one_std_for_all", "All components share one standard deviation.")
RESPONSIBILITY_SQUARED = Recurring(
    "responsibility_squared", "The responsibility was squared together with the deviation."
)

# --- underflow and overflow, and guards against them ---

EXPONENTIATED_FIRST = Recurring(
    "exponentiated_first", "The exponential was taken too early: in float32 it becomes 0 or infinity."
)
DIGITS_LOST = Recurring(
    "digits_lost", "Large numbers were squared before they were subtracted: in float32, no digits are left."
)
SMALL_CONSTANT_ADDED = Recurring(
    "small_constant_added",
    "A constant keeps probabilities or densities away from 0, or logarithms away from very small values.",
)
CONSTANT_ADDED = Recurring("constant_added", "A constant keeps the responsibilities, or their sums, away from 0.")
SMALL_STDS_RAISED = Recurring("small_stds_raised", "Small standard deviations were made larger.")
RIDGE_ADDED = Recurring("ridge_added", "Something was added to the diagonals of the covariance matrices.")
SMALL_WEIGHTS_RAISED = Recurring("small_weights_raised", "Small weights were made larger.")
ZERO_TIMES_INFINITY = Recurring("zero_times_infinity", "Where a probability is 0, 0 log 0 became NaN.")

# --- draws ---

AVERAGE = Recurring("average", "The mean of the conditional came back, not a draw.")
ALPHA_IGNORED = Recurring("alpha_ignored", "alpha plays no part: the prior of pi was taken for Dirichlet(1, ..., 1).")
FIRST_PRIOR_FOR_ALL = Recurring("first_prior_for_all", "All components have the prior of the first one.")
SCALE_FOR_RATE = Recurring("scale_for_rate", "The gamma's rate was taken for a scale.")
SCALE_OF_THE_MEANS_SQUARED = Recurring("scale_of_the_means_squared", "The scale of the prior of mu was squared.")
JACOBIAN_MISSING = Recurring("jacobian_missing", "The walk is in log sigma, but its target lacks the Jacobian.")
LIKELIHOOD_MISSING = Recurring("likelihood_missing", "The observations play no part.")
HALF_MISSING = Recurring("half_missing", "The squares are not halved.")
ALWAYS_ACCEPTED = Recurring("always_accepted", "Every proposal of sigma was accepted.")
ONE_KEY_FOR_ALL = Recurring("one_key_for_all", "The same key was used again and again.")
DRAWS_NOT_WEIGHTED = Recurring("draws_not_weighted", "log_weights plays no part.")
VECTOR_PARAMETERS = Recurring(
    "vector_parameters", "A distribution was given vectors, without `vmap`: its log density is a vector, not a number."
)

# --- any number of clusters ---

ALPHA_FORGOTTEN = Recurring("alpha_forgotten", "A new cluster counts as one observation, whatever alpha is.")
SIZES_IGNORED = Recurring("sizes_ignored", "The sizes of the clusters, or of the tables, play no part.")
ONE_CUSTOMER_TOO_MANY = Recurring("one_customer_too_many", "The new customer was counted among the seated ones.")
STARTS_AT_NONE = Recurring("starts_at_none", "The first entry is for 0 clusters.")
ITSELF_NOT_REMOVED = Recurring(
    "itself_not_removed", "An observation that moves still counts for the cluster that it is in."
)
NEVER_A_NEW_CLUSTER = Recurring("never_a_new_cluster", "There is never a new cluster.")
DENSITY_OF_THE_NEW_CLUSTER_FORGOTTEN = Recurring(
    "density_of_the_new_cluster_forgotten", "A new cluster has the weight alpha, without a density."
)
LIKELIHOOD_IGNORED = Recurring(
    "likelihood_ignored", "The observations play no part: only the sizes of the clusters count."
)
NORMAL_AT_ESTIMATES = Recurring(
    "normal_at_estimates", "The density is that of a normal distribution at estimated parameters."
)
MEAN_TAKEN_FOR_KNOWN = Recurring(
    "mean_taken_for_known", "The factor (c_n + 1)/c_n is missing from the predictive density."
)
DEGREES_OF_FREEDOM_HALVED = Recurring("degrees_of_freedom_halved", "The degrees of freedom are a_n, not 2 a_n.")
RATE_INVERTED = Recurring("rate_inverted", "The rate of the base was taken for its inverse.")
PULL_OF_THE_PRIOR_FORGOTTEN = Recurring(
    "pull_of_the_prior_forgotten", "The distance between the mean of the data and loc is missing from the rate."
)
ZERO_BY_ZERO = Recurring("zero_by_zero", "With no observation, 0 is divided by 0.")
NOTHING_MOVES = Recurring("nothing_moves", "The labels come back as they went in.")
MOST_PROBABLE_LABEL = Recurring("most_probable_label", "Each observation went to its most probable cluster.")
ALL_AT_ONCE = Recurring(
    "all_at_once", "All observations moved at once, each given the others as they were before the sweep."
)
LAST_DRAW_ONLY = Recurring("last_draw_only", "Only the last draw counts.")

# --- names of components ---

MEANS_SORTED_ALONE = Recurring("means_sorted_alone", "mu was sorted in each draw, but nothing else was.")
INVERSE_PERMUTATION = Recurring("inverse_permutation", "z was renamed by the order, not by its inverse.")
DESCENDING = Recurring("descending", "The components are in descending order.")
ONE_ORDER_FOR_ALL = Recurring("one_order_for_all", "All draws were put in the same order, that of the average means.")
ORDERED_BY_WEIGHT = Recurring("ordered_by_weight", "The components are in the order of pi.")
TRANSPOSED = Recurring("transposed", "Rows and columns are swapped.")

# --- figures ---

NO_LEGEND = Recurring("no_legend", "The figure has no legend.")
NO_LABELS = Recurring("no_labels", "The axes have no labels.")
LEGEND_SWAPPED = Recurring("legend_swapped", "Names in the legend are exchanged.")
NOTHING_RETURNED = Recurring("nothing_returned", "The function returns nothing.")
EMPTY_RETURNED = Recurring("empty_returned", "The figure that is returned is empty.")
AXES_RETURNED = Recurring("axes_returned", "The function returns an Axes, not the Figure that it is in.")
PYPLOT_RETURNED = Recurring("pyplot_returned", "The function returns the module `plt`.")
PAIR_RETURNED = Recurring("pair_returned", "The function returns several things, not the Figure alone.")
