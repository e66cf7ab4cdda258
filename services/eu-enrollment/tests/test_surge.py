"""The crowd of ``make surge``, and that its proof finds what it looks for. The kills are with the other chaos, ``tests/chaos``."""

import json

from bench.surge import proof
from bench.surge.crowd import Answer, Sender, crowd


def test_the_same_seed_is_the_same_crowd() -> None:
    assert crowd(50, 3)[1] == crowd(50, 3)[1]
    assert crowd(50, 3)[1] != crowd(50, 4)[1]


def answer(seq: int, sent_at: float, status: int = 201) -> Answer:
    content = (
        {"number": f"{seq:08d}", "accepted_seq": seq} if status != 409 else {"code": "application.already-applied"}
    )
    return Answer(status, json.dumps(content).encode(), sent_at, sent_at + 1)


def sender(child: int, *answers: Answer, other: bool = False) -> Sender:
    return Sender(child, f"key-{child}", False, other, answers[0].sent_at, list(answers))


def test_the_proof_sees_a_second_receipt_a_changed_mind_and_a_refusal_without_cause() -> None:
    for wrong in (
        [sender(1, answer(1, 0), answer(2, 2))],
        [sender(1, answer(1, 0), answer(1, 2, 409)), sender(1, answer(1, 3), other=True)],
        [sender(1, answer(1, 0)), sender(1, answer(1, 2, 409))],
        [sender(1, answer(1, 0)), sender(2, answer(1, 5))],
        [sender(1, answer(1, 0, 409), answer(1, 0, 409))],
    ):
        given, doubts = proof.receipts_of(wrong)
        assert doubts or len(given) < len({one.child for one in wrong}), wrong
    assert proof.receipts_of([sender(1, answer(1, 0)), sender(1, answer(1, 2, 409), other=True)])[1] == []


def test_the_proof_sees_who_was_put_before_an_earlier_one() -> None:
    right = [sender(1, answer(1, 0)), sender(2, answer(2, 5))]
    wrong = [sender(1, answer(2, 0)), sender(2, answer(1, 5))]
    assert proof.order_doubts(right, proof.receipts_of(right)[0]) == []
    assert proof.order_doubts(wrong, proof.receipts_of(wrong)[0]) != []
