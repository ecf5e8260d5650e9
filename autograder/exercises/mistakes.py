"""Variants of the reference: known mistakes, alone and two at once, and right answers of other kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

type Variant = Callable[..., Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Misconception:
    """A known mistake, as the wrong variant of the reference that it amounts to.

    `closer` is a second, closer hint on it; without one, those of the aspects that are lost are shown.
    `forms` are the same mistake made in other ways, with other numbers. `rounding` is for a mistake whose
    wrong numbers are rounding errors: they are others with each way to write it, and only where they come tells.
    `recurring` is set where other exercises know the same mistake (`catalogue`).
    """

    name: str
    says: str
    hint: str
    variant: Variant
    closer: str = ""
    forms: tuple[Variant, ...] = ()
    rounding: bool = False
    recurring: "Recurring | None" = None

    @property
    def variants(self) -> tuple[Variant, ...]:
        return (self.variant, *self.forms)


@dataclass(frozen=True, eq=False)
class Recurring:
    """A mistake that can be made in many exercises: its name and its sentence. The class report counts it as one."""

    name: str
    says: str

    def here(
        self,
        *,
        hint: str,
        variant: Variant,
        closer: str = "",
        forms: tuple[Variant, ...] = (),
        rounding: bool = False,
    ) -> Misconception:
        """The mistake as it is made in one exercise."""
        return Misconception(
            name=self.name,
            says=self.says,
            hint=hint,
            closer=closer,
            variant=variant,
            forms=forms,
            rounding=rounding,
            recurring=self,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Together:
    """Two known mistakes at once, where both change the same numbers: what comes of it."""

    mistakes: tuple[Misconception, Misconception]
    variant: Variant

    @property
    def name(self) -> str:
        return " + ".join(mistake.name for mistake in self.mistakes)

    @property
    def variants(self) -> tuple[Variant, ...]:
        return (self.variant,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Right:
    """A right answer in a style or by a method of its own. `first` is the one that the audit counts most on."""

    name: str
    variant: Callable[..., Any]
    first: bool = False
