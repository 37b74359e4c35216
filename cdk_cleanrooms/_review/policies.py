"""What policies allow and deny, one action, resource and principal at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .resources import Resource, called, is_possible
from .values import ABSENT, UNKNOWN, Symbolic, as_list, by_default, deciders, plain, scalar

POLICIES = "Policies"
TRUST = "AssumeRolePolicyDocument"
KEY_POLICY = "KeyPolicy"
STATEMENT = "Statement"
MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
STATEMENT_OF_ENTITY_RESOLUTION = "AWS::EntityResolution::PolicyStatement"

_ROLE, _USER, _GROUP = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"
_HOLDERS = {
    "Roles": _ROLE,
    "Users": _USER,
    "Groups": _GROUP,
    "RoleName": _ROLE,
    "UserName": _USER,
    "GroupName": _GROUP,
}
_ATTACHED = {
    "AWS::IAM::GroupPolicy": ("GroupName",),
    MANAGED_POLICY: ("Roles", "Users", "Groups"),
    "AWS::IAM::Policy": ("Roles", "Users", "Groups"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::UserPolicy": ("UserName",),
}
# The services that hold, describe, encrypt or share data, and that hand out roles.
_SERVICES = {
    "athena",
    "cleanrooms",
    "cleanrooms-ml",
    "entityresolution",
    "glue",
    "iam",
    "kms",
    "lakeformation",
    "logs",
    "organizations",
    "profile",
    "ram",
    "rolesanywhere",
    "s3",
    "s3-object-lambda",
    "s3-outposts",
    "s3express",
    "s3tables",
    "secretsmanager",
    "sso",
    "sts",
}
# Logs contain the text of queries, but who only writes them does not read them.
_WRITE_LOGS = {"logs:createloggroup", "logs:createlogstream", "logs:putlogevents"}
# What a statement negates, and what it has beyond these, only a person can tell.
_MEMBERS = {"Action", "Condition", "Effect", "Principal", "Resource", "Sid"}
_INLINE = {"PolicyDocument", "PolicyName"}
_REFERENCE = re.compile(r"\u2039([^\u203a]*)\u203a(?:\.\w+)?")
_ACCOUNT = re.compile(r"\d{12}|\{this account\}", re.ASCII)

Condition = tuple[tuple[str, str, frozenset[str]], ...]


@dataclass(frozen=True)
class Grant:
    """One action that a policy allows or denies.

    Attributes:
        effect: Allow or Deny.
        principal: To whom it applies; empty in a policy of a role, user or group.
        action: The action, in lower case.
        resource: The resource; empty where the policy belongs to one.
        condition: Its condition.
        decided_by: The parameters that decide parts of it.
        written: The action as the policy writes it.
        written_condition: The parts of the condition as the policy writes them.
    """

    effect: str
    principal: str
    action: str
    resource: str
    condition: Condition = ()
    decided_by: tuple[str, ...] = ()
    written: str = field(default="", compare=False)
    written_condition: tuple[str, ...] = field(default=(), compare=False)

    @property
    def concerns_data(self) -> bool:
        """Whether the action belongs to a service that has to do with data."""
        service = self.action.partition(":")[0]
        if self.action in _WRITE_LOGS:
            return False
        return "*" in service or "?" in service or service in _SERVICES

    def covers(self, other: Grant) -> bool:
        """Return whether whatever matches the other grant matches this one too."""
        return (
            self.effect == other.effect
            and _matches(self.action, other.action)
            and _matches(self.resource, other.resource)
            and (
                self.principal == other.principal
                or (
                    self.principal in ("*", "AWS:*")
                    and (self.principal == "*" or other.principal.startswith("AWS:"))
                )
            )
            and _is_weaker(self.condition, other.condition)
        )


@dataclass
class Policy:
    """All that policies say about one subject.

    Attributes:
        grants: What they allow and deny.
        by_default: What they allow and deny with the defaults of parameters.
        opaque: Statements whose reach only a person can tell, as text.
        is_open: Whether a part has no default, so that nobody knows what it allows.
        account: The account of the stack that declares it.
        sources: The resources that contain the statements.
    """

    grants: set[Grant]
    by_default: set[Grant]
    opaque: set[str]
    account: str = ""
    is_open: bool = False
    sources: list[Resource] = field(default_factory=list)


def policies(
    resources: Iterable[Resource], rename: Callable[[Any], Any]
) -> dict[tuple[str, str], Policy]:
    """Return what policies say.

    Args:
        resources: The resources of an assembly.
        rename: A function that returns a value with other names of resources.

    Returns:
        For each subject and property, what the policies say. The effective policy of a role, user
        or group stands under `Policies`, wherever its statements are written.
    """
    found: dict[tuple[str, str], Policy] = {}
    resources = [*resources]
    managed = {_arn_of_managed(it): it for it in resources if it.type == MANAGED_POLICY}
    attached: set[int] = set()

    def add(subject: str, property: str, document: Any, source: Resource) -> None:
        # A statement belongs to the ARN that it is about, which is no name of this assembly.
        key = (subject if property == STATEMENT else rename(subject), property)
        policy = found.setdefault(key, Policy(set(), set(), set()))
        policy.sources.append(source)
        policy.account = scalar(source.scope.value({"Ref": "AWS::AccountId"}))
        _read(rename(document), policy, is_certain=not is_possible(source))

    for it in resources:
        if it.type in (_ROLE, _USER, _GROUP):
            for inline in as_list(it.get("Policies")):
                is_known = isinstance(inline, dict) and {*inline} <= _INLINE
                document = inline.get("PolicyDocument") if is_known else inline
                add(it.identity, POLICIES, document, it)
            for arn in as_list(it.get("ManagedPolicyArns")):
                if scalar(arn) in managed:
                    policy = managed[scalar(arn)]
                    attached.add(id(policy))
                    add(it.identity, POLICIES, policy.get("PolicyDocument"), policy)
            if it.type == _ROLE:
                add(it.identity, TRUST, it.get(TRUST), it)
        elif it.type in _ATTACHED:
            for property in _ATTACHED[it.type]:
                for holder in as_list(it.get(property)):
                    attached.add(id(it))
                    subject = _subject(_HOLDERS[property], holder, it)
                    add(subject, POLICIES, it.get("PolicyDocument"), it)
        elif it.type == "AWS::S3::BucketPolicy":
            subject = _subject("AWS::S3::Bucket", it.get("Bucket"), it)
            add(subject, "PolicyDocument", it.get("PolicyDocument"), it)
        elif it.type == "AWS::S3::AccessPoint":
            add(it.identity, "Policy", it.get("Policy"), it)
        elif it.type == "AWS::KMS::Key":
            add(it.identity, KEY_POLICY, it.get(KEY_POLICY), it)
        elif it.type == STATEMENT_OF_ENTITY_RESOLUTION:
            subject = f"{it.type} {it.text('Arn')}"
            add(subject, STATEMENT, _statement(it), it)
    for it in managed.values():
        if id(it) not in attached:
            add(it.identity, "PolicyDocument", it.get("PolicyDocument"), it)
    return found


def managed_policies(resources: Iterable[Resource]) -> frozenset[str]:
    """Return the ARNs of the managed policies that the templates contain."""
    return frozenset(_arn_of_managed(it) for it in resources if it.type == MANAGED_POLICY)


def _arn_of_managed(resource: Resource) -> str:
    found = resource.scope.value({"Ref": resource.logical_id})
    return scalar(found)


def _subject(type_name: str, holder: Any, source: Resource) -> str:
    reference = _REFERENCE.fullmatch(scalar(holder))
    if reference:
        return reference[1]
    account = f" ({source.stack.account})" if source.stack.account else ""
    return f"{type_name} {scalar(holder)}{account}"


def _statement(resource: Resource) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow"}
    for name in ("Effect", "Action", "Condition"):
        if resource.get(name) is not ABSENT:
            statement[name] = resource.get(name)
    principals = as_list(resource.get("Principal"))
    services = [it for it in principals if scalar(it).endswith(".amazonaws.com")]
    accounts = [it for it in principals if it not in services]
    statement["Principal"] = {"AWS": accounts, "Service": services}
    return {"Statement": [statement]}


def _read(document: Any, policy: Policy, *, is_certain: bool) -> None:
    if isinstance(document, str) and not isinstance(document, Symbolic):
        with suppress(ValueError):
            document = json.loads(document)
    if document is ABSENT or document is None:
        return
    statements = document.get("Statement", document) if isinstance(document, dict) else document
    for statement in as_list(statements):
        if not isinstance(statement, dict) or not {*statement} <= _MEMBERS:
            shown = (
                {k: v for k, v in statement.items() if k != "Sid"}
                if isinstance(statement, dict)
                else statement
            )
            policy.opaque.add(_canonical(shown))
            continue
        found = set(_grants(statement, () if is_certain else ("a condition of the template",)))
        if not found:
            policy.opaque.add(_canonical(statement))
        policy.grants |= found
        default = by_default(statement) if is_certain else UNKNOWN
        if isinstance(default, dict):
            policy.by_default |= set(_grants(default, ()))
        else:
            policy.is_open = True


def _canonical(node: Any) -> str:
    return json.dumps(plain(node), sort_keys=True, ensure_ascii=False)


def _grants(statement: Mapping[str, Any], decided_by: tuple[str, ...]) -> Iterator[Grant]:
    effect = scalar(statement.get("Effect", "Allow"))
    node = statement.get("Condition", {})
    condition, written = _condition(node)
    who = (*deciders(node),)
    for principal in _principals(statement.get("Principal")):
        for action in as_list(statement.get("Action", [])):
            for resource in as_list(statement.get("Resource", "")) or [""]:
                parts = {*decided_by, *who, *deciders([principal, action, resource])}
                yield Grant(
                    effect,
                    str(principal),
                    scalar(action).lower(),
                    scalar(resource),
                    condition,
                    tuple(sorted(parts)),
                    scalar(action),
                    written,
                )


def _principals(node: Any) -> Iterator[str]:
    if node is None:
        yield ""
    elif isinstance(node, Mapping):
        for kind, members in node.items():
            for member in as_list(members):
                text = scalar(member)
                if kind == "AWS" and _ACCOUNT.fullmatch(text):
                    text = f"arn:aws:iam::{text}:root"
                made = "*" if (kind, text) == ("AWS", "*") else f"{kind}:{text}"
                yield Symbolic(made, deciders(member)) if [*deciders(member)] else made
    else:
        for member in as_list(node):
            yield scalar(member)


def _condition(node: Any) -> tuple[Condition, tuple[str, ...]]:
    """Return a condition in the form in which it is compared, and its parts as they are written."""
    if isinstance(node, str) and not isinstance(node, Symbolic):
        with suppress(ValueError):
            node = json.loads(node)
    parts: list[tuple[str, str, frozenset[str]]] = []
    written: list[str] = []
    for operator, keys in node.items() if isinstance(node, Mapping) else [("", node)]:
        if not isinstance(keys, Mapping):
            parts.append((operator.lower(), scalar(keys), frozenset()))
            written.append(f"{operator} {called(keys)}".strip())
            continue
        for key, values in keys.items():
            texts = sorted(map(scalar, as_list(values)))
            parts.append((operator.lower(), key.lower(), frozenset(texts)))
            written.append(f"{operator} {key}: {', '.join(map(called, texts))}")
    return tuple(sorted(parts, key=lambda it: it[:2])), tuple(sorted(written))


def _is_weaker(weak: Condition, strong: Condition) -> bool:
    """Return whether one condition holds wherever the other holds."""
    return all(any(_implies(it, need) for it in strong) for need in weak)


def _implies(
    strong: tuple[str, str, frozenset[str]], weak: tuple[str, str, frozenset[str]]
) -> bool:
    operator, key, values = weak
    # With IfExists, a request without the key also passes.
    own = _operator(strong[0])
    allowed = {_operator(operator), _operator(operator.removesuffix("ifexists"))}
    if strong[1] != key or not {own, own.replace("stringequals", "stringlike")} & allowed:
        return False
    if "not" in operator:
        return strong[2] >= values
    patterns = "like" in operator or "arn" in operator
    return all(
        any(_matches(it, value) if patterns else it == value for it in values)
        for value in strong[2]
    )


def _operator(name: str) -> str:
    """Return an operator, under one name for those that mean the same."""
    return name.replace("arnequals", "arnlike").replace("arnnotequals", "arnnotlike")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    # A question mark stands for one character, which a wildcard of the other text is not.
    parts = {"*": ".*", "?": r"[^*]"}
    return re.compile("".join(parts.get(it) or re.escape(it) for it in text), re.DOTALL)


def _matches(pattern: str, text: str) -> bool:
    """Return whether a pattern matches whatever another pattern matches."""
    return (
        pattern == text
        or pattern == "*"
        or (("*" in pattern or "?" in pattern) and _pattern(pattern).fullmatch(text) is not None)
    )


def resources_of(grants: Iterable[Grant], action: str) -> list[str]:
    """Return the resources on which statements allow an action, whatever their condition."""
    return sorted(
        {it.resource for it in grants if it.effect == "Allow" and _matches(it.action, action)}
    )


def statements(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """Return grants as statements of a policy, with all actions of the same kind in one."""
    together: dict[tuple[str, str, Condition, str], list[Grant]] = {}
    for it in grants:
        key = (it.effect, it.principal, it.condition, it.resource)
        together.setdefault(key, []).append(it)
    by_actions: dict[tuple[str, str, Condition, tuple[str, ...]], list[Grant]] = {}
    for (effect, principal, condition, _), found in together.items():
        actions = tuple(sorted({it.written for it in found}))
        by_actions.setdefault((effect, principal, condition, actions), []).append(found[0])
    made = []
    for (effect, principal, _, actions), found in by_actions.items():
        statement: dict[str, Any] = {"Effect": effect, "Action": [*actions]}
        if principal:
            statement["Principal"] = called(principal)
        if any(it.resource for it in found):
            statement["Resource"] = sorted(called(it.resource) for it in found)
        if found[0].written_condition:
            statement["Condition"] = [*found[0].written_condition]
        made.append(statement)
    return sorted(made, key=_canonical)


def uncovered(grants: set[Grant], others: set[Grant]) -> list[Grant]:
    """Return the grants that no other grant certainly covers."""
    certain = [it for it in others if not it.decided_by]
    return [
        it for it in grants if it not in others and not any(other.covers(it) for other in certain)
    ]
