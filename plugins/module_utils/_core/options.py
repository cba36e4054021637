# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Options: argument specs that merge and carry their rules, credentials from the environment, and checks of values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from . import times
from .errors import bad_option

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Options:
    """An argument spec with its rules, as plain data. The rules are those of AnsibleModule."""

    spec: Mapping[str, Mapping[str, Any]]
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_together: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()

    def merge(self, spec: Mapping[str, Mapping[str, Any]], **rules: Sequence[Sequence[str]]) -> Options:
        """These options and more; rules are added to the ones that stand."""
        joined = {name: [*getattr(self, name), *more] for name, more in rules.items()}
        return replace(self, spec={**self.spec, **spec}, **joined)


@dataclass(frozen=True)
class Environment:
    """Which environment variables stand in for which options.

    :param credentials: ways to log in, the preferred first, each {option: variable}. They are one group: read only
        when no credential option is given, and never mixed with each other.
    :param endpoint: {option: variable}, each read when its option is not given.
    """

    credentials: Sequence[Mapping[str, str]] = ()
    endpoint: Mapping[str, str] = field(default_factory=dict)

    def complete(self, params: Params, environ: Mapping[str, str], given: Iterable[str] = ()) -> dict[str, Any]:
        """The options, completed from the environment of the machine we run on; empty variables do not count.

        :param given: further options that are ways to log in but have no variable.
        """
        found = {name: environ[variable] for name, variable in self.endpoint.items() if environ.get(variable)}
        options = {name for way in self.credentials for name in way} | set(given)
        if all(params.get(name) in (None, False) for name in options):
            for way in self.credentials:
                values = {name: environ[variable] for name, variable in way.items() if environ.get(variable)}
                if values:
                    found = {**found, **values}
                    break
        return {**params, **{name: value for name, value in found.items() if params.get(name) is None}}


def printable(option: str, value: Any, *, longest: int = 16384) -> str:
    """The text of an option that goes into a request: stripped; refused when empty, too long or unprintable.

    The value itself is never shown, for it may be a secret.
    """
    stripped: str = str(value).strip() if value is not None else ""
    if not stripped:
        raise bad_option(option, "it is empty", "Give a value, or check the variable or look-up it comes from.")
    if len(stripped) > longest:
        raise bad_option(option, f"it has {len(stripped)} characters", f"Give at most {longest} characters.")
    if any(not mark.isprintable() for mark in stripped):
        raise bad_option(option, "it holds line breaks or control characters", "Give plain text on one line.")
    return stripped


def header_text(option: str, value: Any) -> str:
    """Like `printable`, for what goes into a header: ASCII without blanks."""
    token = printable(option, value)
    if not token.isascii() or " " in token:
        raise bad_option(
            option, "it holds blanks or characters beyond ASCII", "Give the value exactly as it was issued."
        )
    return token


def names(option: str, values: Sequence[Any], *, longest: int) -> list[str]:
    """A list of ids or names, each checked, each only once, in the order given."""
    if not values:
        raise bad_option(option, "the list is empty", "Name at least one, or leave the option out.")
    return list(dict.fromkeys(printable(option, value, longest=longest) for value in values))


def within_bounds(option: str, value: int | None, lowest: int, highest: int, best: int) -> int:
    """A number from `lowest` to `highest`; `best` when none is given."""
    if value is None:
        return best
    if not lowest <= value <= highest:
        raise bad_option(option, f"{value} is out of bounds", f"Give a number from {lowest} to {highest}.")
    return value


def period(
    params: Params, since: str, until: str, now: float, latest: float | None = None
) -> tuple[datetime | None, datetime | None]:
    """The moments of two time options; None where one is not given.

    :param now: seconds since the epoch, for ages like `24h`.
    :param latest: a beginning after this is a mistake; None: `now`.
    """
    begin, end = (_moment(option, params.get(option), now) for option in (since, until))
    if begin and begin.timestamp() > (now if latest is None else latest) + times.CLOCK_TOLERANCE:
        raise bad_option(since, "it lies in the future", "Give a time that has passed, or an age like 24h.")
    if begin and end and begin >= end:
        raise bad_option(until, f"it is not later than `{since}`", f"Give a `{since}` that lies before `{until}`.")
    return begin, end


def _moment(option: str, value: str | None, now: float) -> datetime | None:
    if value is None:
        return None
    try:
        return times.moment(value, now)
    except ValueError:
        raise bad_option(option, "it is no time", f"Give {times.ACCEPTED}.") from None


def length(option: str, text: str | None, lowest: int = 1) -> float | None:
    """Seconds of a text like `26h`; None for none.

    :param lowest: the lowest number that makes sense.
    """
    if text is None or text == "":
        return None
    try:
        return times.length(text, lowest)
    except ValueError:
        raise bad_option(option, "it is no length of time", "Write it like 90m, 24h or 7d.") from None


def unfamiliar(option: str, values: Sequence[str] | None, documented: Collection[str]) -> list[str]:
    """Warnings about words that the API does not document: it grows, so they are allowed, but they may be typos."""
    return [
        f"option `{option}`: the API documents no word {value!r} ({', '.join(documented)}): perhaps nothing matches it"
        for value in values or ()
        if value not in documented
    ]
