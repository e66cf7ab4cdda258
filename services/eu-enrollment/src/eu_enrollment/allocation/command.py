"""The command that proves a published allocation: by anyone, anywhere, from a file or an address."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from eu_enrollment.allocation import proof
from eu_enrollment.allocation.proof import BrokenDocumentError, Published

_SHOWN = 20
_MAGIC = b"\x1f\x8b"


def check_allocation(
    source: Annotated[str, typer.Argument(help="Файл с данными (.ndjson, .gz) или адрес …/public/allocations/{id}")],
    sha256: Annotated[str | None, typer.Option(help="Опубликованный отпечаток; по адресу известен и так")] = None,
    noted: Annotated[
        str | None, typer.Option("--commitment", help="Отпечаток зерна, виденный до приёма заявлений")
    ] = None,
) -> None:
    """Prove a published allocation from its data alone; exit code 1 when it is not proven."""
    try:
        if source.startswith(("http://", "https://")):
            published, found = _at_address(source.rstrip("/"))
        else:
            with _opened(Path(source)) as lines:
                published, found = proof.read(lines), []
    except (BrokenDocumentError, OSError, EOFError, httpx.HTTPError) as error:
        typer.echo(f"НЕ ДОКАЗАНО: данные не прочитаны: {error}", err=True)
        raise typer.Exit(1) from None
    if sha256 is not None and sha256 != published.sha256:
        found.append("отпечаток данных не тот, что опубликован")
    if noted not in {None, published.header["commitment"]}:
        found.append("отпечаток зерна жребия не тот, что был показан до приёма заявлений")
    found += proof.faults(published)
    for text in found[:_SHOWN]:
        typer.echo(f"✗ {text}", err=True)
    if found:
        typer.echo(f"НЕ ДОКАЗАНО: нарушений {len(found)}", err=True)
        raise typer.Exit(1)
    header = published.header
    typer.echo(f"Распределение {header['allocation_id']}, правила {header['rules']}, SHA-256 {published.sha256}")
    typer.echo(
        f"ДОКАЗАНО: заявлений {header['applicants']}, мест дано {header['placed']}; никто не обойдён более слабым правом, "
        "желанных мест пустыми не осталось, мест и резервов не превышено, отпечаток и жребий верны"
    )
    if published.result.blocking:
        typer.echo(
            f"Братья и сёстры вместе: устойчивого распределения не найдено, семей, которые могли получить лучшее: "
            f"{len(published.result.blocking)} (названы в данных)"
        )


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[bytes]]:
    with path.open("rb") as file:
        packed = file.read(len(_MAGIC)) == _MAGIC
        file.seek(0)
        if packed:
            with gzip.open(file) as unpacked:
                yield iter(unpacked)
        else:
            yield iter(file)


def _at_address(address: str) -> tuple[Published, list[str]]:
    """What is published at an address, and where it differs from what was published of it apart."""
    with httpx.Client(timeout=60, follow_redirects=True) as client:
        told: dict[str, Any] = client.get(address).raise_for_status().json()
        base, _, _ = address.rpartition("/public/allocations/")
        shown = client.get(f"{base}/public/campaigns/{told['campaign_id']}/lottery").raise_for_status().json()
        with client.stream("GET", f"{address}/data") as answer:
            published = proof.read(_lines(answer.raise_for_status()))
    header = published.header
    found = []
    if published.sha256 != told["sha256"]:
        found.append("отпечаток данных не тот, что опубликован")
    if [header["allocation_id"], *(header[name] for name in _TOLD)] != [told["id"], *(told[name] for name in _TOLD)]:
        found.append("заголовок данных не тот, что опубликован")
    if [header[name] for name in _SHOWN_BEFORE] != [shown[name] for name in _SHOWN_BEFORE]:
        found.append("жребий в данных не тот, что опубликован для кампании")
    return published, found


_TOLD = ("campaign_id", "rules", "mechanism", "policy", "input_hash", "result_hash", "applicants", "placed")
_SHOWN_BEFORE = ("commitment", "seed", "outcome")


def _lines(answer: httpx.Response) -> Iterator[bytes]:
    """Lines of an answer with their ends."""
    rest = b""
    for content in answer.iter_bytes():
        *whole, rest = (rest + content).split(b"\n")
        yield from (line + b"\n" for line in whole)
    if rest:
        yield rest
