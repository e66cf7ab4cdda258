import pytest

from eu_enrollment.territories.naming import settlement_name, street_name, words_of


@pytest.mark.parametrize(
    "same",
    [
        ("ул. Ленина", "Ленина улица", "ул. им. Ленина", "УЛИЦА  имени ЛЕНИНА"),
        ("ул. Набережная", "Набережная ул."),
        ("пр-кт Мира", "проспект Мира", "Мира пр-кт"),
        ("ул. Берёзовая", "улица Березовая"),
    ],
)
def test_streets_written_in_many_ways(same: tuple[str, ...]) -> None:
    assert len({street_name(one) for one in same}) == 1


def test_types_tell_streets_apart_and_may_be_left_out() -> None:
    street, lane, bare = street_name("ул. Мира"), street_name("пер. Мира"), street_name("Мира")
    assert not street.may_be(lane)
    assert street.may_be(bare)
    assert lane.may_be(bare)
    assert settlement_name("станица Динская") == settlement_name("ст-ца Динская")
    assert not settlement_name("п. Мирный").may_be(settlement_name("с. Мирный"))


def test_words_to_look_for_leave_types_out_unless_nothing_is_left() -> None:
    assert words_of("г. Краснодар, ул. им. 40 лет Победы") == ["краснодар", "40", "лет", "победы"]
    assert words_of("Набережная") == ["набережная"]
