# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Yandex Cloud Backup, its IAM token exchange, and the metadata service of a VM."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from . import yandex_iam, yandex_records
from .data import Series, guid
from .service import Listed, Service, World, unknown_names, whole_number
from .spoil import Traits
from .wire import Refusal, Reply, Request, json_bytes


@dataclass(frozen=True)
class YandexData:
    """How much there is in the folder, and which of the lawful ways to write it is used."""

    instances: int = 3
    tasks_per_instance: int = 5
    external_servers: int = 0
    """Servers without a computeInstanceId, listed after the instances."""
    calm: bool = False
    """A night as it is: nearly everything succeeded. Otherwise the newest records show every word there is."""
    print_defaults: bool = False
    """Whether false, 0, "" and the first word of an enum are written."""
    numbers_as_text: bool = True
    """int64 as JSON strings, as proto3 asks; two samples of the vendor show bare numbers."""
    time_digits: tuple[int, ...] = (0, 3, 6, 9)
    time_zones: tuple[str, ...] = ("Z",)
    """How UTC is written; ("Z", "+00:00") is lawful, too."""
    page_cap: int | None = None
    default_page_size: int = 100
    expire_token_after: int | None = None
    """A token answers so many requests to the backup API, and then 401."""


GRPC = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 429: 8, 499: 1, 500: 13, 501: 12, 503: 14, 504: 4}
"""HTTP status -> number of the gRPC code in the body."""

WORDS = {
    400: "Illegal argument",
    401: "The token is invalid",
    403: "Permission denied",
    404: "Not found",
    409: "Aborted",
    429: "Quota limit requests per second exceeded",
    500: "Internal server error",
    501: "Unimplemented",
    503: "Service unavailable",
    504: "Deadline exceeded",
}

RESOURCE_TYPES = ("RESOURCE_TYPE_UNSPECIFIED", "COMPUTE", "BMS", "EXTERNAL_VM", "EXTERNAL_SERVER")


class Yandex(Service):
    """The three services; their paths tell them apart."""

    traits = Traits(
        words=("status", "resultCode", "type", "initStatus"),
        texts=("error", "statusDetails", "metadata", "policyId", "agentInfo.currentVersion"),
    )

    numbered_pages = False

    def __init__(self, world: World, data: YandexData) -> None:
        super().__init__(world)
        self.data = data
        self.tokens = yandex_iam.Tokens(world.credentials, world.seed, data.expire_token_after)
        self._records = yandex_records.Records(world, data)
        self.resources = Series("resources", data.instances + data.external_servers, self._records.resource)
        self._instances = {self._records.instance_id(j): j for j in range(data.instances)}
        self._tasks: dict[str, Series] = {}
        self._requests = 0

    def answer(self, request: Request) -> Reply:
        """Route by path; everything but the backup API itself is in yandex_iam."""
        if request.path == "/iam/v1/tokens":
            return yandex_iam.exchange(self, request)
        if request.path.startswith("/computeMetadata/"):
            return yandex_iam.metadata(self, request)
        self._check_token(request)
        if request.method != "GET":
            raise self.no(501, "Method is not implemented", request)
        if request.path == "/backup/v1/resources":
            return self._list_resources(request)
        if request.path == "/backup/v1/policies":
            return self._list_policies(request)
        found = re.fullmatch(r"/backup/v1/resources/([^/]+)(/tasks)?", request.path)
        if not found:
            raise self.no(404, "Not found", request)
        return (self._list_tasks if found[2] else self._get_resource)(found[1], request)

    def truth(self, what: str, *args: str) -> list[Any]:
        """`resources`, `tasks` with an instance id (all instances without one), or `policies`."""
        if what in ("", "resources"):
            return self.resources.all()
        if what == "policies":
            return self._records.policies()
        return [task for name in (args or tuple(self._instances)) for task in self.tasks(name).all()]

    def expire(self) -> None:
        """All IAM tokens given so far answer 401."""
        self.tokens.expire()

    def instance_ids(self) -> list[str]:
        """Compute instances of the folder, in the order of the resource list."""
        return list(self._instances)

    def tasks(self, instance: str) -> Series:
        """The tasks of one instance."""
        if instance not in self._tasks:
            j = self._instances[instance]
            make = self._records.task_maker(j)
            self._tasks[instance] = Series("tasks/" + instance, self._records.tasks_of(j), make)
        return self._tasks[instance]

    def _check_token(self, request: Request) -> None:
        scheme, _mark, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise self.no(401, "Unauthenticated: the Authorization header must carry a Bearer token", request)
        if not self.tokens.spend(token):
            raise self.no(401, "The token is invalid or has expired", request)

    def _list_resources(self, request: Request) -> Reply:
        self._check_query(request, ("folderId", "pageSize", "pageToken", "type"))
        folder, kind = request.query.get("folderId", ""), request.query.get("type", RESOURCE_TYPES[0])
        if not folder or len(folder) > 50:
            raise self.no(400, "Illegal argument folder_id: 1 to 50 characters are required", request)
        if kind not in RESOURCE_TYPES:
            raise self.no(400, f"Illegal argument type: {kind}", request)
        if folder != self.world.credentials.folder_id:
            raise self.no(403, f"Permission denied to folder {folder}", request)
        listed: Listed = self.resources
        if kind != RESOURCE_TYPES[0]:
            listed = self._records.resources_of_type(self.resources, kind)
        return self._page_reply("resources", listed, self.resources, request)

    def _list_tasks(self, instance: str, request: Request) -> Reply:
        self._check_query(request, ("pageSize", "pageToken"))
        self._check_instance(instance, request)
        series = self.tasks(instance)
        return self._page_reply("tasks", series, series, request)

    def _get_resource(self, instance: str, request: Request) -> Reply:
        self._check_query(request, ("includeTenantInfo",))
        self._check_instance(instance, request)
        resource = dict(self._records.resource(self._instances[instance], None))
        if request.query.get("includeTenantInfo") != "true":
            resource.pop("tenantInfo", None)
        return Reply(200, json_bytes({"resource": resource}))

    def _list_policies(self, request: Request) -> Reply:
        self._check_query(request, ("folderId", "computeInstanceId"))
        if len(request.query) != 1:
            raise self.no(400, "Illegal argument: exactly one of folder_id, compute_instance_id is required", request)
        return Reply(200, json_bytes({"policies": self._records.policies()}))

    def _check_instance(self, instance: str, request: Request) -> None:
        if len(instance) > 50:
            raise self.no(400, "Illegal argument compute_instance_id: at most 50 characters", request)
        if instance not in self._instances:
            raise self.no(404, f"Instance {instance} is not found", request)

    def _check_query(self, request: Request, allowed: tuple[str, ...]) -> None:
        unknown = unknown_names(request.query, allowed)
        if unknown:
            raise self.no(400, f"Unknown query parameters: {', '.join(unknown)}", request)

    def _page_reply(self, key: str, listed: Listed, series: Series, request: Request) -> Reply:
        def write() -> Reply:
            page = self.page(listed, start, size, request, series)
            body: dict[str, Any] = {}
            if page.records or self.data.print_defaults:
                body[key] = page.records
            if page.next_start is not None:
                body["nextPageToken"] = _token(series.name, page.next_start)
            elif self.data.print_defaults:
                body["nextPageToken"] = ""
            return Reply(200, json_bytes(body))

        size = self._page_size(request)
        start = self._page_start(series, request)
        return self.list_reply(request, (series.version, series.name), write)

    def _page_size(self, request: Request) -> int:
        size = whole_number(request.query.get("pageSize", "0"), 0, 1000)
        if size is None:
            raise self.no(400, "Illegal argument page_size: 0 to 1000", request)
        return min(size or self.data.default_page_size, self.data.page_cap or 1000)

    def _page_start(self, series: Series, request: Request) -> int:
        token = request.query.get("pageToken", "")
        start = _start_of(token, series.name) if token else 0
        if start is None or len(token) > 100:
            raise self.no(400, "Illegal argument page_token", request)
        return start

    def no(self, status: int, message: str, request: Request) -> Refusal:
        """A refusal with this message, ready to be raised."""
        return Refusal(self._error(status, message))

    def refusal(self, status: int, request: Request) -> Reply:
        """google.rpc.Status, with the request id in details and headers."""
        return self._error(status, WORDS.get(status, "Unknown error"))

    def _error(self, status: int, message: str) -> Reply:
        self._requests += 1
        request_id = guid(self.world.seed, 990, self._requests)
        details = [{"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": request_id}]
        body = {"code": GRPC.get(status, 2), "message": message, "details": details}
        return Reply(
            status, json_bytes(body), headers={"x-request-id": request_id, "x-server-trace-id": request_id[::-1]}
        )


def _token(name: str, start: int) -> str:
    """An opaque page token, good for this list only."""
    return base64.urlsafe_b64encode(f"{_mark(name)}:{start}".encode()).decode()


def _start_of(token: str, name: str) -> int | None:
    try:
        mark, _colon, start = base64.urlsafe_b64decode(token).decode().partition(":")
    except ValueError:
        return None
    return int(start) if mark == _mark(name) and start.isdigit() else None


def _mark(name: str) -> str:
    return f"{sum(ord(c) * (n + 1) for n, c in enumerate(name)):x}"
