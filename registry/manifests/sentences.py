"""One plain sentence for each way in which a value can fail its model."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from registry.kinds.base import Finding, Manifest, Path
from registry.manifests.tree import dotted
from registry.nearest import did_you_mean

Sentence = Callable[[ErrorDetails], str]


def _quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004  about as much as a line can take


def _text_wanted(error: ErrorDetails) -> str:
    value = error["input"]
    if isinstance(value, bool | int | float):
        return f"must be text; put {_quoted(value)} in quotes"
    return "must be text, but it is empty" if value is None else "must be text"


def _choice_wanted(error: ErrorDetails) -> str:
    choices = [part.strip("' ") for part in str(error["ctx"]["expected"]).replace(" or ", ", ").split(",")]
    return f"can't be {_quoted(error['input'])}{did_you_mean(str(error['input']), choices)}"


_SENTENCES: Mapping[str, Sentence] = {
    "missing": lambda _: "is missing",
    "string_type": _text_wanted,
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda error: f"is longer than {error['ctx']['max_length']} characters",
    "too_short": lambda _: "must not be empty",
    "literal_error": _choice_wanted,
    "model_type": lambda _: "must be a mapping of keys to values",
    "model_attributes_type": lambda _: "must be a mapping of keys to values",
    "dict_type": lambda _: "must be a mapping of keys to values",
    "tuple_type": lambda _: "must be a list",
    "list_type": lambda _: "must be a list",
    "float_type": lambda error: f"must be a number, not {_quoted(error['input'])}",
    "int_type": lambda error: f"must be a whole number, not {_quoted(error['input'])}",
    "bool_type": lambda error: f"must be true or false, not {_quoted(error['input'])}",
    "greater_than_equal": lambda error: f"must be {error['ctx']['ge']:g} or more, not {_quoted(error['input'])}",
    "less_than_equal": lambda error: f"must be {error['ctx']['le']:g} or less, not {_quoted(error['input'])}",
    "value_error": lambda error: str(error["ctx"]["error"]),
}


def explain(manifest: type[Manifest], error: ErrorDetails) -> Iterator[Finding]:
    """What one of pydantic's errors means to the author of a manifest of that class."""
    path: Path = tuple(part for part in error["loc"] if part != "[key]")
    if error["type"] == "inconsistent":
        for finding in error["ctx"]["findings"]:
            yield Finding((*path, *finding.path), finding.message)
        return
    name = dotted(path)
    if error["type"] == "extra_forbidden":
        kind = manifest.model_fields["kind"].default
        hint = did_you_mean(str(path[-1]), known_keys(manifest, path[:-1]))
        yield Finding(path, f"{name} is not a key of {kind}{hint}")
        return
    subject = f"the key {name}" if error["loc"][-1:] == ("[key]",) else name
    yield Finding(path, f"{subject} {_sentence(error)}")


def _sentence(error: ErrorDetails) -> str:
    said = _SENTENCES.get(error["type"])
    return said(error) if said else error["msg"].replace("Input should", "should")


def known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that a manifest may have at a place, as they are written there."""
    for part in path:
        if isinstance(part, str):
            below = _models(_annotation(model, part))
            if not below:
                return []
            model = below[0]
    return [field.alias or name for name, field in model.model_fields.items()]


def _annotation(model: type[BaseModel], key: str) -> Any:
    for name, field in model.model_fields.items():
        if key == (field.alias or name):
            return field.annotation
    return None


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
