"""allOf, anyOf, oneOf, and telling choices apart."""

from typing import Any

from tests.registry.compat.openapi.pairs import case, everywhere, properties, request, response

_TEXT = {"type": "string"}
_CAT, _DOG, _FISH = ({"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog", "Fish"))
_ANIMALS = {
    "Cat": properties(claws=_TEXT),
    "Dog": properties(tail=_TEXT),
    "Fish": properties(fins=_TEXT),
}


def _both(name: str, old: Any, new: Any, event: str) -> Any:
    """The case in a request and in a response, of the body and of a property."""
    for side, build in (("request", request), ("response", response)):
        yield case(f"{name}: {side}-body", build(old, **_ANIMALS), build(new, **_ANIMALS), f"{side}-body-{event}")
        yield case(
            f"{name}: {side}-property",
            build(properties(pet=old), **_ANIMALS),
            build(properties(pet=new), **_ANIMALS),
            f"{side}-property-{event}",
        )


_TOLD = {
    "oneOf": [_CAT, _DOG],
    "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}},
}


def _told(**changed: Any) -> Any:
    return {**_TOLD, "discriminator": {**_TOLD["discriminator"], **changed}}


CASES = (
    *_both("allOf grows", {"allOf": [_CAT, _DOG]}, {"allOf": [_CAT, _DOG, _FISH]}, "all-of-added"),
    *_both("allOf shrinks", {"allOf": [_CAT, _DOG, _FISH]}, {"allOf": [_CAT, _DOG]}, "all-of-removed"),
    *_both(
        "allOf gets a description",
        {"allOf": [_CAT, _DOG]},
        {"allOf": [_CAT, _DOG, {"description": "A pet"}]},
        "all-of-added-annotation-only",
    ),
    *_both(
        "allOf loses a description",
        {"allOf": [_CAT, _DOG, {"description": "A pet"}]},
        {"allOf": [_CAT, _DOG]},
        "all-of-removed-annotation-only",
    ),
    *_both("anyOf grows", {"anyOf": [_CAT, _DOG]}, {"anyOf": [_CAT, _DOG, _FISH]}, "any-of-added"),
    *_both("anyOf shrinks", {"anyOf": [_CAT, _DOG, _FISH]}, {"anyOf": [_CAT, _DOG]}, "any-of-removed"),
    *_both("oneOf grows", {"oneOf": [_CAT, _DOG]}, {"oneOf": [_CAT, _DOG, _FISH]}, "one-of-added"),
    *_both("oneOf shrinks", {"oneOf": [_CAT, _DOG, _FISH]}, {"oneOf": [_CAT, _DOG]}, "one-of-removed"),
    *everywhere(
        "an order changes",
        {"oneOf": [_TEXT, {"type": "object", "title": "A"}]},
        {"oneOf": [{"type": "object", "title": "A"}, _TEXT]},
        {},
    ),
    *(
        case(
            f"a body becomes a choice: {side}",
            build(_CAT, **_ANIMALS),
            build({"oneOf": [_CAT, _DOG]}, **_ANIMALS),
            f"{side}-body-wrapped-in-one-of",
        )
        for side, build in (("request", request), ("response", response))
    ),
    *_both("one becomes one of any", _CAT, {"anyOf": [_CAT, _DOG]}, "any-of-added"),
    *_both("one of any becomes the only one", {"anyOf": [_CAT, _DOG]}, _CAT, "any-of-removed"),
    *_both("one gets another condition", _CAT, {"allOf": [_CAT, _DOG]}, "all-of-added"),
    *_both(
        "one written in place becomes one of any",
        properties(a=_TEXT),
        {"anyOf": [_DOG, properties(a=_TEXT)]},
        "any-of-added",
    ),
    *(
        case(
            f"a property becomes a choice: {side}",
            build(properties(pet=_CAT), **_ANIMALS),
            build(properties(pet={"oneOf": [_CAT, _DOG]}), **_ANIMALS),
            f"{side}-property-one-of-added",
        )
        for side, build in (("request", request), ("response", response))
    ),
    case(
        "one becomes one of any and changes",
        response(_CAT, **_ANIMALS),
        response({"anyOf": [_CAT, _DOG]}, **{**_ANIMALS, "Cat": properties()}),
        "response-body-any-of-added",
        "response-optional-property-removed",
    ),
    case(
        "a reference is wrapped in allOf with a description",
        response(properties(pet=_CAT), **_ANIMALS),
        response(properties(pet={"allOf": [_CAT], "description": "The pet"}), **_ANIMALS),
    ),
    case(
        "one choice written in place changes",
        response({"oneOf": [_CAT, properties(a=_TEXT)]}, **_ANIMALS),
        response({"oneOf": [_CAT, properties(a={"type": "integer"})]}, **_ANIMALS),
        "response-property-type-changed",
    ),
    case(
        "choices of the same title change",
        response({"oneOf": [{"title": name, **properties(**{name: _TEXT})} for name in "abc"]}),
        response({"oneOf": [{"title": name, **properties(**{name: {"type": "integer"}})} for name in "cba"]}),
        "response-property-type-changed",
    ),
    case(
        "a schema that a choice refers to changes",
        request({"oneOf": [_CAT, _DOG]}, **_ANIMALS),
        request({"oneOf": [_CAT, _DOG]}, **{**_ANIMALS, "Dog": properties("tail", tail=_TEXT)}),
        "request-property-became-required",
    ),
    *_both("discriminator added", {"oneOf": [_CAT, _DOG]}, _TOLD, "discriminator-added"),
    *_both("discriminator removed", _TOLD, {"oneOf": [_CAT, _DOG]}, "discriminator-removed"),
    *_both("discriminator renamed", _TOLD, _told(propertyName="sort"), "discriminator-property-name-changed"),
    *_both(
        "mapping added",
        _TOLD,
        _told(mapping={"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}),
        "discriminator-mapping-added",
    ),
    *_both("mapping deleted", _TOLD, _told(mapping={}), "discriminator-mapping-deleted"),
    *_both(
        "mapping changed", _TOLD, _told(mapping={"cat": "#/components/schemas/Dog"}), "discriminator-mapping-changed"
    ),
)
