"""`AWS::EntityResolution::IdMappingWorkflow`, created or imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import jsii
from aws_cdk import IResource, RemovalPolicy
from aws_cdk.aws_entityresolution import CfnIdMappingWorkflow
from aws_cdk.interfaces.aws_entityresolution import (
    IdMappingWorkflowReference,
    IIdMappingWorkflowRef,
    IIdNamespaceRef,
    IMatchingWorkflowRef,
)
from aws_cdk.interfaces.aws_iam import IRoleRef
from constructs import Construct

from .._core import checks, types
from .._core.construct_checks import elsewhere
from .._core.declaration import Declaration
from .._core.facts import MappedNamespaces, facts_about, publish
from .._core.imports import arn_rule, existing, existing_arn, look_up
from .._core.references import arn_of, read_arn
from .._core.resource import Resource
from .._core.tags import TagMethods
from .._core.validation import Problem
from ._arguments import description_rule, role_rule
from ._matching import NamespaceFacts, agree, facts_of_namespace
from ._schemas import match_key_problems, schema_arn
from .id_mapping_workflow_grants import IdMappingWorkflowGrants
from .matching_models import (
    AttributeMatchingModel,
    RecordMatchingModel,
    RuleDefinitionType,
    cfn_rules,
    matching_rules,
)
from .tables import (
    MatchingFacts,
    Table,
    TableInput,
    WorkflowOutput,
    job_role,
    l1s_of,
    output_location,
    output_rule,
    provider_problems,
    role_problems,
    table_input_problems,
    table_of,
    warn_of_data,
)

_NAMESPACE = arn_of(types.ID_NAMESPACE)
_WORKFLOW = arn_of(types.MATCHING_WORKFLOW)
_OWN_REGION = "a workflow can only map the IDs"
_CHOICES = {
    "rule_definition_type": checks.choice(*(each.value for each in RuleDefinitionType)),
    "attribute_matching_model": checks.choice(*(each.value for each in AttributeMatchingModel)),
    "record_matching_model": checks.choice(*(each.value for each in RecordMatchingModel)),
}


class IIdMappingWorkflow(IResource, IIdMappingWorkflowRef, Protocol):
    """An ID mapping workflow, created by this app or imported into it."""

    @property
    def id_mapping_workflow_arn(self) -> str:
        """The ARN of the ID mapping workflow."""

    @property
    def id_mapping_workflow_name(self) -> str:
        """The name of the ID mapping workflow."""

    @property
    def grants(self) -> IdMappingWorkflowGrants:
        """Grants of permissions on the ID mapping workflow."""


class ILookedUpIdMappingWorkflow(IIdMappingWorkflow, Protocol):
    """An ID mapping workflow that was read at synthesis."""

    @property
    def role_arn(self) -> str:
        """The ARN of the role that Entity Resolution assumes."""


@jsii.implements(IIdMappingWorkflowRef)
class _IdMappingWorkflow(Resource):
    """An ID mapping workflow, created or imported."""

    _type = types.ID_MAPPING_WORKFLOW

    @property
    def id_mapping_workflow_arn(self) -> str:
        """The ARN of the ID mapping workflow."""
        return self._identity.arn()

    @property
    def id_mapping_workflow_name(self) -> str:
        """The name of the ID mapping workflow."""
        return self._identity.identifier()

    @property
    def id_mapping_workflow_ref(self) -> IdMappingWorkflowReference:
        """The reference that the CDK accepts for an ID mapping workflow."""
        return IdMappingWorkflowReference(workflow_name=self.id_mapping_workflow_name)

    @property
    def grants(self) -> IdMappingWorkflowGrants:
        """Grants of permissions on the ID mapping workflow."""
        return IdMappingWorkflowGrants.from_id_mapping_workflow(self)


class _LookedUp(_IdMappingWorkflow):
    """An existing ID mapping workflow, with the properties that were read at synthesis."""

    role_arn: str


class IdMappingWorkflow(TagMethods, _IdMappingWorkflow):
    """An ID mapping workflow, which maps the IDs of one ID namespace to those of another.

    Source, target and workflow must agree on the side whose rules are used, on how fields are
    compared, and on how many records can match. If both ID namespaces are declared in the app, you
    can omit an argument for which they leave only one choice, and a contradiction raises an error
    that names both places. If you pass the ARN of a partner's ID namespace, the
    library checks only the other one.

    A change of `name` replaces the workflow. A change of any other property updates it in place.

    Args:
        scope: The construct that the workflow belongs to.
        id: The construct's ID in its scope.
        name: The name, 1 to 255 letters, digits, underscores and hyphens; unique in the account
            and Region.
        source: The ID namespace whose IDs are mapped, as a construct or its ARN. To map IDs inside
            one account, it can also be a table, as a `TableInput`, or a matching workflow.
        target: The ID namespace that they are mapped to, as a construct or its ARN. To map IDs
            inside one account, it can also be a matching workflow. Required unless a `provider`
            maps the IDs.
        rule_definition_type: The side whose rules are used. By default the only one that both ID
            namespaces allow.
        attribute_matching_model: How fields with the same match key are compared. By default the
            same as in the ID namespaces.
        record_matching_model: How many records of the source match one record of the target. By
            default the only choice that both ID namespaces allow.
        rules: The rules, 1 to 25, as a mapping of each rule's name to 1 to 15 match keys. By
            default the rules of the side that `rule_definition_type` names.
        normalization_version: The version of the normalization, a number such as `1.0`. None by
            default, for AWS's default.
        provider: A provider service that maps the IDs, with the structure of
            `CfnIdMappingWorkflow`, instead of rules. It requires `role`. None by default.
        incremental: Whether a job can map only the records that have changed. False by default.
        output: Where the workflow writes its results. None by default, because an ID mapping table
            of Clean Rooms needs no output.
        role: The role that Entity Resolution assumes, as a construct or its ARN. By default the
            library creates a role that can write the output, and can read the data of the ID
            namespaces that are constructs of this library. CloudFormation creates the role's policy
            before the workflow. The role of a partner's ID namespace reads the partner's data.
        description: A description, at most 255 characters. None by default.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has at most 256 characters. None by default.
        removal_policy: What happens to the workflow when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The name of an existing workflow to adopt, which must be the same as `name`. If True,
            the command `cdk-cleanrooms adopt` adopts the workflow with this name, if it exists.
            None by default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-entityresolution-idmappingworkflow.html
    """

    @staticmethod
    def from_existing(
        scope: Construct, id: str, *, id_mapping_workflow_name: str
    ) -> IIdMappingWorkflow:
        """Import an existing ID mapping workflow by its name.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            id_mapping_workflow_name: The name of the workflow.

        Returns:
            The workflow, without a resource in the template. It is assumed to be in the stack's
            account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/apireference/API_GetIdMappingWorkflow.html
        """
        return existing(_IdMappingWorkflow, scope, id, id_mapping_workflow_name)

    @staticmethod
    def from_id_mapping_workflow_arn(
        scope: Construct, id: str, id_mapping_workflow_arn: str
    ) -> IIdMappingWorkflow:
        """Import an existing ID mapping workflow by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            id_mapping_workflow_arn: Its ARN:
                `arn:aws:entityresolution:<region>:<account>:idmappingworkflow/<name>`.

        Returns:
            The workflow, without a resource in the template; its `env` is the ARN's account and
            Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
        """
        return existing_arn(_IdMappingWorkflow, scope, id, id_mapping_workflow_arn)

    @staticmethod
    def from_lookup(
        scope: Construct, id: str, *, id_mapping_workflow_name: str
    ) -> ILookedUpIdMappingWorkflow:
        """Import an existing ID mapping workflow, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            id_mapping_workflow_name: The name of the workflow, literal text.

        Returns:
            The workflow, without a resource in the template. Until the CLI has read it, and in unit
            tests, its role is a well-formed dummy.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        workflow, found = look_up(
            _LookedUp,
            scope,
            id,
            id_mapping_workflow_name,
            lambda _: {"RoleArn": "arn:aws:iam::123456789012:role/dummy"},
        )
        workflow.role_arn = found["RoleArn"]
        return workflow

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        source: IIdNamespaceRef | IMatchingWorkflowRef | TableInput | str,
        target: IIdNamespaceRef | IMatchingWorkflowRef | str | None = None,
        rule_definition_type: RuleDefinitionType | str | None = None,
        attribute_matching_model: AttributeMatchingModel | str | None = None,
        record_matching_model: RecordMatchingModel | str | None = None,
        rules: Mapping[str, Sequence[str]] | None = None,
        normalization_version: str | None = None,
        provider: CfnIdMappingWorkflow.ProviderPropertiesProperty | None = None,
        incremental: bool = False,
        output: WorkflowOutput | None = None,
        role: IRoleRef | str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            IdMappingWorkflow,
            scope,
            id,
            name=name,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        declaration.report(role_rule("role", role, scope))
        role_is_given = role is not None
        source = declaration.check("source", source)
        sides: dict[str, Any] = {"source": source, "target": target}
        facts = {side: _facts_of(given) for side, given in sides.items()}
        side_problems = [*_side_problems(sides, facts, provider, scope, role_is_given)]
        declaration.report(side_problems)
        chosen: dict[str, Any] = {
            "rule_definition_type": rule_definition_type,
            "attribute_matching_model": attribute_matching_model,
            "record_matching_model": record_matching_model,
        }
        matching: dict[str, str] = {}
        if provider is None:
            malformed = False
            for property, choice in chosen.items():
                found = [*checks.optional(_CHOICES[property])(property, choice)]
                malformed = malformed or bool(found)
                declaration.report(found)
            # Without both sides, nothing certain can be said about their agreement.
            if not malformed and not side_problems:
                matching, contradictions = agree(sides, facts, chosen)
                declaration.report(contradictions)
        else:
            declaration.report(_unused_problems(chosen))
        declaration.report(
            provider_problems(provider, CfnIdMappingWorkflow.ProviderPropertiesProperty, role)
        )
        declaration.report(_rule_problems(rules, source, provider))
        rules = declaration.check("rules", rules, checks.optional(matching_rules))
        normalization_version = declaration.check(
            "normalization_version", normalization_version, checks.optional(_version)
        )
        declaration.report(checks.flag("incremental", incremental))
        output = declaration.check(
            "output",
            output,
            checks.optional(output_rule(scope, WorkflowOutput, role_is_given=role_is_given)),
        )
        tables = [table for known in facts.values() for table in known.tables]
        if not side_problems:
            declaration.report(_missing_role(sides, tables, role, output))
            declaration.report(role_problems(tables, role))
        description = declaration.check(
            "description", description, checks.optional(description_rule)
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        if isinstance(source, TableInput):
            tables = [table_of(scope, source), *tables]
        place = output_location(scope, output) if output is not None else None
        created = job_role(self, role, reads=tables, writes=[place] if place else [])
        l1 = CfnIdMappingWorkflow
        if provider is None:
            techniques = l1.IdMappingTechniquesProperty(
                id_mapping_type="RULE_BASED",
                rule_based_properties=l1.IdMappingRuleBasedPropertiesProperty(
                    rule_definition_type=matching["rule_definition_type"],
                    attribute_matching_model=matching["attribute_matching_model"],
                    record_matching_model=matching["record_matching_model"],
                    rules=cfn_rules(l1, rules),
                ),
                normalization_version=normalization_version,
            )
        else:
            techniques = l1.IdMappingTechniquesProperty(
                id_mapping_type="PROVIDER",
                provider_properties=provider,
                normalization_version=normalization_version,
            )
        resource = l1(
            self,
            "Resource",
            workflow_name=declaration.name,
            role_arn=created.arn,
            input_source_config=[
                _input_source(scope, side, given)
                for side, given in sides.items()
                if given is not None
            ],
            id_mapping_techniques=techniques,
            output_source_config=[
                l1.IdMappingWorkflowOutputSourceProperty(
                    output_s3_path=place.path, kms_arn=place.key_arn
                )
            ]
            if place
            else None,
            id_mapping_incremental_run_config=l1.IdMappingIncrementalRunConfigProperty(
                incremental_run_type="ON_DEMAND"
            )
            if incremental
            else None,
            description=description,
            tags=declaration.tags,
        )
        created.apply(resource, waits_for=l1s_of(tables))
        self.name = declaration.name
        self.role_arn = created.arn
        if _is_namespace(source) and _is_namespace(target):
            publish(self, MappedNamespaces(source, target))
        declaration.complete(self, resource)
        warn_of_data(self, [source], tables, place, role_is_given=role_is_given)


def _is_namespace(given: object) -> bool:
    """Return whether one side of a workflow is an ID namespace, and not data of the account."""
    return given is not None and not isinstance(given, TableInput) and not _is_workflow(given)


def _is_workflow(given: object) -> bool:
    if isinstance(given, str):
        return given.strip().startswith("arn:") and ":matchingworkflow/" in given
    return _WORKFLOW.accepts(given)


def _facts_of(given: Any) -> NamespaceFacts:
    """Return the facts about one side. Those of a `TableInput` are known when it was checked."""
    matching = facts_about(given, MatchingFacts)
    if matching is not None:
        return NamespaceFacts(tables=matching.tables)
    return facts_of_namespace(given) if _is_namespace(given) else NamespaceFacts()


def _input_source(
    scope: Construct, side: str, given: Any
) -> CfnIdMappingWorkflow.IdMappingWorkflowInputSourceProperty:
    l1 = CfnIdMappingWorkflow.IdMappingWorkflowInputSourceProperty
    if isinstance(given, TableInput):
        table = table_of(scope, given)
        return l1(input_source_arn=table.arn, schema_arn=schema_arn(scope, given.schema_mapping))
    if _is_workflow(given):
        # AWS documents `Type` for ID namespaces only.
        return l1(input_source_arn=read_arn(types.MATCHING_WORKFLOW, scope, given))
    return l1(input_source_arn=_NAMESPACE.read(given), type=side.upper())


def _side_problems(
    sides: Mapping[str, Any],
    facts: Mapping[str, NamespaceFacts],
    provider: object,
    scope: Construct,
    role_is_given: bool,
) -> Iterator[Problem]:
    """Yield what is wrong with source and target."""
    for side, given in sides.items():
        if given is None and side == "target":
            if provider is None:
                message = "only a provider service maps IDs without a target; pass the target"
                yield Problem(side, given, message, "TargetMissing")
        elif isinstance(given, TableInput) and side == "source":
            yield from table_input_problems(
                side, given, scope=scope, position=None, role_is_given=role_is_given, expected=""
            )
        elif _is_workflow(given):
            if isinstance(given, str):
                yield from arn_rule(types.MATCHING_WORKFLOW)(side, given)
            yield from elsewhere(side, given, scope, _OWN_REGION, account=False)
        else:
            yield from _namespace_problems(side, given, facts[side], provider, scope)


def _namespace_problems(
    side: str, namespace: Any, known: NamespaceFacts, provider: object, scope: Construct
) -> Iterator[Problem]:
    other_side = {"source": "TARGET", "target": "SOURCE"}
    problems = (
        [] if _NAMESPACE.accepts(namespace) else [*arn_rule(types.ID_NAMESPACE)(side, namespace)]
    )
    yield from problems
    if problems:
        return
    yield from elsewhere(side, namespace, scope, _OWN_REGION, account=False)
    if known.type == other_side[side]:
        message = (
            f"the ID namespace {namespace.node.path} is of the type {known.type}; use one of"
            f" the type {side.upper()}"
        )
        yield Problem(side, namespace, message, "IdNamespaceType")
    if known.is_provider is not None and known.is_provider != (provider is not None):
        way = "a provider service" if known.is_provider else "rules"
        other = "rules" if known.is_provider else "a provider service"
        message = (
            f"the ID namespace {namespace.node.path} is mapped by {way} and the workflow"
            f" maps by {other}; use the same in both places"
        )
        yield Problem(side, namespace, message, "IdNamespaceMatching")


def _missing_role(
    sides: Mapping[str, Any], tables: Sequence[Table], role: object, output: object
) -> Iterator[Problem]:
    """Yield why no role can be created."""
    if role is not None:
        return
    for given in sides.values():
        if _is_workflow(given) and facts_about(given, MatchingFacts) is None:
            message = (
                "the data of a matching workflow that is not a construct of this library is not"
                " known, so no role can be created; pass role"
            )
            yield Problem("role", role, message, "RoleMissing")
            return
    if not tables and output is None and not isinstance(sides["source"], TableInput):
        message = (
            "the data of both ID namespaces is not known, and there is no output, so no role"
            " can be created; pass role"
        )
        yield Problem("role", role, message, "RoleMissing")


@checks.text("the version, a string such as '1.0'")
def _version(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("Version", value, 1, 255)


def _rule_problems(rules: object, source: object, provider: object) -> Iterator[Problem]:
    if rules is not None and provider is not None:
        message = "this is for rules, and a provider service maps the IDs; leave it out"
        yield Problem("rules", rules, message, "OnlyForRules")
    if isinstance(source, TableInput):
        yield from match_key_problems("rules", rules, [source])


def _unused_problems(chosen: Mapping[str, object]) -> Iterator[Problem]:
    for property, choice in chosen.items():
        if choice is not None:
            message = "this is for rules, and a provider service maps the IDs; leave it out"
            yield Problem(property, choice, message, "OnlyForRules")
