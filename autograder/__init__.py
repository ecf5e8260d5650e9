"""The autograder of the Gaussian mixture models teaching kit."""
