import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.security import TokenVerifier
from servicekit.testing import ServiceUnderTest


@pytest.fixture
def admin(service: ServiceUnderTest) -> dict[str, str]:
    return service.tokens.headers(Role.REGION_ADMIN)


def keyed(headers: dict[str, str], key: str | None = None) -> dict[str, str]:
    return {**headers, "Idempotency-Key": key or str(new_id())}


async def count(service: ServiceUnderTest, table: str) -> int:
    connection = await service.database.connect()
    try:
        return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))
    finally:
        await connection.close()


async def test_every_answer_of_a_creation_is_documented(service: ServiceUnderTest, admin: dict[str, str]) -> None:
    headers = keyed(admin)
    answers = [
        (await service.client.post("/items", json=body, headers=headers)).status_code
        for body in ({"name": "a"}, {"name": "a"}, {"name": "б"}, {})
    ]
    assert answers == [201, 200, 422, 422], "made, the answer again, another body under the key, no body"
    (told,) = [path["post"] for name, path in service.app.openapi()["paths"].items() if name.endswith("/items")]
    assert told["responses"].keys() == {"200", "201", "422", "4XX"}


async def test_commit_happens_before_the_answer(service: ServiceUnderTest, admin: dict[str, str]) -> None:
    answer = await service.client.post("/items", json={"name": "a"}, headers=keyed(admin))
    assert answer.status_code == 201
    assert await count(service, "item") == await count(service, "outbox") == await count(service, "audit") == 1


async def test_ten_twins_make_one_row_and_ten_equal_answers(service: ServiceUnderTest, admin: dict[str, str]) -> None:
    account = keyed(service.tokens.headers(Role.REGION_ADMIN, account_id=new_id()), "same-key-1")
    answers = await asyncio.gather(
        *(service.client.post("/items", json={"name": "a"}, headers=account) for _ in range(10))
    )
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert await count(service, "item") == 1


async def test_key_with_another_body_is_refused(service: ServiceUnderTest) -> None:
    account = keyed(service.tokens.headers(Role.REGION_ADMIN, account_id=new_id()), "same-key-2")
    await service.client.post("/items", json={"name": "a"}, headers=account)
    answer = await service.client.post("/items", json={"name": "b"}, headers=account)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")


async def test_failed_creation_leaves_nothing_and_frees_the_key(
    service: ServiceUnderTest, admin: dict[str, str]
) -> None:
    await service.client.post("/items", json={"name": "a"}, headers=keyed(admin))
    headers = keyed(service.tokens.headers(Role.REGION_ADMIN, account_id=new_id()), "freed-key")
    refused = await service.client.post("/items", json={"name": "a"}, headers=headers)
    assert refused.status_code == 500  # the sample does not name the constraint
    assert await count(service, "idempotency") == 1
    assert (await service.client.post("/items", json={"name": "b"}, headers=headers)).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "a", "snils": "112-233-445 95"}, "field.extra-forbidden"),
        ({"name": ""}, "field.string-too-short"),
        ({}, "field.missing"),
        ({"name": 5}, "field.string-type"),
        ({"name": "Иванов\x00"}, "text.unstorable"),
        ({"name": "a", "at": "2026-02-30T00:00:00Z"}, "field.datetime-from-date-parsing"),
        ({"name": "a", "at": "2026-02-20T00:00:00"}, "field.timezone-aware"),
    ],
)
async def test_bad_body_is_a_problem_without_echo(
    service: ServiceUnderTest, admin: dict[str, str], body: dict[str, object], code: str
) -> None:
    answer = await service.client.post("/items", json=body, headers=keyed(admin))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "request.invalid"
    assert [error["code"] for error in problem["errors"]] == [code]
    assert "112-233" not in answer.text
    assert "snils" not in answer.text
    assert "Иванов" not in answer.text


async def test_broken_json_and_foreign_media_are_problems(service: ServiceUnderTest, admin: dict[str, str]) -> None:
    broken = await service.client.post(
        "/items", content=b'{"name": "x"', headers={**keyed(admin), "content-type": "application/json"}
    )
    assert (broken.status_code, broken.json()["errors"][0]["code"]) == (422, "field.json-invalid")
    text = await service.client.post("/items", content=b"name", headers={**keyed(admin), "content-type": "text/plain"})
    assert (text.status_code, text.json()["code"]) == (415, "unsupported-media-type")


async def test_large_body_is_refused_declared_or_not(service: ServiceUnderTest, admin: dict[str, str]) -> None:
    large = b" " * (service.runtime.settings.body_limit + 1)
    declared = await service.client.post("/items", content=large, headers=keyed(admin))
    assert (declared.status_code, declared.json()["code"]) == (413, "body-too-large")

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 1024 * 1024

    chunked = await service.client.post(
        "/items",
        content=stream(),
        headers={**keyed(admin), "content-type": "application/json"},
    )
    assert (chunked.status_code, chunked.json()["code"]) == (413, "body-too-large")


async def test_tokens_are_checked(service: ServiceUnderTest) -> None:
    missing = await service.client.get("/items")
    assert (missing.status_code, missing.json()["code"]) == (401, "unauthenticated")
    assert missing.headers["www-authenticate"] == "Bearer"
    expired = service.tokens.headers(Role.REGION_ADMIN, lifetime=-10)
    assert (await service.client.get("/items", headers=expired)).status_code == 401
    foreign = type(service.tokens)().headers(Role.REGION_ADMIN)
    assert (await service.client.get("/items", headers=foreign)).status_code == 401
    garbage = await service.client.get("/items", headers={"Authorization": "Bearer a.b.c"})
    assert garbage.status_code == 401
    teacher = service.tokens.headers(Role.TEACHER, organization_id=new_id(), municipality="03701000")
    assert (await service.client.get("/items", headers=teacher)).status_code == 403


async def test_revoked_account_is_refused(service: ServiceUnderTest) -> None:
    account = new_id()
    headers = service.tokens.headers(Role.REGION_ADMIN, account_id=account)
    assert (await service.client.get("/items", headers=headers)).status_code == 200
    connection = await service.database.connect()
    await connection.execute("INSERT INTO revocation VALUES ($1, now() + interval '1 s', 's')", account)
    await connection.close()
    await service.runtime.revocations.reload()
    assert (await service.client.get("/items", headers=headers)).status_code == 401


async def test_a_good_token_is_not_called_bad_while_the_issuer_is_away(service: ServiceUnderTest) -> None:
    """A process that has just begun has no keys yet: its callers wait, none of them has to sign in anew."""
    service.runtime.verifier = TokenVerifier("asu-so", "http://127.0.0.1:1/keys")
    answer = await service.client.get("/items", headers=service.tokens.headers(Role.REGION_ADMIN))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    service.runtime.verifier = service.tokens.verifier()
    assert (await service.client.get("/items", headers=service.tokens.headers(Role.REGION_ADMIN))).status_code == 200


async def test_cut_offs_older_than_any_token_are_not_kept_at_hand(service: ServiceUnderTest) -> None:
    account = new_id()
    headers = service.tokens.headers(Role.REGION_ADMIN, account_id=account)
    connection = await service.database.connect()
    await connection.execute("INSERT INTO revocation VALUES ($1, now() - interval '2 hour', 's')", account)
    assert await connection.fetchval("SELECT count(*) FROM revocation") == 1
    await connection.close()
    await service.runtime.revocations.reload()
    assert service.runtime.revocations.loaded
    assert (await service.client.get("/items", headers=headers)).status_code == 200


async def test_pages_by_key(service: ServiceUnderTest, admin: dict[str, str]) -> None:
    for name in "abcde":
        await service.client.post("/items", json={"name": name}, headers=keyed(admin))
    seen: list[str] = []
    after: str | None = None
    for _ in range(3):
        page = (await service.client.get("/items", params={"after": after} if after else {}, headers=admin)).json()
        seen += [row["name"] for row in page["items"]]
        after = page["next"]
    assert seen == list("abcde")
    assert after is None


async def test_edit_needs_the_right_version(service: ServiceUnderTest, admin: dict[str, str]) -> None:
    made = (await service.client.post("/items", json={"name": "a"}, headers=keyed(admin))).json()["id"]
    path = f"/items/{UUID(made)}"
    assert (await service.client.put(path, json={"name": "b"}, headers=admin)).status_code == 428
    wrong = await service.client.put(path, json={"name": "b"}, headers={**admin, "If-Match": '"7"'})
    assert (wrong.status_code, wrong.json()["code"]) == (412, "version-mismatch")
    garbage = await service.client.put(path, json={"name": "b"}, headers={**admin, "If-Match": "W/x"})
    assert garbage.status_code == 400
    right = await service.client.put(path, json={"name": "b"}, headers={**admin, "If-Match": '"1"'})
    assert (right.status_code, right.headers["etag"]) == (200, '"2"')
    weak = await service.client.put(path, json={"name": "c"}, headers={**admin, "If-Match": 'W/"2"'})
    assert weak.status_code == 200


async def test_errors_are_russian_problems_and_say_nothing_of_the_data(service: ServiceUnderTest) -> None:
    taken = await service.client.get("/taken")
    assert taken.status_code == 409
    assert taken.json()["title"] == "Такая запись уже есть"
    assert taken.json()["type"] == "urn:asu:problem:item.name-taken"
    boom = await service.client.get("/boom")
    assert (boom.status_code, boom.json()["code"]) == (500, "internal")
    assert boom.headers["connection"] == "close"
    assert "Иванов" not in boom.text
    missing = await service.client.get("/nowhere")
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    wrong = await service.client.delete("/items")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method-not-allowed")


async def test_database_away_is_503_with_retry_after(service: ServiceUnderTest, admin: dict[str, str]) -> None:
    await service.client.get("/items", headers=admin)
    connection = await service.database.connect()
    await connection.execute("ALTER ROLE core_app CONNECTION LIMIT 0")
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'core_app' AND datname = current_database()"
        )
        first = await service.client.get("/items", headers=admin)
        second = await service.client.get("/items", headers=admin)
        assert (first.status_code, second.status_code) == (503, 503)
        assert second.headers["retry-after"] == "2"
    finally:
        await connection.execute("ALTER ROLE core_app CONNECTION LIMIT -1")
        await connection.close()
    assert (await service.client.get("/items", headers=admin)).status_code == 200


async def test_application_role_cannot_rewrite_the_audit_trail(
    service: ServiceUnderTest, admin: dict[str, str]
) -> None:
    import asyncpg

    await service.client.post("/items", json={"name": "a"}, headers=keyed(admin))
    connection = await asyncpg.connect(service.database.url)
    try:
        for statement in (
            "UPDATE audit SET role = 'x'",
            "DELETE FROM audit",
            "TRUNCATE audit",
            "UPDATE producer_epoch SET epoch = 9",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_health(service: ServiceUnderTest) -> None:
    client = service.client
    root = str(client.base_url).split("/api")[0]
    assert (await client.get(f"{root}/livez")).status_code == 200
    assert (await client.get(f"{root}/readyz")).json() == {"status": "ok", "failed": []}
    assert "python_info" in (await client.get(f"{root}/metrics")).text
