"""The process that makes one PDF: an order on the standard input, the document on the standard output.

Run by its path and importing nothing of the product, because it starts once a document.
"""

import json
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any

import typst

_ROOT = str(Path(__file__).parent)
_PLACE = re.compile(r"[\w-]+\.typ:\d+:\d+")
_MAY_HOLD_A_VALUE = re.compile(r"\s*[:\"`(\[]")
_TEMPLATE_IS_WRONG = 2


def main() -> int:
    order = json.load(sys.stdin.buffer)
    compiler: Any = typst.Compiler(  # its stubs do not know that files may be given in memory
        root=_ROOT,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True),
        ignore_system_fonts=True,
    )
    compiler.compile({"main.typ": b""})  # loads whatever is loaded late
    os.nice(5)  # requests go first
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (order["memory"], order["memory"]))
    # No descriptor left to open: neither a file nor a connection, whatever a template asks for.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    try:
        document = compiler.compile(
            {name: text.encode() for name, text in order["files"].items()},
            sys_inputs={"input": order["input"]},
            timestamp=order["timestamp"],
            pdf_tags=False,
        )
    except typst.TypstError as error:
        return _complain(error.message, error.diagnostic)
    except BaseException as error:  # noqa: BLE001 - a panic of the compiler is no Exception; its text may hold a value
        if isinstance(error, MemoryError) or "Cannot allocate memory" in str(error):
            os.abort()  # as the compiler itself does nearly everywhere
        return _complain(type(error).__name__, "")
    sys.stdout.buffer.write(document)
    return 0


def _complain(message: str, diagnostic: str) -> int:
    """Write where the template is wrong and what is wrong there, without what it was given."""
    place = _PLACE.search(diagnostic)
    sys.stderr.write(f"\n{place[0] if place else 'template'}: {_MAY_HOLD_A_VALUE.split(message, maxsplit=1)[0]}")
    return _TEMPLATE_IS_WRONG


if __name__ == "__main__":
    sys.exit(main())
