"""Where results go, which roles read which data, and what is logged, encrypted and retained."""

from __future__ import annotations

from ..document import Section, Table, Text, listed, quoted
from ..policies import (
    KEY_POLICY,
    POLICIES,
    TRUST,
    managed_policies,
    resources_of,
    statements,
)
from ..resources import Resource
from ..values import ABSENT, as_list, get, scalar
from .view import (
    COLLABORATION,
    ID_MAPPING_TABLE,
    ID_MAPPING_WORKFLOW,
    INTERMEDIATE_TABLE,
    MATCHING_WORKFLOW,
    MEMBERSHIP,
    View,
)
from .words import principal_words, resource_words, role_words

_BUCKET = "AWS::S3::Bucket"
_LOG_GROUP = "AWS::Logs::LogGroup"
_PROPERTIES = {
    POLICIES: "may",
    TRUST: "may be used by",
    KEY_POLICY: "key policy",
    "PolicyDocument": "policy",
    "Policy": "policy",
}
_OWN = ("AWS::CleanRooms", "AWS::EntityResolution", "AWS::S3::Bucket", "AWS::KMS::Key")


def results(view: View) -> Section:
    """Return the section about where results go."""
    section = Section(("Where results go",))
    rows: list[list[Text]] = []
    for it in view.of(MEMBERSHIP):
        for kind, path in (
            ("queries", "DefaultResultConfiguration"),
            ("jobs", "DefaultJobResultConfiguration"),
        ):
            place = it.get(f"{path}.OutputConfiguration.S3")
            if place is not ABSENT:
                prefix = get(place, "KeyPrefix")
                rows.append(
                    [
                        (f"{kind} of the ", *resource_words(it.identity)),
                        (
                            *quoted(get(place, "Bucket")),
                            *((" below ", *quoted(prefix)) if prefix is not ABSENT else ()),
                        ),
                        role_words(it.get(f"{path}.RoleArn")),
                        ("the key of the bucket",),
                        (path,),
                    ]
                )
    for type_name in (MATCHING_WORKFLOW, ID_MAPPING_WORKFLOW):
        for it in view.of(type_name):
            for output in as_list(it.get("OutputSourceConfig")):
                key = get(output, "KMSArn")
                rows.append(
                    [
                        ("the ", *resource_words(it.identity)),
                        quoted(get(output, "OutputS3Path")),
                        role_words(it.get("RoleArn")),
                        ("the key of the bucket",) if key is ABSENT else quoted(key),
                        ("OutputSourceConfig",),
                    ]
                )
    if rows:
        section.blocks.append(
            Table(
                ("Results of", "Go to", "Written with the role", "Encrypted with", "Property"), rows
            )
        )
    elif view.of(MEMBERSHIP):
        section.say(
            "No membership of these templates has a default place for results; who queries chooses"
            " it.",
            source="DefaultResultConfiguration",
        )
    return section


def roles(view: View) -> Section:
    """Return the section about what policies allow."""
    section = Section(("Which roles and accounts may do what",))
    rows: list[list[Text]] = [
        [
            resource_words(subject),
            listed(resources_of(policy.grants, "s3:getobject"), nothing="nothing"),
            listed(resources_of(policy.grants, "s3:putobject"), nothing="nothing"),
        ]
        for (subject, property), policy in sorted(view.policies.items())
        if property == POLICIES
    ]
    if rows:
        section.say("A role is what AWS, a program or a person uses to read and write data.")
        section.blocks.append(
            Table(("Role", "Reads the files", "Writes the files"), rows, ("PolicyDocument",))
        )
    rows = []
    for (subject, property), policy in sorted(view.policies.items()):
        if property not in _PROPERTIES:
            continue
        name = (*resource_words(subject), f" ({_PROPERTIES[property]})")
        relevant = [it for it in policy.grants if it.concerns_data]
        for it in statements(relevant):
            rows.append(
                [
                    name,
                    ("allowed" if it["Effect"] == "Allow" else "denied",),
                    principal_words(it["Principal"]) if "Principal" in it else ("-",),
                    listed(it["Action"]),
                    listed(it.get("Resource", ()), nothing="-"),
                    listed(it.get("Condition", ()), nothing="always"),
                ]
            )
        rows += [
            [name, ("a person has to read this",), ("-",), quoted(it), ("-",), ("-",)]
            for it in sorted(policy.opaque)
        ]
    if rows:
        section.blocks.append(
            Table(
                ("Policy of", "Effect", "Who", "Actions", "On", "If"),
                rows,
                ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy"),
            )
        )
    known = managed_policies(view.resources)
    managed = [
        (resource, arn)
        for resource in view.resources
        if resource.type.startswith("AWS::IAM::")
        for arn in as_list(resource.get("ManagedPolicyArns"))
        if scalar(arn) not in known
    ]
    for resource, arn in managed:
        section.say(
            "The ",
            *resource_words(resource.identity),
            " may also do what the managed policy ",
            *quoted(arn),
            " allows.",
            source="ManagedPolicyArns",
        )
    return section


def logs_and_encryption(view: View) -> Section:
    """Return the section about logs and encryption."""
    section = Section(("Logs and encryption",))
    rows: list[list[Text]] = []
    for type_name in (COLLABORATION, MEMBERSHIP):
        for it in view.of(type_name):
            for property, what in (("QueryLogStatus", "queries"), ("JobLogStatus", "jobs")):
                value = it.get(property)
                rows.append(
                    [
                        resource_words(it.identity),
                        (f"log of {what}",),
                        ("off",)
                        if value is ABSENT or value == "DISABLED"
                        else ("on",)
                        if value == "ENABLED"
                        else quoted(value),
                        (property,),
                    ]
                )
    for it in view.of(_LOG_GROUP):
        days = it.get("RetentionInDays")
        rows.append(
            [
                resource_words(it.identity),
                ("logs are kept",),
                ("for good",) if days is ABSENT else (*quoted(days), " days"),
                ("RetentionInDays",),
            ]
        )
    for type_name in (ID_MAPPING_TABLE, INTERMEDIATE_TABLE):
        for it in view.of(type_name):
            rows.append(
                [resource_words(it.identity), ("encrypted with",), _key(it), ("KmsKeyArn",)]
            )
    for it in view.of(_BUCKET):
        encryption = it.get("BucketEncryption")
        rows.append(
            [
                resource_words(it.identity),
                ("encrypted with",),
                ("the default key of Amazon S3",)
                if encryption is ABSENT
                else quoted(scalar(encryption)),
                ("BucketEncryption",),
            ]
        )
        public = it.get("PublicAccessBlockConfiguration")
        rows.append(
            [
                resource_words(it.identity),
                ("public access is blocked",),
                quoted(scalar(public))
                if public is not ABSENT
                else ("by the default of Amazon S3",),
                ("PublicAccessBlockConfiguration",),
            ]
        )
    if rows:
        section.blocks.append(Table(("What", "Setting", "Value", "Property"), rows))
    return section


def _key(resource: Resource) -> Text:
    key = resource.get("KmsKeyArn")
    return ("a key of AWS",) if key is ABSENT else quoted(key)


def retention(view: View) -> Section:
    """Return the section about what remains."""
    section = Section(("What remains when it is removed from the app",))
    rows = []
    for it in view.resources:
        policy = it.declaration.get("DeletionPolicy", "Delete")
        if it.type.startswith(_OWN) and policy != "Delete":
            rows.append([resource_words(it.identity), quoted(policy), ("DeletionPolicy",)])
        lifecycle = it.get("LifecycleConfiguration") if it.type == _BUCKET else ABSENT
        if lifecycle is not ABSENT:
            rows.append(
                [
                    resource_words(it.identity),
                    quoted(scalar(lifecycle)),
                    ("LifecycleConfiguration",),
                ]
            )
    if rows:
        section.blocks.append(Table(("What", "Policy", "Property"), sorted(rows)))
    return section
