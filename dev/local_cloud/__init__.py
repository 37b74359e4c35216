"""A CloudFormation, a Clean Rooms and an Entity Resolution on this machine, for tests and trials.

It is the local AWS of the package `ministack`, extended by the two services and by their resource
types. Nothing here is part of the library that users install.

**What there is.** All `AWS::CleanRooms::*` types, and of `AWS::EntityResolution::*` `IdNamespace`,
`IdMappingWorkflow`, `MatchingWorkflow`, `SchemaMapping` and `PolicyStatement`. CloudFormation
creates, changes, replaces, imports, tags and deletes them, and Cloud Control reads them. The APIs
have the operations that create, get, list, update, delete and tag these resources, analysis rules
included, as well as `ListMembers`, `PopulateIdMappingTable` (which answers with a job ID and does
nothing), and those on policy statements. botocore's models say what requests and answers are like,
and cfn-lint's schemas what properties are like.

**Who asks.** An access key of twelve digits is the account. So several accounts can use one local
cloud, as companies that work together do.

**What is refused.** What AWS documents as refused, as far as it concerns these resources: see the
classes in `clean_rooms` and `entity_resolution`.

**What is elsewhere.** A membership, a collaboration, a configured table, an ID namespace, a
workflow or a schema mapping that nobody has created here counts as one that exists elsewhere: it
can be named, and nothing about it is checked, for a template may name what its author has in AWS.
What was created here is checked strictly. An identifier that was given out here means nothing
after its resource has been deleted. A role of the caller's own account has to exist here.

**What there is not.** Data: no query, job, matching or mapping runs. Permissions: no IAM policy is
evaluated, except that a partner sees an ID namespace or a workflow only if a policy statement was
added to it. Change requests of collaborations, the views that a collaboration's other members have
of its resources, and Clean Rooms ML.
"""

from dev.local_cloud.local_cloud import LocalCloud

__all__ = ["LocalCloud"]
