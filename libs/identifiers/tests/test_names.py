"""Names of people: what makes no other person."""

from hypothesis import given
from hypothesis import strategies as st

from identifiers import normal_name


def test_spelling_that_makes_no_other_person() -> None:
    assert {normal_name(name) for name in ("Алёна", " АЛЕНА", "алёна ")} == {"алена"}
    assert normal_name("Анна  Мария") == "анна мария" != normal_name("Анна")


def test_a_latin_letter_among_cyrillic_makes_no_other_person() -> None:
    assert normal_name("Cергeева Aнна") == normal_name("Сергеева Анна")
    assert normal_name("Cooper Anna") == "cooper anna"


@given(st.text("АаЕеЁёСсяAaEeCcz \t"))
def test_the_form_is_stable(name: str) -> None:
    assert normal_name(normal_name(name)) == normal_name(name)
