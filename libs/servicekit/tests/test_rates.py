"""Limits of requests per caller."""

import pytest

from servicekit.rates import Rate, Rates, TooManyRequestsError


class Hand:
    """A clock turned by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def told(scope: dict[str, object]) -> tuple[int, float]:
    left = scope["state"]["rate"]  # type: ignore[index]
    return left.remaining, left.full_in


def test_a_burst_is_let_through_and_then_only_the_rate() -> None:
    clock = Hand()
    rates = Rates(Rate(per_second=2, burst=4), clock)
    for left in (3, 2, 1, 0):
        scope: dict[str, object] = {}
        rates.take("one", scope)
        assert told(scope)[0] == left
    with pytest.raises(TooManyRequestsError) as refused:
        rates.take("one", scope)
    assert refused.value.retry_after == 1
    assert told(scope) == (0, 2.0)
    clock.now += 0.5
    rates.take("one", scope)
    with pytest.raises(TooManyRequestsError):
        rates.take("one", scope)
    clock.now += 60
    rates.take("one", scope)
    assert told(scope)[0] == 3


def test_callers_are_counted_apart_and_refusals_not_at_all() -> None:
    clock = Hand()
    rates = Rates(Rate(per_second=1, burst=1), clock)
    rates.take("one", {})
    rates.take("other", {})
    for _ in range(10):
        with pytest.raises(TooManyRequestsError):
            rates.take("one", {})
    clock.now += 1
    rates.take("one", {})
