# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Logon sessions of Enterprise Manager ("Authentication and Security"): opened by a password, known by a token."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .._core.auth import Token, TokenAuth, unsigned
from .._core.errors import BackupError, bad_option
from .._core.exchange import Answer, Auth, Call
from .._core.http import HttpClient
from .._core.options import Params, header_text, printable
from .answers import body, field

HEADER = "X-RestSvcSessionId"


@dataclass(frozen=True)
class LogonSession:
    """An open session: `token` is what requests carry, `id` what closes it (None when the server did not say)."""

    token: str
    id: str | None


class Logon:
    """The way in: by the user's name and password.

    :raises BackupError: `bad_option`.
    """

    def __init__(self, params: Params, http: HttpClient, api: str, accept: str) -> None:
        self._http = http
        self._api = api
        self._accept = accept
        self._version = _version(params["api_version"])
        username, password = params["username"], params["password"]
        if username is None or password is None:
            raise bad_option(
                "password" if username is not None else "username",
                "it is missing",
                "Give `username` and `password`, or a `session_token`, or export VEEAM_EM_USERNAME and "
                "VEEAM_EM_PASSWORD. "
                "The environment is read only when no credential option is given.",
            )
        user = printable("username", username)
        if password == "" or not password.isprintable():
            raise bad_option("password", "it is empty or holds control characters", "Give the password of the user.")
        if ":" in user:
            raise bad_option("username", "it holds a colon", r"Write it like DOMAIN\user or user@domain.")
        basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        http.secrets.add(password, basic)
        self._basic = f"Basic {basic}"

    def open(self) -> LogonSession:
        """A new session. Not repeated when it may have arrived: sessions nobody knows of would stay behind."""
        session: LogonSession = self._http.call(
            Call(
                "POST",
                f"{self._api}/sessionMngr/",
                "log on",
                params={"v": self._version},
                headers={"Accept": self._accept, "Authorization": self._basic, "Content-Length": "0"},
                auth=unsigned,
                safe=False,
                decode=_opened,
            )
        )
        return session


def _version(value: str) -> str:
    if not re.fullmatch(r"latest|v\d+(_\d+)*", value):
        raise bad_option("api_version", "it is no version of the API", "Write it like latest or v1_7.")
    return value


def _opened(answer: Answer) -> LogonSession:
    token = answer.headers.get(HEADER, "").strip()
    if not token:
        raise ValueError(f"no {HEADER} in it")
    try:
        session = field(body(answer), "SessionId")
    except (ValueError, BackupError):  # a session that cannot be closed is better than one that nobody knows of
        session = None
    return LogonSession(token, session if isinstance(session, str) and session else None)


class SessionAuth(TokenAuth):
    """Signs requests with a session that is opened when the first request needs one. `sessions` are all that were."""

    def __init__(self, logon: Logon, http: HttpClient) -> None:
        super().__init__(HEADER, http.clock, obtain=self._open)
        self._logon = logon
        self._http = http
        self.sessions: list[LogonSession] = []

    def _open(self) -> Token:
        session = self._logon.open()
        self._http.secrets.add(session.token)
        self.sessions.append(session)
        return Token(session.token)


def shared_session(params: Params, http: HttpClient) -> TokenAuth:
    """Signs requests with a session that somebody else opened, and will close.

    :raises BackupError: `bad_option`.
    """
    http.secrets.add(params["session_token"], params["session_token"].strip())
    return TokenAuth(HEADER, http.clock, token=Token(header_text("session_token", params["session_token"])))


def close_session(http: HttpClient, api: str, session_id: str, headers: Mapping[str, str], auth: Auth) -> bool:
    """Log off; False when the session was gone already.

    :raises BackupError: anything else than the session's end.
    """
    try:
        http.call(
            Call(
                "DELETE",
                f"{api}/logonSessions/{session_id}",
                "log off",
                headers=headers,
                auth=auth,
                safe=False,
                decode=lambda answer: None,
            )
        )
    except BackupError as error:
        gone = error.code in ("not_found", "session_expired") or error.http_status == 401
        if error.doing == "log off" and gone:  # not the logon before it, which fails for its own reasons
            return False
        raise
    return True
