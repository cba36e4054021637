# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the providers share: how to reach a simulator, and clients that lose no time."""

from __future__ import annotations

import re
import time
from typing import Any

from ansible_collections.multivendor.backup.plugins.module_utils._clumio.client import ClumioClient
from ansible_collections.multivendor.backup.plugins.module_utils._clumio.options import CLUMIO
from ansible_collections.multivendor.backup.plugins.module_utils._core.deadline import Clock
from ansible_collections.multivendor.backup.plugins.module_utils._core.redact import Secrets
from ansible_collections.multivendor.backup.plugins.module_utils._petadata.client import PetaDataClient
from ansible_collections.multivendor.backup.plugins.module_utils._petadata.options import PETADATA
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.client import VeeamClient
from ansible_collections.multivendor.backup.plugins.module_utils._veeam.options import VEEAM
from ansible_collections.multivendor.backup.plugins.module_utils._yandex.client import YandexClient
from ansible_collections.multivendor.backup.plugins.module_utils._yandex.options import YANDEX

CLIENTS = {"yandex": YandexClient, "clumio": ClumioClient, "veeam": VeeamClient, "petadata": PetaDataClient}
SPECS = {"yandex": YANDEX, "clumio": CLUMIO, "veeam": VEEAM, "petadata": PETADATA}

CREDENTIALS = {
    "yandex": {"iam_token": "iam_token"},
    "clumio": {"api_token": "clumio_token"},
    "veeam": {"session_token": "veeam_session_token"},
    "petadata": {"access_key_id": "access_key_id", "access_key_secret": "access_key_secret"},
}
"""How tests log in when they do not care: option -> the simulator's credential."""

WAYS_IN = {
    "yandex": {"iam_token", "service_account_key", "service_account_key_file", "instance_metadata"},
    "clumio": {"api_token"},
    "veeam": {"session_token", "username", "password"},
    "petadata": {"access_key_id", "access_key_secret", "security_token"},
}

QUICK = Clock(uniform=lambda low, high: low)
"""Real time, but no waiting between attempts unless the server asks for it."""


class Params(dict):  # type: ignore[type-arg]
    """Options as a module has them: what is not given is None."""

    def __missing__(self, name: str) -> None:
        return None


def reach(simulator: Any, provider: str, **options: Any) -> dict[str, Any]:
    """The options that reach this simulator, with `options`. Any way in among them takes the place of the usual one."""
    addresses = ("api_url", "iam_url", "metadata_url") if provider == "yandex" else ("url",)
    given = dict.fromkeys(addresses, simulator.url)
    if simulator.ca_path:
        given["ca_path"] = simulator.ca_path
    if not WAYS_IN[provider] & set(options):
        given.update({name: getattr(simulator.credentials, of) for name, of in CREDENTIALS[provider].items()})
    return {**given, **options}


def params(provider: str, **options: Any) -> Params:
    """Options as AnsibleModule hands them on, with the defaults of the connection."""
    defaults = {name: spec.get("default") for name, spec in SPECS[provider].spec.items()}
    return Params({**defaults, **options})


def connect(
    simulator: Any, provider: str, *, environ: Any = None, clock: Clock = QUICK, secrets: Any = None, **options: Any
) -> Any:
    """A provider's client, on this simulator, with its credentials unless others are given."""
    made = params(provider, **reach(simulator, provider, **options))
    return CLIENTS[provider](made, secrets or Secrets(), environ=environ or {}, clock=clock)


def same(records: list[Any], natives: list[Any]) -> bool:
    """Whether records say exactly what the API's own objects say, in the same order, and nothing else.

    Names are compared without case and underscores, values as text; null, empty and "never" count as not said.
    """
    return [_plain(record) for record in records] == [_plain(native) for native in natives]


OURS = ("additional_fields", "instance_id", "kind")
"""What records have beside the API's own fields."""
NEVER = ("0001-01-01T00:00:00Z", "1753-01-01T00:00:00Z", "1970-01-01T00:00:00Z")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("additional_fields"):
            return value  # nothing that the simulator writes is undocumented
        told = {k.replace("_", "").lower(): _links(k, v) for k, v in value.items() if k not in OURS}
        return {k: v for k, v in told.items() if v not in (None, {}, [])}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if value is None or value == "" or value in NEVER:
        return None
    return str(value).lower() if isinstance(value, bool) else re.sub(r"(T[\d:.]+)\+00:00$", r"\1Z", str(value))


def _links(name: str, value: Any) -> Any:
    """Clumio has links as an object; how they are templated is not told."""
    if name == "_links" and isinstance(value, dict):
        value = [{"rel": rel, "type": link.get("type"), "href": link["href"]} for rel, link in value.items()]
    return _plain(value)


def wait_for(condition: Any, seconds: float = 3.0) -> bool:
    """Whether a condition comes true in that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False
