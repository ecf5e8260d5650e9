"""What several exercises of this assignment are judged by."""

from autograder.exercises import STEP, Arrays, Part

DENSITY = Arrays((Part("log density", "()", STEP),))
