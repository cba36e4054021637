# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alibaba Cloud PetaData: the RPC gateway and DescribeTasks."""

from __future__ import annotations

import calendar
import re
import time
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from . import petadata_records, petadata_signature
from .data import Series, View, guid
from .service import Page, Service, World, whole_number
from .spoil import Traits
from .wire import Refusal, Reply, Request, json_bytes


@dataclass(frozen=True)
class PetaDataData:
    """How much there is, and which of the lawful ways to write it is used."""

    instances: tuple[str, ...] = ("pd-sim0000000001",)
    tasks: int = 20
    """Tasks of each instance."""
    calm: bool = False
    """A night as it is: nearly everything succeeded. Otherwise the newest records show every word there is."""
    numbers_as_text: bool = False
    """PageNumbers, MaxRecordsPerPage and TotalRecords as JSON strings."""
    status_as_number: bool = False
    tasks_shape: str = "wrapped"
    """wrapped: {"Task": [...]}; list: a bare list; single: one task alone is no list; null: an empty answer has
    Tasks null; null_task: it has {"Task": null}."""
    absent_times: str = "absent"
    """A time that is not known yet: absent, or empty."""
    status_parameter: str = "both"
    """Which of TaskStatus and Status the gateway obeys: both (they must agree), or only the one named here."""


COMMON = [
    "Action",
    "Version",
    "Format",
    "AccessKeyId",
    "Signature",
    "SignatureMethod",
    "SignatureVersion",
    "SignatureNonce",
    "Timestamp",
    "SecurityToken",
    "RegionId",
    "ResourceOwnerAccount",
    "ResourceOwnerId",
    "OwnerAccount",
    "OwnerId",
    "SignatureType",
]
OWN = ["InstanceId", "TaskAction", "TaskStatus", "Status", "StartTime", "EndTime", "PageNumbers", "MaxRecordsPerPage"]
PAGE_SIZES = (30, 50, 100, 200, 500, 1000)
STATUSES = ("0", "1", "2", "3", "4", "5")
DEFAULT_STATUSES = ("0", "1", "3")
VERSION = "2016-01-01"

CODES = {
    400: ("InvalidParameter", "The specified parameter is not valid."),
    403: (
        "Forbidden.RAM",
        "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    ),
    404: ("InvalidDBInstanceId.NotFound", "The specified instance does not exist."),
    429: ("Throttling.User", "Request was denied due to user flow control."),
    500: ("InternalError", "The request processing has failed due to some unknown error."),
    503: ("ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
}
"""HTTP status -> code and message when a fault asks for that status."""


class PetaData(Service):
    """The instances of one account."""

    traits = Traits(words=("Status", "TaskAction"), texts=("ProgressInfo", "DBName", "TaskAction"), unknown_word="9")

    def __init__(self, world: World, data: PetaDataData) -> None:
        super().__init__(world)
        self.data = data
        self._records = petadata_records.Records(world, data)
        self._tasks = {
            name: Series(name, data.tasks, self._records.task_maker(n)) for n, name in enumerate(data.instances)
        }
        self._gate = petadata_signature.Gate(world.credentials, world.clock_offset)
        self._requests = 0

    def answer(self, request: Request) -> Reply:
        """Check the common parameters and the signature, then the action and its parameters."""
        parameters = _parameters(request)
        if request.method not in ("GET", "POST"):
            raise self._no(405, "UnsupportedHTTPMethod", "This http method is not supported.", request)
        refused = self._gate.check(request.method, parameters)
        if refused is not None:
            raise self._no(*refused, request)
        if parameters.get("Version") != VERSION:
            raise self._no(400, "InvalidVersion", "Specified parameter Version is not valid.", request)
        if parameters.get("Action") != "DescribeTasks":
            raise self._no(404, "InvalidAction.NotFound", "The specified action is not found.", request)
        return self._describe_tasks(parameters, request)

    def truth(self, what: str, *args: str) -> list[Any]:
        """The tasks of the instances named, of all when none is."""
        return [task for name in (args or self.data.instances) for task in self._tasks[name].all()]

    def expire(self) -> None:
        """The security token is refused from now on."""
        self._gate.expire()

    def refusal(self, status: int, request: Request) -> Reply:
        """RequestId, HostId, Code, Message in the format that was asked for."""
        return self._error(status, *CODES.get(status, CODES[500]), request)

    def throttled(self, request: Request) -> Reply:
        """Throttling is HTTP 400 here."""
        return self._error(400, *CODES[429], request)

    def _no(self, status: int, code: str, message: str, request: Request) -> Refusal:
        return Refusal(self._error(status, code, message, request))

    def _error(self, status: int, code: str, message: str, request: Request) -> Reply:
        body = {"RequestId": self._request_id(), "HostId": "petadata.aliyuncs.com", "Code": code, "Message": message}
        return self._written(status, "Error", body, request)

    def _request_id(self) -> str:
        self._requests += 1
        return guid(self.world.seed, 991, self._requests).upper()

    def _written(self, status: int, root: str, body: dict[str, Any], request: Request) -> Reply:
        wants_json = _parameters(request).get("Format", "XML").upper() == "JSON"
        headers = {"x-acs-request-id": body["RequestId"]}
        if wants_json != request.other_format:
            return Reply(status, json_bytes(body), "application/json;charset=utf-8", headers)
        return Reply(
            status,
            ElementTree.tostring(_element(root, body), "utf-8", xml_declaration=True),
            "text/xml;charset=utf-8",
            headers,
        )

    def _describe_tasks(self, parameters: dict[str, str], request: Request) -> Reply:
        size, number, since, until = self._checked(parameters, request)
        statuses = self._statuses(parameters, request)
        instance = parameters["InstanceId"]
        series = self._tasks.get(instance)
        if series is None:
            raise self._no(404, *CODES[404], request)
        action = parameters.get("TaskAction") or None
        filters = since, until, statuses, action

        def write() -> Reply:
            key = instance, series.version, filters
            kept = self.selection(key, lambda: View(series, self._records.select(series, *filters)))
            page = self.page(kept, (number - 1) * size, size, request, series)
            return self._written(200, "DescribeTasksResponse", self._body(page, number, parameters), request)

        # The signature makes every target its own, so the cache must be told what was asked for.
        question = instance, series.version, filters, size, number, parameters.get("Format")
        return self.list_reply(replace(request, query={}), question, write)

    def _body(self, page: Page, number: int, parameters: dict[str, str]) -> dict[str, Any]:
        return {
            "PageNumbers": self._number(number),
            "InstanceId": parameters["InstanceId"],
            "RequestId": self._request_id(),
            "MaxRecordsPerPage": self._number(page.size),
            "Tasks": self._shaped(page),
            "EndTime": parameters["EndTime"],
            "StartTime": parameters["StartTime"],
            "TotalRecords": self._number(page.total),
        }

    def _checked(self, parameters: dict[str, str], request: Request) -> tuple[int, int, float, float]:
        """Page size, page number, start and end; raises Refusal for what is missing, unknown or out of bounds."""
        unknown = sorted(set(parameters) - set(COMMON) - set(OWN))
        if unknown:
            raise self._bad(unknown[0], request)
        for name in ("InstanceId", "StartTime", "EndTime", "PageNumbers", "MaxRecordsPerPage"):
            if not parameters.get(name):
                message = f"The input parameter {name} that is mandatory for processing this request is not supplied."
                raise self._no(400, "MissingParameter", message, request)
        size = whole_number(parameters["MaxRecordsPerPage"], 1, 1000)
        number = whole_number(parameters["PageNumbers"], 1, 10**9)
        since, until = _moment(parameters["StartTime"]), _moment(parameters["EndTime"])
        if size not in PAGE_SIZES:
            raise self._bad("MaxRecordsPerPage", request)
        if number is None:
            raise self._bad("PageNumbers", request)
        if since is None:
            raise self._bad("StartTime", request)
        if until is None or until <= since:
            raise self._bad("EndTime", request)
        return size, number, since, until

    def _bad(self, name: str, request: Request) -> Refusal:
        return self._no(400, "InvalidParameter", f"The specified parameter {name} is not valid.", request)

    def _statuses(self, parameters: dict[str, str], request: Request) -> frozenset[str]:
        """The statuses wanted; the default leaves out Success, Closed and Canceled."""
        obeyed = ("TaskStatus", "Status") if self.data.status_parameter == "both" else (self.data.status_parameter,)
        given = {parameters[name] for name in obeyed if parameters.get(name)}
        if len(given) > 1:
            raise self._bad("Status", request)
        words = frozenset(given.pop().split(",")) if given else frozenset(DEFAULT_STATUSES)
        if not words <= frozenset(STATUSES):
            raise self._bad("TaskStatus", request)
        return words

    def _shaped(self, page: Page) -> Any:
        shape, records = self.data.tasks_shape, page.records
        if shape == "list":
            return records
        if not records and shape in ("null", "null_task"):
            return None if shape == "null" else {"Task": None}
        return {"Task": records[0] if shape == "single" and len(records) == 1 else records}

    def _number(self, value: int) -> int | str:
        return str(value) if self.data.numbers_as_text else value


def _parameters(request: Request) -> dict[str, str]:
    """Query and form together: the gateway does not care where a parameter stands."""
    form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    return {**request.query, **form}


def _moment(text: str) -> float | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
        return None
    try:
        return float(calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")))
    except ValueError:
        return None


def _element(name: str, value: Any) -> ElementTree.Element:
    """XML as the gateway writes it: every value is text, a list repeats its element."""
    element = ElementTree.Element(name)
    if isinstance(value, dict):
        for key, inner in value.items():
            for each in inner if isinstance(inner, list) else [inner]:
                element.append(_element("Task" if key == "Tasks" and isinstance(inner, list) else key, each))
    elif value is not None:
        element.text = "".join(c for c in str(value) if c >= " " or c in "\r\n\t")
    return element
