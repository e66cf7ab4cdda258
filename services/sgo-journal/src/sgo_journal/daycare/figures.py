"""Child-days as numbers. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sgo_journal.numbers import to_hundredths


@dataclass(frozen=True)
class Meaning:
    """What a code stands for: what the day is missed by (`illness`, `other`, none), whether it is paid for."""

    sign: str
    title: str
    missed: str | None
    payable: bool


@dataclass(frozen=True)
class Counted:
    """Child-days by code; ``None`` counts those nothing is noted of."""

    by_code: Mapping[str | None, int]
    codes: Mapping[str, Meaning]

    @classmethod
    def of(cls, days: Iterable[str | None], codes: Mapping[str, Meaning]) -> "Counted":
        """Days one by one."""
        return cls(Counter(days), codes)

    @classmethod
    def together(cls, parts: Iterable["Counted"], codes: Mapping[str, Meaning]) -> "Counted":
        """Of several children or groups."""
        whole: Counter[str | None] = Counter()
        for one in parts:
            whole.update(one.by_code)
        return cls(whole, codes)

    @property
    def planned(self) -> int:
        return sum(self.by_code.values())

    @property
    def unmarked(self) -> int:
        return self.by_code.get(None, 0)

    @property
    def attended(self) -> int:
        return self.missed(None)

    @property
    def payable(self) -> int:
        return sum(self.by_code.get(code, 0) for code, one in self.codes.items() if one.payable)

    def missed(self, by: str | None) -> int:
        """Days missed by illness or by something else, or not missed."""
        return sum(self.by_code.get(code, 0) for code, one in self.codes.items() if one.missed == by)

    @property
    def noted(self) -> dict[str, int]:
        """Days by code, those of codes nobody has left out."""
        return {code: self.by_code[code] for code in self.codes if self.by_code.get(code)}

    def average(self, working_days: int) -> Decimal | None:
        """Children a day; of no day there is none."""
        return to_hundredths(Decimal(self.attended) / working_days) if working_days else None
