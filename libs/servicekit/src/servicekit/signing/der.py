"""Reading DER as far as a signature needs it: nothing is trusted, lengths are definite, nothing is copied deeper than asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

SEQUENCE, SET, INTEGER, OCTETS, OID = 0x30, 0x31, 0x02, 0x04, 0x06
UTC_TIME, TIME = 0x17, 0x18
_LONG = 0x80
_MOST_LENGTH_BYTES = 4
_HIGH_TAG = 0x1F
_LONGEST_OID = 64
_CENTURY = 50
"""Two-digit years from here on are of the last century (RFC 5652, 11.3)."""


class DerError(ValueError):
    """Not DER, or not what was looked for."""


@dataclass(frozen=True)
class Node:
    """A value: its tag byte, its content and the bytes of both."""

    tag: int
    content: bytes
    whole: bytes

    @classmethod
    def parse(cls, data: bytes) -> "Node":
        """The one value that the data is."""
        found = list(_values(data))
        if len(found) != 1:
            raise DerError("not one value")
        return found[0]

    def children(self, tag: int | None = None) -> list["Node"]:
        """Values inside, of a constructed one; of the tag named."""
        if tag is not None and self.tag != tag:
            raise DerError("another tag")
        return list(_values(self.content))

    @property
    def oid(self) -> str:
        """Dotted, of an object identifier."""
        if self.tag != OID or not 0 < len(self.content) <= _LONGEST_OID:
            raise DerError("no object identifier")
        numbers, number = [], 0
        for byte in self.content:
            number = number << 7 | byte & 0x7F
            if not byte & _LONG:
                numbers.append(number)
                number = 0
        first = min(numbers[0] // 40, 2)
        return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))

    @property
    def instant(self) -> datetime:
        """Of a time in UTC, to the second."""
        text = self.content.decode("ascii", "replace")
        if self.tag == UTC_TIME:
            text = ("20" if text[:2] < str(_CENTURY) else "19") + text
        elif self.tag != TIME:
            raise DerError("no time")
        try:
            return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise DerError("no time") from None


def _values(data: bytes) -> Iterator[Node]:
    at = 0
    while at < len(data):
        start, tag = at, data[at]
        if tag & _HIGH_TAG == _HIGH_TAG or at + 1 >= len(data):
            raise DerError("a tag")
        length, at = data[at + 1], at + 2
        if length & _LONG:
            count = length & 0x7F
            if not 0 < count <= _MOST_LENGTH_BYTES or at + count > len(data):
                raise DerError("a length that is not definite")
            length, at = int.from_bytes(data[at : at + count]), at + count
        if at + length > len(data):
            raise DerError("cut short")
        yield Node(tag, data[at : at + length], data[start : at + length])
        at += length
