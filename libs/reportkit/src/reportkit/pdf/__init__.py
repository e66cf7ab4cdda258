"""Documents as PDF, from templates of the service that prints them.

A template is a ``.typ`` file among the service's own. It begins with ``#import "/reportkit/base.typ": *`` and gets its values as
``data``. Values travel as JSON and stay values: no text of theirs is ever read as markup.
"""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from uuid import UUID

from reportkit.errors import DocumentNotReadyError, DocumentTooLargeError, TemplateError
from reportkit.footer import Footer

_MEBIBYTE = 1024 * 1024
_RETRY_SECONDS = 30
_OWN = {f"reportkit/{name}.typ": (files(__package__) / f"{name}.typ").read_text("utf-8") for name in ("base", "report")}
REPORT = "reportkit/report"
"""The template of a report: ``reportkit.sheets.Sheet.printed``."""
_MAKER = str(files(__package__) / "maker.py")
_FORBIDDEN = re.compile(r"\beval\b|\"@")
_TEMPLATE_IS_WRONG = 2
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Scripts the embedded fonts hardly draw; mixed with other text they break the compiler (a test shows it)."""


class Printer:
    """Makes documents from the templates of one folder: ``Printer(files("sgo_core.printing"))``.

    Each document is made by a process of its own, which can open no file and no connection, so that a long one neither stops
    the service nor outlives its time. At most ``limit`` are made at once; the others wait. ``timeout`` is in seconds and counts
    the waiting; ``memory`` is what one document may take, in MiB: a thousand rows of eight columns need about 130, ten thousand
    1000. The container needs room for ``limit`` times ``memory`` beside the service.
    """

    def __init__(self, templates: Traversable, *, limit: int = 2, timeout: float = 60, memory: int = 1280) -> None:
        self._files = dict(_OWN)
        for one in templates.iterdir():
            if one.name.endswith(".typ"):
                self._files[one.name] = one.read_text(encoding="utf-8")
        for name, text in self._files.items():
            if found := _FORBIDDEN.search(text):
                raise TemplateError(f"{name}: {found[0]} has no place in a template")
        self._slots = asyncio.Semaphore(limit)
        self._timeout = timeout
        self._memory = memory * _MEBIBYTE

    async def render(self, template: str, data: Mapping[str, object], footer: Footer) -> bytes:
        """The PDF of ``template`` (a file's name without its ending, or ``REPORT``): the same bytes for the same input.

        Dates among ``data`` become ``дд.мм.гггг``, instants get the time of the footer's zone. Raises
        ``DocumentNotReadyError``, ``DocumentTooLargeError``, and ``TemplateError`` when the template is at fault.
        """
        if f"{template}.typ" not in self._files:
            raise TemplateError(f"no template {template}.typ")
        try:
            async with asyncio.timeout(self._timeout), self._slots:
                return await _made(await asyncio.to_thread(self._order, template, data, footer))
        except TimeoutError:
            raise DocumentNotReadyError(retry_after=_RETRY_SECONDS) from None

    def _order(self, template: str, data: Mapping[str, object], footer: Footer) -> bytes:
        order = {
            "files": self._files | {"main.typ": f'#include "{template}.typ"'},
            "input": _dumped({"data": data, "footer": footer.lines()}, footer.printed_at.tzinfo),
            "timestamp": int(footer.printed_at.timestamp()),
            "memory": self._memory,
        }
        return json.dumps(order).encode()


async def _made(order: bytes) -> bytes:
    environment = {"RAYON_NUM_THREADS": "1", "PATH": os.environ.get("PATH", "")}
    maker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-X", "utf8", _MAKER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        content, complaint = await maker.communicate(order)
    finally:
        if maker.returncode is None:
            maker.kill()
            await maker.wait()
    if maker.returncode == 0:
        return content
    if maker.returncode in {-signal.SIGABRT, -signal.SIGKILL}:
        raise DocumentTooLargeError
    what = complaint.decode(errors="replace").rpartition("\n")[2] if maker.returncode == _TEMPLATE_IS_WRONG else ""
    raise TemplateError(what or f"the maker ended with {maker.returncode}")


def _dumped(value: dict[str, Any], zone: tzinfo | None) -> str:
    def plain(value: object) -> str:
        match value:
            case datetime():
                return f"{value.astimezone(zone):%d.%m.%Y %H:%M}"
            case date():
                return f"{value:%d.%m.%Y}"
            case Decimal():
                return str(value).replace(".", ",")
            case UUID():
                return str(value)
        raise TypeError(f"a document cannot hold {type(value).__name__}")

    return _RIGHT_TO_LEFT.sub("\ufffd", json.dumps(value, ensure_ascii=False, default=plain))
