"""Which forms recur in the OpenAPI description: scalars, lists, records, references, answers?"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
YES_NO: Schema = {"type": "boolean"}
MARK: Schema = {
    "type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2,
    "description": "half-open range of code points into `text`",
}  # fmt: skip


def maybe(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def record(_about: str = "", _optional: dict[str, Schema] | None = None, /, **fields: Schema) -> Schema:
    """An object with exactly these fields; those in the second argument may be absent."""
    schema: Schema = {
        "type": "object",
        "properties": {**fields, **(_optional or {})},
        "required": list(fields),
        "additionalProperties": False,
    }
    return {**schema, "description": _about} if _about else schema


def parameter(name: str, schema: Schema, about: str) -> Schema:
    """A parameter of the query string."""
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": about}


def answers(schema: str, *errors: int) -> Schema:
    """The responses of a route that answers with `schema` or with one of these statuses."""
    ok = {"description": "the answer", "content": {"application/json": {"schema": ref(schema)}}}
    said = {"description": "an error", "content": {"application/json": {"schema": ref("Error")}}}
    return {"200": ok, **{str(status): said for status in errors}}


def getting(name: str, responses: Schema, parameters: list[Schema] | None = None) -> Schema:
    """A route that is only read."""
    return {"get": {"operationId": name, "parameters": parameters or [], "responses": responses}}


ID: Schema = {"name": "id", "in": "path", "required": True, "schema": TEXT}
