"""What the exercises are: `load` gives an assignment by its name; authors import the rest from here."""

from .model import (
    Aspect,
    Assignment,
    Case,
    Exercise,
    Misconception,
    Right,
    Together,
    Variant,
    Written,
    f32,
    i32,
    known,
    load,
)

__all__ = [
    "Aspect",
    "Assignment",
    "Case",
    "Exercise",
    "Misconception",
    "Right",
    "Together",
    "Variant",
    "Written",
    "f32",
    "i32",
    "known",
    "load",
]
