# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bare client, for tests of the simulator itself: it signs and reads, and hides nothing."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import requests

from .petadata_signature import signature

if TYPE_CHECKING:
    from .server import Simulator

RESOURCES = "/backup/v1/resources"
EVER = {"StartTime": "2001-01-01T00:00:00Z", "EndTime": "2101-01-01T00:00:00Z"}
ALL_STATUSES = "0,1,2,3,4,5"


def parse_xml(content: bytes) -> ElementTree.Element:
    """The root of a document; only for those of the simulator and of the fixtures."""
    return ElementTree.fromstring(content)  # noqa: S314  # nobody else wrote them


class Client:
    """Asks one simulator, with its credentials; every method gives the response as it came."""

    def __init__(self, simulator: Simulator, timeout: float = 5.0) -> None:
        self._simulator = simulator
        self._timeout = timeout
        self._session = requests.Session()
        # Otherwise a REQUESTS_CA_BUNDLE of the environment would go before the simulator's authority.
        self._session.trust_env = False
        self._session.verify = simulator.ca_path or True

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc: object) -> None:
        self._session.close()

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request without any credentials and cookies."""
        self._session.cookies.clear()
        options = {"timeout": self._timeout, "allow_redirects": False, **options}
        return self._session.request(method, self._simulator.url + path, **options)

    def yandex(self, path: str = RESOURCES, token: str | None = None, **query: Any) -> requests.Response:
        """GET of the backup API; the folder goes along when the resources are asked for."""
        if path == RESOURCES:
            query = {"folderId": self._simulator.credentials.folder_id, **query}
        headers = {"Authorization": f"Bearer {token or self._simulator.credentials.iam_token}"}
        return self.send("GET", path, params=query, headers=headers)

    def clumio(
        self, path: str = "/tasks", name: str = "tasks", method: str = "GET", body: Any = None, **query: Any
    ) -> requests.Response:
        """One request to Clumio; a filter may be a dict."""
        headers = {
            "Authorization": f"Bearer {self._simulator.credentials.clumio_token}",
            "Accept": f"application/api.clumio.{name}=v1+json",
        }
        if isinstance(query.get("filter"), dict):
            query["filter"] = json.dumps(query["filter"], separators=(",", ":"))
        return self.send(method, path, params=query, headers=headers, json=body)

    def log_on(self, username: str | None = None, password: str | None = None) -> requests.Response:
        """A new Veeam logon session."""
        known = self._simulator.credentials
        auth = (username or known.veeam_username).encode(), (password or known.veeam_password).encode()
        headers = {"Accept": "application/json"}
        return self.send("POST", "/api/sessionMngr/", params={"v": "latest"}, auth=auth, headers=headers)

    def veeam(
        self, path: str = "/api/query", token: str | None = None, accept: str | None = "application/json", **query: Any
    ) -> requests.Response:
        """GET with a Veeam session: the shared one unless another token is given."""
        return self.veeam_send("GET", path, token, accept, **query)

    def veeam_send(
        self, method: str, path: str, token: str | None = None, accept: str | None = "application/json", **query: Any
    ) -> requests.Response:
        """Any request with a Veeam session."""
        headers = {"X-RestSvcSessionId": token or self._simulator.credentials.veeam_session_token, "Accept": accept}
        return self.send(method, path, params=query, headers=headers)

    def petadata(self, method: str = "GET", **parameters: Any) -> requests.Response:
        """DescribeTasks of the first instance, all statuses, in JSON; a parameter that is None is left out."""
        signed = self.signed(method, **parameters)
        return self.send(method, "/", **({"params": signed} if method == "GET" else {"data": signed}))

    def signed(self, method: str = "GET", **parameters: Any) -> dict[str, str]:
        """The parameters of a DescribeTasks call with their signature, unless one is among them."""
        known = self._simulator.credentials
        asked = {
            "Action": "DescribeTasks",
            "Version": "2016-01-01",
            "Format": "JSON",
            "AccessKeyId": known.access_key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": str(uuid.uuid4()),
            "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "InstanceId": self._simulator.petadata_instances[0],
            "PageNumbers": "1",
            "MaxRecordsPerPage": "1000",
            "TaskStatus": ALL_STATUSES,
            **EVER,
            **parameters,
        }
        sent = {name: str(value) for name, value in asked.items() if value is not None}
        return {"Signature": signature(method, sent, known.access_key_secret), **sent}
