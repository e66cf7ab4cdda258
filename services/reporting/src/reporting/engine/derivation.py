"""What a derived row or column is made of: ``4-14``, ``402,413 + 418-421 - 405``.

Codes are listed and ranged as in controls; parts are joined by a sign between spaces, so that ``4-14`` is a range and ``14 - 4`` is not.
"""

import re
from dataclasses import dataclass

from reporting.engine.cells import Codes
from reporting.engine.errors import DefinitionError

_JOINED = re.compile(r"\s+([+-])\s+")
_CODE = r"[0-9]+(?:\.[0-9]+)*"
_CODES = re.compile(rf"{_CODE}(?:-{_CODE})?(?:\s*,\s*{_CODE}(?:-{_CODE})?)*")


@dataclass(frozen=True)
class Derivation:
    """Codes that are added and those that are taken away, in the order they are written."""

    parts: tuple[tuple[int, Codes], ...]

    @classmethod
    def parse(cls, text: str) -> "Derivation":
        """Read the text; raises ``DefinitionError`` unless it is well formed."""
        first, *more = _JOINED.split(text.strip())
        signed = [("+", first), *zip(more[::2], more[1::2], strict=True)]
        if not all(_CODES.fullmatch(codes) for _, codes in signed):
            raise DefinitionError(f"not a derivation: {text!r}")
        return cls(tuple((1 if sign == "+" else -1, Codes.parse(codes)) for sign, codes in signed))

    def among(self, known: tuple[str, ...]) -> list[tuple[int, str]]:
        """Each code with its sign; raises ``DefinitionError`` on one that is not known."""
        return [(sign, code) for sign, codes in self.parts for code in codes.among(known)]
