"""`AWS::EntityResolution::IdNamespace`, created or imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Protocol

import jsii
from aws_cdk import IResource, RemovalPolicy
from aws_cdk.aws_entityresolution import CfnIdNamespace
from aws_cdk.interfaces.aws_entityresolution import (
    IdNamespaceReference,
    IIdNamespaceRef,
    IMatchingWorkflowRef,
)
from aws_cdk.interfaces.aws_iam import IRoleRef
from constructs import Construct

from .._core import checks, types
from .._core.declaration import Declaration
from .._core.facts import facts_about, publish
from .._core.imports import arn_rule, existing, existing_arn, look_up
from .._core.references import arn_of, read_arn
from .._core.resource import Resource
from .._core.tags import TagMethods
from .._core.validation import Problem
from ._arguments import description_rule, role_rule
from ._matching import NamespaceFacts, NamespaceMatching
from ._schemas import match_key_problems, schema_name
from .id_namespace_grants import IdNamespaceGrants
from .matching_models import (
    AttributeMatchingModel,
    RecordMatchingModel,
    RuleDefinitionType,
    cfn_rules,
    matching_rules,
)
from .tables import (
    MatchingFacts,
    TableInput,
    input_count_problems,
    job_role,
    l1s_of,
    provider_problems,
    role_problems,
    table_input_problems,
    table_of,
    warn_of_data,
)

_WORKFLOW = arn_of(types.MATCHING_WORKFLOW)
_attribute_matching_model = checks.choice(*(each.value for each in AttributeMatchingModel))


class IdNamespaceType(StrEnum):
    """The side of an ID mapping that an ID namespace is for."""

    SOURCE = "SOURCE"
    """The IDs that are mapped."""
    TARGET = "TARGET"
    """The IDs to which the IDs of the source are mapped."""


_side = checks.choice(*(each.value for each in IdNamespaceType))


def _several(choices: type[StrEnum]) -> Any:
    several = checks.several(choices)

    def rule(property: str, value: object) -> Iterator[Problem]:
        yield from several(property, value)
        if isinstance(value, Sequence) and not value:
            names = ", ".join(map(repr, (each.value for each in choices)))
            message = f"the list is empty; use at least one of {names}"
            yield Problem(property, value, message, "ListEmpty")

    return checks.optional(rule)


def _known(choices: Sequence[str]) -> tuple[str, ...]:
    """Return the choices, or none for a list token, whose content is not known."""
    return () if checks.is_list_token(choices) else tuple(map(str, choices))


def _workflow_of(inputs: object) -> Any:
    """Return the matching workflow that is the first input, if there is one."""
    if isinstance(inputs, Sequence) and not isinstance(inputs, str):
        for item in inputs:
            if not isinstance(item, TableInput):
                return item
    return None


class IIdNamespace(IResource, IIdNamespaceRef, Protocol):
    """An ID namespace, created by this app or imported into it."""

    @property
    def id_namespace_arn(self) -> str:
        """The ARN of the ID namespace."""

    @property
    def id_namespace_name(self) -> str:
        """The name of the ID namespace."""

    @property
    def grants(self) -> IdNamespaceGrants:
        """Grants of permissions on the ID namespace."""


class ILookedUpIdNamespace(IIdNamespace, Protocol):
    """An ID namespace that was read at synthesis."""

    @property
    def type(self) -> str:
        """The side of the mapping, `SOURCE` or `TARGET`."""


@jsii.implements(IIdNamespaceRef)
class _IdNamespace(Resource):
    """An ID namespace, created or imported."""

    _type = types.ID_NAMESPACE

    @property
    def id_namespace_arn(self) -> str:
        """The ARN of the ID namespace."""
        return self._identity.arn()

    @property
    def id_namespace_name(self) -> str:
        """The name of the ID namespace."""
        return self._identity.identifier()

    @property
    def id_namespace_ref(self) -> IdNamespaceReference:
        """The reference that the CDK accepts for an ID namespace."""
        return IdNamespaceReference(
            id_namespace_arn=self.id_namespace_arn, id_namespace_name=self.id_namespace_name
        )

    @property
    def grants(self) -> IdNamespaceGrants:
        """Grants of permissions on the ID namespace."""
        return IdNamespaceGrants.from_id_namespace(self)


class _LookedUp(_IdNamespace):
    """An existing ID namespace, with the properties that were read at synthesis."""

    type: str


class IdNamespace(TagMethods, _IdNamespace):
    """An ID namespace, which defines where IDs are and how they can be mapped to other IDs.

    `IdNamespace.source` and `IdNamespace.target` have only the arguments that apply to their type.

    Source, target and workflow of an ID mapping must agree on the side whose rules are used, on how
    fields are compared, and on how many records can match. An ID namespace defines what it allows,
    and `IdMappingWorkflow` checks that all three agree.

    A change of `name` replaces the ID namespace. Entity Resolution cannot change `type`; to change
    it, also use another name. A change of any other property updates the ID namespace in place, but
    Entity Resolution refuses this while a workflow uses the ID namespace.

    Args:
        scope: The construct that the ID namespace belongs to.
        id: The construct's ID in its scope.
        name: The name, 1 to 255 letters, digits, underscores and hyphens; unique in the account
            and Region.
        type: The side of the mapping, `SOURCE` or `TARGET`.
        inputs: Where the IDs are, 1 to 20 inputs. For a `TARGET`, one matching workflow, as a
            construct or its ARN. For a `SOURCE`, tables, or one matching workflow.
        rules: The rules, 1 to 25, as a mapping of each rule's name to 1 to 15 match keys. By
            default the rules of the matching workflow if it is a construct of this library, and
            otherwise none.
        rule_definition_types: The sides whose rules can be used. By default `TARGET`, or `SOURCE`
            for a source with its own rules.
        attribute_matching_model: How fields with the same match key are compared. By default the
            same as in the matching workflow, if it is a construct of this library; otherwise
            `ONE_TO_ONE`.
        record_matching_models: How many records can match. Only `ONE_SOURCE_TO_ONE_TARGET` by
            default.
        provider: A provider service that maps the IDs, with the structure of `CfnIdNamespace`,
            instead of rules. It requires `role`. None by default.
        role: The role that Entity Resolution assumes to read the data, as a construct or its ARN.
            By default the library creates a role that can read only this data.
            CloudFormation creates the role's policy before the ID namespace. Required if the
            matching workflow is not a construct of this library, because its data is not known.
        description: A description, at most 255 characters. None by default.
        tags: The tags, as a mapping of keys to values, at most 50. A key has 1 to 128 characters
            and does not begin with `aws:`. A value has at most 256 characters. None by default.
        removal_policy: What happens to the ID namespace when it leaves the stack. By default it is
            deleted, or retained if it is adopted. `SNAPSHOT` is not supported.
        adopt: The name of an existing ID namespace to adopt, which must be the same as `name`. If
            True, the command `cdk-cleanrooms adopt` adopts the ID namespace with this name, if it
            exists. None by default.

    Raises:
        ValidationError: If AWS would refuse an argument; it reports all problems at once.

    See Also:
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-entityresolution-idnamespace.html
    """

    _inputs_argument: ClassVar[str] = "inputs"

    @staticmethod
    def source(
        scope: Construct,
        id: str,
        *,
        name: str,
        inputs: Sequence[TableInput | IMatchingWorkflowRef | str],
        rules: Mapping[str, Sequence[str]] | None = None,
        rule_definition_types: Sequence[RuleDefinitionType | str] | None = None,
        attribute_matching_model: AttributeMatchingModel | str | None = None,
        record_matching_models: Sequence[RecordMatchingModel | str] | None = None,
        role: IRoleRef | str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> IdNamespace:
        """Declare an ID namespace with the IDs that are mapped.

        Args:
            scope: The construct that the ID namespace belongs to.
            id: The construct's ID in its scope.
            name: See the class.
            inputs: The tables with the IDs, 1 to 20, or one matching workflow.
            rules: See the class.
            rule_definition_types: See the class.
            attribute_matching_model: See the class.
            record_matching_models: See the class.
            role: See the class.
            description: See the class.
            tags: See the class.
            removal_policy: See the class.
            adopt: See the class.

        Returns:
            The ID namespace.

        Raises:
            ValidationError: If AWS would refuse an argument; it reports all problems at once.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/userguide/create-id-namespace-source-rule-based.html
        """
        return IdNamespace(
            scope,
            id,
            name=name,
            type=IdNamespaceType.SOURCE,
            inputs=inputs,
            rules=rules,
            rule_definition_types=rule_definition_types,
            attribute_matching_model=attribute_matching_model,
            record_matching_models=record_matching_models,
            role=role,
            description=description,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )

    @staticmethod
    def target(
        scope: Construct,
        id: str,
        *,
        name: str,
        matching_workflow: IMatchingWorkflowRef | str,
        rules: Mapping[str, Sequence[str]] | None = None,
        rule_definition_types: Sequence[RuleDefinitionType | str] | None = None,
        attribute_matching_model: AttributeMatchingModel | str | None = None,
        record_matching_models: Sequence[RecordMatchingModel | str] | None = None,
        role: IRoleRef | str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> IdNamespace:
        """Declare an ID namespace with the IDs to which other IDs are mapped.

        Args:
            scope: The construct that the ID namespace belongs to.
            id: The construct's ID in its scope.
            name: See the class.
            matching_workflow: The matching workflow that finds the IDs, as a construct or its ARN.
                Its rules are used if it is a construct of this library.
            rules: See the class.
            rule_definition_types: See the class.
            attribute_matching_model: See the class.
            record_matching_models: See the class.
            role: See the class.
            description: See the class.
            tags: See the class.
            removal_policy: See the class.
            adopt: See the class.

        Returns:
            The ID namespace.

        Raises:
            ValidationError: If AWS would refuse an argument; it reports all problems at once.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/userguide/create-id-namespace-target-rule-based.html
        """
        return _Target(
            scope,
            id,
            name=name,
            type=IdNamespaceType.TARGET,
            inputs=[matching_workflow],
            rules=rules,
            rule_definition_types=rule_definition_types,
            attribute_matching_model=attribute_matching_model,
            record_matching_models=record_matching_models,
            role=role,
            description=description,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )

    @staticmethod
    def from_existing(scope: Construct, id: str, *, id_namespace_name: str) -> IIdNamespace:
        """Import an existing ID namespace by its name.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            id_namespace_name: The name of the ID namespace.

        Returns:
            The ID namespace, without a resource in the template. It is assumed to be in the stack's
            account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/apireference/API_GetIdNamespace.html
        """
        return existing(_IdNamespace, scope, id, id_namespace_name)

    @staticmethod
    def from_id_namespace_arn(scope: Construct, id: str, id_namespace_arn: str) -> IIdNamespace:
        """Import an existing ID namespace by its ARN, such as one of a partner.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            id_namespace_arn: Its ARN:
                `arn:aws:entityresolution:<region>:<account>:idnamespace/<name>`.

        Returns:
            The ID namespace, without a resource in the template; its `env` is the ARN's account
            and Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
        """
        return existing_arn(_IdNamespace, scope, id, id_namespace_arn)

    @staticmethod
    def from_lookup(scope: Construct, id: str, *, id_namespace_name: str) -> ILookedUpIdNamespace:
        """Import an existing ID namespace, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            id_namespace_name: The name of the ID namespace, literal text.

        Returns:
            The ID namespace, without a resource in the template. Until the CLI has read it, and in
            unit tests, its type is a dummy value.

        Raises:
            ValidationError: If an argument is not well-formed, or the environment is not known.

        See Also:
            https://docs.aws.amazon.com/cdk/v2/guide/context.html
        """
        id_namespace, found = look_up(
            _LookedUp, scope, id, id_namespace_name, lambda _: {"Type": "dummy-value-for-Type"}
        )
        id_namespace.type = found["Type"]
        return id_namespace

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        type: IdNamespaceType | str,
        inputs: Sequence[TableInput | IMatchingWorkflowRef | str],
        rules: Mapping[str, Sequence[str]] | None = None,
        rule_definition_types: Sequence[RuleDefinitionType | str] | None = None,
        attribute_matching_model: AttributeMatchingModel | str | None = None,
        record_matching_models: Sequence[RecordMatchingModel | str] | None = None,
        provider: CfnIdNamespace.NamespaceProviderPropertiesProperty | None = None,
        role: IRoleRef | str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            IdNamespace,
            scope,
            id,
            name=name,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        declaration.report(role_rule("role", role, scope))
        type = declaration.check("type", type, _side)
        inputs = declaration.check(self._inputs_argument, inputs)
        workflow = _workflow_of(inputs)
        declaration.report(
            _input_problems(self._inputs_argument, inputs, type, role, provider is not None, scope)
        )
        rules = declaration.check("rules", rules, checks.optional(matching_rules))
        of_workflow = facts_about(workflow, MatchingFacts)
        rules_of_workflow = of_workflow.rules if of_workflow else None
        if isinstance(inputs, Sequence) and workflow is None:
            declaration.report(match_key_problems("rules", rules, inputs))
        declaration.report(_taken_over_problems(rules, rules_of_workflow, workflow))
        declaration.report(role_problems(of_workflow.tables if of_workflow else (), role))
        rules = rules if rules is not None else rules_of_workflow
        rule_definition_types = declaration.check(
            "rule_definition_types", rule_definition_types, _several(RuleDefinitionType)
        )
        if rule_definition_types is None:
            own = type == IdNamespaceType.SOURCE and rules is not None
            rule_definition_types = [
                RuleDefinitionType.SOURCE if own else RuleDefinitionType.TARGET
            ]
        if provider is None:
            declaration.report(_rule_problems(type, rules, rule_definition_types, workflow))
        attribute_matching_model = declaration.check(
            "attribute_matching_model",
            attribute_matching_model,
            checks.optional(_attribute_matching_model),
        ) or (
            of_workflow.attribute_matching_model
            if of_workflow
            else AttributeMatchingModel.ONE_TO_ONE
        )
        record_matching_models = declaration.check(
            "record_matching_models", record_matching_models, _several(RecordMatchingModel)
        ) or [RecordMatchingModel.ONE_SOURCE_TO_ONE_TARGET]
        declaration.report(
            provider_problems(provider, CfnIdNamespace.NamespaceProviderPropertiesProperty, role)
        )
        description = declaration.check(
            "description", description, checks.optional(description_rule)
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        l1 = CfnIdNamespace
        tables = [*of_workflow.tables] if of_workflow else []
        sources: list[Any] = []
        for each in inputs:
            if isinstance(each, TableInput):
                table = table_of(scope, each)
                tables.append(table)
                sources.append(
                    l1.IdNamespaceInputSourceProperty(
                        input_source_arn=table.arn, schema_name=schema_name(table.schema_mapping)
                    )
                )
            else:
                arn = read_arn(types.MATCHING_WORKFLOW, scope, each)
                sources.append(l1.IdNamespaceInputSourceProperty(input_source_arn=arn))
        created = job_role(self, role, reads=tables)
        if provider is None:
            mapping = l1.IdNamespaceIdMappingWorkflowPropertiesProperty(
                id_mapping_type="RULE_BASED",
                rule_based_properties=l1.NamespaceRuleBasedPropertiesProperty(
                    attribute_matching_model=attribute_matching_model,
                    record_matching_models=[*record_matching_models],
                    rule_definition_types=[*rule_definition_types],
                    rules=cfn_rules(l1, rules),
                ),
            )
        else:
            mapping = l1.IdNamespaceIdMappingWorkflowPropertiesProperty(
                id_mapping_type="PROVIDER", provider_properties=provider
            )
        resource = l1(
            self,
            "Resource",
            id_namespace_name=declaration.name,
            type=type,
            input_source_config=sources or None,
            id_mapping_workflow_properties=[mapping],
            role_arn=created.arn,
            description=description,
            tags=declaration.tags,
        )
        created.apply(resource, waits_for=l1s_of(tables))
        self.name = declaration.name
        self.type = str(type)
        self.role_arn = created.arn
        matching = NamespaceMatching(
            rule_definition_type=_known(rule_definition_types),
            attribute_matching_model=(str(attribute_matching_model),),
            record_matching_model=_known(record_matching_models),
        )
        is_provider = provider is not None
        publish(
            self,
            NamespaceFacts(self.type, is_provider, None if is_provider else matching, tables),
        )
        declaration.complete(self, resource)
        warn_of_data(self, inputs, tables, role_is_given=role is not None)


class _Target(IdNamespace):
    """A target, whose problems name the argument of the factory."""

    _inputs_argument = "matching_workflow"


def _input_problems(
    property: str,
    inputs: object,
    type: object,
    role: object,
    has_provider: bool,
    scope: Construct,
) -> Iterator[Problem]:
    """Yield what is wrong with the inputs, for the type of the namespace."""
    if isinstance(inputs, Sequence) and not inputs and has_provider:
        return
    problems = [*input_count_problems(property, inputs)]
    yield from problems
    if problems or not isinstance(inputs, Sequence):
        return
    is_target = type == IdNamespaceType.TARGET
    expected = "a matching workflow, as a construct or its ARN"
    if not is_target:
        expected = f"TableInput(table=…, schema_mapping=…, bucket=…), or {expected}"
    for position, item in enumerate(inputs, start=1):
        if isinstance(item, TableInput) and not is_target:
            yield from table_input_problems(
                property,
                item,
                scope=scope,
                position=position,
                role_is_given=role is not None,
                expected=expected,
            )
        elif isinstance(item, str):
            yield from arn_rule(types.MATCHING_WORKFLOW)(property, item)
        elif not _WORKFLOW.accepts(item):
            yield checks.wrong_type(property, item, expected)
    workflows = [item for item in inputs if not isinstance(item, TableInput)]
    if workflows and len(inputs) > 1:
        message = "a matching workflow is given among other inputs; use it alone"
        yield Problem(property, inputs, message, "WorkflowAmongInputs")
    if workflows and role is None and facts_about(workflows[0], MatchingFacts) is None:
        message = (
            "the data of a matching workflow that is not a construct of this library is not known,"
            " so no role can be created; pass role"
        )
        yield Problem("role", role, message, "RoleMissing")


def _taken_over_problems(
    given: object, of_workflow: Mapping[str, Sequence[str]] | None, workflow: Any
) -> Iterator[Problem]:
    """Refuse rules that differ from those of the matching workflow."""
    if isinstance(given, Mapping) and of_workflow is not None and given != of_workflow:
        message = (
            f"the rules differ from those of the matching workflow {workflow.node.path}, which"
            " Entity Resolution takes over; leave them out, or change them there"
        )
        yield Problem("rules", given, message, "RulesDiffer")


def _rule_problems(
    type: object, given: object, sides: object, workflow: object
) -> Iterator[Problem]:
    """Check that the side whose rules are used has rules, and that the other side has none."""
    if not isinstance(sides, Sequence) or checks.is_list_token(sides):
        return
    if given is None and type in sides:
        message = f"rule_definition_types has {str(type)!r}, so this side has the rules; pass them"
        code = "RulesMissing"
        if facts_about(workflow, MatchingFacts) is not None:
            message = (
                "the matching workflow has no rules that could be taken over, because it matches"
                " in another way; use a matching workflow with rules"
            )
            code = "WorkflowWithoutRules"
        yield Problem("rules", given, message, code)
    if type == IdNamespaceType.SOURCE and given is not None and type not in sides:
        message = (
            "only the rules of the target may be used, and this source has rules; leave them out,"
            " or add 'SOURCE' to rule_definition_types"
        )
        yield Problem("rule_definition_types", sides, message, "RulesNotUsed")
