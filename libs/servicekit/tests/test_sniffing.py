"""What a file is by its content; what is no whole file of a known type is none, whatever it is made of."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest

from servicekit.sniffing import document_type

ODT = "application/vnd.oasis.opendocument.text"


def archive(entries: dict[str, str], compression: int = ZIP_STORED) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", compression) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


def test_a_document_is_known_by_what_is_in_it() -> None:
    assert document_type(archive({"mimetype": ODT, "content.xml": "<a/>"})) == ODT
    word = document_type(archive({"word/document.xml": "<a/>"}, ZIP_DEFLATED))
    assert word == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert document_type(archive({"a.txt": "a"})) is None


@pytest.mark.parametrize(
    "name", ["Basic/a.xml", "Scripts/python/a.py", "scripts/a.js", "word/vbaProject.bin", "VBAPROJECT.BIN"]
)
def test_one_with_macros_is_none(name: str) -> None:
    assert document_type(archive({"mimetype": ODT, name: "x"})) is None
    assert document_type(archive({"word/document.xml": "<a/>", name: "x"})) is None


@pytest.mark.parametrize("compression", [ZIP_DEFLATED, ZIP_LZMA])
def test_a_stated_type_that_is_packed_is_not_even_unpacked(compression: int) -> None:
    whole = archive({"mimetype": ODT}, compression)
    assert document_type(whole) is None
    start = 30 + len("mimetype")  # after the local header
    for spoilt in (whole[:start] + b"\xff" * 8 + whole[start + 8 :], whole[:-20], whole[:40]):
        assert document_type(spoilt) is None


def test_one_of_more_parts_than_a_document_has_is_not_even_listed() -> None:
    parts = {f"word/{number}.xml": "" for number in range(10_000)}
    assert document_type(archive({"word/document.xml": "<a/>", **parts})) is None
    del parts["word/0.xml"]
    assert document_type(archive({"word/document.xml": "<a/>", **parts})) is not None
