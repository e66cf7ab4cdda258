"""Names of a workbook's sheets made from titles that are free."""

import itertools
import re
from collections.abc import Collection

_LIMIT = 31
"""Units of UTF-16, as Excel counts."""
_REFUSED = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NAMELESS = "Лист"
_RESERVED = {"history", "журнал"}
"""Excel keeps these to itself, in English and in Russian."""


def free_name(title: str, taken: Collection[str]) -> str:
    """A title without what Excel refuses, cut to its limit, with a number when a sheet is named so already, whatever the case."""
    occupied = _RESERVED | {name.casefold() for name in taken}
    plain = _REFUSED.sub("_", title).strip() or _NAMELESS
    endings = itertools.chain([""], (f" ({number})" for number in itertools.count(2)))
    named = (_cut(plain, _LIMIT - len(ending)) + ending for ending in endings)
    return next(name for name in named if name.casefold() not in occupied)


def _cut(text: str, limit: int) -> str:
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore").rstrip()
