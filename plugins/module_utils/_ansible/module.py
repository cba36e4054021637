# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""From a client to a module's result. The only place that knows AnsibleModule."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from ansible.module_utils.basic import AnsibleModule

from .._core.errors import BackupError
from .._core.listing import Listing
from .._core.options import Options, Params
from .._core.redact import Secrets

Result = Mapping[str, Any]


class Client(Protocol):
    """What every provider's client can do: end, and say what a user should know about how it ended."""

    def close(self) -> list[str]: ...


SomeClient = TypeVar("SomeClient", bound=Client)


def run_list(
    options: Options,
    connect: Callable[[Params, Secrets], SomeClient],
    read: Callable[[SomeClient, Params], Listing],
    returns: str,
) -> None:
    """A module that gives a list: exit with the records under `returns` and the report under `listing`.

    An incomplete list fails, and the failure carries what was read.
    """

    def act(params: Params, secrets: Secrets, _check_mode: bool) -> tuple[Result, BackupError | None]:
        client = connect(params, secrets)
        warnings: list[str] = []
        try:
            listing = read(client, params)
        finally:
            warnings += client.close()
        result = {returns: listing.records, "listing": listing.report(), "warnings": listing.warnings + warnings}
        return result, listing.error

    run(options, act)


def run(options: Options, act: Callable[[Mapping[str, Any], Secrets, bool], tuple[Result, BackupError | None]]) -> None:
    """A module: read its options, act, and exit or fail in the one way that all modules share.

    :param act: takes the options, a place for secrets, and whether this is check mode; gives result and error.
    """
    module = AnsibleModule(
        argument_spec=dict(options.spec),
        mutually_exclusive=options.mutually_exclusive,
        required_together=options.required_together,
        required_one_of=options.required_one_of,
        supports_check_mode=True,
    )
    # A module lives for one call and its records have no cycles: looking for garbage would cost a third of the time.
    gc.disable()
    secrets = Secrets()
    result, error = _safely(lambda: act(module.params, secrets, module.check_mode))
    module.no_log_values.update(secrets.hidden())
    result = {"changed": False, **result}
    for warning in result.pop("warnings", ()):
        module.warn(secrets.safe(warning))
    # Failing happens outside any handler: newer cores print the chain of exceptions, and those of requests carry URLs.
    if error is not None:
        module.fail_json(msg=str(error), error=error.facts(), **result)
    module.exit_json(**result)


def _safely(act: Callable[[], tuple[Result, BackupError | None]]) -> tuple[Result, BackupError | None]:
    """What `act` gives; whatever it raises becomes an error without a traceback."""
    try:
        return act()
    except BackupError as problem:
        return {}, problem
    except Exception as problem:  # noqa: BLE001 (a traceback would show values, and help nobody on call)
        where = traceback.extract_tb(problem.__traceback__)[-1]
        kind, place = type(problem).__name__, f"{where.filename.rpartition('/')[2]}:{where.lineno}"
    return {}, BackupError("defect", f"unexpected {kind} in {place}")
