"""A run as a table for people, and as JSON."""

from math import ceil
from typing import Any

from bench.surge.crowd import SENDINGS
from bench.surge.replay import Result


def figures(result: Result, seed: int, processes: int) -> dict[str, Any]:
    """Everything there is to tell, as JSON."""
    tally = result.tally
    return {
        "hardware": result.hardware,
        "seed": seed,
        "processes": processes,
        "senders": len(result.senders),
        "children": len({sender.child for sender in result.senders}),
        "sendings": tally.answered,
        "receipts": result.receipts,
        "refused_as_already_applied": result.refused,
        "errors": dict(tally.errors),
        "seconds": round(result.seconds, 1),
        "everybody_answered_after": round(result.accepted_after, 1),
        "answers_per_second": round(tally.answered / result.seconds, 1),
        "milliseconds": {
            name: {quantile: round(_quantile(tally.seconds[slow], quantile) * 1000, 1) for quantile in (50, 99, 99.9)}
            for name, slow in (("quick", False), ("slow", True))
        },
        "outage_seconds": {
            name: None if seconds is None else round(seconds, 1) for name, seconds in result.outages.items()
        },
        "blocks": result.blocks,
        "differences": result.doubts,
    }


def table(told: dict[str, Any]) -> str:
    """The same as lines of a table."""
    quick, slow = (
        " / ".join(f"{told['milliseconds'][name][quantile]:,.0f}" for quantile in (50, 99, 99.9))
        for name in ("quick", "slow")
    )
    errors = told["errors"] or {"нет": 0}
    rows = [
        ("Оборудование", told["hardware"]),
        ("Процессов службы, зерно", f"{told['processes']}, {told['seed']}"),
        ("Отправителей (детей)", f"{told['senders']:,} ({told['children']:,})"),
        (f"Отправок (каждый по {SENDINGS} раза)", f"{told['sendings']:,}"),
        ("Расписок = строк реестра = событий", f"{told['receipts']:,}"),
        ("Отказов: на ребёнка уже подано другое", f"{told['refused_as_already_applied']:,}"),
        *((f"Повторено из-за: {name}", f"{count:,}") for name, count in sorted(errors.items())),
        ("Ответов в секунду", f"{told['answers_per_second']:,.0f}"),
        ("Все получили первый ответ, с", f"{told['everybody_answered_after']:,.1f}"),
        ("Всё отправлено и отвечено, с", f"{told['seconds']:,.1f}"),
        ("Ответ, мс: p50 / p99 / p99,9", quick),
        ("То же у медленных, от последнего байта", slow),
        *(
            (f"Убит процесс: {name}; новая расписка через, с", "—" if seconds is None else f"{seconds:.1f}")
            for name, seconds in told["outage_seconds"].items()
        ),
        ("Блоков в журнале приёма", f"{told['blocks']:,}"),
        ("Расхождений", f"{len(told['differences']):,}"),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def _quantile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0
