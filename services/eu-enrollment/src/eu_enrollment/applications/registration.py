"""What is written about an application when it is accepted, made of its body before it has a number in the register."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.derived import Derived, derive
from eu_enrollment.applications.events import status_changed
from eu_enrollment.applications.facts import channel_of
from eu_enrollment.applications.policies import actor_of
from eu_enrollment.applications.receipts import Receipt, payload_hash
from eu_enrollment.applications.schemas import ApplicationIn, ChildIn, DocumentIn
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns.rules import Channel
from eu_enrollment.campaigns.service import Campaign
from identifiers import DocumentKind, normal_name
from servicekit.crypto import FieldCipher, KeyedHash
from servicekit.outbox import Outbox
from servicekit.security import Principal

PAYLOAD_CONTEXT = "application.payload"


@dataclass(frozen=True, slots=True)
class Sending:
    """A request to accept: who sent it, by which route, under which key, what its body hashes to."""

    principal: Principal
    route: str
    key: str
    body_hash: bytes

    @property
    def client(self) -> str:
        """The account or machine client."""
        return self.principal.account_id


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is made of a body before anybody sends it: all the slow work, so that it can be done long before."""

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    campaign_id: UUID
    municipality: str
    line: str
    academic_year: int
    external_id: UUID
    filed_at: datetime
    child_key: bytes
    document_key: bytes
    key_version: str
    payload: str
    payload_hash: str
    organizations: tuple[UUID, ...]
    stated_channel: Channel | None
    derived: Derived


@dataclass(frozen=True, slots=True)
class Registration(Prepared):
    """An application ready to be entered in the register: everything that is written but its number and signature."""

    sending: Sending
    id: UUID
    at: datetime
    channel: Channel
    status: str
    actor: str
    reason: str
    event: dict[str, Any]
    draft_version: int | None
    """Of the draft it is made of, which has its id; it is entered while the draft says the same."""

    def receipt(self, seq: int) -> Receipt:
        """The receipt under a number of the register."""
        return Receipt(
            id=self.id,
            number=f"{self.municipality[:5]}-{self.academic_year}-{seq:08d}",
            accepted_at=self.at,
            accepted_seq=seq,
            payload_hash=self.payload_hash,
        )

    @property
    def claims(self) -> frozenset[object]:
        """What no other application may have: its key, its child in the campaign and those named with it, by either hash."""
        among = {str(self.campaign_id), self.derived.live_among or str(self.campaign_id)}
        return frozenset(
            {
                (self.sending.client, self.sending.key),
                *((one, "child", self.child_key) for one in among),
                *((one, "document", self.document_key) for one in among),
            }
        )


def prepare(
    cipher: FieldCipher, hasher: KeyedHash, campaign: Campaign, principal: Principal, day: date, body: ApplicationIn
) -> Prepared:
    """Make ready a body that the campaign takes from a sender, as it stands on a day."""
    child_key, document_key = child_keys(hasher, body.child)
    return Prepared(
        campaign_id=campaign.id,
        municipality=campaign.municipality,
        line=campaign.kind.line,
        academic_year=campaign.academic_year,
        external_id=body.external_id,
        filed_at=body.filed_at,
        child_key=child_key,
        document_key=document_key,
        key_version=hasher.key_id,
        payload=cipher.encrypt(body.model_dump_json(), PAYLOAD_CONTEXT),
        payload_hash=payload_hash(body.model_dump(mode="json")),
        organizations=tuple(choice.organization_id for choice in body.choices),
        stated_channel=body.channel,
        derived=derive(campaign, body, day, channel_of(principal, body.channel)),
    )


def registration_of(
    prepared: Prepared, sending: Sending, id_: UUID, now: datetime, draft_version: int | None = None
) -> Registration:
    """The registration of what was made ready, under the id of the application."""
    outbox = Outbox()
    status = ApplicationStatus.REGISTERED
    needs = prepared.line, prepared.derived.grade, prepared.derived.age
    event = status_changed(id_, prepared.campaign_id, prepared.municipality, status, now, None, *needs)
    outbox.add(event, now=now, version=1)
    return Registration(
        **{field.name: getattr(prepared, field.name) for field in fields(Prepared)},
        sending=sending,
        id=id_,
        at=now,
        channel=channel_of(sending.principal, prepared.stated_channel),
        status=status,
        actor=actor_of(sending.principal),
        reason=Reason.SUBMITTED,
        event=outbox.pending[0],
        draft_version=draft_version,
    )


def snils_key(hasher: KeyedHash, snils: str) -> bytes:
    """Keyed hash of a child's СНИЛС."""
    return hasher.digest(snils, "child.snils")


def document_key(hasher: KeyedHash, document: DocumentIn, *whose: str) -> bytes:
    """Keyed hash of a child's document, and of whose it is where its number alone does not tell."""
    return hasher.digest("\x00".join([document.kind, document.series, document.number, *whose]), "child.document")


def child_keys(hasher: KeyedHash, child: ChildIn) -> tuple[bytes, bytes]:
    """Keyed hashes of a child's identity: СНИЛС, else the document; and the document, which is always stated.

    A document of no known kind may be numbered «Б/Н» like many others: whose it is belongs to its key.
    """
    whose: tuple[str, ...] = ()
    if child.document.kind is DocumentKind.OTHER:
        whose = (normal_name(child.last_name), normal_name(child.first_name), child.birth_date.isoformat())
    by_document = document_key(hasher, child.document, *whose)
    return by_document if child.snils is None else snils_key(hasher, child.snils), by_document
