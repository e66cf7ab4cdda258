"""Files as they are scanned, and the steps that the tests of scans share."""

import io
from typing import Any
from uuid import UUID

import httpx
from pypdf import PdfWriter

from .world import Registry


def _pdf() -> bytes:
    """A whole document of one empty page."""
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.write(out)
    return out.getvalue()


PDF = _pdf()
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"


async def send(registry: Registry, headers: dict[str, str], content: bytes = PDF) -> httpx.Response:
    return await registry.service.client.post("/uploads", files={"file": ("скан.exe", content)}, headers=headers)


async def attach(
    registry: Registry, headers: dict[str, str], subject: tuple[str, UUID], kind: str, content: bytes = PDF, **more: Any
) -> httpx.Response:
    uploaded = await send(registry, headers, content)
    assert uploaded.status_code == 201, uploaded.text
    body = {
        "upload_id": uploaded.json()["upload_id"],
        "subject_kind": subject[0],
        "subject_id": str(subject[1]),
        "kind": kind,
        **more,
    }
    return await registry.service.client.post("/attachments", json=body, headers=headers)


async def attached(
    registry: Registry, headers: dict[str, str], subject: tuple[str, UUID], kind: str, content: bytes = PDF, **more: Any
) -> str:
    answer = await attach(registry, headers, subject, kind, content, **more)
    assert answer.status_code == 201, answer.text
    attachment_id: str = answer.json()["id"]
    return attachment_id


async def download(registry: Registry, headers: dict[str, str], attachment_id: str) -> httpx.Response:
    return await registry.service.client.get(f"/attachments/{attachment_id}/file", headers=headers)


async def remove(registry: Registry, headers: dict[str, str], attachment_id: str, version: int = 1) -> httpx.Response:
    return await registry.service.client.post(
        f"/attachments/{attachment_id}/removal",
        json={"reason": "Прикреплён по ошибке"},
        headers={**headers, "If-Match": f'"{version}"'},
    )
