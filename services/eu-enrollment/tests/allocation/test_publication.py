"""What is published proves the allocation, tells nothing else, and any forgery of it is found."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from eu_enrollment.__main__ import cli
from eu_enrollment.allocation import proof, publication
from eu_enrollment.allocation.families import family_of
from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Instance, Pool
from eu_enrollment.allocation.together import allocate
from eu_enrollment.lottery.lots import commitment, line, lot

from ..factories import Town, group, organization
from .instances import group_id, market, organization_id, small_instances, with_families

SEED = "5" * 64
SCHOOL, OTHER = organization_id(0), organization_id(1)


def key(applicant_id: UUID) -> bytes:
    return applicant_id.bytes


def published(instance: Instance, *, by_lot: bool = False) -> list[bytes]:
    """The document of an instance's allocation."""
    result = allocate(instance)
    header = {
        "allocation_id": "a",
        "campaign_id": "c",
        "rules": "r",
        "tie": "lottery" if by_lot else "time",
        "commitment": commitment(SEED),
        "seed": SEED,
        "outcome": None,
        "applicants": len(instance.applicants),
        "placed": len(result.seats),
    }
    lines = {one.id: line(SEED, key(one.id)) for one in instance.applicants}
    return list(publication.document(instance, result, lines, header, by_lot=by_lot))


def by_lot(instance: Instance) -> Instance:
    """The same with the lots of the seed as tie keys."""
    people = tuple(replace(one, tie=lot(SEED, key(one.id))) for one in instance.applicants)
    return replace(instance, applicants=people)


def child(number: int, *choices: Choice) -> Applicant:
    return Applicant(UUID(int=number), number, choices)


RIVALS = Instance(
    (
        child(1, Choice(SCHOOL, 1, (0,)), Choice(OTHER, 1, (0, 1))),
        child(2, Choice(SCHOOL, 2, (0,)), Choice(OTHER, 1, (0,))),
        child(3, Choice(SCHOOL, 3, (0,), ("quota",)), Choice(OTHER, 1, (0,))),
        child(4, Choice(SCHOOL, 0, (0,)), Choice(OTHER, HELD, (1,))),
        child(5, Choice(OTHER, 9, (0, 1))),
        child(6, Choice(OTHER, 8, ())),
    ),
    {
        SCHOOL: (Pool(((group_id(0, 0), 2),), (("quota", 1),)),),
        OTHER: (Pool(((group_id(1, 0), 1),)), Pool(((group_id(1, 1), 1),))),
    },
)


class TestDocument:
    @settings(max_examples=60, deadline=None)
    @given(small_instances(), st.booleans())
    def test_is_proven_from_itself_alone_and_can_be_carried_out_again(self, instance: Instance, drawn: bool) -> None:
        instance = by_lot(instance) if drawn else instance
        found = proof.read(published(instance, by_lot=drawn))
        assert proof.faults(found) == []
        assert {id_: seat.rank for id_, seat in allocate(found.instance).seats.items()} == {
            id_: seat.rank for id_, seat in found.result.seats.items()
        }
        names = {UUID(line(SEED, key(one.id))): one.id for one in instance.applicants}
        assert {names[id_]: seat.rank for id_, seat in found.result.seats.items()} == {
            id_: seat.rank for id_, seat in allocate(instance).seats.items()
        }

    @settings(max_examples=60, deadline=None)
    @given(small_instances(max_applicants=5), st.randoms(use_true_random=False), st.booleans())
    def test_with_families_is_proven_and_tells_who_is_passed_over(
        self, instance: Instance, random: Random, drawn: bool
    ) -> None:
        instance = with_families(by_lot(instance) if drawn else instance, random, share=0.8)
        found = proof.read(published(instance, by_lot=drawn))
        assert proof.faults(found) == []
        assert len(found.result.blocking) == len(allocate(instance).blocking)
        assert len(found.instance.families) == len(instance.families)

    def test_of_thousands_is_proven(self) -> None:
        for drawn in (False, True):
            instance = market(3, 600, 8)
            assert proof.faults(proof.read(published(by_lot(instance) if drawn else instance, by_lot=drawn))) == []

    def test_tells_no_application_no_group_no_right_and_no_wish_below_the_one_that_came_true(self) -> None:
        told = b"".join(published(RIVALS)).decode()
        for secret in [str(one.id) for one in RIVALS.applicants] + ["quota", str(group_id(0, 0)), str(group_id(1, 1))]:
            assert secret not in told
        rows = {row["line"]: row for row in map(json.loads, told.splitlines()) if "line" in row}
        first = rows[line(SEED, key(UUID(int=4)))]
        assert [wish[0] for wish in first["wishes"]] == [0], "the place it holds elsewhere is nobody's business now"
        places = sorted(wish[1] for row in rows.values() for wish in row["wishes"] if wish[0] == 1)
        assert places == list(range(len(places))), "places among those who asked, not strengths of rights"


def forged(change: Callable[[list[dict[str, Any]]], None], *, drawn: bool = False) -> list[str]:
    """What is found wrong with the rivals' document after a change of its lines."""
    instance = by_lot(RIVALS) if drawn else RIVALS
    rows = [json.loads(text) for text in published(instance, by_lot=drawn)]
    change(rows)
    return proof.faults(proof.read([publication.canonical(row) for row in rows]))


def row_of(rows: list[dict[str, Any]], number: int) -> dict[str, Any]:
    name = line(SEED, key(UUID(int=number)))
    return next(row for row in rows if row.get("line") == name)


def unseat(rows: list[dict[str, Any]]) -> None:
    row_of(rows, 4)["seat"] = None
    rows[0]["placed"] -= 1


def swap(rows: list[dict[str, Any]]) -> None:
    """The weaker of two sits where the stronger wanted to."""
    strong, weak = row_of(rows, 4), row_of(rows, 2)
    weak["seat"], strong["seat"] = strong["seat"], None


def deny(rows: list[dict[str, Any]]) -> None:
    """Who holds a place is left without one."""
    row = row_of(rows, 4)
    row["wishes"] = [row["wishes"][0], [1, HELD, [0], []]]
    row["seat"] = None
    rows[0]["placed"] -= 1


def overfill(rows: list[dict[str, Any]]) -> None:
    rows[1]["pools"][0][0] -= 1
    rows[1]["pools"][0][1] = []


def unreserve(rows: list[dict[str, Any]]) -> None:
    rows[1]["pools"][0][1] = []


def grow(rows: list[dict[str, Any]]) -> None:
    rows[1]["pools"][0][0] += 1


def miscount(rows: list[dict[str, Any]]) -> None:
    rows[0]["applicants"] += 1


def other_seed(rows: list[dict[str, Any]]) -> None:
    rows[0]["seed"] = "6" * 64


def same_place(rows: list[dict[str, Any]]) -> None:
    row_of(rows, 2)["wishes"][0][1] = row_of(rows, 1)["wishes"][0][1]


def wrong_age(rows: list[dict[str, Any]]) -> None:
    row = row_of(rows, 4)
    row["wishes"][-1][2] = []


def drop(rows: list[dict[str, Any]]) -> None:
    rows.remove(next(row for row in rows if row.get("seat", 0) is None))


class TestForgery:
    def test_the_true_one_is_proven(self) -> None:
        assert forged(lambda rows: None) == []

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (unseat, "обойдён"),
            (swap, "обойдён"),
            (deny, "потерял место"),
            (overfill, "мест занято больше"),
            (unreserve, "не по праву"),
            (grow, "обойдён"),
            (miscount, "в заголовке"),
            (other_seed, "зерно"),
            (same_place, "на одном месте"),
            (wrong_age, "не из тех, которые может занять ребёнок"),
            (drop, "в заголовке"),
        ],
    )
    def test_every_kind_is_found(self, change: Callable[[list[dict[str, Any]]], None], said: str) -> None:
        assert any(said in text for text in forged(change))

    def test_a_lot_that_does_not_follow_from_the_seed_is_found(self) -> None:
        """Of four equals one gets the place: any other line in its stead is refused."""
        equals = Instance(
            tuple(child(number, Choice(SCHOOL, 1, (0,))) for number in range(1, 5)),
            {SCHOOL: (Pool(((group_id(0, 0), 1),)),)},
        )
        rows = [json.loads(text) for text in published(by_lot(equals), by_lot=True)]
        lucky = next(row for row in rows if row.get("seat") is not None)
        for other in [row for row in rows if "line" in row and row is not lucky]:
            lucky["seat"], other["seat"] = None, [1, 0]
            assert proof.faults(proof.read([publication.canonical(row) for row in rows])) != []
            lucky["seat"], other["seat"] = [1, 0], None

    @pytest.mark.parametrize(
        "change",
        [
            lambda rows: rows.clear(),
            lambda rows: rows[0].update(format="asu-allocation/2"),
            lambda rows: rows.reverse(),
            lambda rows: rows[-1].update(line=rows[-2]["line"]),
            lambda rows: rows[-1].update(seat=[9, 0], wishes=[]),
            lambda rows: rows[-1]["wishes"][0].__setitem__(0, 7),
            lambda rows: rows[-1]["wishes"].append(rows[-1]["wishes"][0]),
        ],
    )
    def test_what_is_no_document_is_refused(self, change: Callable[[list[dict[str, Any]]], None]) -> None:
        with pytest.raises(proof.BrokenDocumentError):
            forged(change)

    def test_of_families_is_found(self) -> None:
        """Two who must be together have their first garden; what else is said of them is not proven."""
        people = tuple(child(number, Choice(SCHOOL, number, (0,)), Choice(OTHER, number, (0,))) for number in (1, 2, 3))
        pools = {id_: (Pool(((group, 2),)),) for id_, group in ((SCHOOL, group_id(0, 0)), (OTHER, group_id(1, 0)))}
        instance = Instance(people, pools, families=(family_of(people[:2], apart_allowed=False),))

        def found(change: Callable[[dict[str, Any]], object]) -> list[str]:
            rows = [json.loads(text) for text in published(instance)]
            change(rows[-1])
            return proof.faults(proof.read([publication.canonical(row) for row in rows]))

        assert found(lambda family: None) == []
        assert "не обойдена" in found(lambda family: family.update(blocking=True))[0]
        assert "не то, о чём просила" in found(lambda family: family.update(options=[[1, 0]]))[0]
        for broken in ([[2, 2]], [[1, 1, 1]], [[1, 1], [1, 1]]):
            with pytest.raises(proof.BrokenDocumentError):
                found(lambda family, broken=broken: family.update(options=broken))  # type: ignore[misc]

    def test_only_the_canonical_spelling_is_read(self) -> None:
        document = published(RIVALS)
        with pytest.raises(proof.BrokenDocumentError, match="строка 2 "):
            proof.read([document[0], document[1].replace(b":", b": "), *document[2:]])


class TestCommand:
    def invoke(self, *args: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["check-allocation", *args])
        return done.exit_code, done.output

    def test_proves_a_file_plain_or_compressed(self, tmp_path: Path) -> None:
        document = published(RIVALS)
        found = publication.stored(document)
        (tmp_path / "plain").write_bytes(b"".join(document))
        (tmp_path / "packed").write_bytes(b"".join(found.parts))
        for name in ("plain", "packed"):
            code, said = self.invoke(str(tmp_path / name), "--sha256", found.sha256)
            assert (code, "ДОКАЗАНО" in said, "НЕ ДОКАЗАНО" in said) == (0, True, False)
        code, said = self.invoke(str(tmp_path / "plain"), "--sha256", "0" * 64)
        assert (code, "отпечаток" in said) == (1, True)
        assert self.invoke(str(tmp_path / "plain"), "--commitment", commitment(SEED))[0] == 0
        assert self.invoke(str(tmp_path / "plain"), "--commitment", "0" * 64)[0] == 1

    def test_refuses_a_forged_or_missing_file(self, tmp_path: Path) -> None:
        rows = [json.loads(text) for text in published(RIVALS)]
        unseat(rows)
        (tmp_path / "forged").write_bytes(b"".join(map(publication.canonical, rows)))
        assert self.invoke(str(tmp_path / "forged"))[0] == 1
        assert self.invoke(str(tmp_path / "missing"))[0] == 1


async def test_anyone_proves_a_stored_allocation_by_its_address(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    garden = organization()
    place = group(garden.organization_id, 20, 17)
    await town.hear(garden, place)
    await town.open({place: 3})
    receipts = [await town.apply(number, garden.organization_id) for number in range(5)]
    done = await town.allocate()
    (told,) = (await town.get(f"/public/campaigns/{town.campaign_id}/allocations", by={"Accept": "*/*"}))["items"]
    assert told["id"] == done["allocation_id"]
    client = town.service.client
    address = f"/public/allocations/{told['id']}"
    assert (await client.get(address)).json() == told

    packed = await client.get(f"{address}/data")
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = await client.get(f"{address}/data", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.content == packed.content
    assert len(plain.content) == told["size"]
    again = await client.get(f"{address}/data", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for receipt in receipts:
        assert receipt["number"] not in plain.text
        assert receipt["id"] not in plain.text
        mine = (await town.get(f"/applications/{receipt['id']}/outcome", by=town.portal))["line"]
        assert mine in plain.text

    answers = {
        f"/x{address}": told,
        f"/x/public/campaigns/{town.campaign_id}/lottery": (
            await client.get(f"/public/campaigns/{town.campaign_id}/lottery")
        ).json(),
    }

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/data"):
            return httpx.Response(200, content=plain.content)
        return httpx.Response(200, json=answers[request.url.path])

    real = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **_: real(transport=httpx.MockTransport(answer)))
    proven = CliRunner().invoke(cli, ["check-allocation", f"http://gateway/x{address}"])
    assert (proven.exit_code, "ДОКАЗАНО" in proven.output) == (0, True)
    answers[f"/x/public/campaigns/{town.campaign_id}/lottery"]["commitment"] = "0" * 64
    assert CliRunner().invoke(cli, ["check-allocation", f"http://gateway/x{address}"]).exit_code == 1
    answers[f"/x{address}"] = told | {"sha256": "0" * 64}
    assert CliRunner().invoke(cli, ["check-allocation", f"http://gateway/x{address}"]).exit_code == 1


async def test_what_is_not_there_is_not_found(town: Town) -> None:
    for path in ("/public/allocations/{}", "/public/allocations/{}/data", "/public/campaigns/{}/lottery"):
        answer = await town.service.client.get(path.format(UUID(int=1)))
        assert answer.status_code == 404
