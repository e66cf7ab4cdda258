"""Files of documents in the database; what is in them lies in the store of files, encrypted."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, Table, Text, Uuid, text

from eu_enrollment.database import metadata


class AttachmentKind(StrEnum):
    """What a file shows. Nothing else may be asked of a family (order 458, items 24–27; order 236, item 9)."""

    CHILD_DOCUMENT = "child_document"
    REPRESENTATIVE_DOCUMENT = "representative_document"
    GUARDIANSHIP = "guardianship"
    ADDRESS = "address"
    BENEFIT = "benefit"
    SIBLING = "sibling"
    MEDICAL_CONCLUSION = "medical_conclusion"
    STAY_DOCUMENT = "stay_document"
    LANGUAGE_TEST = "language_test"
    CERTIFICATE = "certificate"


KIND_TITLES: dict[AttachmentKind, str] = {
    AttachmentKind.CHILD_DOCUMENT: "Документ ребёнка",
    AttachmentKind.REPRESENTATIVE_DOCUMENT: "Документ представителя",
    AttachmentKind.GUARDIANSHIP: "Документ об опеке или представительстве",
    AttachmentKind.ADDRESS: "Документ о месте жительства или пребывания",
    AttachmentKind.BENEFIT: "Документ о льготе",
    AttachmentKind.SIBLING: "Документ о родстве с братом или сестрой",
    AttachmentKind.MEDICAL_CONCLUSION: "Заключение ПМПК или медицинское заключение",
    AttachmentKind.STAY_DOCUMENT: "Документ о праве находиться в России",
    AttachmentKind.LANGUAGE_TEST: "Результат тестирования по русскому языку",
    AttachmentKind.CERTIFICATE: "Аттестат об основном общем образовании",
}

attachment = Table(
    "attachment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", Uuid, nullable=False, comment="Of the draft or of the application"),
    Column("client", Text, nullable=False, comment="Account or machine client that sent it"),
    Column("kind", Text, nullable=False),
    Column("benefit", Text, comment="Category of the rules that it shows"),
    Column("media_type", Text, nullable=False, comment="By its content"),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("uploaded_at", DateTime(timezone=True), nullable=False),
    Column("removed_at", DateTime(timezone=True), comment="Nobody reads it any more; the file goes soon after"),
    CheckConstraint("(kind = 'benefit') = (benefit IS NOT NULL)", name="benefit"),
    Index("ix_attachment_application_id", "application_id", "id"),
    Index("ix_attachment_removed_at", "removed_at", postgresql_where=text("removed_at IS NOT NULL")),
)
