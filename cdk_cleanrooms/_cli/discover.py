"""List existing resources for people, scripts and stacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any
from unicodedata import category, east_asian_width

from .._core import types
from .._core.types import ResourceType
from .arguments import member
from .aws import Aws, CommandError, advice, code_of, visible
from .listing import LISTINGS
from .python_code import python_code
from .query_arguments import RULES
from .side_by_side import side_by_side

Resource = dict[str, Any]
Group = tuple[ResourceType, list[Resource]]

STACK_TAG = "aws:cloudformation:stack-name"
_UNKNOWN = "?"


def discover(
    resource_type: ResourceType,
    *,
    membership: str | None,
    name: str | None,
    format: str,
    aws: Aws,
) -> tuple[str, str | None]:
    """Find resources.

    Args:
        resource_type: Their type.
        membership: The ID of the membership they belong to, if their type belongs to one.
        name: The name of one resource, or None for all.
        format: A key of `FORMATS`.
        aws: Access to AWS.

    Returns:
        The resources in this format, sorted by name, and a message if there are none.

    Raises:
        CommandError: If several resources have that name, or AWS does not answer.
    """
    resources, nothing = _found(resource_type, membership, name, format, aws)
    return _formatted(format, [(resource_type, resources)] if resources else []), nothing


def _found(
    resource_type: ResourceType, membership: str | None, name: str | None, format: str, aws: Aws
) -> tuple[list[Resource], str | None]:
    """Return resources of one type, and a message if there are none."""
    subject = "the membership" if membership else ""
    operations = [resource_type.list]
    if format in _DETAILED:
        operations += [resource_type.get, "list_tags_for_resource"]
        operations += [operation for operation, _ in resource_type.further_details.values()]
    with advice(*resource_type.permissions(*operations), subject=subject):
        found = [*listed(resource_type, aws, membership)]
        wanted = _wanted(resource_type, membership, name, found)
        resources = side_by_side(lambda one: _resource(resource_type, one, format, aws), wanted)
    return resources, None if resources else _none(resource_type, membership, name, found)


def discover_all(*, membership: str | None, format: str, aws: Aws) -> tuple[str, str | None]:
    """Find the resources of all types.

    Args:
        membership: The ID of the membership whose resources are listed, or None for those of all
            active memberships of the account.
        format: A key of `FORMATS`.
        aws: Access to AWS.

    Returns:
        The resources in this format, and a message if there are none.

    Raises:
        CommandError: If AWS does not answer.
    """
    memberships = [membership]
    if membership is None:
        with advice(*types.MEMBERSHIP.permissions(types.MEMBERSHIP.list)):
            memberships = sorted(one["id"] for one in listed(types.MEMBERSHIP, aws, None))
    groups = []
    for resource_type in LISTINGS:
        parents = memberships if resource_type.is_in_membership else [None]
        resources = [
            one for parent in parents for one in _found(resource_type, parent, None, format, aws)[0]
        ]
        if resources:
            groups.append((resource_type, resources))
    return _formatted(format, groups), None if groups else f"{_place(None)} has no resources"


def _formatted(format: str, groups: list[Group]) -> str:
    if not groups:
        return "[]\n" if format == "json" else ""
    return FORMATS[format](groups)


def listed(
    resource_type: ResourceType,
    aws: Aws,
    membership: str | None,
    region: str | None = None,
    account: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the resources of a type that a service lists, from all pages.

    Args:
        resource_type: The type.
        aws: Access to AWS.
        membership: The ID of the membership, if the type belongs to one.
        region: The Region, if it is not the configured one.
        account: The account, if it is not that of the credentials.

    Yields:
        Each item of the listing.
    """
    arguments: dict[str, object] = dict(resource_type.list_arguments)
    if membership:
        arguments["membershipIdentifier"] = membership
    found = aws.pages(
        resource_type.service,
        resource_type.list,
        resource_type.list_items,
        region=region,
        **arguments,
    )
    creator = resource_type.creator
    own = (account or aws.account) if creator else None
    yield from (one for one in found if creator is None or one[creator] == own)


def _wanted(
    resource_type: ResourceType,
    membership: str | None,
    name: str | None,
    found: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    wanted = [one for one in found if name in (None, one[resource_type.label])]
    if name is not None and len(wanted) > 1:
        identifiers = " or ".join(one[resource_type.identifier] for one in wanted)
        raise CommandError(
            f"{_place(membership)} has {len(wanted)} {resource_type.noun}s named {name!r};"
            f" choose one by its ID: {identifiers}"
        )
    return sorted(wanted, key=itemgetter(resource_type.label, resource_type.identifier))


def _place(membership: str | None) -> str:
    return f"membership {membership}" if membership else "this account in this Region"


def _none(
    resource_type: ResourceType,
    membership: str | None,
    name: str | None,
    found: list[dict[str, Any]],
) -> str:
    named = "" if name is None else f" named {name!r}"
    names = ", ".join(sorted(repr(one[resource_type.label]) for one in found))
    check = "check the membership, and the AWS" if membership else "check the AWS"
    hint = (
        f"the existing names are {names}"
        if names
        else f"{check} configuration: profile, Region, endpoint URL"
    )
    return f"{_place(membership)} has no {resource_type.noun}{named}; {hint}"


def invitations(format: str, aws: Aws) -> tuple[str, str | None]:
    """Find the collaborations that this account is invited to and has not joined.

    Args:
        format: A key of `FORMATS`.
        aws: Access to AWS.

    Returns:
        The collaborations in this format, and a message if there are none.
    """
    with advice("cleanrooms:ListCollaborations", "sts:GetCallerIdentity"):
        found = [
            *aws.pages(
                "cleanrooms", "list_collaborations", "collaborationList", memberStatus="INVITED"
            )
        ]
        account = None if found else aws.account
    if account:
        nothing = f"no collaboration invites account {account}; check the profile and the Region"
        return "[]\n" if format == "json" else "", nothing
    found.sort(key=itemgetter("name", "id"))
    if format == "table":
        columns = {
            "ID": "id",
            "NAME": "name",
            "CREATOR": "creatorDisplayName",
            "ACCOUNT": "creatorAccountId",
        }
        return table({title: [one[key] for one in found] for title, key in columns.items()}), None
    if format == "id":
        return "".join(f"{one['id']}\n" for one in found), None
    if format == "json":
        objects = [
            {
                "collaboration": one["id"],
                "name": one["name"],
                "creator": one["creatorDisplayName"],
                "creator_account_id": one["creatorAccountId"],
            }
            for one in found
        ]
        return json.dumps(objects, indent=2) + "\n", None
    constructs = [(one["name"], {"collaboration": one["id"]}) for one in found]
    return python_code((types.MEMBERSHIP, constructs)), None


def _resource(
    resource_type: ResourceType, summary: dict[str, Any], format: str, aws: Aws
) -> Resource:
    """Return the description of a resource, by the names of its construct's attributes."""
    identifier = summary[resource_type.identifier]
    resource = {
        "identifier": identifier,
        "label": summary[resource_type.label],
        "column": member(summary, LISTINGS[resource_type].column[1]),
    }
    if format == "id":
        return resource
    arn = summary[resource_type.arn]
    try:
        tags: dict[str, str] | None = aws.ask(
            resource_type.service, "list_tags_for_resource", "tags", resourceArn=arn
        )
    except Exception as error:
        # A table is useful even without the stack.
        if format in _DETAILED or code_of(error) != "AccessDenied":
            raise
        tags = None
    resource["stack"] = _UNKNOWN if tags is None else tags.get(STACK_TAG)
    if format not in _DETAILED:
        return resource
    request = {resource_type.identifier_parameter: identifier}
    if resource_type.membership_member:
        request["membershipIdentifier"] = member(summary, resource_type.membership_member)
    details = resource_type.details(
        getattr(aws.client(resource_type.service), resource_type.get)(**request)
    )
    # AWS's own tags cannot be declared.
    own = {
        key: value
        for key, value in sorted((tags or {}).items())
        if not key.lower().startswith("aws:")
    }
    further = {
        name: [*aws.pages(resource_type.service, operation, items, **request)]
        for name, (operation, items) in resource_type.further_details.items()
    }
    if resource_type.analysis_rules:
        further[RULES] = [
            aws.ask(
                resource_type.service,
                f"{resource_type.get}_analysis_rule",
                "analysisRule",
                analysisRuleType=kind,
                **request,
            )
            for kind in details.get("analysisRuleTypes", ())
        ]
    resource["arn"] = arn
    resource["arguments"] = LISTINGS[resource_type].argument_values(
        {**details, **further, "tags": own}
    )
    return resource


def _as_table(groups: list[Group]) -> str:
    if len(groups) > 1:
        every = [(type, one) for type, resources in groups for one in resources]
        return table(
            {
                "TYPE": [type.option for type, _ in every],
                "ID": [one["identifier"] for _, one in every],
                "NAME": [one["label"] for _, one in every],
                "MADE BY STACK": [one["stack"] or "-" for _, one in every],
            }
        )
    [(resource_type, resources)] = groups
    title, _ = LISTINGS[resource_type].column
    # The identifier of some types is the name.
    ids = (
        {}
        if resource_type.is_identified_by_name
        else {"ID": [one["identifier"] for one in resources]}
    )
    return table(
        {
            **ids,
            "NAME": [one["label"] for one in resources],
            title: [one["column"] or "-" for one in resources],
            "MADE BY STACK": [one["stack"] or "-" for one in resources],
        }
    )


def table(columns: dict[str, list[str]]) -> str:
    """Return a table for people to read.

    Args:
        columns: The cells of each column, by its title.

    Returns:
        Lines of text.
    """
    padded = (
        _padded([title, *(visible(cell) for cell in cells)]) for title, cells in columns.items()
    )
    return "".join("  ".join(row).rstrip() + "\n" for row in zip(*padded, strict=True))


def _padded(cells: list[str]) -> list[str]:
    width = max(map(_width, cells))
    return [cell + " " * (width - _width(cell)) for cell in cells]


def _width(text: str) -> int:
    """Return the width of a text in columns of a terminal."""
    shown = [one for one in text if category(one) not in ("Mn", "Me")]
    return len(shown) + sum(east_asian_width(one) in ("F", "W") for one in shown)


def _as_json(groups: list[Group]) -> str:
    objects = [
        {
            **({"resource_type": resource_type.option} if len(groups) > 1 else {}),
            f"{resource_type.key}_identifier": one["identifier"],
            f"{resource_type.key}_arn": one["arn"],
            **one["arguments"],
            "adopt": one["identifier"],
            "made_by_stack": one["stack"],
        }
        for resource_type, resources in groups
        for one in resources
    ]
    return json.dumps(objects, indent=2) + "\n"


def _as_identifiers(groups: list[Group]) -> str:
    return "".join(f"{one['identifier']}\n" for _, resources in groups for one in resources)


def _as_python(groups: list[Group]) -> str:
    return python_code(
        *(
            (
                resource_type,
                [
                    (one["label"], {**one["arguments"], "adopt": one["identifier"]})
                    for one in resources
                ],
            )
            for resource_type, resources in groups
        )
    )


FORMATS: dict[str, Callable[[list[Group]], str]] = {
    "table": _as_table,
    "json": _as_json,
    "python": _as_python,
    "id": _as_identifiers,
}
_DETAILED = ("json", "python")
