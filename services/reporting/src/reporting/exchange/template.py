"""A form's definition as an electronic template, ``metaForm`` of format-version 1.3."""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from reporting.engine.controls.parser import print_rule
from reporting.engine.controls.tree import Node
from reporting.engine.definition import Control, FormDefinition
from reporting.engine.implied import implied
from reporting.engine.section import DRAFT, Row, Section
from reporting.exchange.markup import child, written

IDP = 1
"""Periods a year: the forms are annual."""
IDF = 1
"""Number of the respondents' group the template is for; assumed, no form of ours was found as a template."""
OBJECT = "okpo"
"""The title's key field: ОКПО, 8, 10 or 14 digits."""
TITLE = {
    OBJECT: "Код предприятия",
    "name": "Наименование предприятия",
    "leader_fio": "Руководитель организации (ФИО)",
    "responsible_post": "Должностное лицо, ответственное за составление формы (должность)",
    "responsible_fio": "Должностное лицо, ответственное за составление формы (ФИО)",
    "phone": "Контактный телефон",
}
"""Fields of the title page and their names, as the published templates have them."""
DIGITS = 15
"""Digits before the point that a number may have."""
_NAME, _CODE = "А", "Б"
_KEYS = "ВГД"
_READ_ONLY, _OPTIONAL = "0", "2"


def form_code(form: FormDefinition) -> str:
    """``code``: ОКУД without leading zeros, then group and periods of three digits each; empty while ОКУД is unknown.

    Read off published templates: ОКУД 9812008, idf 3, idp 1 is 9812008003001.
    """
    return f"{int(form.okud)}{IDF:03}{IDP:03}" if form.okud else ""


def version(form: FormDefinition) -> str:
    """``version``, dd-mm-yyyy, which a report repeats: the day the edition is for snapshots from."""
    return f"{form.valid.since:%d-%m-%Y}"


def template(form: FormDefinition, day: date) -> bytes:
    """The template of the form for reports of the year of ``day``.

    What the form derives is said by controls.
    What is assumed, or not known to be in force on ``day``, carries «черновая разметка» in its ``name``.
    """
    confirmed = form.confirmed_on(day)
    root = Element(
        "metaForm",
        {
            "code": form_code(form),
            "idp": str(IDP),
            "idf": str(IDF),
            "shifr": form.form,
            "name": _name(form.name, draft=form.status == "assumed" or not confirmed),
            "obj": OBJECT,
            "OKUD": form.okud or "",
            "format-version": "1.3",
            "version": version(form),
        },
    )
    settings = child(root, "settings")
    for setting, value in (("validation", "always"), ("sign", "true"), ("notEmpty", "false")):
        child(settings, setting, value)
    title = child(root, "title")
    for field, name in TITLE.items():
        child(title, "item", field=field, name=name)
    sections = child(root, "sections")
    for section in form.sections:
        _section(sections, section, draft=section.status == "assumed" or not confirmed)
    controls = child(root, "controls")
    for number, control in enumerate([*form.controls, *implied(form)], 1):
        _control(controls, number, control, form)
    _catalogues(child(root, "dics"), form, day)
    return written(root)


def _name(text: str, *, draft: bool) -> str:
    return f"{text} ({DRAFT})" if draft else text


def _section(parent: Element, section: Section, *, draft: bool) -> None:
    """``code`` a whole number, ``nb`` the number of rows (assumed).

    Columns: type B a label, S a key in ``fld`` s1…s3, Z data. Labels are lettered, as in published templates; units of measure
    (type V) are left out: how a template gives a row its unit was not found.
    """
    name = _name(f"{section.code}. {section.title}", draft=draft)
    made = child(parent, "section", code=str(section.xml_code), name=name, nb=str(len(section.rows)))
    columns = child(made, "columns")
    _column(columns, _NAME, "Наименование показателя", "B", "C(250)", _READ_ONLY)
    _column(columns, _CODE, "№ строки", "B", "C(5)", _READ_ONLY)
    for number, key in enumerate(section.keys, 1):
        _column(columns, _KEYS[number - 1], key.title, "S", "C(10)", _OPTIONAL, fld=f"s{number}")
    for column in section.columns:
        _column(columns, column.code, column.title, "Z", _number(0), _OPTIONAL)
    rows = child(made, "rows")
    closed = {(row, column) for _, row, column in section.closed_cells()}
    for row in section.rows:
        _row(rows, section, row, frozenset(column for of, column in closed if of == row.code))


def _column(parent: Element, code: str, name: str, kind: str, form: str, input_type: str, fld: str = "") -> None:
    """``default-cell`` says what cells of the column are where a row does not say otherwise; ``inputType`` 2 is optional."""
    made = child(parent, "column", code=code, name=name, type=kind, fld=fld)
    child(made, "default-cell", column=code, format=form, inputType=input_type)


def _number(decimals: int) -> str:
    return f"N({DIGITS},{decimals})"


def _row(parent: Element, section: Section, row: Row, closed: frozenset[str]) -> None:
    """Type F is a fixed row; ``grv`` names the key columns that make lines of a repeated row.

    A crossed-out cell is ``inputType`` 0, read only; a cell says for itself how many digits it has after the point, if it has any.
    ``vldType`` 4: a key of the catalogue ``vld``.
    """
    keys = _KEYS[: len(section.keys)] if row.repeated else ""
    repeated = {"grv": ",".join(keys)} if keys else {}
    made = child(parent, "row", code=row.code, type="F", name=row.title, **repeated)
    for number, column in enumerate(keys):
        catalogue = _catalogue(section, number)
        child(
            made, "cell", column=column, format="C(10)", inputType=_OPTIONAL, vldType="4", vld=catalogue, dic=catalogue
        )  # fmt: skip
    for of in section.columns:
        digits = section.decimals(row, of)
        if of.code in closed or digits:
            allowed = _READ_ONLY if of.code in closed else _OPTIONAL
            child(made, "cell", column=of.code, format=_number(digits), inputType=allowed)


def _control(parent: Element, number: int, control: Control, form: FormDefinition) -> None:
    """``tip`` 1 an error, 0 a warning; ``periodClause`` empty: in every period; ``fault``, ``precision`` as the control has them."""
    child(
        parent,
        "control",
        id=str(number),
        name=control.title,
        condition=_rule(control.condition_node, form) if control.condition_node else "",
        rule=_rule(control.rule_node, form),
        periodClause="",
        tip="1" if control.level == "error" else "0",
        fault=f"{control.fault:f}",
        precision=str(control.precision),
    )


def _rule(node: Node, form: FormDefinition) -> str:
    codes = {section.code: str(section.xml_code) for section in form.sections}
    return print_rule(node, codes.__getitem__)


def _catalogues(parent: Element, form: FormDefinition, day: date) -> None:
    """``s_god`` the years, ``s_mes`` the periods a report may be of; then the catalogues of keys."""
    terms: Iterator[tuple[str, dict[str, str]]] = (
        (_catalogue(section, number), {term.code: term.title for term in key.terms})
        for section in form.sections
        for number, key in enumerate(section.keys)
    )
    for name, years in (("s_god", str(day.year)), ("s_mes", "1")):
        child(child(parent, "dic", id=name), "term", id=years)
    for name, codes in terms:
        made = child(parent, "dic", id=name)
        for code, title in codes.items():
            child(made, "term", id=code, name=title)


def _catalogue(section: Section, number: int) -> str:
    return f"s_key_{section.xml_code}_{number + 1}"
