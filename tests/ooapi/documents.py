"""The published documents as judges: is this body what that path may answer?"""

import json
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator, oas30_format_checker, oas31_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4, DRAFT202012

FOLDER = Path(__file__).parent / "published"
FILES = {"5.0": "ooapi-v5.0-patched.json", "6.0": "oeapi-v6.0.json", "mbo": "ned-oke-ooapiv5_MBO.yaml"}


@cache
def document(version: str) -> dict:
    """One published document."""
    text = (FOLDER / FILES[version]).read_text(encoding="utf-8")
    loaded = json.loads(text) if FILES[version].endswith(".json") else yaml.safe_load(text)
    if version == "5.0":
        _ask_for_the_course(loaded)
    return loaded


def _ask_for_the_course(node) -> None:
    """Version 5 says `oneOf` offerings of a program, a course or a component, but what is valid as one of a course is
    valid as one of a program too, so that none could pass. All of ours are of courses: that alternative is asked for.
    """
    if isinstance(node, list):
        for each in node:
            _ask_for_the_course(each)
    if isinstance(node, dict):
        of_courses = [each for each in node.get("oneOf", ()) if "/CourseOffering" in json.dumps(each)]
        whole = [each for each in of_courses if "Program" in json.dumps(node["oneOf"])]
        if whole:
            node["oneOf"] = [each for each in node["oneOf"] if each in whole or "/Identifier" in json.dumps(each)]
        for each in node.values():
            _ask_for_the_course(each)


def published(name: str) -> dict:
    """An example that others published."""
    return json.loads((FOLDER / "oeapi-quickstart" / name).read_text(encoding="utf-8"))


def errors(version: str, path: str, body, *, method: str = "get", status: int = 200) -> list[str]:
    """What is wrong with this answer to this path; an empty list when nothing is."""
    operation = document(version)["paths"][path][method]
    response = operation["responses"][str(status)]
    where = f"#/paths/{_pointer(path)}/{method}/responses/{status}"
    if "$ref" in response:
        where = response["$ref"]
        response = document(version)["components"]["responses"][where.rpartition("/")[2]]
    (kind,) = response["content"]
    return schema_errors(version, f"{where}/content/{_pointer(kind)}/schema", body)


def schema_errors(version: str, pointer: str, body) -> list[str]:
    """What is wrong by the schema at a JSON pointer, deepest cause first."""
    found = validator(version, pointer).iter_errors(body)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]} {_inner(error)}" for error in found]


@cache
def validator(version: str, pointer: str):
    """The dialect of the document: OpenAPI 3.1 is JSON Schema 2020-12, OpenAPI 3.0 nearly draft 4."""
    newest = version == "6.0"
    dialect = DRAFT202012 if newest else DRAFT4
    registry = Registry().with_resource("urn:published", Resource(document(version), dialect))
    cls, formats = (OAS31Validator, oas31_format_checker) if newest else (OAS30ReadValidator, oas30_format_checker)
    return cls({"$ref": f"urn:published{pointer}"}, registry=registry, format_checker=_with_addresses(formats))


def _with_addresses(formats: FormatChecker) -> FormatChecker:
    """With `uri`, which needs a library that we do not have: absolute, without spaces."""
    checker = FormatChecker(formats=())
    checker.checkers = dict(formats.checkers)

    def is_address(value) -> bool:
        return not isinstance(value, str) or (bool(urlsplit(value).scheme) and not set(value) & set(' <>"{}|\\^`'))

    def is_reference(value) -> bool:
        return not isinstance(value, str) or not set(value) & set(' <>"{}|\\^`')

    checker.checkers |= {"uri": (is_address, ()), "uri-reference": (is_reference, ())}
    return checker


def _pointer(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D").replace("+", "%2B")


def _inner(error) -> str:
    return "; ".join(f"{'/'.join(map(str, each.absolute_path))} {each.message[:150]}" for each in error.context or ())[
        :800
    ]
