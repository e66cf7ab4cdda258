"""Who sends what and when: the same crowd for the same seed."""

from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from bench.acceptance.bodies import application

SENDINGS = 3
"""Every sender sends so many times: people press again, portals retry."""
_SECOND_COMPUTER = 0.08
_ANOTHER_NAME = 0.02
_SLOW = 0.10
_IMPATIENT = 0.10
_SPREAD = 0.01
"""How far apart a sender's sendings are, as a part of the crowd that comes between."""


@dataclass(slots=True)
class Answer:
    """A receipt or a refusal, and when it was sent for and given (monotonic seconds)."""

    status: int
    content: bytes
    sent_at: float
    answered_at: float


@dataclass(slots=True)
class Sender:
    """A computer that sends an application of a child under a key of its own.

    ``other``: what it sends differs from what the child's first sender does, so only one of the two is accepted.
    """

    child: int
    key: str
    slow: bool
    other: bool = False
    first_sent_at: float | None = None
    answers: list[Answer] = field(default_factory=list)

    def body(self) -> bytes:
        """What it sends, the same every time."""
        return application(self.child, self.key, "Дарья" if self.other else "Анастасия")[1]


def crowd(count: int, seed: int) -> tuple[list[Sender], list[Sender]]:
    """Senders, and the order in which they send: each of them :data:`SENDINGS` times, some twice at once."""
    chance = Random(seed)
    senders: list[Sender] = []
    while len(senders) < count:
        child = len(senders)
        senders.append(Sender(child, _key(chance), chance.random() < _SLOW))
        draw = chance.random()
        if draw < _SECOND_COMPUTER + _ANOTHER_NAME and len(senders) < count:
            senders.append(Sender(child, _key(chance), chance.random() < _SLOW, other=draw < _ANOTHER_NAME))
    order = []
    for place, sender in enumerate(senders):
        again = 0.0 if chance.random() < _IMPATIENT else count * _SPREAD
        order += [(place + chance.random() * again * turn, sender) for turn in range(SENDINGS)]
    return senders, [sender for _, sender in sorted(order, key=lambda pair: pair[0])]


def _key(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
