"""Makes the AsyncAPI 3 document: which messages each topic holds, and who writes and reads them. Texts are Dutch."""

from collections.abc import Mapping
from typing import Any

from schemas.events import ALARMS, FACTS, AlarmGemeld, BewakingBegonnen, Envelope, OntvangerGewijzigd, type_name
from schemas.parsing import BATCH, BATCH_MAX, EVENT_BYTES_MAX, STRUCTURED

REF_TEMPLATE = "#/components/schemas/{model}"
VERSION = "1.0.0"
"""The version of the messages (semver). A type that changes so that old events no longer fit gets a new name, `.v2`."""


_KAFKA = "0.5.0"
_INFO = {
    "title": "Opvangpeil",
    "version": VERSION,
    "description": "De berichten waarmee Opvangpeil bijhoudt hoe vol de asielopvang is en welke gemeenten hun taak "
    "vervullen. Elke gebeurtenis is een CloudEvent 1.0 volgens het NL GOV-profiel; time is het moment van vastleggen, "
    "het moment in de wereld staat in data. Onbekende velden worden geweigerd, zodat er geen persoonsgegevens in "
    "kunnen sluipen. Een herhaling van een gebeurtenis met dezelfde id en inhoud kan geen kwaad.",
    "contact": {
        "name": "Opvangpeil",
        "email": "opvangpeil@example.org",
        "url": "https://opvangpeil.example.org/contact",
    },
    "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"},
}
_ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time")


def asyncapi(titles: Mapping[type[Envelope], str], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the document.

    Args:
        titles: The title of every type of event.
        schemas: The JSON Schema of every model, by the name of the model.
    """
    return {
        "asyncapi": "3.0.0",
        "info": _INFO,
        "defaultContentType": STRUCTURED,
        "servers": {
            "kafka": {
                "host": "{broker}",
                "protocol": "kafka",
                "description": "Het Kafka van de organisatie, of de ingebouwde broker van de ingebedde vorm",
                "variables": {"broker": {"default": "127.0.0.1:9092", "description": "host:poort"}},
            },
            "api": {
                "host": "{api}",
                "protocol": "http",
                "description": "De API; buiten deze machine altijd met TLS",
                "variables": {"api": {"default": "127.0.0.1:8080", "description": "host:poort"}},
            },
        },
        "channels": {
            "gebeurtenissen": _channel(
                "opvang.gebeurtenissen.v1",
                "Wat bronnen melden. Wie hier rechtstreeks mag schrijven, regelt een Kafka-ACL; de verwerker keurt elk "
                "bericht opnieuw. De sleutel is het subject; een batch met meer dan één subject heeft geen sleutel.",
                [*(model.__name__ for model in FACTS), "Batch", "Binair"],
            ),
            "alarmen": _channel(
                "opvang.alarmen.v1",
                "Elke overgang van een alarm, met het subject van de oorzaak als sleutel. Alleen Opvangpeil zelf "
                "schrijft hier.",
                [model.__name__ for model in ALARMS],
            ),
            "onverwerkbaar": _channel(
                "opvang.onverwerkbaar.v1",
                "Wat niet kon worden aangenomen, met de reden en de oorspronkelijke bytes. Zonder sleutel.",
                ["Onverwerkbaar"],
            ),
            "stroom": _stream(),
        },
        "operations": {
            "neemGebeurtenissenAan": _operation("send", "gebeurtenissen", "Zet wat over HTTP binnenkwam op het topic"),
            "verwerkGebeurtenissen": _operation("receive", "gebeurtenissen", "Verwerkt wat op het topic staat"),
            "meldAlarmen": _operation("send", "alarmen", "Meldt elke overgang van een alarm"),
            "bewaarAlarmen": _operation("receive", "alarmen", "Bewaart elke overgang van een alarm"),
            "zegWatVerandert": _operation("send", "stroom", "Zegt wat verandert, zolang iemand luistert"),
            "legOnverwerkbareApart": _operation("send", "onverwerkbaar", "Legt apart wat niet kon worden aangenomen"),
        },
        "components": {
            "messages": {model.__name__: _message(model, title) for model, title in titles.items()}
            | {
                "Batch": _batch(),
                "Binair": _binary(),
                "Onverwerkbaar": _unprocessable(),
                "Cijfers": _figures(),
                "Gewijzigd": _signal(),
            },
            "schemas": schemas,
        },
    }


def _channel(topic: str, description: str, messages: list[str]) -> dict[str, Any]:
    return {
        "address": topic,
        "servers": [{"$ref": "#/servers/kafka"}],
        "description": description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"kafka": {"topic": topic, "bindingVersion": _KAFKA}},
    }


def _stream() -> dict[str, Any]:
    """The stream of server-sent events. It leaves out how delivery goes, which only managers may see, and no alarm."""
    told = [model.__name__ for model in ALARMS if model not in (AlarmGemeld, OntvangerGewijzigd, BewakingBegonnen)]
    return {
        "address": "/v1/stroom",
        "servers": [{"$ref": "#/servers/api"}],
        "description": "Server-sent events. `event: alarm` heeft een id, waaruit niets af te lezen is: wie "
        "terugkomt met `Last-Event-ID` hoort wat "
        "er intussen was. `event: cijfers` heeft er geen: het zijn die van nu. `event: opnieuw`: de lezer liep te ver "
        "achter en begint opnieuw. Een regel met een dubbele punt is een hartslag. Met `?alleen=seinen` komt in plaats "
        "van de cijfers alleen `event: gewijzigd`: als er iets bij komt, ingaat of afloopt, een telling te oud wordt "
        "of een dag begint; de hartslag is dan een `event: hartslag`.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in [*told, "Cijfers", "Gewijzigd"]},
    }


def _figures() -> dict[str, Any]:
    return {
        "name": "cijfers",
        "title": "Cijfers van nu",
        "summary": "Als het antwoord van GET /v1/bezetting, met daarbij de totalen van GET /v1/naleving.",
        "contentType": "application/json",
        "payload": {"type": "object", "description": "Zie /v1/openapi.json, Bezetting; en naleving: klasse → aantal"},
    }


def _signal() -> dict[str, Any]:
    return {
        "name": "gewijzigd",
        "title": "Er is iets gewijzigd",
        "summary": "Alleen met ?alleen=seinen: wie de cijfers toont, vraagt ze opnieuw.",
        "contentType": "application/json",
        "payload": {"type": "object", "maxProperties": 0},
    }


def _operation(action: str, channel: str, summary: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}


def _message(model: type[Envelope], title: str) -> dict[str, Any]:
    return {
        "name": type_name(model),
        "title": title,
        "summary": model.__doc__,
        "contentType": STRUCTURED,
        "headers": _headers({"content-type": STRUCTURED}),
        "payload": {"$ref": REF_TEMPLATE.format(model=model.__name__)},
        "bindings": _key({"type": "string", "description": "Het subject van de gebeurtenis"}),
    }


def _batch() -> dict[str, Any]:
    return {
        "name": "batch",
        "title": "Batch",
        "summary": f"1 tot {BATCH_MAX} gebeurtenissen in één bericht, elk hoogstens {EVENT_BYTES_MAX} bytes. "
        "Over HTTP wordt een batch in zijn geheel aangenomen of geweigerd; op het topic telt elke gebeurtenis apart.",
        "contentType": BATCH,
        "headers": _headers({"content-type": BATCH}),
        "payload": {
            "type": "array",
            "minItems": 1,
            "maxItems": BATCH_MAX,
            "items": {"oneOf": [{"$ref": REF_TEMPLATE.format(model=model.__name__)} for model in FACTS]},
        },
        "bindings": _key({"type": "string", "description": "Het subject, als alle gebeurtenissen hetzelfde hebben"}),
    }


def _binary() -> dict[str, Any]:
    return {
        "name": "binair",
        "title": "Gebeurtenis in binaire modus",
        "summary": "De Kafka-binding van CloudEvents, §3.2: de kenmerken staan in headers die beginnen met ce_, en het "
        "bericht is alleen data, zoals beschreven bij het type in ce_type.",
        "contentType": "application/json",
        "headers": _headers({"content-type": "application/json"} | {f"ce_{name}": None for name in _ATTRIBUTES}),
        "payload": {"type": "object", "description": "data van het type in ce_type"},
        "bindings": _key({"type": "string", "description": "Het subject van de gebeurtenis"}),
    }


def _unprocessable() -> dict[str, Any]:
    headers = _headers({"reden": None, "herkomst": None})
    headers["properties"]["reden"]["description"] = "Alles wat er mis is, in het Nederlands"
    headers["properties"]["herkomst"]["description"] = (
        "topic/partitie/offset/index: waar het stond, en de hoeveelste van een batch"
    )
    return {
        "name": "onverwerkbaar",
        "title": "Onverwerkbaar bericht",
        "summary": "De oorspronkelijke bytes; bij een batch die van de ene gebeurtenis die niet klopt.",
        "contentType": "application/octet-stream",
        "headers": headers,
        "payload": {"description": "Willekeurige bytes"},
    }


def _headers(values: Mapping[str, str | None]) -> dict[str, Any]:
    """Returns the schema of headers that must be there. None stands for any value."""
    properties = {
        name: {"type": "string"} if value is None else {"type": "string", "const": value}
        for name, value in values.items()
    }
    return {"type": "object", "required": [*properties], "properties": properties}


def _key(schema: dict[str, Any]) -> dict[str, Any]:
    return {"kafka": {"key": schema, "bindingVersion": _KAFKA}}
