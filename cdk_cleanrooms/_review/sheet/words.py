"""Words for people who do not know AWS."""

from __future__ import annotations

import re
from typing import Any

from ..document import Quoted, Text, quoted
from ..resources import called

_TYPES = {
    "AWS::CleanRooms::AnalysisTemplate": "analysis template",
    "AWS::CleanRooms::Collaboration": "collaboration",
    "AWS::CleanRooms::ConfiguredTable": "table",
    "AWS::CleanRooms::ConfiguredTableAssociation": "associated table",
    "AWS::CleanRooms::IdMappingTable": "ID mapping table",
    "AWS::CleanRooms::IdNamespaceAssociation": "ID namespace association",
    "AWS::CleanRooms::IntermediateTable": "intermediate table",
    "AWS::CleanRooms::Membership": "membership",
    "AWS::CleanRooms::PrivacyBudgetTemplate": "budget",
    "AWS::EntityResolution::IdMappingWorkflow": "ID mapping workflow",
    "AWS::EntityResolution::IdNamespace": "ID namespace",
    "AWS::EntityResolution::MatchingWorkflow": "matching workflow",
    "AWS::EntityResolution::PolicyStatement": "permission for",
    "AWS::EntityResolution::SchemaMapping": "schema mapping",
    "AWS::Glue::Database": "database",
    "AWS::Glue::Table": "AWS Glue table",
    "AWS::IAM::Role": "role",
    "AWS::IAM::User": "user",
    "AWS::KMS::Key": "key",
    "AWS::Logs::LogGroup": "log group",
    "AWS::S3::Bucket": "bucket",
}
_TYPE = re.compile(r"AWS::\w+::\w+")
_ACCOUNT = re.compile(r"AWS:arn:aws:iam::(.+):root")
_USE = re.compile(r"of (.*) \(\w+\)")


def resource_words(identity: str) -> Text:
    """Return what identifies a resource, with a word for each type that has one."""
    type_name, _, name = called(identity).partition(" ")
    words = _TYPES.get(type_name)
    use = _USE.fullmatch(name)
    if words is None:
        return quoted(called(identity))
    if use:
        return (f"{words} of ", *resource_words(use[1]))
    return (f"{words} ", *quoted(name))


def role_words(value: Any) -> Text:
    """Return a role, with the resource that it is made for if it has no name."""
    text = called(value)
    use = _USE.fullmatch(text)
    return ("role of ", *resource_words(use[1])) if use else quoted(value)


def principal_words(principal: str) -> Text:
    """Return to whom a statement applies."""
    account = _ACCOUNT.fullmatch(principal)
    if account:
        return ("account ", Quoted(account[1]))
    if principal.startswith("Service:"):
        return ("the service ", Quoted(principal.removeprefix("Service:")))
    return ("everybody",) if principal == "*" else quoted(principal.removeprefix("AWS:"))
