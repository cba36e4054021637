# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.tools.sources_fragment``: write the fragment ``_sources`` from those of the providers.

A source takes the options of its provider's modules, so it takes their texts, too. What a text calls ``O(url)`` is
``O(sources[].clumio.url)`` here, and defaults are told in words: an option of a source that is not given may still come
from ``connection``.
"""

from __future__ import annotations

import re
import runpy
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.tools.stage import ROOT

FRAGMENTS = ROOT / "plugins/doc_fragments"
TARGET = FRAGMENTS / "_sources.py"
WIDTH = 120
Option = dict[str, Any]


@dataclass(frozen=True)
class Provider:
    """What only the unified modules say of a provider."""

    title: str
    module: str
    """Whose defaults count in the end."""
    endpoint: tuple[str, ...]
    """A source that gives one of these takes nothing from the environment."""
    scope: Mapping[str, Option] = field(default_factory=dict)


PROVIDERS = {
    "yandex": Provider(
        "Yandex Cloud Backup",
        "yandex_backup_task_info",
        ("api_host", "api_url", "iam_url", "metadata_url"),
        {
            "folder_id": {
                "description": ["Id of the folder to read. Required, unless E(YC_FOLDER_ID) is set."],
                "type": "str",
            }
        },
    ),
    "clumio": Provider(
        "Clumio",
        "clumio_backup_task_info",
        ("url",),
        {
            "kinds": {
                "description": [
                    "The kinds of resources to read, of V(ebs_volumes), V(ec2_instances), V(rds_resources), "
                    "V(dynamodb_tables), V(s3_buckets) and V(protection_groups). By default all of them.",
                    "Tasks are read whatever they work on.",
                ],
                "type": "list",
                "elements": "str",
            },
            "lookback_days": {
                "description": [
                    "How many days Clumio looks back to say how the backups of each resource went. Its answer is part "
                    "of what O(ignore:detail=raw) shows. No verdict of ours depends on it.",
                ],
                "type": "int",
            },
        },
    ),
    "veeam": Provider("Veeam Backup Enterprise Manager", "veeam_backup_session_info", ("url",)),
    "petadata": Provider(
        "Alibaba Cloud PetaData",
        "petadata_backup_task_info",
        ("url",),
        {
            "instance_ids": {
                "description": ["Ids of the instances to read. Required, for the API has no list of instances."],
                "type": "list",
                "elements": "str",
            }
        },
    ),
}

ACTION_GROUP = {
    "description": "Use C(group/multivendor.backup.unified) or C(group/multivendor.backup.all) in C(module_defaults) "
    "to set defaults for this module.",
    "support": "full",
    "membership": ["multivendor.backup.all", "multivendor.backup.unified"],
}

SOURCES = [
    "The backup systems to read, all at the same time. One that cannot be read costs the others nothing.",
    "Each source has exactly one of O(sources[].yandex), O(sources[].clumio), O(sources[].veeam) and "
    "O(sources[].petadata).",
    "What a source does not say about the connection is taken from O(connection). What neither says is as in the "
    "modules of the provider.",
    "The same list serves all unified modules. Set it once, in C(module_defaults) or in a variable of the inventory.",
]
NAME = [
    "What to call the source, in results, messages and uids. Unique among the sources, made of letters, digits, C(_), "
    "C(.) and C(-), and at most 100 characters long.",
    "If not given, it is the provider, for example V(clumio).",
]
RPO = [
    "How old the newest good backup of a resource of this source may be, in place of the option O(ignore:rpo) of "
    "M(multivendor.backup.backup_resource_info). A length of time, for example V(26h) or V(7d).",
    "Modules that read tasks take no notice of it.",
]
CONNECTION = [
    "How to reach the sources, for all of them at once. A source that says otherwise is right for itself.",
    "What neither says is the default named below.",
]

HEAD = '''\
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of all unified modules: which backup systems to read, and how to reach them.

Written by `python -m tests.tools.sources_fragment` from the fragments of the providers. Change those, or that.
"""

from __future__ import annotations


class ModuleDocFragment:
    """The sources, each with the options of its provider, and the connection that they share."""

    DOCUMENTATION = r"""
'''


def main() -> None:
    TARGET.write_text(source(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {source().count(chr(10))} lines")


def source() -> str:
    """The whole file."""
    text = written(fragment())
    if yaml.safe_load(text) != fragment():
        raise ValueError("a text needs quotes in YAML: write it without colons and hashes")
    return f'{HEAD}{text}"""\n'


def fragment() -> dict[str, Any]:
    """The documentation that the file carries."""
    connection = read("_connection")
    providers = {key: read(f"_{key}") for key in PROVIDERS}
    suboptions: dict[str, Option] = {
        "name": {"description": NAME, "type": "str"},
        "rpo": {"description": RPO, "type": "str"},
        **{key: describe(key, providers[key]["options"], connection["options"]) for key in PROVIDERS},
    }
    documents = [connection, *providers.values()]
    requirements = [line for document in documents for line in document.get("requirements", [])]
    return {
        "options": {
            "sources": {
                "description": SOURCES,
                "type": "list",
                "elements": "dict",
                "required": True,
                "suboptions": suboptions,
            },
            "connection": {
                "description": CONNECTION,
                "type": "dict",
                "suboptions": {
                    name: without_default(option, "connection.", connection["options"])
                    for name, option in connection["options"].items()
                },
            },
        },
        "attributes": {"action_group": ACTION_GROUP},
        "requirements": list(dict.fromkeys(requirements)),
        "notes": [
            f"{PROVIDERS[key].title} - {within(note, f'sources[].{key}.', known(key, providers, connection))}"
            for key, document in providers.items()
            for note in document.get("notes", [])
        ],
    }


def read(name: str) -> dict[str, Any]:
    """The documentation of another fragment."""
    module = runpy.run_path(str(FRAGMENTS / f"{name}.py"))
    document: dict[str, Any] = yaml.safe_load(module["ModuleDocFragment"].DOCUMENTATION)
    return document


def known(key: str, providers: Mapping[str, Any], connection: Mapping[str, Any]) -> set[str]:
    """The names of all options that a provider has in a source."""
    return {*providers[key]["options"], *connection["options"], *PROVIDERS[key].scope}


def describe(key: str, options: Mapping[str, Option], connection: Mapping[str, Option]) -> Option:
    """The suboption of a source that stands for one provider."""
    provider, prefix = PROVIDERS[key], f"sources[].{key}."
    own = {**provider.scope, **options}
    names = {**own, **connection}
    endpoint = [f"O({prefix}{name})" for name in provider.endpoint]
    listed = endpoint[0] if len(endpoint) == 1 else f"one of {', '.join(endpoint[:-1])} and {endpoint[-1]}"
    suboptions: dict[str, Option] = {}
    for name, option in own.items():
        suboptions[name] = without_default(option, prefix, names)
        if "E(" in " ".join(option["description"]) and provider.endpoint != (name,):
            suboptions[name]["description"].append(
                f"The environment does not count in a source that names an endpoint of its own, see O({prefix[:-1]})."
            )
    for name, option in connection.items():
        first = within(option["description"][0], prefix, names)
        suboptions[name] = {
            **without_default(option, prefix, names),
            "description": [first, f"For this source, in place of O(connection.{name}), which says more about it."],
        }
    return {
        "description": [
            f"The source is {provider.title}, read with these options.",
            f"What is given neither here nor in O(connection) is as in M(multivendor.backup.{provider.module}).",
            f"A source that gives {listed} takes nothing from the environment, so that no credentials ever go to the "
            "server of somebody else.",
        ],
        "type": "dict",
        "suboptions": suboptions,
    }


def without_default(option: Option, prefix: str, names: Mapping[str, Any]) -> Option:
    """The option with its default in words and its references made right."""
    description = [within(text, prefix, names) for text in option["description"]]
    if "default" in option:
        description.append(f"The default is V({yaml_word(option['default'])}).")
    kept = {key: value for key, value in option.items() if key not in ("default", "description")}
    return {"description": description, **kept}


def within(text: str, prefix: str, names: Mapping[str, Any] | set[str]) -> str:
    """The text with its references to options of the same fragment pointing to where these are now."""

    def point(found: re.Match[str]) -> str:
        if found.group(1) not in names:
            raise ValueError(f"no option {found.group(1)!r}: {text}")
        return f"O({prefix}{found.group(1)}{found.group(2)})"

    return re.sub(r"\bO\(([\w.]+)((?:=[^)]*)?)\)", point, text)


def yaml_word(value: Any) -> str:
    """A default as one writes it in a playbook."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def written(value: Any, indent: str = "") -> str:
    """YAML in the manner of the other fragments: no quotes, lines of 120 characters."""
    if isinstance(value, dict):
        return "".join(
            f"{indent}{key}:\n{written(entry, indent + '  ')}"
            if isinstance(entry, (dict, list)) and key not in ("choices",)
            else wrapped(f"{key}: {flow(entry)}", indent, indent + "  ")
            for key, entry in value.items()
        )
    return "".join(wrapped(f"- {entry}", indent, indent + "  ") for entry in value)


def flow(value: Any) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, list) else yaml_word(value)


def wrapped(text: str, first: str, rest: str) -> str:
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
