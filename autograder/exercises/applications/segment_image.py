"""The most probable component of each pixel."""

import numpy as np

from autograder.exercises import EXACT, Arrays, Aspect, Exercise, Part, catalogue, f32
from autograder.exercises.applications.data import (
    cov,
)
from autograder.exercises.numpy_multivariate import deviations, diagonal, half_log_det, log_density, log_joint
from reference import applications
from reference.real_data import portrait

# The colours of sky, coat and skin; the red of a flag, and grey.
COLOURS = f32([0.375, 0.5, 0.75], [0.0625, 0.0625, 0.125], [0.75, 0.5, 0.375], [0.375, 0.15, 0.15], [0.45, 0.4, 0.45])
COLOUR_COVS = np.stack(
    [
        cov((0.09, 0.1, 0.1), 0.8),
        cov((0.06, 0.06, 0.1), 0.6),
        cov((0.17, 0.18, 0.19), 0.85),
        cov((0.13, 0.08, 0.06), 0.3),
        cov((0.2, 0.2, 0.2), 0.9),
    ]
)
PORTRAIT = portrait(20)


def _crop(row: int, column: int) -> np.ndarray:
    """A piece of the portrait, five pixels high and eight wide."""
    return PORTRAIT[row : row + 5, column : column + 8]


def _bytes(image: np.ndarray) -> np.ndarray:
    return np.round(255 * image).astype(np.uint8)


SEGMENT_IMAGE = Exercise(
    "segment_image",
    truth=applications.segment_image,
    rule=Arrays((Part("labels", "(H, W)", EXACT),)),
    aspects=(
        Aspect(
            "three colours",
            points=2,
            hint="Each pixel is one observation in three dimensions. Reshape the image so that each row is one pixel's "
            "colour, find the most probable component of each row, and reshape the labels back.",
            closer="Print the shapes on the way: (H, W, 3), then (H W, 3), then one label for each pixel, then (H, "
            "W). And do the weights count when you choose the component?",
            visible={"forehead and cap": (_crop(5, 14), f32(0.3, 0.4, 0.3), COLOURS[:3], COLOUR_COVS[:3])},
            hidden={
                "another part": (_crop(5, 3), f32(0.5, 0.1, 0.4), COLOURS[:3], COLOUR_COVS[:3]),
                "a third part": (_crop(0, 9), f32(0.6, 0.35, 0.05), COLOURS[:3], COLOUR_COVS[:3]),
            },
        ),
        Aspect(
            "any number of colours",
            points=1,
            hint="K is the length of weights: nothing in the code should know that it is 3.",
            visible={"five colours": (_crop(5, 14), f32(0.3, 0.3, 0.3, 0.05, 0.05), COLOURS, COLOUR_COVS)},
            hidden={
                "five colours, another part": (_crop(8, 2), f32(0.2, 0.4, 0.2, 0.1, 0.1), COLOURS, COLOUR_COVS),
                "five colours, a third part": (_crop(24, 14), f32(0.1, 0.3, 0.1, 0.1, 0.4), COLOURS, COLOUR_COVS),
            },
        ),
        Aspect(
            "bytes",
            points=1,
            hint="A photograph holds bytes (uint8), from 0 to 255. The means are on a scale from 0 to 1.",
            visible={
                "forehead and cap, in bytes": (_bytes(_crop(5, 14)), f32(0.3, 0.4, 0.3), COLOURS[:3], COLOUR_COVS[:3])
            },
            hidden={
                "another part, in bytes": (_bytes(_crop(16, 3)), f32(0.3, 0.4, 0.3), COLOURS[:3], COLOUR_COVS[:3]),
                "a third part, in bytes": (_bytes(_crop(6, 2)), f32(0.3, 0.4, 0.3), COLOURS[:3], COLOUR_COVS[:3]),
            },
        ),
    ),
)


def _in_unit(image):
    image = np.asarray(image)
    return image / np.float32(255) if image.dtype == np.uint8 else image


def _segments(image, score):
    image = _in_unit(image)
    return np.argmax(score(image.reshape(-1, 3)), axis=1).reshape(image.shape[:2])


@SEGMENT_IMAGE.mistake(
    catalogue.WEIGHTS_IGNORED,
    hint="The most probable component is not the one with the highest density: what does Bayes' rule add?",
)
def weights_ignored(image, weights, means, covs):
    return _segments(image, lambda x: log_density(x, means, covs))


@SEGMENT_IMAGE.mistake(
    says="Every pixel went to the nearest mean colour.",
    hint="That is k-means. A wide component reaches farther than a narrow one.",
)
def nearest_mean(image, weights, means, covs):
    return _segments(image, lambda x: -np.square(deviations(x, means)).sum(axis=2))


@SEGMENT_IMAGE.mistake(
    catalogue.CORRELATIONS_IGNORED,
    hint="Brighter skin has more of all three colours. Which entries of the matrix say so?",
)
def correlations_ignored(image, weights, means, covs):
    return _segments(image, lambda x: log_joint(x, weights, means, diagonal(covs)))


@SEGMENT_IMAGE.mistake(
    catalogue.DETERMINANT_FORGOTTEN,
    hint="A wide component is lower than a narrow one near its mean. What says by how much?",
)
def determinant_forgotten(image, weights, means, covs):
    return _segments(image, lambda x: log_joint(x, weights, means, covs) + half_log_det(covs))


def _segment(image, weights, means, covs):
    return _segments(image, lambda x: log_joint(x, weights, means, covs))


@SEGMENT_IMAGE.mistake(
    says="The labels were put back column after column, though the pixels were taken row after row.",
    hint="Where does the second pixel of the first row end up in your labels?",
)
def columns_for_rows(image, weights, means, covs):
    labels = _segment(image, weights, means, covs)
    return labels.reshape(labels.shape[::-1]).T


@SEGMENT_IMAGE.mistake(
    says="The image was reshaped so that a row of three numbers is not the colour of one pixel.",
    hint="Print the first row after your reshape: is it the first pixel's red, green and blue?",
)
def colours_torn_apart(image, weights, means, covs):
    image = _in_unit(image)
    return np.argmax(log_joint(image.reshape(3, -1).T, weights, means, covs), axis=1).reshape(image.shape[:2])


@SEGMENT_IMAGE.mistake(
    says="Red and blue were exchanged.", hint="In which order do the image and the means name the colours?"
)
def channels_reversed(image, weights, means, covs):
    return _segment(np.asarray(image)[:, :, ::-1], weights, means, covs)


@SEGMENT_IMAGE.mistake(
    says="Bytes were compared with mean colours between 0 and 1.",
    hint="A blue of 191 in bytes: which number is that on the scale of the means?",
)
def bytes_not_scaled(image, weights, means, covs):
    image = np.asarray(image, np.float32)
    return _segment(image, weights, means, covs)


@SEGMENT_IMAGE.mistake(
    says="Every pixel got its least probable component.",
    hint="Is a score that you minimise a distance, or a log probability?",
)
def least_probable(image, weights, means, covs):
    return _segments(image, lambda x: -log_joint(x, weights, means, covs))


@SEGMENT_IMAGE.mistake(says="The labels start at 1.", hint="Which label indexes the first row of means?")
def counted_from_one(image, weights, means, covs):
    return _segment(image, weights, means, covs) + 1


@SEGMENT_IMAGE.mistake(
    says="Colours came back instead of labels.", hint="One integer for each pixel; the picture is made from them later."
)
def colours_for_labels(image, weights, means, covs):
    return np.asarray(means)[_segment(image, weights, means, covs)]
