"""House numbers as acts and people write them, and sets of them: all, odd, even, ranges, lists, exceptions.

A house is a number with, perhaps, a letter, a second number behind a stroke, and parts (корпус, строение, литера): «12», «12А»,
«12/3», «12 корп. 2». How a text of an act is read:

* «12» is the house 12 with every part of it; 12А and 12/3 are houses of their own;
* «10–20» is every house from 10 to 20 with all letters and strokes, those of 20 too; «10–20А» ends after 20А;
* «нечётные» or «чётные» alone is all of them; before an item it stands for that and what follows up to «;» or the other word; in
  brackets for what it follows;
* «все» or nothing is every house; «20 и далее» has no end; what follows «кроме» is taken out.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

Key = tuple[int, str, str, str]
"""Place of a house in the order of houses: number, letter, behind the stroke, parts."""
Span = tuple[Key, Key]
"""Houses of one parity from the first key on, before the second."""

_LAST = "\uffff"
_NUMBERS = 10_000
_FIRST: Key = (1, "", "", "")
_END: Key = (_NUMBERS, "", "", "")
_ODD, _EVEN = 1, 0
_MAX_TEXT = 2000

_LOOKALIKES = str.maketrans("abcehkmoptx", "авсенкмортх")
_DASHES = re.compile(r"\s*[-‐-―−]\s*")
_NOISE = re.compile(
    r"\b(?:дома|домов|дом|д|владение|влд|вл|двлд|номера|номер)\b\.?(?=\s*(?:№|[0-9]|(?:с|со|от|до|по)\s|(?:не)?чет))|№+"
)
_HOUSE = re.compile(
    r"(?P<number>[0-9]{1,4})"
    r"(?:[\s-]?[\"«]?(?P<letter>[а-я])[\"»]?(?![а-я.]|\s*[0-9]))?"
    r"(?:\s?/\s?(?P<stroke>[0-9]{1,4}[а-я]?|[а-я]))?"
    r"(?P<parts>(?:[\s,]*(?:корпус|корп|кор|к|строение|стр|с|литера|литер|лит)\.?\s*(?:[0-9]{1,4}(?:[а-я](?!\s*[0-9]))?|[а-я]))*)"
)
_PART = re.compile(r"(корпус|корп|кор|к|строение|стр|с|литера|литер|лит)\.?\s*([0-9]{1,4}(?:[а-я](?!\s*[0-9]))?|[а-я])")
_H = r"[0-9].*?"
_BETWEEN = re.compile(rf"(?:с|со|от)\s*({_H})\s*\b(?:по|до)\s*({_H})|({_H})-({_H})")
_ONWARDS = re.compile(
    rf"(?:с|со|от)?\s*({_H})\s*(?:и\s*)?(?:далее|выше|больше|до\s*конца)(?:\s*улицы)?|(?:с|со|от)\s*({_H})"
)
_UP_TO = re.compile(rf"(?:до|по)\s*({_H})")
_ALL = re.compile(r"(?:все|весь|вся|полностью|целиком)?(?:\s*(?:дома|улица|переулок|населенный пункт))?")
_PARITY = re.compile(r"(не)?чет(?:ные|ных|ная|ной|н)?(?:\s*(?:сторона|номера))?\.?\s*:?")
_EXCEPT = re.compile(r"\(?\s*\b(?:кроме|за исключением|исключая)\b:?")


class HousesError(ValueError):
    """A text that is no house, or no set of houses; ``title`` says in Russian what is wrong, without the text itself."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


@dataclass(frozen=True, slots=True)
class House:
    """One house."""

    key: Key

    @classmethod
    def parse(cls, text: str) -> "House":
        """Read a house as people type it; raises ``HousesError``."""
        found = _HOUSE.fullmatch(_NOISE.sub(" ", _plain(text)).strip(" ."))
        if found is None:
            raise HousesError("Номер дома не разобран: ожидается, например, 12, 12А, 12/3 или 12 корп. 2")
        return cls(_key(found))

    def __str__(self) -> str:
        number, letter, stroke, parts = self.key
        named = {"к": "корп.", "с": "стр.", "л": "лит."}
        told = "".join(f" {named[kind]} {_shown(value)}" for kind, value in re.findall(r"([ксл])\.(\w+);", parts))
        return f"{number}{letter.upper()}{f'/{_shown(stroke)}' if stroke else ''}{told}"


def _plain(text: str) -> str:
    lowered = " ".join(text.casefold().replace("ё", "е").translate(_LOOKALIKES).split())
    return _DASHES.sub("-", lowered)


def _padded(value: str) -> str:
    digits = re.match(r"[0-9]*", value)
    assert digits is not None
    return f"{int(digits[0]):04d}{value[digits.end() :]}" if digits[0] else value


def _shown(value: str) -> str:
    return (value.lstrip("0") or "0").upper()


def _key(found: re.Match[str]) -> Key:
    number, letter, stroke = int(found["number"]), found["letter"] or "", found["stroke"] or ""
    if number == 0:
        raise HousesError("Номер дома не может быть нулём")
    if stroke.isalpha():
        letter, stroke = letter or stroke, ""
    parts = "".join(f"{kind[0]}.{_padded(value)};" for kind, value in _PART.findall(found["parts"] or ""))
    return number, letter, _padded(stroke), parts


@dataclass(frozen=True, slots=True)
class Houses:
    """A set of houses of a street. ``text`` is as it was written."""

    text: str
    odd: tuple[Span, ...]
    even: tuple[Span, ...]

    @property
    def everything(self) -> bool:
        """Whether it is every house there may be."""
        return (self.odd, self.even) == (_whole(_ODD), _whole(_EVEN))

    @property
    def single(self) -> House | None:
        """The one house the set is of, with its parts; ``None`` if it is of more."""
        spans = self.odd + self.even
        (low, high) = spans[0]
        return House(low) if len(spans) == 1 and high == (*low[:3], low[3] + _LAST) else None

    def covers(self, house: House) -> bool:
        """Whether the house is in the set."""
        spans = self.odd if house.key[0] % 2 else self.even
        return any(low <= house.key < high for low, high in spans)

    def common(self, other: "Houses") -> House | None:
        """The first house both have (its number alone where no more can be said), ``None`` if they have none."""
        for mine, others in ((self.odd, other.odd), (self.even, other.even)):
            if both := _both(mine, others):
                number, letter, stroke, parts = both[0][0]
                return House((number, letter.rstrip(_LAST), stroke.rstrip(_LAST), parts.rstrip(_LAST)))
        return None


@lru_cache(maxsize=20_000)
def parse_houses(text: str) -> Houses:
    """Read the houses of a line of an act; raises ``HousesError``."""
    if len(text) > _MAX_TEXT:
        raise HousesError("Слишком длинный перечень домов, разбейте его на строки")
    written = " ".join(text.split())
    included, *excluded = _EXCEPT.split(_NOISE.sub(" ", _plain(written)), maxsplit=1)
    spans = {parity: _joined(_read(included, parity)) for parity in (_ODD, _EVEN)}
    if excluded:
        if not excluded[0].strip(" ,;)"):
            raise HousesError("После слова «кроме» не указаны дома")
        spans = {
            parity: _without(found, _joined(_read(excluded[0].rstrip(" )"), parity))) for parity, found in spans.items()
        }
    houses = Houses(written, spans[_ODD], spans[_EVEN])
    if not (houses.odd or houses.even):
        raise HousesError("Перечень домов никого не включает")
    return houses


def _read(text: str, parity: int) -> list[Span]:
    """Spans of one parity that the items of a text name."""
    found: list[Span] = []
    for clause in text.split(";"):
        stated: int | None = None
        for item in re.split(r",|\bи\b(?!\s*(?:далее|выше|больше|до\b))", clause):
            bare = item.strip(" .")
            words = _PARITY.search(bare)
            own: int | None = None
            if words is not None:
                own = _EVEN if words[1] is None else _ODD
                bracketed = bare[: words.start()].strip(" (")
                bare = f"{bracketed} {bare[words.end() :]}".strip(" ():.-")
                stated = own if bare and not bracketed else stated
            own = own if own is not None else stated
            if bare or words is not None or not text.strip(" ,;"):
                found += _item(bare, own, parity)
    return found


def _item(text: str, stated: int | None, parity: int) -> Iterator[Span]:
    low, high = _bounds(text)
    if stated is not None and low[0] == high[0] and low[0] % 2 != stated:
        raise HousesError("Номер дома противоречит словам «чётные», «нечётные»")
    if stated in {None, parity}:
        first, end = _ceil(low, parity), _ceil(high, parity)
        if first < end:
            yield first, end


def _bounds(text: str) -> tuple[Key, Key]:
    """First key of an item and the one after its last."""
    if _ALL.fullmatch(text):
        return _FIRST, _END
    if single := _HOUSE.fullmatch(text):
        key = _key(single)
        return key, (*key[:3], key[3] + _LAST)
    if between := _BETWEEN.fullmatch(text):
        low, high = (_bound(between[1] or between[3]), _bound(between[2] or between[4]))
        if high < low:
            raise HousesError("Промежуток домов начинается позже, чем заканчивается")
        return low, _after(high)
    if onwards := _ONWARDS.fullmatch(text):
        return _bound(onwards[1] or onwards[2]), _END
    if up_to := _UP_TO.fullmatch(text):
        return _FIRST, _after(_bound(up_to[1]))
    raise HousesError(
        "Перечень домов не разобран: ожидается, например, «нечётные 1–15, 21А; чётные; кроме 10, 12 корп. 2»"
    )


def _bound(text: str) -> Key:
    return House.parse(text).key


def _after(last: Key) -> Key:
    """The key after a range's last house: after all of its number, or of its letter, stroke, parts where it names them."""
    number, letter, stroke, parts = last
    if parts:
        return number, letter, stroke, parts + _LAST
    if stroke:
        return number, letter, stroke + _LAST, ""
    return (number, letter + _LAST, "", "") if letter else (number + 1, "", "", "")


def _ceil(key: Key, parity: int) -> Key:
    """The first key from this one on whose number has the parity."""
    return key if key[0] % 2 == parity else (key[0] + 1, "", "", "")


def _whole(parity: int) -> tuple[Span, ...]:
    return ((_ceil(_FIRST, parity), _ceil(_END, parity)),)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return tuple(found)


def _without(spans: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    left = list(spans)
    for low, high in others:
        left = [
            part
            for first, end in left
            for part in ((first, min(end, low)), (max(first, high), end))
            if part[0] < part[1]
        ]
    return tuple(left)


def _both(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    meet: Callable[[Span, Span], Span] = lambda one, two: (max(one[0], two[0]), min(one[1], two[1]))  # noqa: E731
    return [met for one in spans for two in others if (met := meet(one, two))[0] < met[1]]
