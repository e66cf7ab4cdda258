"""Rule sets as files: ``rulesets/<id>.yaml``."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

import yaml

from eu_enrollment.campaigns.kinds import CampaignKind
from eu_enrollment.campaigns.rules.ruleset import RuleSet


class _Loader(yaml.SafeLoader):
    """YAML in which a repeated key is an error."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[object, object]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    if len(keys) != len(set(keys)):
        raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse(text: str) -> dict[str, object]:
    """The data of a rule set's file; raises ``yaml.YAMLError``."""
    data: dict[str, object] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    return data


def read(data: object) -> RuleSet:
    """Check one rule set; raises ``pydantic.ValidationError``."""
    return RuleSet.model_validate(data)


@cache
def rule_sets() -> Mapping[str, RuleSet]:
    """The committed rule sets by id.

    A file may stand ``based_on`` another: it says only what differs, each of its parts in place of the other's part.
    """
    files: dict[str, dict[str, object]] = {}
    for file in resources.files("eu_enrollment.campaigns").joinpath("rulesets").iterdir():
        if file.name.endswith(".yaml"):
            files[file.name.removesuffix(".yaml")] = parse(file.read_text(encoding="utf-8"))
    found: dict[str, RuleSet] = {}
    for name, data in sorted(files.items()):
        rules = read(_whole(data, files))
        if name != rules.id:
            raise ValueError(f"{name}.yaml holds the rules {rules.id}")
        found[name] = rules
    check_editions(found)
    return found


def _whole(data: Mapping[str, object], files: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """A rule set with the parts it takes from the one it is based on; which edition it follows is its own matter."""
    own = dict(data)
    base = own.pop("based_on", None)
    return own if base is None else {key: value for key, value in files[str(base)].items() if key != "follows"} | own


def check_editions(found: Mapping[str, RuleSet]) -> None:
    """Raise ``ValueError`` where an edition does not begin on the day on which the one it follows ends."""
    for rules in found.values():
        if rules.follows is not None:
            older = found.get(rules.follows)
            if older is None or (older.kind, older.valid_to) != (rules.kind, rules.valid_from):
                raise ValueError(f"{rules.id} does not begin where {rules.follows} ends")


def in_force(kind: CampaignKind, day: date) -> list[RuleSet]:
    """Rule sets of a kind that may be applied on a day."""
    return [rules for rules in rule_sets().values() if rules.kind is kind and rules.in_force(day)]
