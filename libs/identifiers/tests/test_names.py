from identifiers import normal_name


def test_spelling_that_makes_no_other_person() -> None:
    assert {normal_name(name) for name in ("Алёна", " АЛЕНА", "алёна ")} == {"алена"}
    assert normal_name("Анна  Мария") == "анна мария" != normal_name("Анна")
