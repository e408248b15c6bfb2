"""Builds data that a JSON Schema allows, or, when told to go wrong, data that it should refuse somewhere."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]


class Builder:
    """Builds data from the schema of an experiment file.

    Args:
        schema: the whole schema.
        chance: where choices come from.
        wrong: how often a value is replaced by a strange one, a key left out or added.
        strange: the strange values.
    """

    def __init__(self, schema: Schema, chance: random.Random, wrong: float, strange: Sequence[Any]) -> None:
        self.schema, self.chance, self.wrong, self.strange = schema, chance, wrong, strange

    def file(self) -> Any:
        """Return one experiment file as data, most of the time with what no schema says put right."""
        data = self.value({**self.schema, "$defs": {}})
        if isinstance(data, dict) and not self.go_wrong():
            self.mend(data)
        return data

    def mend(self, data: dict[str, Any]) -> None:
        """Let one game or several be given, players where they play, and now and then a sweep of what is there."""
        data.pop(self.chance.choice(["game", "games"]), None)
        if not data.get("game") and not data.get("games"):
            data["game"] = self.value(self.schema["$defs"]["GameSection"])
        for name in ("population", "sweep", *self.chance.choice([["play"], ["play"], []])):
            data.pop(name, None)
        if "play" in data:
            data["population"] = {"strategies": ["TitForTat", "Defector"]}
        several = data.get("games") if isinstance(data.get("games"), list) else []
        for number, section in enumerate([data.get("game"), *several, *self.dynamics(data)]):
            if isinstance(section, dict):
                section["label"] = f"x{number}"
                section.pop("strategies", None)
        if self.chance.random() < 0.4 and isinstance(section := data.get("game"), dict):
            data["sweep"] = {f"game.{key}": [value] for key, value in section.items() if key not in ("name", "label")}

    def dynamics(self, data: dict[str, Any]) -> list[Any]:
        return data["dynamics"] if isinstance(data.get("dynamics"), list) else []

    def go_wrong(self) -> bool:
        return self.chance.random() < self.wrong

    def anything(self) -> Any:
        return copy.deepcopy(self.chance.choice(self.strange))

    def value(self, schema: Any) -> Any:
        """Return a value that the schema allows, most of the time."""
        if self.go_wrong() or not isinstance(schema, Mapping):
            return self.anything()
        if "$ref" in schema:
            return self.value(self.schema["$defs"][schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return self.value(self.chance.choice([one for one in schema["anyOf"] if one.get("type") != "null"]))
        if "const" in schema or "enum" in schema:
            return self.chance.choice(schema.get("enum", [schema.get("const")]))
        build = {
            "object": self.table,
            "array": self.list,
            "string": self.text,
            "integer": self.number,
            "number": self.number,
            "boolean": lambda _: self.chance.random() < 0.5,
        }
        return build.get(schema.get("type", ""), lambda _: self.anything())(schema)

    def table(self, schema: Schema) -> dict[str, Any]:
        properties = dict(schema.get("properties", {}))
        data: dict[str, Any] = {}
        if "name" in properties:
            data["name"] = self.value(properties.pop("name"))
            for rule in schema.get("allOf", ()):
                if rule["if"]["properties"]["name"]["const"] == data["name"]:
                    properties.update((k, v) for k, v in rule["then"]["properties"].items() if v is not True)
        for key, inner in properties.items():
            if (key in schema.get("required", ()) and not self.go_wrong()) or self.chance.random() < 0.7:
                data[key] = self.value(inner)
        if self.go_wrong():
            data[self.chance.choice(["nonsense", "name", "label", "seed", "x" * 200, ""])] = self.value(None)
        return data

    def list(self, schema: Schema) -> list[Any]:
        length, items = schema.get("minItems", 0) + self.chance.choice([0, 1, 1, 2]), schema.get("items")
        if isinstance(items, Mapping) and items.get("type") == "array":  # rows of equal length
            items = {**items, "minItems": length, "maxItems": length}
        length = min(length, schema.get("maxItems", length))
        return [self.value(items) for _ in range(length)]

    def text(self, schema: Schema) -> str:
        length = schema.get("minLength", 0) + self.chance.choice([0, 0, 1, 5])
        return "".join(self.chance.choice("CDab é…\"'\\\n<") for _ in range(length))

    def number(self, schema: Schema) -> float:
        low = schema.get("minimum", self.chance.choice([-3, 0, 1]))
        high = min(schema.get("maximum", low + 30), low + self.chance.choice([1, 5, 30, 300]))
        drawn = self.chance.choice([low, high, self.chance.uniform(low, high)])
        return int(drawn) if schema["type"] == "integer" else float(drawn)
