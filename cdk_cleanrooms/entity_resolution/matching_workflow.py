"""`AWS::EntityResolution::MatchingWorkflow`, created or imported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol, Required, TypedDict, Unpack, overload

import aws_cdk
import jsii
from aws_cdk import Annotations, IResource, RemovalPolicy
from aws_cdk.aws_entityresolution import CfnMatchingWorkflow
from aws_cdk.interfaces.aws_entityresolution import (
    IMatchingWorkflowRef,
    MatchingWorkflowReference,
)
from aws_cdk.interfaces.aws_iam import IRoleRef
from constructs import Construct

from .._core import checks, types
from .._core.declaration import Declaration
from .._core.facts import facts_about, publish
from .._core.imports import existing, existing_arn, look_up
from .._core.resource import Resource
from .._core.schedules import start_on_schedule
from .._core.tags import TagMethods
from .._core.validation import Problem
from ._arguments import description_rule, role_rule, words
from ._schemas import SchemaFacts, match_key_problems, schema_arn
from .matching_models import (
    AttributeMatchingModel,
    MatchPurpose,
    cfn_rules,
    matching_rules,
    rule_count,
    rule_name,
)
from .matching_workflow_grants import MatchingWorkflowGrants
from .tables import (
    MatchingFacts,
    MatchingWorkflowOutput,
    TableInput,
    job_role,
    l1s_of,
    output_location,
    output_rule,
    provider_problems,
    table_inputs_rule,
    table_of,
    warn_of_data,
)

_COLUMN_LIMIT = 750
_CONDITION_LIMIT = 2048
_NOT_IN_REAL_TIME = re.compile(
    r"\b(?:Cosine|Levenshtein|Soundex)\s*\(|\bEmptyValues\s*=\s*Ignore\b", re.IGNORECASE
)


_column = words("the name of a column, a string")


@checks.text("a condition, a string")
def _condition(value: str) -> Iterator[checks.Fault]:
    yield from checks.length("Condition", value, 1, _CONDITION_LIMIT)
    yield from checks.characters(
        "Condition", value, checks.LONE_SURROGATE, "characters that UTF-8 can encode"
    )


def _conditions_rule(property: str, value: object) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        expected = "a mapping, such as {'Email': 'Exact(email)'}"
        yield checks.wrong_type(property, value, expected)
        return
    yield from rule_count(property, value)
    for name, condition in value.items():
        yield from rule_name(property, name)
        yield from _condition(property, condition)


def _output_problems(
    property: str, output: object, inputs: object, *, has_provider: bool
) -> Iterator[Problem]:
    """Yield what is wrong with the columns of an output."""
    if not isinstance(output, MatchingWorkflowOutput):
        return
    for problem in checks.optional(checks.boolean)(property, output.apply_normalization):
        message = f"its apply_normalization, {problem.message}"
        yield Problem(property, problem.value, message, problem.code)
    columns: object = output.columns
    fields = _fields(inputs)
    if columns is None:
        columns = fields
        if columns is None:
            message = (
                "its columns are not known, because a schema mapping is not a construct of this"
                " library; pass columns"
            )
            yield Problem(property, output, message, "ColumnsUnknown")
            return
    for name, items in (("columns", columns), ("hashed_columns", output.hashed_columns)):
        if isinstance(items, str) or not isinstance(items, Sequence):
            yield checks.wrong_type(property, items, f"a list of {name}, such as ['email']")
            continue
        if checks.is_list_token(items):
            yield checks.list_token_problem(property, items)
            continue
        if len(items) > _COLUMN_LIMIT:
            message = f"there are {len(items)} {name}; use at most {_COLUMN_LIMIT}"
            yield Problem(property, items, message, "ColumnCount")
        for item in items:
            yield from _column(property, item)
            if name == "hashed_columns" and isinstance(columns, Sequence) and item not in columns:
                message = (
                    f"{checks.excerpt(item)} is in hashed_columns but not in columns; add it to"
                    " columns"
                )
                yield Problem(property, item, message, "HashedColumnNotWritten")
        yield from _column_problems(property, name, items, None if has_provider else fields)


def _column_problems(
    property: str, name: str, columns: Sequence[object], fields: Sequence[str] | None
) -> Iterator[Problem]:
    """Yield the columns that no schema mapping has, and those that are given twice."""
    known = [each for each in columns if isinstance(each, str) and checks.is_known(each)]
    for column, count in Counter(known).items():
        if count > 1:
            message = f"{checks.excerpt(column)} is given twice in {name}; use it once"
            yield Problem(property, column, message, "GivenTwice")
    if name != "columns" or not fields or not all(map(checks.is_known, fields)):
        return
    for column in dict.fromkeys(known):
        if column not in fields:
            closest = checks.closest_to(column, fields)
            advice = f"use {closest!r}" if closest else "use one of those"
            message = (
                f"{checks.excerpt(column)} is in columns, and the fields of the schema mappings are"
                f" {', '.join(map(repr, fields))}; {advice}"
            )
            yield Problem(property, column, message, "UnknownColumn")


def _fields(inputs: object) -> list[str] | None:
    """Return the fields of all schema mappings, or None if one is not known."""
    found: dict[str, None] = {}
    for item in inputs if isinstance(inputs, Sequence) else ():
        schema = facts_about(getattr(item, "schema_mapping", None), SchemaFacts)
        if schema is None:
            return None
        found.update(dict.fromkeys(schema.field_names))
    return [*found]


def _real_time_problems(real_time_matching: object, conditions: object) -> Iterator[Problem]:
    """Yield that a condition cannot be used for real-time matching."""
    if real_time_matching is not True or not isinstance(conditions, Mapping):
        return
    for name, condition in conditions.items():
        found = _NOT_IN_REAL_TIME.search(condition) if isinstance(condition, str) else None
        if found:
            message = (
                f"the rule {checks.excerpt(name)} uses {found[0].rstrip('( ')}, which real-time"
                " matching does not support; use Exact or ExactManyToMany without"
                " EmptyValues=Ignore, or leave real_time_matching out"
            )
            yield Problem("real_time_matching", real_time_matching, message, "NotInRealTime")


def _incremental_problems(incremental: object, provider: object) -> Iterator[Problem]:
    if incremental is True and provider is not None:
        message = (
            "a provider service does not support incremental runs; leave incremental out, or match"
            " by rules"
        )
        yield Problem("incremental", incremental, message, "ProviderIsNotIncremental")


def _technique_problems(techniques: Mapping[str, object]) -> Iterator[Problem]:
    given = [name for name, value in techniques.items() if value is not None and value is not False]
    if len(given) != 1:
        names = ", ".join(techniques)
        shown = f"{' and '.join(given)} were given" if given else "no way of matching was given"
        message = f"{shown}; pass exactly one of {names}"
        property = given[-1] if given else next(iter(techniques))
        yield Problem(property, None, message, "NotOneWayOfMatching")


_attribute_matching_model = checks.choice(*(each.value for each in AttributeMatchingModel))
_match_purpose = checks.optional(checks.choice(*(each.value for each in MatchPurpose)))


class _OtherArguments(TypedDict, total=False):
    """The arguments that are the same for every way of matching."""

    name: Required[str]
    inputs: Required[Sequence[TableInput]]
    output: Required[MatchingWorkflowOutput]
    incremental: bool
    description: str | None
    tags: Mapping[str, str] | None
    removal_policy: RemovalPolicy | None
    adopt: str | bool | None


class IMatchingWorkflow(IResource, IMatchingWorkflowRef, Protocol):
    """A matching workflow, created by this app or imported into it."""

    @property
    def matching_workflow_arn(self) -> str:
        """The ARN of the matching workflow."""

    @property
    def matching_workflow_name(self) -> str:
        """The name of the matching workflow."""

    @property
    def grants(self) -> MatchingWorkflowGrants:
        """Grants of permissions on the matching workflow."""

    def run_on(
        self,
        id: str,
        schedule: aws_cdk.aws_scheduler.ScheduleExpression,
        *,
        dead_letter_queue: aws_cdk.aws_sqs.IQueue | None = None,
    ) -> aws_cdk.aws_scheduler.Schedule:
        """Run the workflow again and again, on a schedule; see `MatchingWorkflow.run_on`.

        Args:
            id: The schedule's ID in the scope of the workflow.
            schedule: When a job starts.
            dead_letter_queue: The queue that keeps the calls that failed; by default one is
                created.

        Returns:
            The schedule.

        Raises:
            ValidationError: If `id` or `schedule` is not well-formed.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/apireference/API_StartMatchingJob.html
        """


class ILookedUpMatchingWorkflow(IMatchingWorkflow, Protocol):
    """A matching workflow that was read at synthesis."""

    @property
    def role_arn(self) -> str:
        """The ARN of the role that Entity Resolution assumes."""


@jsii.implements(IMatchingWorkflowRef)
class _MatchingWorkflow(Resource):
    """A matching workflow, created or imported."""

    _type = types.MATCHING_WORKFLOW

    @property
    def matching_workflow_arn(self) -> str:
        """The ARN of the matching workflow."""
        return self._identity.arn()

    @property
    def matching_workflow_name(self) -> str:
        """The name of the matching workflow."""
        return self._identity.identifier()

    @property
    def matching_workflow_ref(self) -> MatchingWorkflowReference:
        """The reference that the CDK accepts for a matching workflow."""
        return MatchingWorkflowReference(workflow_name=self.matching_workflow_name)

    @property
    def grants(self) -> MatchingWorkflowGrants:
        """Grants of permissions on the matching workflow."""
        return MatchingWorkflowGrants.from_matching_workflow(self)

    def run_on(
        self,
        id: str,
        schedule: aws_cdk.aws_scheduler.ScheduleExpression,
        *,
        dead_letter_queue: aws_cdk.aws_sqs.IQueue | None = None,
    ) -> aws_cdk.aws_scheduler.Schedule:
        """Run the workflow again and again, on a schedule of EventBridge Scheduler.

        The schedule calls `StartMatchingJob` with a role that can run this workflow only. If a call
        fails, for example because another job is running, it is repeated up to three times within
        an hour. After that, it is sent to the dead-letter queue.

        Args:
            id: The schedule's ID in the scope of the workflow.
            schedule: When a job starts, such as `ScheduleExpression.cron(hour="1", minute="0")`.
            dead_letter_queue: The Amazon SQS queue that keeps the calls that failed. By default a
                queue is created that keeps them for 14 days.

        Returns:
            The schedule.

        Raises:
            ValidationError: If `id` is not a construct's ID, or if `schedule` is not a
                `ScheduleExpression`.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/apireference/API_StartMatchingJob.html
        """
        return start_on_schedule(
            self,
            id,
            schedule,
            dead_letter_queue,
            operation="entityresolution:startMatchingJob",
            parameters=lambda: {"WorkflowName": self.matching_workflow_name},
            grant=lambda role: self.grants.actions(role, "entityresolution:StartMatchingJob"),
        )


class _LookedUp(_MatchingWorkflow):
    """An existing matching workflow, with the properties that were read at synthesis."""

    role_arn: str


class MatchingWorkflow(TagMethods, _MatchingWorkflow):
    """A matching workflow, which finds records that describe the same person or thing.

    It matches records in exactly one way: by `rules`, `rule_conditions`, `machine_learning` or
    `provider`. An ID namespace of the type `TARGET` uses the `rules` of its matching workflow.

    A deployment does not run the workflow. Call `StartMatchingJob`, which `grants.run` permits, or
    use `incremental`.

    A change of `name` or `real_time_matching` replaces the workflow. A change of any other property
    updates it in place.

    Args:
        scope: The construct that the workflow belongs to.
        id: The construct's ID in its scope.
        name: The name, 1 to 255 letters, digits, underscores and hyphens; unique in the account
            and Region.
        inputs: The tables whose records are matched, 1 to 20.
        output: The columns that the workflow writes, and the place where it writes them.
        rules: The rules, 1 to 25, as a mapping of each rule's name to 1 to 15 match keys whose
            fields must be equal. The first rule that matches applies. None by default.
        attribute_matching_model: How `rules` compare fields with the same match key. `ONE_TO_ONE`
            by default.
        rule_conditions: The rules, 1 to 25, as a mapping of each rule's name to a condition such as
            `Exact(email)`. None by default.
        transitive_matching: Whether `rule_conditions` also group records that match only
            indirectly, through other records and by different rules. AWS's default is False.
        real_time_matching: Whether `rule_conditions` can match a single record immediately. AWS's
            default is False.
        machine_learning: Whether Entity Resolution's model matches the records. False by default.
        provider: A provider service that matches the records, with the structure of
            `CfnMatchingWorkflow`. It requires `role`. None by default.
        incremental: Whether the workflow runs whenever the data changes. A provider service does
            not support it. For machine learning AWS's pages disagree. False by default.
        match_purpose: What `rules` are used for: to give matching records the same ID, or only to
            index records for an ID mapping. AWS's default is `IDENTIFIER_GENERATION`.
        role: The role that Entity Resolution assumes, as a construct or its ARN. By default the
            library creates a role that can read the inputs and write the output. CloudFormation
            creates the role's policy before the workflow.
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
        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-entityresolution-matchingworkflow.html
    """

    @staticmethod
    def from_existing(
        scope: Construct, id: str, *, matching_workflow_name: str
    ) -> IMatchingWorkflow:
        """Import an existing matching workflow by its name.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            matching_workflow_name: The name of the workflow.

        Returns:
            The workflow, without a resource in the template. It is assumed to be in the stack's
            account and Region.

        Raises:
            ValidationError: If an argument is not well-formed.

        See Also:
            https://docs.aws.amazon.com/entityresolution/latest/apireference/API_GetMatchingWorkflow.html
        """
        return existing(_MatchingWorkflow, scope, id, matching_workflow_name)

    @staticmethod
    def from_matching_workflow_arn(
        scope: Construct, id: str, matching_workflow_arn: str
    ) -> IMatchingWorkflow:
        """Import an existing matching workflow by its ARN.

        Args:
            scope: The construct that the import belongs to.
            id: The construct's ID in its scope.
            matching_workflow_arn: Its ARN:
                `arn:aws:entityresolution:<region>:<account>:matchingworkflow/<name>`.

        Returns:
            The workflow, without a resource in the template; its `env` is the ARN's account and
            Region.

        Raises:
            ValidationError: If the ARN is not well-formed.

        See Also:
            https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsentityresolution.html
        """
        return existing_arn(_MatchingWorkflow, scope, id, matching_workflow_arn)

    @staticmethod
    def from_lookup(
        scope: Construct, id: str, *, matching_workflow_name: str
    ) -> ILookedUpMatchingWorkflow:
        """Import an existing matching workflow, and read it while the app is synthesized.

        The CDK CLI reads it through Cloud Control, with the credentials and the bootstrap look-up
        role of the stack's environment, and keeps what it has read in `cdk.context.json`.

        Args:
            scope: The construct that the import belongs to, in a stack whose account and Region
                are known.
            id: The construct's ID in its scope.
            matching_workflow_name: The name of the workflow, literal text.

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
            matching_workflow_name,
            lambda _: {"RoleArn": "arn:aws:iam::123456789012:role/dummy"},
        )
        workflow.role_arn = found["RoleArn"]
        return workflow

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rules: Mapping[str, Sequence[str]],
        attribute_matching_model: AttributeMatchingModel | str = ...,
        match_purpose: MatchPurpose | str | None = None,
        rule_conditions: None = None,
        transitive_matching: None = None,
        real_time_matching: None = None,
        machine_learning: Literal[False] = False,
        provider: None = None,
        role: IRoleRef | str | None = None,
        **others: Unpack[_OtherArguments],
    ) -> None: ...

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rules: None = None,
        rule_conditions: Mapping[str, str],
        transitive_matching: bool | None = None,
        real_time_matching: bool | None = None,
        machine_learning: Literal[False] = False,
        provider: None = None,
        role: IRoleRef | str | None = None,
        **others: Unpack[_OtherArguments],
    ) -> None: ...

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rules: None = None,
        rule_conditions: None = None,
        transitive_matching: None = None,
        real_time_matching: None = None,
        machine_learning: Literal[True],
        provider: None = None,
        role: IRoleRef | str | None = None,
        **others: Unpack[_OtherArguments],
    ) -> None: ...

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rules: None = None,
        rule_conditions: None = None,
        transitive_matching: None = None,
        real_time_matching: None = None,
        machine_learning: Literal[False] = False,
        provider: CfnMatchingWorkflow.ProviderPropertiesProperty,
        role: IRoleRef | str,
        **others: Unpack[_OtherArguments],
    ) -> None: ...

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        inputs: Sequence[TableInput],
        output: MatchingWorkflowOutput,
        rules: Mapping[str, Sequence[str]] | None = None,
        attribute_matching_model: AttributeMatchingModel | str = AttributeMatchingModel.ONE_TO_ONE,
        rule_conditions: Mapping[str, str] | None = None,
        transitive_matching: bool | None = None,
        real_time_matching: bool | None = None,
        machine_learning: bool = False,
        provider: CfnMatchingWorkflow.ProviderPropertiesProperty | None = None,
        incremental: bool = False,
        match_purpose: MatchPurpose | str | None = None,
        role: IRoleRef | str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: RemovalPolicy | None = None,
        adopt: str | bool | None = None,
    ) -> None:
        declaration = Declaration(
            MatchingWorkflow,
            scope,
            id,
            name=name,
            tags=tags,
            removal_policy=removal_policy,
            adopt=adopt,
        )
        declaration.report(role_rule("role", role, scope))
        role_is_given = role is not None
        inputs = declaration.check(
            "inputs", inputs, table_inputs_rule(scope, role_is_given=role_is_given)
        )
        output = declaration.check(
            "output",
            output,
            output_rule(scope, MatchingWorkflowOutput, role_is_given=role_is_given),
        )
        declaration.report(
            _output_problems("output", output, inputs, has_provider=provider is not None)
        )
        declaration.report(
            _technique_problems(
                {
                    "rules": rules,
                    "rule_conditions": rule_conditions,
                    "machine_learning": machine_learning,
                    "provider": provider,
                }
            )
        )
        rules = declaration.check("rules", rules, checks.optional(matching_rules))
        declaration.report(match_key_problems("rules", rules, inputs))
        attribute_matching_model = declaration.check(
            "attribute_matching_model", attribute_matching_model, _attribute_matching_model
        )
        rule_conditions = declaration.check(
            "rule_conditions", rule_conditions, checks.optional(_conditions_rule)
        )
        for property, flag in (
            ("transitive_matching", transitive_matching),
            ("real_time_matching", real_time_matching),
        ):
            declaration.report(checks.optional(checks.boolean)(property, flag))
            if flag is not None and rule_conditions is None:
                message = "this is only for rule_conditions; pass those, or leave it out"
                declaration.report([Problem(property, flag, message, "OnlyForRuleConditions")])
        declaration.report(_real_time_problems(real_time_matching, rule_conditions))
        declaration.report(checks.flag("machine_learning", machine_learning))
        declaration.report(
            provider_problems(provider, CfnMatchingWorkflow.ProviderPropertiesProperty, role)
        )
        declaration.report(checks.flag("incremental", incremental))
        declaration.report(_incremental_problems(incremental, provider))
        match_purpose = declaration.check("match_purpose", match_purpose, _match_purpose)
        if match_purpose is not None and rules is None:
            message = "this is only for rules; pass those, or leave it out"
            declaration.report([Problem("match_purpose", match_purpose, message, "OnlyForRules")])
        description = declaration.check(
            "description", description, checks.optional(description_rule)
        )
        declaration.refuse()
        super().__init__(scope, declaration.construct_id)
        tables = [table_of(scope, each) for each in inputs]
        place = output_location(scope, output)
        created = job_role(self, role, reads=tables, writes=[place])
        l1 = CfnMatchingWorkflow
        columns = _fields(inputs) if output.columns is None else output.columns
        resource = l1(
            self,
            "Resource",
            workflow_name=declaration.name,
            role_arn=created.arn,
            input_source_config=[
                l1.InputSourceProperty(
                    input_source_arn=table.arn,
                    schema_arn=schema_arn(scope, table.schema_mapping),
                    apply_normalization=each.apply_normalization,
                )
                for table, each in zip(tables, inputs, strict=True)
            ],
            output_source_config=[
                l1.OutputSourceProperty(
                    output_s3_path=place.path,
                    kms_arn=place.key_arn,
                    apply_normalization=output.apply_normalization,
                    output=[
                        l1.OutputAttributeProperty(
                            name=column, hashed=True if column in output.hashed_columns else None
                        )
                        for column in columns or ()
                    ],
                )
            ],
            resolution_techniques=l1.ResolutionTechniquesProperty(
                resolution_type=(
                    "PROVIDER"
                    if provider is not None
                    else "ML_MATCHING"
                    if machine_learning
                    else "RULE_MATCHING"
                ),
                rule_based_properties=None
                if rules is None
                else l1.RuleBasedPropertiesProperty(
                    attribute_matching_model=attribute_matching_model,
                    rules=cfn_rules(l1, rules) or [],
                    match_purpose=match_purpose,
                ),
                rule_condition_properties=None
                if rule_conditions is None
                else l1.RuleConditionPropertiesProperty(
                    rules=[
                        l1.RuleConditionProperty(rule_name=rule_name, condition=condition)
                        for rule_name, condition in rule_conditions.items()
                    ],
                    matching_config=None
                    if transitive_matching is None
                    else l1.MatchingConfigProperty(enable_transitive_matching=transitive_matching),
                ),
                enable_real_time_matching=real_time_matching,
                provider_properties=provider,
            ),
            incremental_run_config=l1.IncrementalRunConfigProperty(incremental_run_type="IMMEDIATE")
            if incremental
            else None,
            description=description,
            tags=declaration.tags,
        )
        created.apply(resource, waits_for=l1s_of(tables))
        self.name = declaration.name
        self.role_arn = created.arn
        publish(self, MatchingFacts(tables, rules, str(attribute_matching_model)))
        declaration.complete(self, resource)
        warn_of_data(self, inputs, tables, place, role_is_given=role_is_given)
        if machine_learning and incremental:
            Annotations.of(self).add_warning_v2(
                "cdk-cleanrooms:incrementalMachineLearning",
                "AWS's API reference says that machine learning does not support incremental runs"
                " (IncrementalRunConfig), and other pages of AWS do not. Try it before you rely on"
                " it, or acknowledge this warning.",
            )
