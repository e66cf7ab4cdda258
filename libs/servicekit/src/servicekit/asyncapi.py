"""AsyncAPI 3 document of a service, generated from the event registry and its topology."""

from typing import Any

from asu_contracts.registry import published_by
from servicekit.service import ServiceDefinition


def asyncapi(definition: ServiceDefinition) -> dict[str, Any]:
    """What the service sends and receives over AMQP."""
    sends = published_by(definition.service)
    receives = {event: queue for queue in definition.topology.queues for event in queue.reads}
    events = {event.type: event for event in [*sends, *receives]}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": definition.title, "version": "1"},
        "defaultContentType": "application/json",
        "channels": {
            name: {
                "address": name,
                "messages": {name: {"$ref": f"#/components/messages/{name}"}},
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {"name": event.exchange(), "type": "topic", "durable": True},
                        "bindingVersion": "0.3.0",
                    }
                },
            }
            for name, event in sorted(events.items())
        },
        "operations": {
            **{
                f"send.{event.type}": {"action": "send", "channel": {"$ref": f"#/channels/{event.type}"}}
                for event in sends
            },
            **{
                f"receive.{event.type}": {
                    "action": "receive",
                    "channel": {"$ref": f"#/channels/{event.type}"},
                    "x-queue": queue.name,
                }
                for event, queue in sorted(receives.items(), key=lambda item: item[0].type)
            },
        },
        "components": {
            "messages": {
                name: {
                    "name": name,
                    "summary": (event.__doc__ or "").strip().splitlines()[0],
                    "x-semantics": event.semantics.value,
                    "x-readers": sorted(reader.value for reader in event.readers),
                    "x-private": event.private,
                    "headers": {
                        "type": "object",
                        "required": [
                            "ce-id", "ce-source", "ce-type", "ce-specversion", "ce-subject", "ce-time", "ce-sequence", "ce-dataschema",
                        ],
                    },
                    "payload": event.model_json_schema(ref_template=f"#/components/messages/{name}/payload/$defs/{{model}}"),
                }
                for name, event in sorted(events.items())
            }
        },
    }  # fmt: skip
