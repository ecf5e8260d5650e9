"""Known mistakes, as wrong variants of the reference; alone, and two at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

type Variant = Callable[..., Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class KnownMistake:
    """A known mistake, as a wrong variant of the reference.

    `closer` is a second, closer hint; without one, the closer hints of the lost aspects are shown. `forms` are other
    ways to make the same mistake, with other numbers. `rounding` is for a mistake whose wrong numbers are rounding
    errors: they depend on how the code is written, so only their places identify the mistake. `recurring` is set if
    other exercises have the same mistake (`catalogue`).
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
    """A mistake that can occur in many exercises: its name and its sentence. The class report counts it as one."""

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
    ) -> KnownMistake:
        """Define how the mistake is made in one exercise."""
        return KnownMistake(
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
    """Two known mistakes made at once that change the same numbers, and the variant with both."""

    mistakes: tuple[KnownMistake, KnownMistake]
    variant: Variant

    @property
    def name(self) -> str:
        return " + ".join(mistake.name for mistake in self.mistakes)

    @property
    def variants(self) -> tuple[Variant, ...]:
        return (self.variant,)
