import pytest

from reportkit.disposition import attachment


def test_a_plain_name_stays() -> None:
    assert attachment("oo-1-20261231.xlsx") == 'attachment; filename="oo-1-20261231.xlsx"'


def test_a_russian_name_has_a_plain_twin() -> None:
    assert attachment("Книга 1.pdf") == (
        "attachment; filename=\"_ 1.pdf\"; filename*=UTF-8''%D0%9A%D0%BD%D0%B8%D0%B3%D0%B0%201.pdf"
    )


@pytest.mark.parametrize("name", ['a"; x=".exe', "a\r\nSet-Cookie: x", "../../a", "C:\\a", "a\0"])
def test_what_could_break_out_is_replaced(name: str) -> None:
    value = attachment(name)
    assert value.isascii()
    assert value.count('"') == 2
    assert not any(character in value for character in "\r\n\0\\/")
