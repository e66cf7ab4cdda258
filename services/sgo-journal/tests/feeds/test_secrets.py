"""Whatever happens, the secret of a calendar stands in no log."""

import logging

import pytest

from servicekit.ids import new_id
from sgo_journal.feeds import calendars

from ..factories import School
from .samples import stored


async def test_no_log_has_the_secret(
    school: School,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    student = new_id()
    _, secret = await stored(school, student, student)
    client = school.service.client
    caplog.set_level(logging.DEBUG)
    assert (await client.get(f"/feeds/{secret}.ics")).status_code == 200

    def broken(_opened: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(calendars, "written", broken)
    answers = [await client.get(f"/feeds/{secret}.ics"), await client.get(f"/feeds/{secret}{secret}.ics")]
    assert [answer.status_code for answer in answers] == [500, 404]
    written = capsys.readouterr()
    served = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert "unexpected_error" in "".join(served), "the log was listened to"
    assert secret not in "".join([*served, written.out, written.err, *(answer.text for answer in answers)])
