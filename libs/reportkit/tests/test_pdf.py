import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from reportkit.errors import DocumentNotReadyError, DocumentTooLargeError, TemplateError
from reportkit.footer import Footer
from reportkit.pdf import Printer

FOOTER = Footer(datetime(2026, 9, 1, 12, 30, tzinfo=ZoneInfo("Europe/Moscow")), "Образцова М. И., секретарь")
LISTING = """
#import "/reportkit/base.typ": *
#show: paper.with(title: "Список класса", subtitle: data.at("period", default: none), organization: data.organization, landscape: true)
#listing(((title: "№", width: 1cm), (title: "Фамилия"), (title: "Принят")), data.rows)
#signatures((("Руководитель", data.at("head", default: none)),), stamp: true)
"""
BARE = '#import "/reportkit/base.typ": *\n#show: paper\n'
ENDLESS = BARE + "#for a in range(5000) { for b in range(5000) { for c in range(5000) { } } }"
MARKUP = [
    '#read("/etc/passwd")',
    "*x*",
    "$x^2$",
    "#panic()",
    "\\u{41}",
    "<label>",
    "@ref",
    "= H",
    "// c",
    "`r`",
    "[x]",
    "]#x[",
]


class Folder:
    """Templates of one test."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def printer(self, text: str, **options: Any) -> Printer:
        (self.path / "one.typ").write_text(text, encoding="utf-8")
        return Printer(self.path, **options)

    async def render(self, text: str, data: dict[str, object] | None = None) -> bytes:
        return await self.printer(text).render("one", data or {}, FOOTER)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def texts(content: bytes) -> list[str]:
    """Text of each page, white space made single."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def class_list(count: int, **more: object) -> dict[str, object]:
    rows = [[number, "Щербакова-Ёлкина", date(2026, 9, 1)] for number in range(1, count + 1)]
    return {"organization": "МБОУ СОШ № 15", "rows": rows, **more}


async def test_every_page_carries_heading_titles_and_footer(folder: Folder) -> None:
    pages = texts(await folder.render(LISTING, class_list(120, head="Иванов И. И.")))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert page.startswith("МБОУ СОШ № 15")
        assert "№ Фамилия Принят" in page
        assert "Щербакова-Ёлкина 01.09.2026" in page
        assert page.endswith(
            "Подсистема: АИС СГО · Дата печати: 01.09.2026 12:30 · Исполнитель: Образцова М. И., секретарь "
            f"Стр. {number} из {len(pages)}"
        )
    assert "Список класса" in pages[0]
    assert all(part in pages[-1] for part in ("Руководитель", "подпись", "Иванов И. И.", "М. П."))


async def test_an_empty_table_says_so(folder: Folder) -> None:
    (page,) = texts(await folder.render(LISTING, class_list(0)))
    assert "Записей нет" in page


async def test_pages_are_a4_and_only_embedded_fonts_are_used(folder: Folder) -> None:
    for text, size in ((LISTING, (842, 595)), (BARE + "х", (595, 842))):
        page = PdfReader(BytesIO(await folder.render(text, class_list(1)))).pages[0]
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
        assert all("LibertinusSerif" in name for name in names)


async def test_equal_input_gives_equal_bytes(folder: Folder) -> None:
    data = class_list(50)
    assert await folder.render(LISTING, data) == await folder.render(LISTING, data)
    later = Footer(FOOTER.printed_at + timedelta(minutes=1), FOOTER.executor)
    assert await folder.printer(LISTING).render("one", data, later) != await folder.render(LISTING, data)


async def test_values_are_never_markup(folder: Folder) -> None:
    data = class_list(0, period=MARKUP[0], head=MARKUP[0]) | {"rows": [[text] * 3 for text in MARKUP]}
    (page,) = texts(await folder.printer(LISTING).render("one", data, Footer(FOOTER.printed_at, "*x* #read(1)")))
    together = page.replace(" ", "")  # long words are broken where they end a line
    assert together.count('#read("/etc/passwd")') == 5
    for text in MARKUP:
        assert text.replace(" ", "") * 3 in together
    assert "Исполнитель: *x* #read(1)" in page


async def test_any_character_is_printed(folder: Folder) -> None:
    rows = [["".join(map(chr, range(first, first + 64)))] * 3 for first in range(0, 0x10000, 64)]
    plain = [row for row in rows if not "\ud800" <= row[0] <= "\udfff"]
    assert (await folder.render(LISTING, {"organization": "х", "rows": plain})).startswith(b"%PDF")


async def test_values_are_printed_as_people_write_them(folder: Folder) -> None:
    text = BARE + "#fields(data.pairs)"
    instant = datetime(2026, 1, 1, 22, 30, tzinfo=UTC)
    values: list[object] = [True, False, None, 1.5, Decimal("4.33"), instant, date(2026, 2, 3)]
    (page,) = texts(
        await folder.render(text, {"pairs": [[f"п{number}", value] for number, value in enumerate(values)]})
    )
    assert page.startswith("п0: да п1: нет п2: п3: 1,5 п4: 4,33 п5: 02.01.2026 01:30 п6: 03.02.2026")


READING = ("/etc/passwd", "/../../../../../../etc/passwd", "/proc/self/environ", "other.txt")


@pytest.mark.parametrize("wish", [f'#read("{name}")' for name in READING] + ['#image("/proc/self/environ")'])
async def test_no_file_is_read(folder: Folder, wish: str) -> None:
    (folder.path / "other.txt").write_text("secret")
    with pytest.raises(TemplateError) as refused:
        await folder.render(BARE + wish)
    assert re.fullmatch(r"one.typ:3:\d+: (file not found|path|failed to load file)", str(refused.value))


async def test_no_file_is_opened_even_where_the_compiler_may_look(folder: Folder) -> None:
    assert (files("reportkit.pdf") / "maker.py").is_file()
    with pytest.raises(TemplateError, match="failed to load file"):
        await folder.render(BARE + '#read("/maker.py")')


async def test_no_package_is_fetched_and_nothing_is_evaluated(folder: Folder) -> None:
    for text in ('#import "@preview/cetz:0.3.0"', "#eval(data.x)", "#let read = eval"):
        with pytest.raises(TemplateError, match="has no place in a template"):
            folder.printer(text)
    with pytest.raises(TemplateError, match=r"one\.typ:4:8: failed to download package"):
        await folder.render(BARE + '#let at = sym.at\n#import (at + "preview/cetz:0.3.0"): *')


async def test_a_header_may_have_lines_and_a_day_words(folder: Folder) -> None:
    text = (
        BARE
        + """
= #long-day(data.day)
#let head = (table.cell(rowspan: 2)[№], table.cell(colspan: 2)[Выбыл], [куда], [когда])
#listing(((title: ""), (title: ""), (title: "")), data.rows, head: head)
"""
    )
    rows = [[number, "СОШ № 1", date(2026, 9, 1)] for number in range(100)]
    pages = texts(await folder.render(text, {"day": date(2026, 5, 9), "rows": rows}))
    assert pages[0].startswith("9 мая 2026 г. ")
    assert all("куда когда" in page and "Выбыл" in page for page in pages)


async def test_a_template_uses_its_neighbours(folder: Folder) -> None:
    (folder.path / "common.typ").write_text("#let greeting = [Здравствуйте]", encoding="utf-8")
    (page,) = texts(await folder.render(BARE + '#import "common.typ": greeting\n#greeting'))
    assert page.startswith("Здравствуйте")


async def test_complaints_name_the_place_and_not_the_value(folder: Folder) -> None:
    for fault in ("#panic(data.name)", "#ref(label(data.name))", "#data.name.x", "#data.other"):
        with pytest.raises(TemplateError, match=r"^one\.typ:3:\d+: ") as refused:
            await folder.render(BARE + fault, {"name": "Щербакова"})
        assert "Щербакова" not in str(refused.value)
    with pytest.raises(TemplateError, match="no template other"):
        await Printer(folder.path).render("other", {}, FOOTER)


async def test_a_document_that_takes_too_long_is_given_up_and_its_place_is_free(folder: Folder) -> None:
    printer = folder.printer(ENDLESS, limit=1, timeout=0.4)
    for _ in range(2):
        with pytest.raises(DocumentNotReadyError) as refused:
            await printer.render("one", {}, FOOTER)
        assert refused.value.retry_after
    assert not list(_makers())


async def test_waiting_for_a_place_counts(folder: Folder) -> None:
    printer = folder.printer(ENDLESS, limit=1, timeout=0.4)
    answers = await asyncio.gather(*(printer.render("one", {}, FOOTER) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [DocumentNotReadyError] * 3
    assert not list(_makers())


async def test_a_document_that_does_not_fit_is_refused(folder: Folder) -> None:
    for memory in range(40, 80, 4):  # it may end at any place
        with pytest.raises(DocumentTooLargeError):
            await folder.printer(LISTING, memory=memory).render("one", class_list(3000), FOOTER)


async def test_a_cancelled_one_leaves_no_process(folder: Folder) -> None:
    task = asyncio.create_task(folder.printer(ENDLESS).render("one", {}, FOOTER))
    async with asyncio.timeout(10):
        while not list(_makers()):  # noqa: ASYNC110 - a process begins without telling
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10):
        while list(_makers()):  # noqa: ASYNC110 - killed at once, and reaped when the loop hears of it
            await asyncio.sleep(0.01)


async def test_ten_thousand_rows_finish(folder: Folder) -> None:
    content = await folder.render(LISTING, class_list(10_000))
    reader = PdfReader(BytesIO(content))
    assert f"из {len(reader.pages)}" in reader.pages[-1].extract_text()


def _makers() -> Iterator[Path]:
    """Processes of ours that make documents."""
    own = str(Path("/proc/self").resolve().name)
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if f"PPid:\t{own}\n" in status.read_text() and b"maker.py" in (status.parent / "cmdline").read_bytes():
                yield status.parent
        except OSError:
            continue
