# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""A task that is looked for by its uid, as `complete` writes it."""

from __future__ import annotations

from dataclasses import dataclass

from .._core.records import Record


@dataclass(frozen=True)
class Wanted:
    """One task by its uid, and the parts of that.

    :param scope: what makes the id unique within the source: a PetaData instance, a Veeam logon session, else empty.
    :param seen: the task as it stood when it was read last, in the model; None before that.
    """

    uid: str
    provider: str
    source: str
    scope: str
    id: str
    seen: Record | None = None

    @classmethod
    def parse(cls, uid: str) -> Wanted:
        """The task of a uid.

        :raises ValueError: it is none.
        """
        parts = uid.split(":", 3)
        if len(parts) != 4 or not (parts[0] and parts[1] and parts[3]) or not uid.isprintable() or uid != uid.strip():
            raise ValueError("it is not of the form provider:source:scope:id")
        provider, source, scope, native_id = parts
        return cls(uid, provider, source, scope, native_id)
