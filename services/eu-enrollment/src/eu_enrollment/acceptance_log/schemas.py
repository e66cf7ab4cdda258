"""The log as it is published. Hashes are SHA-256, hex."""

from pydantic import BaseModel


class BlockOut(BaseModel):
    """A sealed block: ``hash`` of the other fields but ``signature``, which is a detached JWS over them (``GET /receipts/keys``)."""

    number: int
    epoch: int
    previous: str
    root: str
    size: int
    last_seq: int
    sealed_at: str
    hash: str
    signature: str


class ProofOut(BaseModel):
    """Proof that a receipt is leaf ``index`` of a block: the root follows from it by ``path`` (RFC 9162, 2.1.3)."""

    leaf: str
    index: int
    path: list[str]
    block: BlockOut
