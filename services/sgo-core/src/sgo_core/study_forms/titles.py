"""Forms of study as people read them (273-ФЗ, articles 17, 41, 44)."""

FORMS = {
    "full_time": "Очная",
    "part_time": "Очно-заочная",
    "extramural": "Заочная",
    "at_home": "На дому по медицинскому заключению",
    "family": "Семейное образование",
    "self_education": "Самообразование",
    "external": "Экстернат (промежуточная и итоговая аттестация)",
}
"""One at a time; who has none recorded studies full time."""
BESIDE = {
    "individual_plan": "по индивидуальному учебному плану",
    "network": "в сетевой форме",
    "temporary_stay": "временно в другом месте",
}
