"""A class of 30: equal names, accents in both forms, apostrophes, single names, `LATE`, numbers in names."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Member:
    """A student in the registrar's data; `canvas` and `participant` are the systems' numbers."""

    first: str
    last: str
    login: str
    canvas: int
    participant: int

    @property
    def number(self) -> str:
        return f"S-{self.canvas}"

    @property
    def email(self) -> str:
        return f"{self.login}@uni.example"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    @property
    def sortable(self) -> str:
        return f"{self.last}, {self.first}" if self.first else self.last


NAMES = (
    ("Ada", "Lovelace"),
    ("Bilal", "Khan"),
    ("Chiara", "Núñez"),
    ("Zoë", "Müller"),
    ("Zoe\u0308", "Mu\u0308ller-Lüdenscheidt"),
    ("Sinéad", "O'Connor"),
    ("Jean-Luc", "d'Arc"),
    ("", "Suharto"),
    ("Late", "Riser"),
    ("LATE", "Comer"),
    ("Anna", "Smith"),
    ("Anna", "Smith"),
    ("José María", "de la Cruz y Vega"),
    ("Søren", "Åström"),
    ("王", "小明"),
    ("Олена", "Шевченко"),
    ("محمد", "الفارسي"),
    ("Under_Score", "Mc_Name"),
    ("Agent", "007"),
    ("4", "John"),
    ("Ann", "Other_12_"),
    ("Đặng", "Thị Hương"),
    ("İpek", "Yıldız"),
    ("Straße", "Groß"),
    ("Tim", "O’Reilly"),
    ("X", "Æ A-Xii"),
    ("Ng", "Ng"),
    ("Eve", "Poe"),
    ("Dan", "Roe"),
    ("Wendy", "Drawn"),
)
CLASS = tuple(
    Member(first=first, last=last, login=f"u{place:03}", canvas=1100 + 7 * place, participant=5_000_100 + 13 * place)
    for place, (first, last) in enumerate(NAMES)
)
