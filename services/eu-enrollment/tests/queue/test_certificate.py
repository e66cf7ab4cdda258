"""The certificate of an allocation: what decided, on what act, of nobody else more than a class and a day."""

from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader

from eu_enrollment.applications.receipts import signed_by
from eu_enrollment.campaigns import rules
from eu_enrollment.campaigns.rules import ComparatorKind, Tie, TieRule
from eu_enrollment.queue.certificate import _TITLES
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.jobs import Job

from ..factories import Town, group, organization


async def told(town: Town, receipt: dict[str, Any]) -> tuple[dict[str, Any], str]:
    answer = await town.get(f"/applications/{receipt['id']}/certificate", by=town.portal)
    return answer["certificate"], answer["signature"]


@pytest.fixture
async def places(town: Town) -> list[Any]:
    found = [organization(), organization()]
    groups = {group(found[0].organization_id, 20): 1, group(found[1].organization_id, 20): 1}
    await town.hear(*found, *groups)
    await town.open(groups)
    return [one.organization_id for one in found]


async def test_a_stronger_right_is_named_with_its_act(town: Town, places: list[Any]) -> None:
    first, second = places
    judge = await town.confirm(await town.apply(1, first, benefit="judge"))
    mine = await town.apply(2, first, second)
    assert (
        await town.service.client.get(f"/applications/{mine['id']}/certificate", headers=town.portal)
    ).status_code == 404
    await town.allocate()
    document, _ = await told(town, mine)
    (why,) = document["wanted_more"]
    assert (document["rank"], document["number"], why["decided_by"]) == (2, mine["number"], "benefit")
    (step,) = why["compared"]
    assert (step["yours"], step["last"], step["verdict"]) == ("общая очередь", "внеочередное право", "weaker")
    assert step["act"].startswith("Приказ Минпросвещения")
    assert judge["number"] not in str(document)
    assert judge["id"] not in str(document)


async def test_equal_rights_are_told_apart_by_the_register_without_its_number(town: Town, places: list[Any]) -> None:
    first, _ = places
    early = await town.apply(1, first)
    mine = await town.apply(2, first)
    await town.allocate()
    document, _ = await told(town, mine)
    (why,) = document["wanted_more"]
    *equal, tie = why["compared"]
    assert [step["verdict"] for step in equal] == ["equal"] * len(equal)
    assert (tie["by"], tie["last"]) == ("time", "в тот же день, раньше по реестру")
    assert tie["yours"].startswith("зарегистрировано ")
    assert str(early["accepted_seq"]).zfill(8) not in str(document)


async def test_equal_rights_are_told_apart_by_lot_where_the_rules_draw_one(
    town: Town, places: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_time = rules.rule_sets()["preschool-236-2025"]
    drawn = by_time.model_copy(update={"tie": Tie(by=TieRule.LOTTERY, legal=by_time.tie.legal)})
    monkeypatch.setattr("eu_enrollment.campaigns.model.rule_sets", lambda: {drawn.id: drawn})
    cast(EnrollmentRuntime, town.service.runtime).campaigns.clear()
    receipts = [await town.apply(number, places[0]) for number in (1, 2)]
    await town.allocate()
    told_to = [await told(town, receipt) for receipt in receipts]
    (why,) = [why for document, _ in told_to for why in document["wanted_more"]]
    tie = why["compared"][-1]
    assert (tie["by"], tie["yours"], tie["last"]) == ("lottery", "позже по жребию", "раньше по жребию")


async def test_the_right_at_the_time_counts_not_todays(town: Town, places: list[Any]) -> None:
    """Whoever is placed since, or stands otherwise today, stood then as the allocation saw it."""
    first, second = places
    await town.confirm(await town.apply(1, first, benefit="judge"))
    mine = await town.apply(2, first, second)
    await town.allocate()
    await town.post(f"/applications/{mine['id']}/withdraw")
    document, _ = await told(town, mine)
    assert document["wanted_more"][0]["compared"][0]["yours"] == "общая очередь"


async def test_a_right_that_ends_after_the_allocation_counted_then(town: Town, places: list[Any]) -> None:
    """Of who takes part with a place that is offered to it, and waits in no queue meanwhile."""
    first, second = places
    town.at("2026-04-05T12:00:00+03:00")
    paper = {"title": "Справка", "valid_until": "2026-04-10"}
    early = await town.confirm(await town.apply(1, first, benefit="judge"))
    mine = await town.confirm(
        await town.apply(2, first, second, benefits=[{"code": "large_family", "document": paper}])
    )
    await town.allocate()
    (held,) = [one for one in await town.referrals() if one["application_id"] == early["id"]]
    await town.post(f"/referrals/{held['id']}/decline")
    await town.confirm(await town.apply(3, first, benefit="judge"))
    await town.allocate()
    town.at("2026-04-10T22:30:00Z")
    (job,) = (one for one in town.service.definition.jobs if one.name == "rights.watch")
    assert isinstance(job, Job)
    await job.action(town.service.runtime)
    document, _ = await told(town, mine)
    (step,) = document["wanted_more"][0]["compared"]
    assert (step["yours"], step["last"]) == ("первоочередное право", "внеочередное право")


async def test_anyone_can_check_it_offline(town: Town, places: list[Any]) -> None:
    first, _ = places
    await town.apply(1, first)
    mine = await town.apply(2, first)
    await town.allocate()
    document, signature = await told(town, mine)
    keys = (await town.service.client.get("/receipts/keys")).json()
    assert signed_by(keys, document, signature)
    assert not signed_by(keys, document | {"rank": 1}, signature)


async def test_it_is_printed_with_the_footer_of_the_subsystem(town: Town, places: list[Any]) -> None:
    first, _ = places
    await town.confirm(await town.apply(1, first, benefit="judge"))
    mine = await town.apply(2, first)
    await town.allocate()
    answer = await town.service.client.get(f"/applications/{mine['id']}/certificate/print", headers=town.portal)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for words in ("Справка о распределении мест", mine["number"], "внеочередное право", "АИС ЕУ", "Дата печати"):
        assert words in text


def test_every_comparator_has_a_title() -> None:
    assert {kind.value for kind in ComparatorKind} <= set(_TITLES)
