"""The key of receipts is replaced: what was signed before stays provable by what the service publishes."""

from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from eu_enrollment.acceptance_log import service
from eu_enrollment.acceptance_log.chain import chain_doubts, receipt_doubts
from eu_enrollment.applications.receipts import public_jwk
from eu_enrollment.runtime import EnrollmentRuntime

from ..factories import Town
from .test_log import proof_of, seal


def private(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


async def test_receipts_and_blocks_of_earlier_keys_are_checked_by_the_published_ones(
    town: Town, wanted: UUID, tmp_path: Path
) -> None:
    runtime = cast(EnrollmentRuntime, town.service.runtime)
    first = await town.apply(1, wanted)
    await seal(town)
    before = (await town.service.client.get("/receipts/keys")).json()
    old = cast(Path, runtime.settings.receipt_key_file).read_bytes()
    folder, fresh = tmp_path / "earlier", tmp_path / "receipt.pem"
    folder.mkdir()
    (folder / "2025.pem").write_bytes(public(generate_private_key(SECP256R1())))
    (folder / "2026.pem").write_bytes(old)
    fresh.write_bytes(private(generate_private_key(SECP256R1())))
    changed = {"receipt_key_file": fresh, "earlier_receipt_keys_dir": folder}
    runtime.settings = runtime.settings.model_copy(update=changed)
    for name in ("signer", "receipt_keys", "register"):
        runtime.__dict__.pop(name, None)

    second = await town.apply(2, wanted)
    await seal(town)
    keys = (await town.service.client.get("/receipts/keys")).json()
    assert len(keys["keys"]) == 3
    assert before["keys"][0] in keys["keys"]
    assert keys["keys"][0] == public_jwk(fresh.read_bytes())
    assert not any("d" in key for key in keys["keys"])
    for receipt in (first, second):
        assert receipt_doubts(receipt, (await proof_of(town, receipt)).json(), keys) == []
    assert receipt_doubts(second, (await proof_of(town, second)).json(), before) != []
    assert chain_doubts((await town.service.client.get("/receipts/log/blocks")).json()["items"], keys) == []
    async with runtime.uow() as uow:
        assert (await service.doubts(uow, runtime.receipt_keys))[2] == []


@pytest.mark.parametrize(
    "content", [b"", b"no key", private(generate_private_key(SECP384R1()))], ids=["empty", "text", "P-384"]
)
def test_a_file_that_is_no_key_of_receipts_is_told_at_the_start(town: Town, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wrong.pem").write_bytes(content)
    settings = cast(EnrollmentRuntime, town.service.runtime).settings
    with pytest.raises(ValueError, match="EC P-256"):
        EnrollmentRuntime(settings.model_copy(update={"earlier_receipt_keys_dir": tmp_path}))


def test_a_folder_of_keys_that_is_not_there_is_told_at_the_start(town: Town, tmp_path: Path) -> None:
    settings = cast(EnrollmentRuntime, town.service.runtime).settings
    with pytest.raises(FileNotFoundError):
        EnrollmentRuntime(settings.model_copy(update={"earlier_receipt_keys_dir": tmp_path / "elsewhere"}))
