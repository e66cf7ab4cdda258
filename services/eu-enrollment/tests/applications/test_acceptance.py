"""Acceptance: one application and one receipt, however often and however many at once it is sent."""

import asyncio
import json
from copy import deepcopy
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from asu_contracts.access import Role
from asu_contracts.enrollment import ApplicationStatusChanged
from servicekit.ids import new_id
from servicekit.sealing.chain import canonical

from ..factories import SOCHI, Town, body, group, organization


@pytest.fixture
async def wanted(town: Town) -> Any:
    """An organization with places in an open campaign; its id."""
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 5})
    return found.organization_id


def changed(sent: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of a body with one value put in place; ``...`` removes it."""
    copy = deepcopy(sent)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    target: Any = copy
    for part in parents:
        target = target[part]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return copy


class TestReceipt:
    async def test_states_what_was_accepted_and_verifies_offline(self, town: Town, wanted: Any) -> None:
        receipt = await town.apply(1, wanted)
        keys = (await town.service.client.get("/receipts/keys")).json()
        signed = {name: value for name, value in receipt.items() if name != "signature"}
        checked = jws.deserialize_compact(
            receipt["signature"], KeySet.import_key_set(keys), algorithms=["ES256"], payload=canonical(signed)
        )
        assert checked.headers()["alg"] == "ES256"
        (row,) = await town.fetch("SELECT * FROM application")
        assert (receipt["number"], receipt["accepted_seq"]) == (row["number"], row["accepted_seq"])
        assert receipt["payload_hash"] == row["payload_hash"]
        assert all("d" not in key for key in keys["keys"])

    async def test_a_changed_receipt_does_not_verify(self, town: Town, wanted: Any) -> None:
        receipt = await town.apply(1, wanted)
        keys = KeySet.import_key_set((await town.service.client.get("/receipts/keys")).json())
        forged = {k: v for k, v in receipt.items() if k != "signature"} | {"accepted_seq": 1_000_000}
        with pytest.raises(Exception, match="bad_signature"):
            jws.deserialize_compact(receipt["signature"], keys, algorithms=["ES256"], payload=canonical(forged))

    async def test_register_numbers_only_grow(self, town: Town, wanted: Any) -> None:
        numbers = [(await town.apply(number, wanted))["accepted_seq"] for number in range(3)]
        assert numbers == sorted(set(numbers))


class TestAgain:
    @pytest.mark.parametrize("keys", ["same", "new"])
    async def test_ten_at_once_are_one_application_and_ten_equal_receipts(
        self, town: Town, wanted: Any, keys: str
    ) -> None:
        sent = body(town.campaign_id, 1, wanted)
        bodies = [sent if keys == "same" else sent | {"external_id": str(new_id())} for _ in range(10)]
        answers = await asyncio.gather(*(town.send(item) for item in bodies))
        assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
        assert len({answer.text for answer in answers}) == 1
        assert await town.counts() == {"registered": 1}
        assert len(await town.events(ApplicationStatusChanged.type)) == 1

    async def test_a_receipt_is_given_again_after_the_campaign_has_closed(self, town: Town, wanted: Any) -> None:
        sent = body(town.campaign_id, 1, wanted)
        first = await town.send(sent)
        await town.close()
        again = await town.send(sent)
        assert (again.status_code, again.json()) == (200, first.json())
        late = await town.send(body(town.campaign_id, 2, wanted))
        assert (late.status_code, late.json()["code"]) == (409, "campaign.closed")
        other = await town.send(body(town.campaign_id, 2, wanted), sent["external_id"])
        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")

    async def test_another_body_under_the_key_is_refused(self, town: Town, wanted: Any) -> None:
        sent = body(town.campaign_id, 1, wanted)
        assert (await town.send(sent, "key-key-key")).status_code == 201
        for other in (body(town.campaign_id, 2, wanted), sent | {"desired_from": "2026-10-01"}):
            answer = await town.send(other, "key-key-key")
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
        assert await town.counts() == {"registered": 1}

    async def test_a_key_that_got_the_old_receipt_is_used_too(self, town: Town, wanted: Any) -> None:
        sent = body(town.campaign_id, 1, wanted)
        first = await town.send(sent, "first-key")
        assert (await town.send(sent, "second-key")).json() == first.json()
        answer = await town.send(body(town.campaign_id, 2, wanted), "second-key")
        assert answer.status_code == 422

    async def test_another_payload_for_the_child_is_refused(self, town: Town, wanted: Any) -> None:
        sent = body(town.campaign_id, 1, wanted)
        assert (await town.send(sent)).status_code == 201
        answer = await town.send(changed(sent, "child.first_name", "Дарья") | {"external_id": str(new_id())})
        assert (answer.status_code, answer.json()["code"]) == (409, "application.already-applied")
        assert await town.counts() == {"registered": 1}

    async def test_spelling_of_identifiers_makes_no_other_child(self, town: Town, wanted: Any) -> None:
        sent = body(town.campaign_id, 1, wanted)
        first = await town.send(sent)
        snils = sent["child"]["snils"]
        spelled = changed(sent, "child.snils", f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}")
        spelled = changed(spelled, "child.document.series", "iv—аг") | {"external_id": str(new_id())}
        again = await town.send(spelled)
        assert (again.status_code, again.json()) == (200, first.json())

    async def test_without_snils_the_document_tells_children_apart(self, town: Town, wanted: Any) -> None:
        sent = changed(body(town.campaign_id, 1, wanted), "child.snils", None)
        assert (await town.send(sent)).status_code == 201
        other = changed(sent, "child.last_name", "Петрова") | {"external_id": str(new_id())}
        assert (await town.send(other)).status_code == 409
        another = changed(other, "child.document.number", "999999") | {"external_id": str(new_id())}
        assert (await town.send(another)).status_code == 201

    @pytest.mark.parametrize("again", [0, 1])
    async def test_leaving_snils_out_makes_no_other_child(self, town: Town, wanted: Any, again: int) -> None:
        """Once with СНИЛС and once without, in either order: the document is the same."""
        full = body(town.campaign_id, 1, wanted)
        bare = changed(full, "child.snils", None) | {"external_id": str(new_id())}
        sent = [full, bare] if again else [bare, full]
        assert (await town.send(sent[0])).status_code == 201
        answer = await town.send(sent[1])
        assert (answer.status_code, answer.json()["code"]) == (409, "application.already-applied")
        assert (await town.send(sent[0])).status_code == 200
        assert await town.counts() == {"registered": 1}

    async def test_a_document_of_no_known_kind_is_told_apart_by_whose_it_is(self, town: Town, wanted: Any) -> None:
        document = {"kind": "other", "series": "", "number": "Б/Н", "issued_on": None}
        sent = changed(changed(body(town.campaign_id, 1, wanted), "child.snils", None), "child.document", document)
        assert (await town.send(sent)).status_code == 201
        for path, value in (("child.first_name", "Дарья"), ("child.birth_date", "2023-05-02")):
            other = changed(sent, path, value) | {"external_id": str(new_id())}
            assert (await town.send(other)).status_code == 201
        spelled = changed(sent, "child.last_name", "ИВАНОВА") | {"external_id": str(new_id())}
        assert (await town.send(spelled)).status_code == 409

    async def test_a_withdrawn_application_gives_way(self, town: Town, wanted: Any) -> None:
        receipt = await town.apply(1, wanted)
        await town.post(f"/applications/{receipt['id']}/withdraw")
        again = await town.apply(1, wanted)
        assert again["id"] != receipt["id"]
        assert await town.counts() == {"registered": 1, "withdrawn": 1}


WRONG_FIELDS: list[tuple[str, Any, str]] = [
    ("surprise", "Сидорова", "/body"),
    ("child.surprise", "Сидорова", "/body/child"),
    ("child.birth_date", "2023-02-30", "/body/child/birth_date"),
    ("child.birth_date", "2099-01-01", "/body/child/birth_date"),
    ("child.birth_date", "1950-01-01", "/body/child/birth_date"),
    ("child.snils", "112-233-445 96", "/body/child/snils"),
    ("child.sex", "unknown", "/body/child/sex"),
    ("child.last_name", "12345", "/body/child/last_name"),
    ("child.last_name", "Ива\x00нова", "/body/child/last_name"),
    ("child.last_name", "Ива\u202eнова", "/body/child/last_name"),
    ("child.last_name", "Ива\x1bнова", "/body/child/last_name"),
    ("representatives.0.email", "a\x00b@example.org", "/body/representatives/0/email"),
    ("child.citizenship", "РФ", "/body/child/citizenship"),
    ("child.document.series", "АБВГД", "/body/child/document"),
    ("child.document.number", "12", "/body/child/document"),
    ("child.document.issued_on", "2020-01-01", "/body/child/document/issued_on"),
    ("child.document.kind", "library_card", "/body/child/document/kind"),
    ("child", ..., "/body/child"),
    ("representatives", [], "/body/representatives"),
    ("representatives.0.phone", "8-918", "/body/representatives/0/phone"),
    ("choices", [], "/body/choices"),
    ("choices.0.organization_id", "не UUID", "/body/choices/0/organization_id"),
    ("choices.0.organization_id", "00000000-0000-7000-8000-000000000000", "/body/choices/0/organization_id"),
    ("benefits", [{"code": "cosmonaut"}], "/body/benefits/0/code"),
    ("filed_at", "2026-04-01T00:00:00", "/body/filed_at"),
    ("filed_at", "0001-01-01T00:00:00+14:00", "/body/filed_at"),
    ("desired_from", "9999-12-31", "/body/desired_from"),
    ("consent.purposes", [], "/body/consent/purposes"),
    ("consent.given_at", "2098-01-01T00:00:00+03:00", "/body/consent/given_at"),
    ("consent.valid_until", "2026-04-01", "/body/consent/valid_until"),
    ("consent.given_at", 10**30, "/body/consent/given_at"),
]


class TestRefused:
    async def test_a_wrong_field_is_named_and_not_repeated(self, town: Town, wanted: Any) -> None:
        for path, value, pointer in WRONG_FIELDS:
            sent = changed(body(town.campaign_id, 1, wanted), path, value)
            answer = await town.send(sent)
            assert answer.status_code == 422, (path, value, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert pointer in [error["pointer"] for error in answer.json()["errors"]], (path, answer.text)
            assert "Сидорова" not in answer.text
            assert sent["external_id"] not in answer.text
        assert await town.counts() == {}
        assert await town.fetch("SELECT * FROM idempotency") == []

    async def test_too_many_choices(self, town: Town, wanted: Any) -> None:
        others = [organization() for _ in range(5)]
        await town.hear(*others)
        answer = await town.send(body(town.campaign_id, 1, wanted, *(o.organization_id for o in others)))
        assert [error["code"] for error in answer.json()["errors"]] == ["choices.too-many"]

    async def test_a_choice_of_another_municipality(self, town: Town, wanted: Any) -> None:
        foreign = organization(SOCHI)
        await town.hear(foreign)
        answer = await town.send(body(town.campaign_id, 1, wanted, foreign.organization_id))
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/body/choices/1/organization_id"]

    async def test_a_choice_made_twice(self, town: Town, wanted: Any) -> None:
        answer = await town.send(body(town.campaign_id, 1, wanted, wanted))
        assert [error["code"] for error in answer.json()["errors"]] == ["choices.repeated"]

    async def test_outside_the_campaigns_period(self, town: Town, wanted: Any) -> None:
        await town.open({}, opens_at="2098-01-01T00:00:00Z")
        answer = await town.send(body(town.campaign_id, 1, wanted))
        assert (answer.status_code, answer.json()["code"]) == (409, "campaign.closed")

    async def test_an_unknown_campaign(self, town: Town, wanted: Any) -> None:
        assert (await town.send(body(str(new_id()), 1, wanted))).status_code == 404

    async def test_a_bad_key(self, town: Town, wanted: Any) -> None:
        for key in (None, "short", "with space", "x" * 101):
            headers = town.portal | ({} if key is None else {"Idempotency-Key": key})
            sent = body(town.campaign_id, 1, wanted)
            answer = await town.service.client.post("/applications", json=sent, headers=headers)
            assert answer.status_code == 422, key

    async def test_not_a_body(self, town: Town) -> None:
        headers = town.portal | {"Idempotency-Key": "key-key-key", "Content-Type": "application/json"}
        for content in (b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"campaign_id": NaN}'):
            answer = await town.service.client.post("/applications", content=content, headers=headers)
            assert answer.status_code in {400, 422}, content

    async def test_one_snils_of_two_representatives(self, town: Town, wanted: Any) -> None:
        sent = body(town.campaign_id, 1, wanted)
        mother = sent["representatives"][0] | {"snils": "11223344595"}
        sent["representatives"] = [mother, mother | {"last_name": "Другая", "kinship": "other"}]
        answer = await town.send(sent)
        assert [error["code"] for error in answer.json()["errors"]] == ["representatives.repeated"]

    async def test_spaces_of_a_document_are_spaces(self, town: Town, wanted: Any) -> None:
        sent = body(town.campaign_id, 1, wanted)
        sent["consent"]["operator"] = "МБОУ\u00a0«Школа\u00a0№\u00a01»"
        assert (await town.send(sent)).status_code == 201

    async def test_another_municipalitys_operator(self, town: Town, wanted: Any) -> None:
        foreign = town.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI)
        answer = await town.send(body(town.campaign_id, 1, wanted), by=foreign)
        assert answer.status_code == 404


class TestChannel:
    """One door for everybody: a portal sends its own, an operator enters what came on paper or through an МФЦ."""

    async def test_is_kept_beside_the_application_and_its_own_time(self, town: Town, wanted: Any) -> None:
        for number, (by, stated, kept) in enumerate(
            [
                (town.portal, None, "portal"),
                (town.portal, "portal", "portal"),
                (town.operator, None, "in_person"),
                (town.operator, "mfc", "mfc"),
                (town.operator, "post", "post"),
            ]
        ):
            sent = body(town.campaign_id, number, wanted, channel=stated)
            receipt = (await town.send(sent, by=by)).json()
            card = await town.get(f"/applications/{receipt['id']}")
            assert (card["channel"], card["filed_at"]) == (kept, "2026-03-31T21:00:01Z")
        listed = await town.get(f"/applications?campaign_id={town.campaign_id}")
        assert sorted(item["channel"] for item in listed["items"]) == ["in_person", "mfc", "portal", "portal", "post"]

    async def test_of_another_is_refused(self, town: Town, wanted: Any) -> None:
        for by, stated in ((town.portal, "mfc"), (town.operator, "portal")):
            answer = await town.send(body(town.campaign_id, 1, wanted, channel=stated), by=by)
            assert answer.status_code == 422
            assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
                ("/body/channel", "channel.not-yours")
            ]
        assert await town.counts() == {}


class TestAtRest:
    async def test_nothing_readable_is_stored_or_published(self, town: Town, wanted: Any) -> None:
        sent = body(town.campaign_id, 1, wanted)
        await town.send(sent)
        rows = [
            dict(row)
            for table in ("application", "application_choice", "application_history", "idempotency", "outbox")
            for row in await town.fetch(f"SELECT * FROM {table}")
        ]
        text = json.dumps(rows, default=str, ensure_ascii=False)
        for value in ("Иванова", sent["child"]["snils"], "IV-АГ", "2023-05-01", "+79180000000"):
            assert value not in text

    async def test_history_cannot_be_changed_by_the_application(self, town: Town, wanted: Any) -> None:
        await town.apply(1, wanted)
        allowed = await town.fetch(
            "SELECT has_table_privilege('enrollment_app', t, 'UPDATE') OR has_table_privilege('enrollment_app', t, 'DELETE')"
            " AS may FROM unnest(ARRAY['application_history', 'allocation', 'allocation_outcome', 'audit']) AS t"
        )
        assert not any(row["may"] for row in allowed)
