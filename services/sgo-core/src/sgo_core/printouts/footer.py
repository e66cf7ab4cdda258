"""The footer of regulation 4.5 for a caller."""

from reportkit.footer import Footer
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


def footer(uow: UnitOfWork, principal: Principal) -> Footer:
    """Subsystem, date and who prints."""
    return Footer.by(principal, uow.now.astimezone(uow.clock.zone))
