"""Who may use which ID namespace, and how records are linked."""

from __future__ import annotations

from typing import Any

from ..document import Section, Table, listed, quoted
from ..policies import STATEMENT_OF_ENTITY_RESOLUTION, statements
from ..resources import Resource, called
from ..values import ABSENT, as_list, get, scalar
from .view import (
    ID_ASSOCIATION,
    ID_MAPPING_TABLE,
    ID_MAPPING_WORKFLOW,
    ID_NAMESPACE,
    MATCHING_WORKFLOW,
    SCHEMA_MAPPING,
    View,
    described,
)
from .words import principal_words

_MODELS = {
    "ONE_TO_ONE": "a value matches only the same kind of value",
    "MANY_TO_MANY": "any value of a match key matches any other value of it",
    "ONE_SOURCE_TO_ONE_TARGET": "one record of the source is linked with one record of the target",
    "MANY_SOURCE_TO_ONE_TARGET": (
        "several records of the source are linked with one record of the target"
    ),
}
_TECHNIQUES = {
    "RULE_BASED": "by rules",
    "RULE_MATCHING": "by rules",
    "ML_MATCHING": "by machine learning",
    "PROVIDER": "by a provider, which receives them",
}


def ids(view: View) -> Section:
    """Return the section about IDs and how records are linked."""
    section = Section(("IDs, and how records are linked",))
    for type_name, describe in (
        (ID_ASSOCIATION, _association),
        (ID_MAPPING_TABLE, _mapping_table),
        (ID_NAMESPACE, _namespace),
        (ID_MAPPING_WORKFLOW, _id_mapping_workflow),
        (MATCHING_WORKFLOW, _matching_workflow),
        (SCHEMA_MAPPING, _schema_mapping),
    ):
        section.sections += [describe(view, it) for it in view.of(type_name)]
    access = _access(view)
    if not access.is_empty:
        section.sections.append(access)
    return section


def _association(view: View, resource: Resource) -> Section:
    section = described("ID namespace association", resource)
    section.say(
        "The collaboration ",
        *view.room(resource.get("MembershipIdentifier")),
        " can use the ID namespace ",
        *quoted(resource.get("InputReferenceConfig.InputReferenceArn")),
        ".",
        source=("MembershipIdentifier", "InputReferenceConfig.InputReferenceArn"),
    )
    path = "IdMappingConfig.AllowUseAsDimensionColumn"
    value = resource.get(path)
    section.say(
        *(
            ("Its IDs can be joined, but not put out.",)
            if scalar(value).lower() == "false" or value is ABSENT
            else ("Its IDs can also be selected and put out.",)
            if scalar(value).lower() == "true"
            else ("Whether its IDs can be selected: ", *quoted(value), ".")
        ),
        source=path,
    )
    _say_managed(section, resource)
    return section


def _say_managed(section: Section, resource: Resource) -> None:
    path = "InputReferenceConfig.ManageResourcePolicies"
    if scalar(resource.get(path)).lower() == "true":
        section.say("AWS adds the permissions that the other members need for it.", source=path)


def _mapping_table(view: View, resource: Resource) -> Section:
    section = described("ID mapping table", resource)
    section.say(
        "It shows in the collaboration ",
        *view.room(resource.get("MembershipIdentifier")),
        " which IDs the workflow ",
        *quoted(resource.get("InputReferenceConfig.InputReferenceArn")),
        " linked.",
        source=("MembershipIdentifier", "InputReferenceConfig.InputReferenceArn"),
    )
    _say_managed(section, resource)
    return section


def _namespace(_view: View, resource: Resource) -> Section:
    section = described("ID namespace", resource)
    section.say(
        "It is the ",
        *quoted(scalar(resource.get("Type")).lower()),
        " of a mapping, and contains records of ",
        *listed(
            (get(it, "InputSourceARN") for it in as_list(resource.get("InputSourceConfig"))),
            nothing="no table of these templates",
        ),
        ".",
        source=("Type", "InputSourceConfig"),
    )
    properties = resource.get("IdMappingWorkflowProperties")
    for item in as_list(properties):
        _say_linking(section, item, "IdMappingWorkflowProperties", "IdMappingType")
    return section


def _id_mapping_workflow(_view: View, resource: Resource) -> Section:
    section = described("ID mapping workflow", resource)
    for item in as_list(resource.get("InputSourceConfig")):
        section.say(
            "It reads ",
            *quoted(get(item, "InputSourceARN")),
            " as the ",
            *quoted(
                scalar(get(item, "Type")).lower() if get(item, "Type") is not ABSENT else "source"
            ),
            ".",
            source="InputSourceConfig",
        )
    _say_linking(
        section, resource.get("IdMappingTechniques"), "IdMappingTechniques", "IdMappingType"
    )
    return section


def _matching_workflow(_view: View, resource: Resource) -> Section:
    section = described("Matching workflow", resource)
    section.say(
        "It links records of ",
        *listed(
            (get(it, "InputSourceARN") for it in as_list(resource.get("InputSourceConfig"))),
            nothing="nothing",
        ),
        ".",
        source="InputSourceConfig",
    )
    source = "ResolutionTechniques"
    _say_linking(section, resource.get(source), source, "ResolutionType")
    for output in as_list(resource.get("OutputSourceConfig")):
        columns = as_list(get(output, "Output"))
        hashed = [get(it, "Name") for it in columns if scalar(get(it, "Hashed")).lower() == "true"]
        section.say(
            "It writes the columns ",
            *listed((get(it, "Name") for it in columns), nothing="that AWS chooses"),
            "; hashed: ",
            *listed(hashed, nothing="none"),
            ".",
            source="OutputSourceConfig.Output",
        )
    return section


def _say_linking(section: Section, node: Any, source: str, kind: str) -> None:
    technique = get(node, kind)
    if technique is not ABSENT:
        section.say(
            "Records are linked ",
            *((_TECHNIQUES[technique],) if technique in _TECHNIQUES else quoted(technique)),
            ".",
            source=f"{source}.{kind}",
        )
    provider = get(node, "ProviderProperties.ProviderServiceArn")
    if provider is not ABSENT:
        section.say(
            "The provider is ",
            *quoted(provider),
            ".",
            source=f"{source}.ProviderProperties.ProviderServiceArn",
        )
    for path in (
        "RuleBasedProperties.AttributeMatchingModel",
        "RuleBasedProperties.RecordMatchingModel",
        "RuleBasedProperties.RecordMatchingModels",
    ):
        for model in as_list(get(node, path)):
            section.say(
                "When records are compared, ",
                *((_MODELS[scalar(model)],) if scalar(model) in _MODELS else quoted(model)),
                ".",
                source=f"{source}.{path}",
            )
    for path in ("RuleBasedProperties.Rules", "RuleConditionProperties.Rules"):
        rules = as_list(get(node, path))
        if rules:
            section.blocks.append(
                Table(
                    ("Rule", "Records are linked if all of these agree"),
                    [
                        [
                            quoted(get(rule, "RuleName")),
                            listed(as_list(get(rule, "MatchingKeys")), nothing="nothing")
                            if get(rule, "MatchingKeys") is not ABSENT
                            else quoted(get(rule, "Condition")),
                        ]
                        for rule in rules
                    ],
                    (f"{source}.{path}",),
                )
            )


def _schema_mapping(_view: View, resource: Resource) -> Section:
    section = described("Schema mapping", resource)
    names = ("FieldName", "Type", "MatchKey", "Hashed")
    section.blocks.append(
        Table(
            ("Column", "Meaning", "Match key", "Already hashed"),
            [
                [
                    quoted(get(it, name)) if get(it, name) is not ABSENT else ("no",)
                    for name in names
                ]
                for it in as_list(resource.get("MappedInputFields"))
            ],
            ("MappedInputFields",),
        )
    )
    return section


def _access(view: View) -> Section:
    section = Section(("Who else may use them",))
    rows = []
    for (subject, property), policy in sorted(view.policies.items()):
        if property != "Statement":
            continue
        name = called(subject).removeprefix(STATEMENT_OF_ENTITY_RESOLUTION).strip()
        for it in statements(policy.grants):
            rows.append(
                [
                    quoted(name),
                    ("may" if it["Effect"] == "Allow" else "may not",),
                    principal_words(it.get("Principal", "")),
                    listed(it["Action"]),
                    listed(it.get("Condition", ()), nothing="always"),
                ]
            )
        rows += [
            [quoted(name), ("a person has to read this",), quoted(it), ("",), ("",)]
            for it in sorted(policy.opaque)
        ]
    if rows:
        section.blocks.append(
            Table(
                ("ID namespace or workflow", "Effect", "Who", "What", "If"),
                rows,
                ("AWS::EntityResolution::PolicyStatement",),
            )
        )
    return section
