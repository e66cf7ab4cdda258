"""XML written and read with the standard library."""

from collections.abc import Sequence
from xml.etree.ElementTree import Comment, Element, SubElement, TreeBuilder, indent, tostring
from xml.parsers import expat

from reporting.exchange.errors import ReportFileError


def child(parent: Element, tag: str, text: str | None = None, /, **attributes: str) -> Element:
    """A new last child of an element."""
    made = SubElement(parent, tag, attributes)
    made.text = text
    return made


def written(root: Element, remarks: Sequence[str] = ()) -> bytes:
    """The document, UTF-8; ``remarks`` are comments a reader of the file sees and a program passes over."""
    indent(root)
    for at, remark in enumerate(remarks):
        comment = Comment(f" {remark.replace('--', '—')} ")
        comment.tail = root.text
        root.insert(at, comment)
    content: bytes = tostring(root, "utf-8", xml_declaration=True)
    return content


def parse(content: bytes) -> Element:
    """The root of a document from outside; raises ``ReportFileError``.

    A document type is refused: entities, which could grow without end or name files, are declared nowhere else.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ReportFileError("a document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ReportFileError("not well formed") from error
    return builder.close()
