# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""From a client to a module's result. The only place that knows AnsibleModule."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn, Optional, Protocol, TypeVar
from urllib.parse import quote, unquote

from ansible.module_utils.basic import AnsibleModule

from .._core.errors import BackupError, defect
from .._core.listing import Listing
from .._core.options import Options, Params
from .._core.redact import Secrets

Result = dict[str, Any]
Outcome = tuple[Result, Optional[BackupError]]

_ASSIGNED = re.compile(r"=\s*[\"']?([^\s\"',]+)")
_PASSWORD_IN_URL = re.compile(r"://[^:\s]*:(\S+)@")


class Client(Protocol):
    """What every provider's client can do: end, and say what a user should know about how it ended."""

    def close(self) -> list[str]:
        """End; gives warnings."""


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

    def act(params: Params, secrets: Secrets, _check_mode: bool) -> Outcome:
        client = connect(params, secrets)
        warnings: list[str] = []
        try:
            listing = read(client, params)
        finally:
            warnings += client.close()
        result = {returns: listing.records, "listing": listing.report(), "warnings": listing.warnings + warnings}
        return result, listing.error

    run(options, act)


class _Module(AnsibleModule):  # type: ignore[misc]
    """Hides secrets that Ansible does not know of also when options are refused, and so nobody has looked at them."""

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        self.no_log_values.update(_misplaced_secrets(self.params))
        self.no_log_values.update(_misspelt_secrets(self.params, self.argument_spec))
        super().fail_json(msg, **result)
        raise SystemExit(1)  # for type checkers: the line above ends the module


def _misplaced_secrets(value: Any) -> Iterator[str]:
    """Passwords within addresses, and private keys wherever they stand: Ansible turns a dictionary into other text."""
    if isinstance(value, str):
        if "private_key" in value or "PRIVATE KEY" in value:
            yield value
        for password in _PASSWORD_IN_URL.findall(value):
            yield from (password, unquote(password))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "private_key" and isinstance(inner, str):
                yield inner
            yield from _misplaced_secrets(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _misplaced_secrets(inner)


def _misspelt_secrets(params: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[str]:
    """What stands under names that are no option, or as text where options belong: it may be a secret all the same."""
    known = {name: option for key, option in spec.items() for name in (key, *option.get("aliases", ()))}
    for name, value in params.items():
        if name not in known:
            yield from _texts(value)
        elif "options" in known[name]:
            for inner in value if isinstance(value, (list, tuple)) else [value]:
                if isinstance(inner, Mapping):
                    yield from _misspelt_secrets(inner, known[name]["options"])
                else:
                    yield from _texts(inner)


# Shorter texts are left alone: to mask a word like `no` everywhere would make the message unreadable.
_SHORTEST_SECRET = 4


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value, and what they assign with `=`."""
    if isinstance(value, str):
        yield from (text for text in (value, *_ASSIGNED.findall(value)) if len(text) >= _SHORTEST_SECRET)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)


def run(options: Options, act: Callable[[Params, Secrets, bool], Outcome]) -> None:
    """A module: read its options, act, and exit or fail in the one way that all modules share.

    :param act: takes the options, a place for secrets, and whether this is check mode; gives result and error.
    """
    execute(options, lambda module, secrets: act(module.params, secrets, module.check_mode))


def execute(options: Options, act: Callable[[AnsibleModule, Secrets], Outcome], **more: Any) -> None:
    """Like `run`, for what needs more of AnsibleModule than options; `more` is handed to it."""
    module = _Module(
        argument_spec=dict(options.spec),
        mutually_exclusive=options.mutually_exclusive,
        required_together=options.required_together,
        required_one_of=options.required_one_of,
        supports_check_mode=True,
        **more,
    )
    # A module lives for one call and its records have no cycles: looking for garbage would cost a third of the time.
    gc.disable()
    secrets = Secrets()
    result, error = _safely(lambda: act(module, secrets))
    for secret in secrets.hidden():  # in records, too, a server may repeat an address
        module.no_log_values.update((secret, quote(secret, safe=""), quote(quote(secret, safe=""), safe="")))
    for warning in result.pop("warnings", ()):
        module.warn(secrets.safe(warning))
    result = {
        "changed": False,
        **{name: _shown(value, secrets) for name, value in result.items()},
    }
    # Failing happens outside any handler: newer cores print the chain of exceptions, and those of requests carry URLs.
    if error is not None:
        module.fail_json(msg=str(error), error=error.facts(), **result)
    module.exit_json(**result)


def _shown(value: Any, secrets: Secrets) -> Any:
    """A part of a result without secrets in all their spellings. (Ansible knows few of them, and looks at no keys.)"""
    return _GivenAway(value, secrets) if isinstance(value, list) else secrets.hide(value)


class _GivenAway(list):  # type: ignore[type-arg]
    """A list that forgets its elements as they are taken from it.

    Ansible copies every record to mask secrets in it; with this the originals do not stay in memory beside the copies.
    """

    def __init__(self, elements: Iterable[Any] = (), secrets: Secrets | None = None) -> None:
        super().__init__(elements)
        self._secrets = secrets or Secrets()  # ansible-core 2.16 makes its copy an empty list of the same type

    def __iter__(self) -> Iterator[Any]:
        self.reverse()
        while self:
            yield self._secrets.hide(self.pop())


def _safely(act: Callable[[], Outcome]) -> Outcome:
    """What `act` gives; whatever it raises becomes an error without a traceback."""
    try:
        return act()
    except BackupError as problem:
        return {}, problem
    except Exception as problem:  # noqa: BLE001 (a traceback would show values, and help nobody on call)
        return {}, defect(problem)
