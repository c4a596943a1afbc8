"""The JSON Schema of a job file, for editors that complete and check while typing."""

from __future__ import annotations

from typing import Any, Final

_ID: Final = r"^(\$\{[A-Za-z_][A-Za-z0-9_-]*\.[a-z_]+\}|.*(aadvid|org_id)=.*|[0-9]+)$"
_IDS: Final = ("aadvid", "business_center", "partner_id")
_FROM_THE_TOP: Final = "business_center"


def job_file_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a job file, with descriptions and examples."""
    from pydantic import TypeAdapter

    from bcflow.models.jobs import Job

    jobs = TypeAdapter[Any](Job).json_schema(ref_template="#/$defs/{model}")
    definitions: dict[str, Any] = jobs.pop("$defs")
    for definition in definitions.values():
        _tightened(definition)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bcflow job file",
        "description": "Jobs for bcflow, run from top to bottom.",
        "type": "object",
        "additionalProperties": False,
        "required": ["jobs"],
        "properties": _top(definitions),
        "$defs": {**definitions, "Job": jobs},
    }


def _top(definitions: dict[str, Any]) -> dict[str, Any]:
    ad_account = definitions["CreateAdAccount"]["properties"]
    return {
        "login": {**ad_account["login"], "description": "Login of every job that names none."},
        "business_center": {
            **ad_account["business_center"],
            "description": "Business Center of every job that names none.",
        },
        "jobs": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Job"}},
    }


def _tightened(definition: dict[str, Any]) -> None:
    """Say what the validators know: flow must be written, the top of the file may give the place."""
    properties: dict[str, Any] = definition.get("properties", {})
    for name in set(_IDS) & set(properties):
        properties[name] = {**_without_null(properties[name]), "type": "string", "pattern": _ID}
    for name, schema in properties.items():
        properties[name] = _without_null(schema)
    if "flow" not in properties:
        return
    if properties["flow"]["const"] == "create-business-center":
        properties.pop(_FROM_THE_TOP)
    required = [name for name in definition.get("required", []) if name != _FROM_THE_TOP]
    definition["required"] = ["flow", *required]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    return {**choices[0], **rest}
