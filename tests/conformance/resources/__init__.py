"""The resources that are compared. Each has a module with a `RESOURCE`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..properties import Property, Resource

RESOURCES: list[Resource] = [
    import_module(f"{__name__}.{module.name}").RESOURCE for module in iter_modules(__path__)
]
PROPERTIES: dict[str, Property] = {
    property.kind or property.name: property
    for resource in reversed(RESOURCES)
    for property in resource.properties
}
"""Each property once, by its name in `known_differences`, from the first resource that has it."""
