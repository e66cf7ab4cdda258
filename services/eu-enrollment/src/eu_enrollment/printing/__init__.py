"""Documents of this service as PDF: the templates beside this file, a name each."""

from importlib.resources import files

from fastapi.responses import Response

from eu_enrollment.applications.schemas import ChildIn, RepresentativeIn
from reportkit.disposition import attachment
from reportkit.footer import Footer, Subsystem
from reportkit.pdf import Printer
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

PRINTER = Printer(files("eu_enrollment.printing"), memory=512)


def footer(uow: UnitOfWork, principal: Principal) -> Footer:
    """The footer of regulation 4.5: subsystem, date and who prints."""
    return Footer.by(principal, uow.now.astimezone(uow.clock.zone), Subsystem.EU)


def full_name(person: ChildIn | RepresentativeIn) -> str:
    """Surname, name, patronymic."""
    return " ".join(part for part in (person.last_name, person.first_name, person.middle_name) if part)


def pdf(content: bytes, name: str) -> Response:
    """A document to download; ``name`` without its ending."""
    headers = {"content-disposition": attachment(f"{name}.pdf"), "cache-control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
