"""Outside signatures under orders.

What is signed is the canonical JSON of what the order says: its number, date and lines, or the order it cancels. Students and groups stand
there by their ids: a name mended, a card merged or erased moves no byte under a signature.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.crypto import FieldCipher
from servicekit.security import Principal
from servicekit.signing.canonical import canonical
from servicekit.signing.keeping import Attached, SignatureFiles
from servicekit.uow import UnitOfWork
from sgo_core.movements import orders
from sgo_core.order_signatures.errors import NotToBeSignedError
from sgo_core.order_signatures.model import order_signature

FORMAT, VERSION = "asu-order", 1
_FILES = SignatureFiles(order_signature)
_OPEN = frozenset({"checked", "signed"})
"""States in which an order may be signed; one withdrawn since keeps its bytes."""


async def _bytes(uow: UnitOfWork, principal: Principal, order: Any) -> bytes | None:
    """What an order says, as bytes; none of a draft, and of an order that came signed."""
    if order.state == "draft" or not (order.lines or order.cancels):
        return None
    cancels = None if order.cancels is None else await orders.get_order(uow, principal, order.cancels)
    return canonical(
        {
            "format": FORMAT,
            "version": VERSION,
            "id": order.id,
            "organization_id": order.organization_id,
            "number": order.number,
            "date": order.date,
            "lines": order.lines,
            "cancels": None if cancels is None else {"id": cancels.id, "number": cancels.number, "date": cancels.date},
        }
    )


async def to_sign(uow: UnitOfWork, principal: Principal, order_id: UUID) -> bytes:
    """The bytes that an order's signatures are made under; raises ``NotFoundError``, ``NotToBeSignedError``."""
    order = await orders.get_order(uow, principal, order_id)
    content = await _bytes(uow, principal, order)
    if content is None:
        raise NotToBeSignedError
    students = {line.student_id for line in orders.LINES.validate_python(order.lines)}
    await audit.record(uow, principal, "order.to-sign.read", students)
    return content


async def attach(uow: UnitOfWork, cipher: FieldCipher, principal: Principal, order_id: UUID, file: bytes) -> Attached:
    """Put a signature made elsewhere under an order of the caller's organization: it is not mended any more.

    Raises ``NotFoundError``, ``NotToBeSignedError``, ``SignatureError``, ``OtherContentError``, ``CertificateError``.
    """
    order = await orders.hold_order(uow, principal, order_id)
    content = await _bytes(uow, principal, order)
    if content is None or order.state not in _OPEN:
        raise NotToBeSignedError
    made = await _FILES.attach(uow, cipher, principal, {"order_id": order_id}, content, file)
    await audit.record(uow, principal, "order.signature.attach", [order_id])
    return made


async def of_order(uow: UnitOfWork, principal: Principal, order_id: UUID) -> tuple[bytes | None, Sequence[Any]]:
    """The bytes to sign, if there are any yet, and the signatures under them; raises ``NotFoundError``."""
    order = await orders.get_order(uow, principal, order_id)
    return await _bytes(uow, principal, order), await _FILES.of(uow.session, {"order_id": order_id})


async def file_of(
    uow: UnitOfWork, cipher: FieldCipher, principal: Principal, order_id: UUID, signature_id: UUID
) -> bytes:
    """A signature file as it was attached; raises ``NotFoundError``."""
    await orders.get_order(uow, principal, order_id)
    content = await _FILES.file(uow.session, cipher, {"order_id": order_id}, signature_id)
    await audit.record(uow, principal, "order.signature.read", [order_id])
    return content
