"""What a family is told of its application: a text for each step, and who has told it."""

import pytest
from pydantic import ValidationError

from eu_enrollment.applications.statuses import Reason
from eu_enrollment.notifications.texts import Texts, texts
from servicekit.ids import new_id

from ..factories import Town, group, organization

KNOWN = {"number": "03701-2026-00000001", "organization": "Сад № 1", "due": "01.06.2026", "note": "Нет справки"}


def test_each_step_is_told_whatever_is_known() -> None:
    for reason in Reason:
        for words in (KNOWN, {"number": KNOWN["number"]}):
            text = texts().told(reason, words)
            if reason in texts().silent:
                assert text is None
            else:
                assert text is not None
                assert KNOWN["number"] in text
                assert not set("[]{}") & set(text)
                assert text.endswith(".")
                assert ".." not in text


@pytest.mark.parametrize(
    "text",
    ["Заявление принято.", "{number} {colour}.", "{number} до {due}."],
    ids=["no number", "an unknown word", "what may be unknown outside brackets"],
)
def test_a_wrong_text_is_refused(text: str) -> None:
    data = texts().model_dump()
    with pytest.raises(ValidationError):
        Texts.model_validate(data | {"texts": data["texts"] | {Reason.FROZEN: text}})


def test_no_step_is_forgotten() -> None:
    data = texts().model_dump()
    del data["texts"][Reason.FROZEN]
    with pytest.raises(ValidationError):
        Texts.model_validate(data)


async def test_the_family_reads_its_steps_and_who_told_them(town: Town) -> None:
    own = organization()
    place = group(own.organization_id, 1)
    await town.hear(own, place)
    await town.open({place: 1})
    receipt = await town.apply(1, own.organization_id)
    await town.allocate()
    (referral,) = await town.referrals()
    path = f"/applications/{receipt['id']}/notifications"
    submitted, checked, referred = await town.get(path, by=town.portal)
    assert submitted["text"] == f"Заявление {receipt['number']} принято и зарегистрировано."
    assert (checked["reason"], checked["told"]) == ("checked", [])
    year, month, day = referral["answer_by"].split("-")
    assert referred["text"] == (
        f"По заявлению {receipt['number']} предоставлено место — {own.short_name}. Ответьте до {day}.{month}.{year} включительно."
    )
    assert (referred["due_on"], referred["organization_id"]) == (referral["answer_by"], str(own.organization_id))
    for _ in range(2):
        await town.post(f"{path}/3/told", json={"means": "portal"})
    await town.post(f"{path}/3/told", by=town.operator, json={"means": "phone"})
    *_, referred = await town.get(path)
    assert [(one["means"], one["told_by"] == "portal-1") for one in referred["told"]] == [
        ("portal", True),
        ("phone", False),
    ]
    await town.post(f"{path}/9/told", 404, json={"means": "portal"})
    await town.post(f"/applications/{new_id()}/notifications/1/told", 404, json={"means": "portal"})


async def test_texts_tell_no_words_that_the_service_wrote_for_itself(town: Town) -> None:
    """A note of the service is a code for operators; what an operator has written is told."""
    own = organization()
    place = group(own.organization_id, 1)
    await town.hear(own, place)
    await town.open({place: 1})
    receipt = await town.apply(1, own.organization_id, benefit="judge")
    await town.examine()
    (check,) = await town.get(f"/applications/{receipt['id']}/verifications")
    sent = {"outcome": "documents_requested", "note": "Нужна справка с места службы"}
    await town.post(f"/verifications/{check['id']}/decide", by=town.operator, json=sent)
    *_, asked = await town.get(f"/applications/{receipt['id']}/notifications")
    assert asked["text"].endswith("включительно). Нужна справка с места службы.")
