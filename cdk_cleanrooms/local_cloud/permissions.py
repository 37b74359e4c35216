"""The permissions that a service needs in the roles that it assumes to read and write.

Only what certainly fails in AWS counts: actions without which Amazon S3, AWS Glue and AWS KMS
refuse every read or write. The services check them when a query or a job runs, the local cloud at
the end of each deployment.

See Also:
    https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    https://docs.aws.amazon.com/clean-rooms/latest/userguide/setting-up-roles.html
    https://docs.aws.amazon.com/entityresolution/latest/userguide/create-workflow-job-role.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from .service import Resource, World
from .service_model import Members

ASSUME_ROLE = "sts:AssumeRole"


class Need(NamedTuple):
    """An action on a resource that a role must allow, or that its trust policy must allow.

    Args:
        role: The ARN of the role.
        action: The action in IAM, such as `s3:GetObject`.
        resource: The ARN of the resource.
        purpose: What the service does with it.
    """

    role: str
    action: str
    resource: str
    purpose: str


class Places(Protocol):
    """Where data is, as far as stacks in the local cloud declare it."""

    def location(self, database: str, table: str) -> str | None:
        """Return the URI of a Glue table's data in Amazon S3, if a stack declares the table."""
        ...

    def key(self, bucket: str) -> str | None:
        """Return the ARN of the key that encrypts a bucket, if a stack declares both."""
        ...

    def is_declared(self, bucket: str) -> bool:
        """Return whether a stack declares a bucket."""
        ...


def needs(resource: Resource, world: World, places: Places) -> Iterator[Need]:
    """Yield what the role of a resource must allow."""
    members = resource.members
    match resource.kind.name:
        case "ConfiguredTableAssociation":
            table = world.resources.get(
                resource.owner.arn("cleanrooms", f"configuredtable/{members['configuredTableId']}")
            )
            glue = table.members["tableReference"].get("glue") if table else None
            yield _assumes(members["roleArn"], "to read the associated table")
            if glue:
                yield from _reads(
                    members["roleArn"], resource, places, glue["databaseName"], glue["tableName"]
                )
        case "Membership":
            for name in ("defaultResultConfiguration", "defaultJobResultConfiguration"):
                results: Members = members.get(name, {})
                s3 = results.get("outputConfiguration", {}).get("s3")
                if s3 and "roleArn" in results:
                    place = f"s3://{s3['bucket']}/{s3.get('keyPrefix', '')}"
                    yield _assumes(results["roleArn"], f"to write to {place}")
                    yield from _writes(results["roleArn"], places, place, None)
        case "IdMappingWorkflow" | "IdNamespace" | "MatchingWorkflow" if "roleArn" in members:
            yield _assumes(members["roleArn"], f"for the {resource.kind.label}")
            for source in members.get("inputSourceConfig", ()):
                arn = source["inputSourceARN"].split(":", 5)
                if arn[2] == "glue" and arn[3:5] == [resource.owner.region, resource.owner.account]:
                    _, database, table = arn[5].split("/")
                    yield from _reads(members["roleArn"], resource, places, database, table)
            for output in members.get("outputSourceConfig", ()):
                if "outputS3Path" in output:
                    yield from _writes(
                        members["roleArn"], places, output["outputS3Path"], output.get("KMSArn")
                    )


def _assumes(role: str, purpose: str) -> Need:
    return Need(role, ASSUME_ROLE, role, purpose)


def _reads(
    role: str, resource: Resource, places: Places, database: str, table: str
) -> Iterator[Need]:
    location = places.location(database, table)
    if location is None:
        return
    purpose = f"to read the Glue table {database}.{table}"
    # AWS Glue needs the permission on the table, on its database and on the catalog.
    for name in (f"table/{database}/{table}", f"database/{database}", "catalog"):
        yield Need(role, "glue:GetTable", resource.owner.arn("glue", name), purpose)
    bucket, _, prefix = location.partition("://")[2].partition("/")
    if not places.is_declared(bucket):
        return
    yield Need(role, "s3:ListBucket", f"arn:aws:s3:::{bucket}", purpose)
    yield Need(role, "s3:GetObject", _object(bucket, prefix), purpose)
    if key := places.key(bucket):
        yield Need(role, "kms:Decrypt", key, purpose)


def _writes(role: str, places: Places, uri: str, key: str | None) -> Iterator[Need]:
    bucket, _, prefix = uri.partition("://")[2].partition("/")
    purpose = f"to write to {uri}"
    if places.is_declared(bucket):
        yield Need(role, "s3:PutObject", _object(bucket, prefix), purpose)
        key = key or places.key(bucket)
    if key:
        yield Need(role, "kms:GenerateDataKey", key, purpose)


def _object(bucket: str, prefix: str) -> str:
    folder = f"{prefix.rstrip('/')}/" if prefix else ""
    return f"arn:aws:s3:::{bucket}/{folder}object"
