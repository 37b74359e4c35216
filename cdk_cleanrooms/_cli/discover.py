"""The ID namespace associations of a membership, told to people, scripts and stacks."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from operator import itemgetter
from textwrap import indent
from typing import Any, TypeAlias
from unicodedata import category, east_asian_width, normalize

Association: TypeAlias = dict[str, Any]

_DEFAULTS: dict[str, object] = {
    "description": None,
    "manage_resource_policies": True,
    "allow_use_as_dimension_column": None,
    "tags": {},
}

_SIGN_IN = "sign in (`aws sso login`, for instance), or choose a profile by --profile"
_TRY_AGAIN = "try again in a minute"
_CONFIGURE = "check the membership, and the AWS configuration: profile, Region, endpoint URL"
_ADVICE = {
    "AccessDeniedException": (
        "check that the membership is this account's, and that you may use"
        " cleanrooms:ListIdNamespaceAssociations and, for json and python,"
        " cleanrooms:GetIdNamespaceAssociation and cleanrooms:ListTagsForResource"
    ),
    "ExpiredTokenException": _SIGN_IN,
    "InternalServerException": _TRY_AGAIN,
    "NoCredentialsError": _SIGN_IN,
    "NoRegionError": "write --region, or set AWS_REGION",
    "ThrottlingException": _TRY_AGAIN,
    "UnrecognizedClientException": _SIGN_IN,
}


class DiscoveryError(Exception):
    """Why there is no result and what to do about it, on one line."""


def discover(
    membership: str, *, name: str | None, format: str, profile: str | None, region: str | None
) -> str:
    """Find the ID namespace associations of a membership.

    Args:
        membership: The membership's ID.
        name: The name of the one association that is wanted, or None for all.
        format: A key of `FORMATS`.
        profile: The AWS profile, or None for boto3's own choice.
        region: The AWS Region, or None for boto3's own choice.

    Returns:
        The associations in that format, sorted by name.

    Raises:
        DiscoveryError: If there is none, or more than one of that name; if AWS does not answer;
            if boto3 is not installed.
    """
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise DiscoveryError(f"{error}; run: pip install 'cdk-cleanrooms[discover]'") from error
    try:
        client = boto3.Session(profile_name=profile, region_name=region).client("cleanrooms")
        pages = client.get_paginator("list_id_namespace_associations").paginate(
            membershipIdentifier=membership
        )
        found = [summary for page in pages for summary in page["idNamespaceAssociationSummaries"]]
        associations = []
        for summary in _wanted(membership, name, found):
            details, tags = summary, {}
            if format in _DETAILED:
                details = client.get_id_namespace_association(
                    membershipIdentifier=membership, idNamespaceAssociationIdentifier=summary["id"]
                )["idNamespaceAssociation"]
                tags = client.list_tags_for_resource(resourceArn=summary["arn"])["tags"]
            associations.append(_association(details, tags))
    except ClientError as error:
        raise DiscoveryError(_advised(error, error.response["Error"]["Code"])) from error
    except (BotoCoreError, ValueError) as error:  # a ValueError for a malformed endpoint URL
        raise DiscoveryError(_advised(error, type(error).__name__)) from error
    return FORMATS[format](associations)


def _wanted(membership: str, name: str | None, found: list[Association]) -> list[Association]:
    wanted = [one for one in found if name in (None, one["name"])]
    named = "" if name is None else f" named {name!r}"
    if not wanted:
        names = ", ".join(sorted(repr(one["name"]) for one in found))
        advice = f"the names that it has are {names}" if names else _CONFIGURE
        raise DiscoveryError(
            f"membership {membership} has no ID namespace association{named}; {advice}"
        )
    if name is not None and len(wanted) > 1:
        identifiers = " or ".join(one["id"] for one in wanted)
        raise DiscoveryError(
            f"membership {membership} has {len(wanted)} ID namespace associations{named};"
            f" choose one by its ID: {identifiers}"
        )
    return sorted(wanted, key=itemgetter("name", "id"))


def _advised(error: Exception, kind: str) -> str:
    text = _visible(" ".join(str(error).split())).rstrip(".")
    return f"{text}; {_ADVICE.get(kind, _CONFIGURE)}"


def _association(details: dict[str, Any], tags: dict[str, str]) -> Association:
    """What the service answers, by the names of the construct's attributes and arguments."""
    return {
        "id_namespace_association_identifier": details["id"],
        "id_namespace_association_arn": details["arn"],
        "membership": details["membershipId"],
        "id_namespace": details["inputReferenceConfig"]["inputReferenceArn"],
        "name": details["name"],
        "description": details.get("description"),
        "manage_resource_policies": details["inputReferenceConfig"]["manageResourcePolicies"],
        "allow_use_as_dimension_column": details.get("idMappingConfig", {}).get(
            "allowUseAsDimensionColumn"
        ),
        # AWS's own tags cannot be declared.
        "tags": {key: tags[key] for key in sorted(tags) if not key.lower().startswith("aws:")},
    }


def _as_table(associations: list[Association]) -> str:
    keys = {
        "ID": "id_namespace_association_identifier",
        "NAME": "name",
        "ID NAMESPACE": "id_namespace",
    }
    columns = (
        _padded([title, *(_visible(association[key]) for association in associations)])
        for title, key in keys.items()
    )
    return "".join("  ".join(row).rstrip() + "\n" for row in zip(*columns, strict=True))


def _padded(cells: list[str]) -> list[str]:
    width = max(map(_width, cells))
    return [cell + " " * (width - _width(cell)) for cell in cells]


def _visible(text: str) -> str:
    """A text with the characters escaped that would break its line or hide in it."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    shown = [one for one in text if category(one) not in ("Mn", "Me")]
    return len(shown) + sum(east_asian_width(one) in ("F", "W") for one in shown)


def _as_json(associations: list[Association]) -> str:
    return json.dumps(associations, indent=2) + "\n"


def _as_identifiers(associations: list[Association]) -> str:
    return "".join(f"{one['id_namespace_association_identifier']}\n" for one in associations)


def _as_python(associations: list[Association]) -> str:
    uses: Counter[str] = Counter()
    statements = ["from cdk_cleanrooms import IdNamespaceAssociation\n"]
    for association in associations:
        construct_id = _construct_id(association["name"])
        uses[construct_id] += 1
        number = str(uses[construct_id]) if uses[construct_id] > 1 else ""
        statements.append(_construct(association, construct_id + number))
    return "\n".join(statements)


def _construct_id(name: str) -> str:
    # All end with one word: so none is an ID of the CDK's own, and a number keeps them distinct.
    text = normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(word[0].upper() + word[1:] for word in re.findall("[A-Za-z0-9]+", text))
    return f"{words.removesuffix('Association')}Association"


def _construct(association: Association, construct_id: str) -> str:
    comments = "".join(
        f"# The tag {_literal(key)} is left out: CloudFormation takes no empty value.\n"
        for key, value in association["tags"].items()
        if not value
    )
    tags = {key: value for key, value in association["tags"].items() if value}
    (_, identifier), _, *arguments = {**association, "tags": tags}.items()
    given = [(key, value) for key, value in arguments if value != _DEFAULTS.get(key)]
    keywords = [f"{key}={_literal(value)}" for key, value in [*given, ("adopt", identifier)]]
    items = ["self", _literal(construct_id), *keywords]
    return f"{comments}IdNamespaceAssociation({_block(items)})\n"


def _block(items: Iterable[str]) -> str:
    return "\n" + indent("".join(f"{item},\n" for item in items), "    ")


def _literal(value: object) -> str:
    """A Python literal in the form that Black and Ruff give it."""
    if isinstance(value, dict):
        entries = (f"{_literal(key)}: {_literal(item)}" for key, item in value.items())
        return "{" + _block(entries) + "}"
    if not isinstance(value, str):
        return repr(value)
    text = repr(f'"{value}')[2:-1]  # the double quote ahead makes `repr` escape single quotes only
    if value.count('"') > value.count("'"):
        return f"'{text}'"
    return '"{}"'.format(text.replace(r"\'", "'").replace('"', r"\""))


FORMATS: dict[str, Callable[[list[Association]], str]] = {
    "table": _as_table,
    "json": _as_json,
    "python": _as_python,
    "id": _as_identifiers,
}
_DETAILED = ("json", "python")
