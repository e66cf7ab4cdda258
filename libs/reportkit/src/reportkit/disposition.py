"""The name of a downloaded file (RFC 6266, RFC 8187)."""

import re
from urllib.parse import quote

_UNFIT = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|;%]+')


def attachment(name: str) -> str:
    """``Content-Disposition`` of a file to download; ``name`` may be Russian, what no file system takes becomes ``_``."""
    fit = _UNFIT.sub("_", name)
    if fit.isascii():
        return f'attachment; filename="{fit}"'
    plain = re.sub(r"[^\x20-\x7e]+", "_", fit)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(fit, safe='')}"
