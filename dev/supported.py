"""Write the page of what the local cloud supports: `python -m dev.supported`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cdk_cleanrooms.local_cloud.application import services
from cdk_cleanrooms.local_cloud.handlers import UNSUPPORTED_TYPES, resource_types
from cdk_cleanrooms.local_cloud.service import Service, World

PAGE = Path(__file__).parents[1] / "docs" / "local-cloud-support.md"

_TITLES = {
    "cleanrooms": "AWS Clean Rooms",
    "cleanroomsml": "AWS Clean Rooms ML",
    "entityresolution": "AWS Entity Resolution",
}
_BEGINNING = """\
# What the local cloud supports

`python -m dev.supported` writes this page from the code of [the local cloud](local-cloud.md). The
answer to another operation of these services, or to a template with another of their resource
types, has the code `UnsupportedByLocalCloud` and the HTTP status 501. In a test,
`cleanrooms_cloud.supports("ListMembers")` tells whether an operation or a resource type is
supported.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([_BEGINNING, *(line for one in services(World()) for line in _section(one))])


def _section(service: Service) -> Iterator[str]:
    yield f"## {_TITLES[service.name]}\n"
    yield _listed("Resource types", sorted(one.name for one in resource_types(service)))
    if lacking := [one for one in UNSUPPORTED_TYPES if one.split("::")[1].lower() == service.name]:
        yield _listed("Resource types that are not supported", lacking)
    operations = sorted(service.model.operations)
    supported = [one for one in operations if service.has(one)]
    yield _listed("Operations", supported)
    others = [one for one in operations if one not in supported]
    yield _listed("Operations that are not supported", others)


def _listed(title: str, names: list[str]) -> str:
    return f"{title}: {', '.join(f'`{name}`' for name in names) or 'none'}.\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
