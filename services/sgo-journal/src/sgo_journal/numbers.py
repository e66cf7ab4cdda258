"""How numbers of totals are rounded and written."""

from decimal import ROUND_HALF_UP, Decimal

_HUNDREDTH = Decimal("0.01")
_WHOLE = Decimal(1)


def to_hundredths(value: Decimal) -> Decimal:
    """Two decimals, a half goes up: as people round marks."""
    return value.quantize(_HUNDREDTH, ROUND_HALF_UP)


def to_whole(value: Decimal) -> int:
    """A whole number, a half goes up."""
    return int(value.quantize(_WHOLE, ROUND_HALF_UP))


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """What part is of the whole, in percent; of nothing there is none."""
    return to_hundredths(100 * Decimal(part) / Decimal(whole)) if whole else None


def written(value: Decimal | int) -> str:
    """A number as Russian texts have it: a comma, no needless zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
