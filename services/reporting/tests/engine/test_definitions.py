import re
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from reporting.builds.checking import check
from reporting.engine.catalog import Catalog, load_definition
from reporting.engine.cells import Value
from reporting.engine.dates import DateRule, parse_date_rule
from reporting.engine.definition import FormDefinition
from reporting.engine.errors import DefinitionError

EVERYTHING = Path(__file__).parents[1] / "everything.yaml"
EDITIONS = resources.files("reporting.forms") / "editions"
CHILDREN = (Path(__file__).parent / "children.yaml").read_text("utf-8")
SHIPPED = Catalog.read(EDITIONS)


def edition(form: str) -> FormDefinition:
    found = SHIPPED.edition(form, date(2026, 9, 20))
    assert found is not None
    return found


def test_section_7_of_85_k_is_laid_out_as_read() -> None:
    form = edition("85-k")
    section = next(one for one in form.sections if one.code == "7")
    assert form.legal.status == "verified"
    assert form.status == section.status == "assumed"  # the numbers of rows 711 and 712 were not read
    assert section.sheet.columns == tuple(str(code) for code in range(3, 12))
    assert section.sheet.rows == tuple(str(code) for code in range(701, 713))
    assert form.age_at is not None
    assert form.age_at.of(2026) == date(2027, 1, 1)
    assert [column.filter.matches({"age": 6, "grade": None}) for column in section.columns if column.partition] == [
        *[False] * 6,
        True,
        False,
    ]


def test_classes_by_grade_of_oo_1_are_a_draft() -> None:
    form = edition("oo-1")
    section = next(one for one in form.sections if one.code == "2.1.1")
    assert form.status == section.status == "assumed"
    assert [column.title for column in section.columns[1:]] == [f"{grade}-й класс" for grade in range(1, 12)]


def test_rows_without_facts_are_left_to_hand() -> None:
    by_hand = {form.form: set[str]() for form in SHIPPED}
    for form in SHIPPED:
        for section in form.sections:
            for row in section.rows:
                if row.input == "manual":
                    by_hand[form.form].add(section.code)
                    assert row.note, (form.form, section.code, row.code)
    assert {"1", "16"} <= by_hand["85-k"]
    assert not {"2", "5", "6", "8", "9", "10", "11", "12", "13", "14"} & by_hand["85-k"]
    assert {"1.2", "2.6", "2.7"} <= by_hand["oo-1"]
    assert not {"2.1.1", "2.2о", "2.3", "2.5", "2.12", "3.1", "3.2", "3.3", "3.4", "3.5"} & by_hand["oo-1"]


def carried(form: FormDefinition) -> set[tuple[str, str, str]]:
    return {
        (section.code, row.code, column.code)
        for section in form.sections
        for row in section.rows
        for column in section.columns
        if section.carries(row, column)
    }


def test_only_what_stands_from_year_to_year_is_carried_over() -> None:
    """Graduates, pupils of a programme, child-days, money, what came and went in the year are filled anew."""
    sections = {form.form: {address[0] for address in carried(form)} for form in SHIPPED}
    assert sections == {
        "1-dop": {"1", "7", "8"},
        "85-k": {"1", "15", "16", "17"},
        "oo-1": {"1.1", "1.2", "1.3", "3.6"},
        "oo-2": {"1.1", "1.2", "1.3", "1.5", "2.1", "2.2", "3"},
    }
    for form, code in (("oo-2", "3"), ("oo-1", "3.6"), ("85-k", "15")):
        columns = {address[2] for address in carried(edition(form)) if address[0] == code}
        assert columns == {"3"}, "not what came and went"
    assert ("2.1", "05", "3") in carried(edition("oo-2"))
    assert ("2.1", "06", "3") not in carried(edition("oo-2")), "computers of the year"


def test_people_beside_rates_and_groups_beside_people_have_units_of_their_own() -> None:
    for form, code, row in (("oo-1", "3.6", "02"), ("85-k", "15", "1502"), ("1-dop", "3", "302")):
        of = next(one for one in edition(form).sections if one.code == code)
        found = next(one for one in of.rows if one.code == row)
        units = {one.code: (of.okei(found, one), of.decimals(found, one)) for one in of.columns}
        if form == "1-dop":
            assert units == {str(column): (792, 0) for column in range(3, 9)} | {"9": (642, 0)}
        else:
            assert units == {"3": (642, 1), "4": (642, 1), "5": (792, 0), "6": (792, 0), "7": (792, 0)}


def test_a_row_says_that_it_is_carried_over_exactly_where_it_is() -> None:
    for form in SHIPPED:
        rows = {(section.code, row.code): row for section in form.sections for row in section.rows}
        said = {place for place, row in rows.items() if "переносится из прошлого отчёта" in (row.note or "")}
        assert {address[:2] for address in carried(form)} == said, form.form


def test_every_section_says_where_it_was_read_and_only_what_was_read_whole_is_verified() -> None:
    """No form in force was read whole: whoever reads one flips its sections, and this test."""
    assert {section.status for form in SHIPPED for section in form.sections} == {"assumed"}
    assert {form.form: form.legal.status for form in SHIPPED} == {
        "1-dop": "assumed", "85-k": "verified", "oo-1": "assumed", "oo-2": "assumed",
    }  # fmt: skip
    verified = {(form.form, one.id) for form in SHIPPED for one in form.controls if one.status == "verified"}
    assert verified == {("oo-1", "2.1.3-1"), ("85-k", "7-1")}, "sums that were read, not what follows by arithmetic"


@pytest.mark.parametrize(
    ("cells", "fails"),
    [({"3": 20, "5": 20}, False), ({"3": 20}, False), ({"3": 20, "5": 15, "6": 8}, True), ({"3": 20, "5": 15}, True)],
)
def test_learners_of_several_sources_are_explained_and_not_refused(cells: dict[str, Value], *, fails: bool) -> None:
    results = check(edition("1-dop"), {("3", "302", column): value for column, value in cells.items()})
    found = next(one for one in results if one.id == "3-2")
    assert (found.level, found.ok) == ("warning", not fails)


def test_an_edition_is_confirmed_for_the_years_its_order_was_found_in_force() -> None:
    form = edition("85-k")
    assert [form.confirmed_on(date(year, 12, 31)) for year in (2024, 2025, 2026)] == [True, False, False]
    assert not edition("oo-1").confirmed_on(date(2024, 9, 20))


def test_no_edition_before_the_first() -> None:
    assert SHIPPED.edition("oo-1", date(2024, 8, 31)) is None
    assert SHIPPED.edition("absent", date(2026, 1, 1)) is None


def test_digest_changes_with_content() -> None:
    form = load_definition(CHILDREN)
    assert len(form.digest) == 64
    assert load_definition(spoil(lambda data: data)).digest == form.digest
    assert load_definition(spoil(lambda data: data.update(title="иное"))).digest != form.digest


@pytest.mark.parametrize(
    ("text", "rule"),
    [("09-20", DateRule(0, 9, 20)), ("+1y-01-01", DateRule(1, 1, 1)), ("+12y-12-31", DateRule(12, 12, 31))],
)
def test_reads_and_writes_date_rules(text: str, rule: DateRule) -> None:
    assert parse_date_rule(text) == rule
    assert str(rule) == text


@pytest.mark.parametrize("text", ["9-20", "02-30", "13-01", "+y-01-01", "2026-01-01"])
def test_refuses_impossible_days(text: str) -> None:
    with pytest.raises(ValueError, match=r"date rule|month|day"):
        parse_date_rule(text)


def section(data: dict[str, Any]) -> Any:
    return data["sections"][0]


def spoil(change: Callable[[Any], object]) -> str:
    data = yaml.safe_load(CHILDREN)
    change(data)
    return yaml.safe_dump(data, allow_unicode=True)


def add_control(rule: str) -> Callable[[Any], object]:
    added = {"id": "x", "level": "error", "title": "т", "rule": rule, "status": "assumed", "src": "и"}
    return lambda data: data["controls"].append(added)


def keyed(rule: str) -> Callable[[Any], object]:
    def change(data: Any) -> None:
        section(data)["keys"] = [{"title": "вид", "terms": [{"code": code, "title": code} for code in "abc"]}]
        section(data)["rows"][2]["repeated"] = True
        add_control(rule)(data)

    return change


def derive_rows(derived: dict[str, str]) -> Callable[[Any], object]:
    def change(data: Any) -> None:
        for row in section(data)["rows"]:
            if row["code"] in derived:
                for name in ("measure", "where", "input"):
                    row.pop(name, None)
                row["derive"] = derived[row["code"]]

    return change


def by(field: str, *terms: dict[str, Any]) -> Callable[[Any], object]:
    def change(data: Any) -> None:
        coded = [{"code": code, "title": code, **term} for code, term in zip("ab", terms, strict=True)]
        section(data)["keys"] = [{"title": "язык", "terms": coded}]
        section(data)["rows"][0].update(repeated=True, by=field)

    return change


def carrying_what_is_counted(data: Any) -> None:
    of = section(data)
    of["rows"] = [row for row in of["rows"] if "measure" in row]
    of["carry"] = of["columns"][0]["carry"] = True


def sheets(*filters: str) -> Callable[[Any], object]:
    def change(data: Any) -> None:
        section(data).pop("xml_code")
        section(data)["sheets"] = [
            {"suffix": suffix, "title": suffix, "xml_code": number, "where": where}
            for number, (suffix, where) in enumerate(zip("оз", filters, strict=True), 1)
        ]

    return change


def test_sheets_are_sections_with_controls_of_their_own() -> None:
    form = load_definition(spoil(sheets("study_form = 'full_time'", "study_form = 'extramural'")))
    assert [(one.code, one.xml_code, one.title.split(": ")[1]) for one in form.sections] == [
        ("7о", 1, "о"),
        ("7з", 2, "з"),
    ]
    assert [(one.id, one.rule) for one in form.controls[:2]] == [
        ("7-1о", "{[7о][*][3]}=sum{[7о][*][4-11]}"), ("7-1з", "{[7з][*][3]}=sum{[7з][*][4-11]}"),
    ]  # fmt: skip
    fact = {"grade": None, "study_form": "extramural"}
    assert [one.filter.matches(fact) for one in form.sections] == [False, True]
    assert FormDefinition.model_validate(form.model_dump(by_alias=True)) == form, "as a report keeps it"


def test_a_derived_column_of_all_parts_needs_no_control() -> None:
    def change(data: Any) -> None:
        section(data)["columns"][0]["derive"] = "4-11"
        data["controls"].pop(0)

    assert load_definition(spoil(change)).sections[0].columns[0].derivation is not None


@pytest.mark.parametrize(
    ("when", "where", "complaint"),
    [
        (None, "category = 'head'", "section 3: count(worker) of row 01 may be in several parts of row 04: count it"),
        ("terms = 'external'", "category = 'head'", "row 01 may be in several parts of row 04"),
        ("terms = 'main'", "category = 'head'", None),
        (None, "sex = 'female'", None),
    ],
)
def test_a_worker_of_several_posts_is_no_sum(when: str | None, where: str, complaint: str | None) -> None:
    data = yaml.safe_load(EVERYTHING.read_text("utf-8"))
    workers = data["sections"][2]
    workers["when"] = when
    workers["columns"] = workers["columns"][:1]
    workers["rows"][0]["where"] = where
    workers["rows"].append({"code": "04", "title": "Всего", "okei": 792, "derive": "01"})
    if complaint is None:
        found = {one.code: one for one in load_definition(yaml.safe_dump(data)).sections}
        assert found["3"].rows[-1].derivation is not None
    else:
        with pytest.raises(DefinitionError, match=re.escape(complaint)):
            load_definition(yaml.safe_dump(data))


def test_keys_of_repeated_rows_are_known() -> None:
    (found,) = load_definition(spoil(keyed("sum{[7][703][3][a,b-c]}={[7][701][3]}"))).sections
    assert found.sheet.repeated == {"703": (("a", "b", "c"),)}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (add_control("{[7][799][3]}=0"), "control x: unknown code"),
        (add_control("{[7][701][99]}=sum{[7][701][3]}"), "control x: unknown code"),
        (add_control("{[7][701-702][3]}={[7][701-703][3]}"), "control x: 2 codes against 3"),
        (add_control("{[7][701][3]}={{[7][799][3]}}"), "control x: unknown code"),
        (add_control("{[7][701][3]}=sum({[7][701][3]}+{[8][701][3]})"), "control x: unknown code"),
        (add_control("{[7][701][3][a]}=1"), "control x: row 701 has 0 keys, not 1"),
        (keyed("{[7][703][3][d]}=1"), "control x: unknown code"),
        (keyed("{[7][703][3][a][b]}=1"), "control x: row 703 has 1 keys, not 2"),
        (lambda data: section(data)["rows"][2].update(repeated=True), "a section has keys if rows are repeated"),
        (lambda data: section(data)["rows"][0].update(repeated=True), "a repeated row is counted by a field"),
        (lambda data: section(data).pop("xml_code"), "Field required"),
        (lambda data: section(data)["columns"][1].update(where="age <= 1"), "columns 4, 5 overlap"),
        (lambda data: section(data)["columns"][3].update(where="age > 7"), "no column counts {'age': 7"),
        (
            lambda data: data["controls"].pop(0),
            "no control says that a total is the sum of columns 4, 5, 6, 7, 8, 9, 10, 11",
        ),
        (lambda data: data["controls"][0].update(rule="{[7][*][3]}=sum{[7][*][4-10]}"), "no control says that a total"),
        (lambda data: data.pop("age_at"), "counts by age but the form has no age_at"),
        (lambda data: data["valid"].pop("confirmed_to"), "valid does not say until when: confirmed_to"),
        (lambda data: section(data)["rows"].append(section(data)["rows"][0]), "row 701 is given 2 times"),
        (lambda data: section(data).update(closed=["701:15"]), "closed: unknown code"),
        (lambda data: section(data)["rows"][0].update(where="name = 'x'"), "unknown field name"),
        (lambda data: section(data)["rows"][0].update(where="rate > 0.5"), "section 7: learners have no field rate"),
        (lambda data: section(data)["rows"][0].update(where="sex = 'woman'"), "field sex is never 'woman'"),
        (lambda data: section(data).update(facts="workers"), "count(learner) is no measure of workers"),
        (lambda data: section(data)["columns"][0].update(derive="4-12"), "section 7: unknown code"),
        (lambda data: section(data)["columns"][0].update(derive="4-11 * 2"), "not a derivation"),
        (lambda data: section(data)["columns"][0].update(derive="3-5"), "section 7: derived from itself: 3"),
        (derive_rows({"702": "704", "704": "702 + 701"}), "section 7: derived from itself: 702, 704"),
        (derive_rows({"702": "701,701"}), "derived 702: code 701 is given 2 times"),
        (
            lambda data: section(data)["columns"][1].update(derive="5"),
            "a derived or manual column counts and filters nothing",
        ),
        (
            lambda data: section(data)["columns"][1].update(input="manual"),
            "a derived or manual column counts and filters nothing",
        ),
        (
            lambda data: section(data)["rows"][0].update(carry=True),
            "row 701 is not filled by hand, so that nothing of it",
        ),
        (
            lambda data: section(data)["rows"][0].update(decimals=2),
            "row 701, column 3: whole numbers have no digits after the point",
        ),
        (
            lambda data: section(data)["columns"][2].update(okei=642, decimals=1),
            "row 701, column 5: whole numbers have no digits after the point",
        ),
        (carrying_what_is_counted, "section 7: nothing of it is filled by hand"),
        (carrying_what_is_counted, "section 7: column 3 is not filled by hand"),
        (
            lambda data: (
                section(data)["columns"][0].update(derive="4-11"),
                section(data)["rows"][0].update(measure="count(klass)"),
            ),
            "count(klass) of row 701 may be in several parts of column 3: count it",
        ),
        (
            lambda data: section(data)["columns"][0].update(measure="sum(rate)"),
            "column 3: sum(rate) is no measure of learners",
        ),
        (
            lambda data: section(data)["columns"][0].update(derive="4-11", measure="count(set)"),
            "column 3: a derived or manual column counts and filters nothing",
        ),
        (
            lambda data: (
                section(data)["columns"][0].update(derive="4-5"),
                [one.update(measure="count(set)") for one in section(data)["columns"][1:3]],
            ),
            "count(set) of row 701 may be in several parts of column 3: count it",
        ),
        (by("native_language", {"values": ["русский"]}, {"values": ["русский"]}), "value русский is given 2 times"),
        (by("native_language", {"other": True}, {"other": True}), "one term takes all others"),
        (by("foreign_languages", {}, {"other": True}), "field foreign_languages is a list"),
        (by("grade", {}, {}), "field grade has no words"),
        (by("name", {}, {}), "section 7: learners have no field name"),
        (sheets("study_form = 'family'", "not main or study_form = 'family'"), "sheets of 7: 7о, 7з overlap"),
        (lambda data: section(data)["rows"][0].update(colour="red"), "Extra inputs"),
        (lambda data: section(data)["rows"][0].pop("measure"), "a computed row has a measure"),
        (lambda data: section(data).pop("src"), "Field required"),
        (lambda data: section(data).update(status="sure"), "'verified' or 'assumed'"),
    ],
)
def test_linter_names_what_is_wrong(change: Callable[[Any], object], complaint: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(complaint)):
        load_definition(spoil(change))


def test_editions_of_a_form_do_not_overlap() -> None:
    form = edition("85-k")
    with pytest.raises(DefinitionError, match="overlap"):
        Catalog([form, form.model_copy(update={"edition": "2025"})])


def test_closed_cells_are_expanded() -> None:
    data = yaml.safe_load(CHILDREN)
    section(data)["closed"] = ["709-710:4,11"]
    (found,) = load_definition(yaml.safe_dump(data)).sections
    assert set(found.closed_cells()) == {("7", row, column) for row in ("709", "710") for column in ("4", "11")}
