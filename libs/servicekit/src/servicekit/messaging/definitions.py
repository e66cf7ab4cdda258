"""RabbitMQ definitions generated from the services' topologies: applications only check, never declare.

A service may write to its own exchanges (with routing keys of its own events) and read its own queues; it may bind
nothing, so which event types reach it is decided here alone.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from asu_contracts.exchanges import Service
from servicekit.messaging.topology import DELIVERY_LIMIT, WAIT_MS, Queue, Topology

_NEVER = 1_000_000


def build(
    topologies: Sequence[Topology],
    passwords: Mapping[Service, str],
    vhost: str = "asu",
    *,
    wait_ms: int = WAIT_MS,
    delivery_limit: int = DELIVERY_LIMIT,
) -> dict[str, Any]:
    """Definitions of one virtual host: users, permissions, exchanges, queues, bindings. ``passwords`` by service."""
    exchanges = [
        {
            "name": name,
            "vhost": vhost,
            "type": kind,
            "durable": True,
            "auto_delete": False,
            "internal": False,
            "arguments": {},
        }
        for topology in topologies
        for name, kind in topology.exchanges
    ]
    queues = [queue for topology in topologies for queue in topology.queues]
    return {
        "users": [
            {"name": topology.service.value, "password": passwords[topology.service], "tags": []}
            for topology in topologies
        ],
        "vhosts": [{"name": vhost}],
        "permissions": [_permission(topology, vhost) for topology in topologies],
        "topic_permissions": [
            {
                "user": topology.service.value,
                "vhost": vhost,
                "exchange": name,
                "write": f"^{re.escape(topology.service.value)}\\.",
                "read": "^$",
            }
            for topology in topologies
            for name, kind in topology.exchanges
            if kind == "topic"
        ],
        "exchanges": exchanges,
        "queues": [definition for queue in queues for definition in _queues(queue, vhost, wait_ms, delivery_limit)],
        "bindings": [binding for queue in queues for binding in _bindings(queue, vhost)],
    }


def _permission(topology: Topology, vhost: str) -> dict[str, str]:
    owned = "|".join(re.escape(name) for name, _ in topology.exchanges)
    return {
        "user": topology.service.value,
        "vhost": vhost,
        "configure": "^$",
        "write": f"^({owned})$",
        "read": f"^{re.escape(topology.service.value)}\\.",
    }


def queue_arguments(queue: Queue, wait_ms: int, delivery_limit: int) -> dict[str, dict[str, Any]]:
    """Arguments of the work queue, its wait queue and its dead-letter queue, by name."""
    retry = queue.service.retry_exchange
    return {
        queue.name: {
            "x-queue-type": "quorum",
            "x-delivery-limit": delivery_limit,
            "x-dead-letter-exchange": retry,
            "x-dead-letter-routing-key": queue.dead,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
        queue.wait: {
            "x-queue-type": "quorum",
            "x-message-ttl": wait_ms,
            "x-dead-letter-exchange": retry,
            "x-dead-letter-routing-key": queue.name,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
        queue.dead: {"x-queue-type": "quorum", "x-delivery-limit": _NEVER},
    }


def _queues(queue: Queue, vhost: str, wait_ms: int, delivery_limit: int) -> list[dict[str, Any]]:
    return [
        {"name": name, "vhost": vhost, "durable": True, "auto_delete": False, "arguments": arguments}
        for name, arguments in queue_arguments(queue, wait_ms, delivery_limit).items()
    ]


def _bindings(queue: Queue, vhost: str) -> list[dict[str, Any]]:
    wanted = [(event.exchange(), queue.name, event.type) for event in queue.reads]
    wanted += [(event.producer().replay_exchange, queue.name, queue.replay_key(event)) for event in queue.reads]
    wanted += [(queue.service.retry_exchange, name, name) for name in (queue.name, queue.wait, queue.dead)]
    return [
        {
            "source": source,
            "vhost": vhost,
            "destination": destination,
            "destination_type": "queue",
            "routing_key": key,
            "arguments": {},
        }
        for source, destination, key in wanted
    ]
