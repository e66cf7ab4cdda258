"""Documents of this service as PDF: the templates beside this file, a name each."""

from importlib.resources import files

from fastapi.responses import Response

from reportkit.disposition import attachment
from reportkit.footer import Footer
from reportkit.pdf import Printer
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

PRINTER = Printer(files("sgo_journal.printing"))
PDF = "application/pdf"


def footer(uow: UnitOfWork, principal: Principal) -> Footer:
    """Subsystem, date and who prints (regulation 4.5)."""
    return Footer.by(principal, uow.now.astimezone(uow.clock.zone))


def download(content: bytes, name: str, media_type: str = PDF) -> Response:
    """A file to download under a name."""
    headers = {"content-disposition": attachment(name), "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
