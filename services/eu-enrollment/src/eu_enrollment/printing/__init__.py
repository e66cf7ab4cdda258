"""Documents of this service as PDF: the templates beside this file, a name each."""

from importlib.resources import files

from fastapi.responses import Response

from reportkit.disposition import attachment
from reportkit.pdf import Printer

PRINTER = Printer(files("eu_enrollment.printing"))


def pdf(content: bytes, name: str) -> Response:
    """A document to download; ``name`` without its ending."""
    headers = {"content-disposition": attachment(f"{name}.pdf"), "cache-control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
