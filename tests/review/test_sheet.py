"""Tests of the sheet: what it says of each part of a collaboration."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from cdk_cleanrooms._review.comparison import compare
from cdk_cleanrooms._review.formats.markdown import markdown
from cdk_cleanrooms._review.sheet import sheet

from .templates import (
    PARTNER,
    Template,
    access_budget,
    aggregation_rule,
    assembly,
    association,
    collaboration,
    custom_rule,
    list_rule,
    membership,
    resource,
    room,
    table,
    template,
)


def text_of(content: Template, old: Template | None = None, **stack: Any) -> str:
    """Return the sheet of a template in Markdown."""
    made = assembly(content, **stack)
    changes = None if old is None else compare(assembly(old, **stack), made)
    return markdown("Sheet", sheet(made, changes))


def says(text: str, *sentences: str) -> None:
    for sentence in sentences:
        assert sentence in text, text


def test_the_sheet_says_who_can_do_what() -> None:
    members = [
        {
            "AccountId": PARTNER,
            "DisplayName": "Publisher",
            "MemberAbilities": ["CAN_RECEIVE_RESULTS", "CAN_EXPORT_QUERY_ANALYSIS_LOG"],
            "MLMemberAbilities": {"CustomMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
            "PaymentConfiguration": {
                "QueryCompute": {"IsResponsible": True},
                "JobCompute": {"IsResponsible": False},
                "MachineLearning": {"ModelTraining": {"IsResponsible": {"Ref": "Pays"}}},
            },
        },
        {"Ref": "More"},
    ]
    text = text_of(
        template(
            {
                "Room": collaboration(
                    Members=members,
                    AutoApprovedChangeTypes=["ADD_MEMBER", "LATER"],
                    AllowedResultRegions=["us-east-1"],
                    DataEncryptionMetadata={
                        "AllowCleartext": True,
                        "PreserveNulls": {"Ref": "Pays"},
                    },
                )
            },
            Parameters={"Pays": {"Type": "String"}, "More": {"Type": "String"}},
        ),
        account="111122223333",
    )
    says(
        text,
        "| `Advertiser` | `111122223333` | yes | no | no | no | no | not stated |",
        f"| `Publisher` also: `CAN_EXPORT_QUERY_ANALYSIS_LOG` | `{PARTNER}` | no | no | yes | yes |"
        " no | queries, training of models: `{parameter Pays}`",
        "There can be another member: `{parameter More}` (decided at deployment: `parameter More`)",
        "Nobody is asked before these changes: that a member is added, `LATER`.",
        "Results may go only to these AWS Regions: `us-east-1`.",
        "columns may be left unencrypted, equal values must not look equal,",
        "PreserveNulls: `{parameter Pays}`",
    )


def test_the_sheet_says_what_a_collaboration_leaves_open() -> None:
    text = text_of(template({"Room": collaboration()}))
    says(
        text,
        "| `Advertiser` | the account that deploys it |",
        "Results may go to every AWS Region. (`AllowedResultRegions`)",
        "The collaboration does not ask members to encrypt columns",
    )


def test_the_sheet_says_that_a_collaboration_is_elsewhere() -> None:
    us = template({"Us": membership(CollaborationIdentifier="a1b2")})
    says(
        text_of(us),
        "The account that deploys it is a member of the collaboration `a1b2`. Who else is in it is",
    )
    says(text_of(us, account=PARTNER), f"`{PARTNER}` is a member of the collaboration `a1b2`.")


def of_table(content: Template, **more: Any) -> str:
    return text_of(
        template(
            {
                "Room": collaboration(),
                "Us": membership(),
                "Orders": content,
                "InRoom": association(**more),
            }
        )
    )


def test_the_sheet_says_what_an_aggregation_rule_allows() -> None:
    rule = aggregation_rule(
        JoinRequired="QUERY_RUNNER",
        AllowedJoinOperators=["AND", "OR"],
        ScalarFunctions=["TRUNC"],
        AdditionalAnalyses="REQUIRED",
    )
    says(
        of_table(table(rule)),
        "The data is an AWS Glue table: DatabaseName `crm`, TableName `orders`.",
        "In the collaboration `overlap` it is called `orders`.",
        "Who can query there: `Advertiser`; who can run jobs: nobody; who receives results:"
        " `Publisher`.",
        "It can be used in queries in SQL.",
        "It can be used only in queries that aggregate.",
        "Each query has to join it with a table of the member who queries.",
        "Each row of a result covers at least `100` different values of the column `id`.",
        "Functions that may be applied to grouped columns: `TRUNC`.",
        "| `amount` | yes | no | no | `SUM` |",
        "| `id` | yes | yes | no | no |",
        "| `region` | yes | no | yes | no |",
        "Never put out: `id`.",
        "Results may be used only for machine learning",
    )


def test_the_sheet_says_what_an_open_aggregation_rule_lacks() -> None:
    rule = aggregation_rule(
        OutputConstraints=[],
        JoinColumns=[],
        AggregateColumns=[{"ColumnNames": ["hidden"], "Function": "SUM"}],
    )
    text = of_table(table(rule))
    says(
        text,
        "It can be queried without joining it with another table.",
        "There is no minimum for a row of a result.",
        "| `hidden` | no | no | no | `SUM` |",
    )
    assert "Never put out: " not in text


def test_the_sheet_says_what_a_list_rule_allows() -> None:
    says(
        of_table(table(list_rule())),
        "rows which also occur in a table of the member who queries. There is no minimum",
        "| `amount` | yes | no | yes |",
        "Never put out: `id`.",
    )


_THRESHOLD = {
    "IdentityColumns": ["id"],
    "MinimumIdentityCount": 100,
    "Type": "COUNT_DISTINCT",
    "AllowedAggregateExpressionType": "COLUMNS_ONLY",
    "OutputColumnThresholds": [
        {"OutputColumnName": "region", "MinimumIdentityCount": 0},
        {"OutputColumnName": "amount", "MinimumIdentityCount": 50},
    ],
}


def test_the_sheet_says_what_a_custom_rule_allows() -> None:
    rule = custom_rule(
        AllowedAnalyses=["ANY_QUERY", "ANY_JOB", "arn:template"],
        AllowedAnalysisProviders=[PARTNER],
        DisallowedOutputColumns=["id"],
        AggregationThresholds=[_THRESHOLD],
        ComparisonControls={
            "AllowedLiteralComparisonColumns": ["region"],
            "AllowedColumnComparisonColumns": ["id"],
        },
        AdditionalAnalyses="ALLOWED",
    )
    says(
        of_table(table(rule, AnalysisMethod="MULTIPLE")),
        "It can be used in queries in SQL and jobs in PySpark.",
        f"Any query of these accounts is allowed, now and in the future: `{PARTNER}`.",
        f"Any job of these accounts is allowed, now and in the future: `{PARTNER}`.",
        "Also through these analysis templates: `arn:template`.",
        "Each row of a result covers at least `100` different values of the column `id`. This does",
        "Aggregated can be: only columns.",
        "The column `region` needs no minimum.",
        "The column `amount` needs at least `50` instead.",
        "| `id` | yes | no | no | yes |",
        "| `region` | yes | yes | yes | no |",
        "Never put out: `id`. What results show of other columns can still tell something",
        "Results may also be used for machine learning",
    )


def test_the_sheet_says_what_limits_a_custom_rule() -> None:
    says(
        of_table(table(custom_rule())),
        "No analysis is allowed.",
        "There is no minimum for a row of a result, but what the analyses set themselves.",
        "There are no comparison controls, so all comparisons are allowed.",
    )
    says(
        of_table(table(custom_rule(AllowedAnalyses=["arn:template"]))),
        "Only through these analysis templates: `arn:template`.",
    )
    private = {"Columns": [{"Name": "id"}]}
    says(
        of_table(
            table(custom_rule(AllowedAnalysisProviders=[PARTNER], DifferentialPrivacy=private))
        ),
        f"All analyses of these accounts are allowed, now and in the future: `{PARTNER}`.",
        "A person is a value of the column `id`.",
    )
    any_expression = {**_THRESHOLD, "AllowedAggregateExpressionType": "ANY_EXPRESSION"}
    later = {**_THRESHOLD, "AllowedAggregateExpressionType": "LATER"}
    says(
        of_table(table(custom_rule(AggregationThresholds=[any_expression]))),
        "Aggregated can be: any expression.",
    )
    says(of_table(table(custom_rule(AggregationThresholds=[later]))), "Aggregated can be: `LATER`.")


def test_the_sheet_says_what_decides_the_analyses_at_deployment() -> None:
    rule = custom_rule(AllowedAnalyses={"Ref": "Allowed"})
    content = template(
        {"Orders": table(rule, AnalysisMethod="LATER")},
        Parameters={"Allowed": {"Type": "CommaDelimitedList"}},
    )
    text = text_of(content)
    says(
        text,
        "Allowed analyses: `{parameter Allowed}` (decided at deployment: `parameter Allowed`).",
        "It can be used in `LATER`.",
        "No collaboration of these templates uses it.",
        "| table `orders` | `AnalysisRules` | `parameter Allowed` |",
    )


def test_the_sheet_says_that_a_rule_is_not_known() -> None:
    rule = [{"Type": "LATER", "Policy": {"V1": {"Later": {"Opens": "all"}}}}]
    says(
        of_table(table(rule)),
        "A person has to read its analysis rule:",
        "does not know the property `AnalysisRules.Policy.V1.Later` of `AWS::CleanRooms",
    )


def test_the_sheet_says_that_a_table_without_a_rule_cannot_be_queried() -> None:
    says(of_table(table()), "It has no analysis rule, so nobody can query it.")


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        (
            {"Athena": {"DatabaseName": "crm", "TableName": "orders", "WorkGroup": "primary"}},
            "a table or view of Amazon Athena: DatabaseName `crm`, TableName `orders`, WorkGroup",
        ),
        ({"Snowflake": {"TableName": "orders"}}, "a table of Snowflake: TableName `orders`."),
        ({"Glue": {}}, "The data is an AWS Glue table: (nothing)."),
    ],
)
def test_the_sheet_says_where_the_data_is(reference: Any, sentence: str) -> None:
    says(of_table(table(TableReference=reference)), sentence)


def test_the_sheet_says_who_receives_the_results_of_a_table() -> None:
    limits = {"AllowedResultReceivers": [PARTNER], "AllowedAdditionalAnalyses": []}
    rules = [{"Type": "CUSTOM", "Policy": {"V1": {"Custom": limits}}}]
    says(
        of_table(table(custom_rule()), ConfiguredTableAssociationAnalysisRules=rules),
        f"Results of its analyses there may go only to these accounts: `{PARTNER}`.",
        "Machine learning that may use results there: none.",
        "with this role: `arn:aws:iam::111122223333:role/clean-rooms`.",
    )


def test_the_sheet_says_that_a_table_or_membership_is_elsewhere() -> None:
    elsewhere = association(MembershipIdentifier="m-1", ConfiguredTableIdentifier="t-1")
    says(
        text_of(template({"InRoom": elsewhere})),
        "The table itself is not in these templates: `t-1`.",
        "In the collaboration of the membership `m-1` it is called `orders`.",
        "| `orders` | is queried in | `m-1` |",
    )
    us = membership(CollaborationIdentifier="c-1")
    text = text_of(template({"Us": us, "InRoom": association(ConfiguredTableIdentifier="t-1")}))
    says(text, "In the collaboration `c-1` it is called", "| `orders` | is queried in | `c-1` |")


def learned(text: str) -> list[str]:
    """Return the rows that say what each member can learn."""
    part = text.split("## Who can learn what")[1].split("## ")[0]
    return [line for line in part.splitlines() if line.startswith("| `")]


_ALL = {
    "CreatorMemberAbilities": ["CAN_QUERY", "CAN_RUN_JOB"],
    "Members": [
        {
            "AccountId": PARTNER,
            "DisplayName": "Publisher",
            "MemberAbilities": ["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        },
        {"AccountId": "777788889999", "DisplayName": "Agency", "MemberAbilities": []},
    ],
}


@pytest.mark.parametrize(
    ("rule", "advertiser", "publisher"),
    [
        (None, "nothing | - | -", "nothing | - | -"),
        (custom_rule(), "nothing | - | -", "nothing | - | -"),
        (
            aggregation_rule(JoinRequired="QUERY_RUNNER", DimensionColumns=["region", "hidden"]),
            "aggregate `amount`; select, filter and group by `region`; join it by `id` | queries"
            " that aggregate and join it with a table of the member who queries; each row covers"
            " at least `100` different values of `id` | `id`",
            None,
        ),
        (
            list_rule(),
            "list `amount`, `region`; join it by `id` | queries that join it with a table of the"
            " member who queries | `id`",
            None,
        ),
        (
            custom_rule(
                AllowedAnalyses=["ANY_QUERY", "arn:a", "arn:b"],
                AllowedAnalysisProviders=[PARTNER, "123456789012"],
                AggregationThresholds=[
                    {
                        "IdentityColumns": ["id"],
                        "MinimumIdentityCount": 50,
                        "Type": "COUNT",
                        "OutputColumnThresholds": [
                            {"OutputColumnName": "amount", "MinimumIdentityCount": 0},
                            {"OutputColumnName": "region", "MinimumIdentityCount": 60},
                        ],
                    }
                ],
                DisallowedOutputColumns=["id"],
            ),
            "query `id`, `region`, `amount`; run jobs on it | any query of `Publisher`,"
            " `123456789012`; the templates `arn:a`, `arn:b`; each row covers at least `50`"
            " different values of `id`, or fewer for `amount`, but jobs have no minimum | `id`",
            "query `id`, `region`, `amount`; receive results | any query of `Publisher`,"
            " `123456789012`; the templates `arn:a`, `arn:b`; each row covers at least `50`"
            " different values of `id`, or fewer for `amount`, but jobs have no minimum | `id`",
        ),
        (
            custom_rule(
                AllowedAnalysisProviders=[PARTNER],
                DifferentialPrivacy={"Columns": [{"Name": "id"}]},
            ),
            "query `id`, `region`, `amount`; run jobs on it | any analysis of `Publisher`; with"
            " noise of differential privacy | -",
            None,
        ),
        (
            custom_rule(AllowedAnalyses=["ANY_JOB"]),
            "query `id`, `region`, `amount`; run jobs on it | any job of nobody | -",
            None,
        ),
        (
            [{"Type": "LATER"}],
            "query it, as far as its rule allows; run jobs on it | a person has to read its rule"
            " | -",
            None,
        ),
    ],
)
def test_the_sheet_says_what_each_member_can_learn(
    rule: Any, advertiser: str, publisher: str | None
) -> None:
    is_custom = rule is not None and rule[0]["Type"] in ("CUSTOM", "LATER")
    content = table(rule, AnalysisMethod="MULTIPLE" if is_custom else "DIRECT_QUERY")
    rows = learned(
        text_of(
            template(
                {
                    "Room": collaboration(**_ALL),
                    "Us": membership(),
                    "Orders": content,
                    "InRoom": association(),
                }
            )
        )
    )
    assert rows[0] == f"| `Advertiser` | `orders in overlap` | {advertiser} |"
    if publisher is not None:
        assert rows[1] == f"| `Publisher` | `orders in overlap` | {publisher} |"
    assert rows[2] == "| `Agency` | `orders in overlap` | nothing | - | - |"


def test_the_sheet_says_that_a_minimum_holds_where_only_queries_are_possible() -> None:
    thresholds = [{"IdentityColumns": ["id"], "MinimumIdentityCount": 50}]
    rule = custom_rule(AllowedAnalyses=["arn:a"], AggregationThresholds=thresholds)
    assert "different values of `id` |" in learned(of_table(table(rule)))[0]


def test_the_sheet_does_not_deny_what_accounts_may_do() -> None:
    text = of_table(table(custom_rule(AllowedAnalysisProviders=[PARTNER])))
    says(text, "All analyses of these accounts are allowed, now and in the future")
    assert "No analysis is allowed" not in text


def test_the_sheet_says_who_does_not_receive_the_results_of_a_table() -> None:
    def received(*accounts: str) -> list[str]:
        limits = {"AllowedResultReceivers": [*accounts]}
        rules = [{"Type": "LIST", "Policy": {"V1": {"List": limits}}}]
        return learned(of_table(table(list_rule()), ConfiguredTableAssociationAnalysisRules=rules))

    assert "| receive results |" in received(PARTNER)[1]
    assert "| nothing |" in received("777788889999")[1]


def test_the_sheet_does_not_take_an_empty_list_for_a_limit() -> None:
    rules = [{"Type": "LIST", "Policy": {"V1": {"List": {"AllowedResultReceivers": []}}}}]
    text = of_table(table(list_rule()), ConfiguredTableAssociationAnalysisRules=rules)
    says(text, "AWS does not say who receives results", "| receive results |")
    regions = text_of(template({"Room": collaboration(AllowedResultRegions=[])}))
    says(regions, "AWS does not say to which Regions results may go")


def test_the_sheet_says_what_can_be_learned_of_tables_that_are_elsewhere() -> None:
    elsewhere = association(MembershipIdentifier="m-1", ConfiguredTableIdentifier="t-1")
    (row,) = learned(text_of(template({"InRoom": elsewhere})))
    assert row == (
        "| `(whoever is in it)` | `orders in m-1` | query it, as far as its rule allows, which is"
        " not in these templates; receive results | - | - |"
    )


@pytest.mark.parametrize(("use", "never"), [(False, "the IDs"), (True, "-"), (None, "the IDs")])
def test_the_sheet_says_whether_linked_ids_are_put_out(use: bool | None, never: str) -> None:
    us = {"Fn::GetAtt": ["Us", "MembershipIdentifier"]}
    config = {} if use is None else {"IdMappingConfig": {"AllowUseAsDimensionColumn": use}}
    rows = learned(
        text_of(
            template(
                {
                    "Room": collaboration(**_ALL),
                    "Us": membership(),
                    "Ids": resource(
                        "AWS::CleanRooms::IdNamespaceAssociation",
                        {"Name": "ids", "MembershipIdentifier": us, **config},
                    ),
                    "Mapping": resource(
                        "AWS::CleanRooms::IdMappingTable",
                        {"Name": "links", "MembershipIdentifier": us},
                    ),
                }
            )
        )
    )
    assert rows == [
        "| `Advertiser` | `links in overlap` | join tables by the linked IDs | queries that join it"
        f" with other tables | {never} |",
        "| `Publisher` | `links in overlap` | join tables by the linked IDs; receive results |"
        f" queries that join it with other tables | {never} |",
        "| `Agency` | `links in overlap` | nothing | - | - |",
    ]


def test_the_sheet_says_that_nothing_can_be_queried() -> None:
    says(text_of(template({"Room": collaboration()})), "Nobody can query anything of these")


def test_the_sheet_says_first_that_a_collaboration_is_replaced() -> None:
    old, new = (template({"Room": collaboration(Members=it)}) for it in ([], _ALL["Members"]))
    text = text_of(new, old)
    said = "CloudFormation creates the collaboration `overlap` anew."
    assert text.index(said) < text.index("More can be learned")
    other = template({"Room": collaboration(Description="Other")})
    assert said not in text_of(template({"Room": collaboration()}), other)


def test_the_sheet_shows_templates_and_queries_with_their_texts() -> None:
    def made(**properties: Any) -> Template:
        return resource(
            "AWS::CleanRooms::AnalysisTemplate",
            {"MembershipIdentifier": "m-1", "Name": "reach", **properties},
        )

    query = made(
        Format="SQL",
        Source={"Text": "SELECT 1"},
        AnalysisParameters=[{"Name": "since", "Type": "DATE"}],
        ErrorMessageConfiguration={"Type": "DETAILED"},
    )
    job = made(
        Name="job",
        Format="LATER",
        Source={"Artifacts": {"EntryPoint": {"Location": {"Bucket": "b", "Key": "k"}}}},
        SyntheticDataParameters={
            "MlSyntheticDataParameters": {"Epsilon": 3, "MaxMembershipInferenceAttackScore": 0.6}
        },
    )

    def filled(source: Any) -> Template:
        return resource(
            "AWS::CleanRooms::IntermediateTable",
            {
                "Name": "made",
                "MembershipIdentifier": "m-1",
                "PopulationAnalysisConfiguration": {"SqlParameters": source},
                "AnalysisRules": custom_rule(),
                "KmsKeyArn": "arn:key",
            },
        )

    by_query = filled({"QueryString": "SELECT 2"})
    by_template = filled({"AnalysisTemplateArn": "arn:template"})
    by_template["Properties"]["Name"] = "other"
    says(
        text_of(template({"A": query, "B": job, "C": by_query, "D": by_template})),
        "It is a query in SQL in the collaboration of the membership `m-1`.",
        "| `since` | `DATE` | (nothing) |",
        "Error messages are detailed, and can contain data.",
        "```text\nSELECT 1\n```",
        # The hash of SELECT 1.
        "e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5",
        "It is `LATER` in the collaboration",
        "Its results are synthetic data, with epsilon `3`",
        "Its code is not in these templates: ",
        "It is filled by a query of its own.",
        "```text\nSELECT 2\n```",
        "It is filled by the template `arn:template`.",
        "| intermediate table `made in m-1` | encrypted with | `arn:key` | KmsKeyArn |",
    )


def test_the_sheet_says_what_budgets_limit() -> None:
    says(
        text_of(room()),
        "The use of `orders in overlap` is limited.",
        "| `100` | the whole time | no |",
    )
    periods = [
        {"Type": "CALENDAR_WEEK", "Budget": 7, "AutoRefresh": "ENABLED"},
        {"Type": "LATER", "Budget": 9},
    ]
    parameters = {"ResourceArn": "arn:a", "BudgetParameters": periods}
    says(
        text_of(template({"B": access_budget(Parameters=parameters)})),
        "| `7` | a week | yes |",
        "| `9` | `LATER` | no |",
    )


@pytest.mark.parametrize(
    ("refresh", "sentence"),
    [
        ("CALENDAR_MONTH", "The budget is renewed each month, so over time more can be learned."),
        ("NONE", "The budget is not renewed."),
        ("LATER", "Renewal of the budget: `LATER`."),
    ],
)
def test_the_sheet_says_what_differential_privacy_spends(refresh: str, sentence: str) -> None:
    budget = access_budget(
        PrivacyBudgetType="DIFFERENTIAL_PRIVACY",
        AutoRefresh=refresh,
        MembershipIdentifier="m-1",
        Parameters={"Epsilon": 3, "UsersNoisePerQuery": 10},
    )
    says(
        text_of(template({"B": budget})),
        "share the privacy budget epsilon `3`; a larger epsilon reveals more.",
        "Each query gets noise that hides up to `10` persons.",
        sentence,
    )


def ids() -> Template:
    rules = [{"RuleName": "Email", "MatchingKeys": ["Email", "Phone"]}]
    linked = {
        "AttributeMatchingModel": "ONE_TO_ONE",
        "RecordMatchingModels": ["ONE_SOURCE_TO_ONE_TARGET", "LATER"],
        "Rules": rules,
    }
    return template(
        {
            "Room": collaboration(),
            "Us": membership(),
            "Source": resource(
                "AWS::EntityResolution::IdNamespace",
                {
                    "IdNamespaceName": "customers",
                    "Type": "SOURCE",
                    "InputSourceConfig": [{"InputSourceARN": "arn:table"}],
                    "IdMappingWorkflowProperties": [
                        {"IdMappingType": "RULE_BASED", "RuleBasedProperties": linked}
                    ],
                },
            ),
            "Target": resource(
                "AWS::EntityResolution::IdNamespace",
                {"IdNamespaceName": "subscribers", "Type": "TARGET"},
            ),
            "Association": resource(
                "AWS::CleanRooms::IdNamespaceAssociation",
                {
                    "Name": "customers",
                    "MembershipIdentifier": {"Ref": "Us"},
                    "InputReferenceConfig": {
                        "InputReferenceArn": {"Fn::GetAtt": ["Source", "IdNamespaceArn"]},
                        "ManageResourcePolicies": True,
                    },
                    "IdMappingConfig": {"AllowUseAsDimensionColumn": True},
                },
            ),
            "Hidden": resource(
                "AWS::CleanRooms::IdNamespaceAssociation",
                {"Name": "hidden", "MembershipIdentifier": {"Ref": "Us"}},
            ),
            "Open": resource(
                "AWS::CleanRooms::IdNamespaceAssociation",
                {
                    "Name": "open",
                    "MembershipIdentifier": {"Ref": "Us"},
                    "IdMappingConfig": {"AllowUseAsDimensionColumn": {"Ref": "Shown"}},
                },
            ),
            "Mapping": resource(
                "AWS::CleanRooms::IdMappingTable",
                {
                    "Name": "mapping",
                    "MembershipIdentifier": {"Ref": "Us"},
                    "InputReferenceConfig": {
                        "InputReferenceArn": {"Fn::GetAtt": ["Workflow", "WorkflowArn"]}
                    },
                },
            ),
            "Workflow": resource(
                "AWS::EntityResolution::IdMappingWorkflow",
                {
                    "WorkflowName": "link",
                    "InputSourceConfig": [
                        {"InputSourceARN": {"Fn::GetAtt": ["Source", "IdNamespaceArn"]}},
                        {"InputSourceARN": "arn:theirs", "Type": "TARGET"},
                    ],
                    "IdMappingTechniques": {
                        "IdMappingType": "PROVIDER",
                        "ProviderProperties": {"ProviderServiceArn": "arn:provider"},
                    },
                    "OutputSourceConfig": [{"OutputS3Path": "s3://out/", "KMSArn": "arn:key"}],
                    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                },
            ),
            "Role": resource("AWS::IAM::Role", {}),
            "Matching": resource(
                "AWS::EntityResolution::MatchingWorkflow",
                {
                    "WorkflowName": "match",
                    "InputSourceConfig": [{"InputSourceARN": "arn:table"}],
                    "ResolutionTechniques": {
                        "ResolutionType": "LATER",
                        "RuleConditionProperties": {
                            "Rules": [{"RuleName": "Name", "Condition": "Exact(Name)"}]
                        },
                    },
                    "OutputSourceConfig": [
                        {
                            "OutputS3Path": "s3://matched/",
                            "Output": [{"Name": "id"}, {"Name": "email", "Hashed": True}],
                        }
                    ],
                    "RoleArn": "arn:aws:iam::111122223333:role/match",
                },
            ),
            "Schema": resource(
                "AWS::EntityResolution::SchemaMapping",
                {
                    "SchemaName": "customers",
                    "MappedInputFields": [
                        {"FieldName": "email", "Type": "EMAIL_ADDRESS", "MatchKey": "Email"}
                    ],
                },
            ),
            "Use": resource(
                "AWS::EntityResolution::PolicyStatement",
                {
                    "Arn": {"Fn::GetAtt": ["Source", "IdNamespaceArn"]},
                    "StatementId": "Use",
                    "Effect": "Allow",
                    "Action": ["entityresolution:GetIdNamespace"],
                    "Principal": [PARTNER, "cleanrooms.amazonaws.com", "*"],
                    "Condition": '{"StringEquals":{"aws:SourceAccount":"1"}}',
                },
            ),
            "Odd": resource(
                "AWS::EntityResolution::PolicyStatement",
                {"Arn": "arn:odd", "StatementId": "Odd", "Effect": "Deny"},
            ),
        },
        Parameters={"Shown": {"Type": "String"}},
    )


def test_the_sheet_says_who_may_use_which_ids() -> None:
    customers = "arn:aws:entityresolution:{this Region}:{this account}:idnamespace/customers"
    says(
        text_of(ids()),
        f"The collaboration `overlap` can use the ID namespace `{customers}`.",
        "Its IDs can also be selected and put out.",
        "AWS adds the permissions that the other members need for it.",
        "Its IDs can be joined, but not put out.",
        "Whether its IDs can be selected: `{parameter Shown}`",
        "It shows in the collaboration `overlap` which IDs the workflow",
        "It is the `source` of a mapping, and contains records of `arn:table`.",
        "contains records of no table of these templates.",
        f"| `{customers}` | may | account `{PARTNER}` | `entityresolution:GetIdNamespace` |"
        " `StringEquals aws:SourceAccount: 1` |",
        "| may | the service `cleanrooms.amazonaws.com` |",
        "| may | everybody |",
        "| `arn:odd` | a person has to read this |",
    )


def test_the_sheet_says_how_records_are_linked() -> None:
    says(
        text_of(ids()),
        "Records are linked by rules.",
        "When records are compared, a value matches only the same kind of value.",
        "When records are compared, one record of the source is linked with one record of the",
        "When records are compared, `LATER`.",
        "| `Email` | `Email`, `Phone` |",
        "as the `source`.",
        "It reads `arn:theirs` as the `target`.",
        "Records are linked by a provider, which receives them.",
        "The provider is `arn:provider`.",
        "It links records of `arn:table`.",
        "Records are linked `LATER`.",
        "| `Name` | `Exact(Name)` |",
        "It writes the columns `id`, `email`; hashed: `email`.",
        "| `email` | `EMAIL_ADDRESS` | `Email` | no |",
    )


def test_the_sheet_says_where_results_go() -> None:
    says(
        text_of(ids()),
        "| the ID mapping workflow `link` | `s3://out/` | role of ID mapping workflow `link` |"
        " `arn:key` | OutputSourceConfig |",
        "| the matching workflow `match` | `s3://matched/` |"
        " `arn:aws:iam::111122223333:role/match` | the key of the bucket | OutputSourceConfig |",
    )
    place = {"S3": {"Bucket": "results", "KeyPrefix": "ours", "ResultFormat": "CSV"}}
    us = membership(
        DefaultResultConfiguration={"OutputConfiguration": place, "RoleArn": "arn:writer"},
        DefaultJobResultConfiguration={"OutputConfiguration": {"S3": {"Bucket": "jobs"}}},
    )
    says(
        text_of(template({"Room": collaboration(), "Us": us})),
        "| queries of the membership `overlap` | `results` below `ours` | `arn:writer` |",
        "| jobs of the membership `overlap` | `jobs` | (nothing) |",
        "| `overlap` | writes results to | `results` |",
    )
    says(
        text_of(template({"Room": collaboration(), "Us": membership()})),
        "No membership of these templates has a default place for results",
    )


def test_the_sheet_says_what_roles_may_do() -> None:
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::crm/*"}
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/admin"},
    }
    role = resource(
        "AWS::IAM::Role",
        {
            "RoleName": "reader",
            "AssumeRolePolicyDocument": {"Statement": [trust]},
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnly", {"Ref": "Own"}],
            "Policies": [
                {
                    "PolicyDocument": {
                        "Statement": [
                            allow,
                            {**allow, "Effect": "Deny", "Condition": {"Bool": {"a": True}}},
                            {**allow, "NotAction": "a"},
                        ]
                    }
                }
            ],
        },
    )
    managed = resource("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [allow]}})
    text = text_of(template({"Role": role, "Own": managed}))
    says(
        text,
        "| role `reader` | `arn:aws:s3:::crm/*` | nothing |",
        "| role `reader` (may be used by) | allowed | `arn:aws:iam::111122223333:role/admin` |",
        "| role `reader` (may) | allowed | - | `s3:GetObject` | `arn:aws:s3:::crm/*` | always |",
        "| role `reader` (may) | denied | - | `s3:GetObject` | `arn:aws:s3:::crm/*` |"
        " `Bool a: true` |",
        "| role `reader` (may) | a person has to read this |",
        "The role `reader` may also do what the managed policy `arn:aws:iam::aws:policy/ReadOnly`",
    )
    assert text.count("may also do") == 1


def test_the_sheet_says_what_is_logged_encrypted_and_kept() -> None:
    content = template(
        {
            "Room": {**collaboration(JobLogStatus={"Ref": "Logs"}), "DeletionPolicy": "Retain"},
            "Log": resource(
                "AWS::Logs::LogGroup", {"LogGroupName": "cleanrooms", "RetentionInDays": 7}
            ),
            "Forever": resource("AWS::Logs::LogGroup", {"LogGroupName": "other"}),
            "Table": resource(
                "AWS::CleanRooms::IdMappingTable", {"Name": "t", "MembershipIdentifier": "m"}
            ),
            "Data": resource(
                "AWS::S3::Bucket",
                {
                    "BucketName": "crm",
                    "BucketEncryption": {"SSE": "aws:kms"},
                    "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
                    "LifecycleConfiguration": {"Rules": [{"ExpirationInDays": 30}]},
                },
            ),
            "Plain": resource("AWS::S3::Bucket", {"BucketName": "plain"}),
        },
        Parameters={"Logs": {"Type": "String"}},
    )
    says(
        text_of(content),
        "| collaboration `overlap` | log of queries | on | QueryLogStatus |",
        "| collaboration `overlap` | log of jobs | `{parameter Logs}`",
        "| log group `cleanrooms` | logs are kept | `7` days | RetentionInDays |",
        "| log group `other` | logs are kept | for good | RetentionInDays |",
        "| ID mapping table `t in m` | encrypted with | a key of AWS | KmsKeyArn |",
        '| bucket `crm` | encrypted with | `{"SSE": "aws:kms"}` | BucketEncryption |',
        "| bucket `crm` | public access is blocked | `{",
        "| bucket `plain` | public access is blocked | by the default of Amazon S3 |",
        "| collaboration `overlap` | `Retain` | DeletionPolicy |",
        '| bucket `crm` | `{"Rules": [{"ExpirationInDays": 30}]}` | LifecycleConfiguration |',
    )
    off = template({"Room": collaboration(QueryLogStatus="DISABLED")})
    says(text_of(off), "| collaboration `overlap` | log of queries | off | QueryLogStatus |")


def test_the_sheet_says_what_it_does_not_know() -> None:
    content = template(
        {
            "Later": resource("AWS::CleanRooms::OfALaterVersion", {"Name": "a"}),
            "Lake": resource("AWS::LakeFormation::PrincipalPermissions"),
            "Custom": resource("Custom::AWS", {"Create": "cleanrooms"}),
            "Copied": resource(
                "AWS::Logs::SubscriptionFilter", {"LogGroupName": "/aws/cleanrooms/a"}
            ),
            "Stored": resource("AWS::SSM::Parameter", {"Name": "/a", "Value": "c-1"}),
            "Reader": membership(CollaborationIdentifier="{{resolve:ssm:/a}}"),
            "Fn::ForEach::Tables": [],
            "Maybe": {**membership(CollaborationIdentifier="c-1"), "Condition": "May"},
        },
        Conditions={"May": {"Fn::Equals": [{"Ref": "Open"}, "a"]}},
        Parameters={"Open": {"Type": "String"}},
        Transform="Make",
    )
    says(
        text_of(content, id="App", name="App"),
        "This version of the command does not know `AWS::CleanRooms::OfALaterVersion a`.",
        "A person has to read `AWS::LakeFormation::PrincipalPermissions Lake`.",
        "The custom resource `Custom::AWS Custom` can change what these templates say.",
        "A person has to read `AWS::Logs::SubscriptionFilter Copied`.",
        "The templates do not show the resources that `Transform` in the stack `App` makes.",
        "`Fn::ForEach::Tables`",
        "Whether it exists is decided at deployment: `{parameter Open} = a`",
    )


def test_the_sheet_never_says_that_something_is_safe() -> None:
    for content in (room(), ids()):
        assert "safe" not in text_of(content).lower()
        assert "## Not visible here" in text_of(content)


def test_the_sheet_shows_the_difference_of_long_texts() -> None:
    def app(last: str) -> Template:
        text = "SELECT region, SUM(amount)\nFROM orders\nGROUP BY region\nHAVING COUNT(id) > "
        source = {"Text": f"{text}{last} AND region IS NOT NULL"}
        made = {"Name": "reach", "MembershipIdentifier": "m", "Source": source}
        return template({"T": resource("AWS::CleanRooms::AnalysisTemplate", made)})

    says(
        text_of(app("10"), app("100")),
        "Changes: 1, to be decided: 1, accepted: 0.",
        "What changes in analysis template `reach in m`: `Source.Text`:",
        "-HAVING COUNT(id) > 100 AND region IS NOT NULL\n+HAVING COUNT(id) > 10 AND region IS NOT",
    )


def test_the_sheet_shows_what_changes_in_long_values() -> None:
    columns = [f"column_{index}" for index in range(60)]
    old, new = (
        template({"T": table(list_rule(ListColumns=it))}) for it in (columns, [*columns, "email"])
    )
    changes = text_of(new, old).split("## Tables")[0]
    says(changes, "`…", '+ "email"')
    assert '"column_30"' not in changes
    assert '+ "email"' not in text_of(old, new).split("## Tables")[0]


def test_the_sheet_shows_the_whole_of_a_long_statement_that_is_new() -> None:
    def app(*resources: str) -> Template:
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [*resources]}
        policy = {"PolicyName": "p", "Roles": ["r"], "PolicyDocument": {"Statement": [statement]}}
        return template({"P": resource("AWS::IAM::Policy", policy)})

    long = [f"arn:aws:s3:::data/{index}/*" for index in range(60)]
    says(text_of(app(*long), app()).split("## Tables")[0], '"arn:aws:s3:::data/59/*"')
    # What is allowed no longer needs no decision.
    assert '"arn:aws:s3:::data/9/*"' not in text_of(app(), app(*long))


@pytest.mark.unmeasured
def test_the_work_grows_linearly() -> None:
    def calls(number: int) -> int:
        tables = {
            f"T{index}": table(aggregation_rule(), Name=f"t{index}") for index in range(number)
        }
        associations = {
            f"A{index}": association(
                Name=f"t{index}",
                ConfiguredTableIdentifier={"Ref": f"T{index}"},
                RoleArn={"Fn::GetAtt": [f"R{index}", "Arn"]},
            )
            for index in range(number)
        }
        roles = {
            f"R{index}": resource(
                "AWS::IAM::Role",
                {"Policies": [{"PolicyDocument": {"Statement": [{"Action": "s3:GetObject"}]}}]},
            )
            for index in range(number)
        }
        base = {"Room": collaboration(), "Us": membership()}
        content = template({**base, **tables, **associations, **roles})
        count = 0

        def counted(_frame: Any, event: str, _argument: Any) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(counted)
        try:
            text_of(content, content)
        finally:
            sys.setprofile(None)
        return count

    few, many = calls(10), calls(40)
    assert many < 4.4 * few


def test_the_sheet_says_what_decides_a_change() -> None:
    new = template(
        {"Room": collaboration(Members={"Ref": "Members"})},
        Parameters={"Members": {"Type": "CommaDelimitedList"}},
    )
    says(
        text_of(new, template({"Room": collaboration()})),
        "Decided at deployment: `parameter Members`.",
    )


def test_the_sheet_draws_each_flow_once() -> None:
    first, second = association(), association(ConfiguredTableIdentifier="t-1")
    resources = {"Room": collaboration(), "Us": membership(), "Orders": table()}
    text = text_of(template({**resources, "A": first, "B": second}))
    assert text.count('-->|"is queried in"|') == 1
    assert text.count("| `orders` | is queried in | `overlap` |") == 1


def test_the_sheet_names_what_has_no_word_of_its_own() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    policy = {"PolicyDocument": {"Statement": [statement]}}
    says(
        text_of(template({"Read": resource("AWS::IAM::ManagedPolicy", policy)})),
        "| `AWS::IAM::ManagedPolicy Read` (policy) | allowed |",
    )


def test_the_sheet_says_nothing_of_how_records_are_linked_where_that_is_open() -> None:
    workflow = resource("AWS::EntityResolution::IdMappingWorkflow", {"WorkflowName": "link"})
    assert "Records are linked" not in text_of(template({"Workflow": workflow}))
