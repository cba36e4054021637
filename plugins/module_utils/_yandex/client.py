# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Yandex Cloud Backup: its lists, read whole. REST API v1 (Resource.list, Resource.listTasks)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from .._core.connection import Connection, base_url
from .._core.deadline import Clock
from .._core.errors import bad_option
from .._core.exchange import Answer, Dialect, Explanation
from .._core.http import HttpClient
from .._core.json import read_json
from .._core.listing import Listing
from .._core.options import Params, names, period, printable, unfamiliar, within_bounds
from .._core.paging import Filter, Page, every, read_token_pages
from .._core.records import Record, Shape
from .._core.redact import Secrets
from .._core.scopes import read_scopes
from .._core.selection import both, created_within, matching
from .._model.query import TaskQuery
from .._model.wanted import Wanted
from .auth import authentication, misplaced_key
from .normalize import normalize_resource, normalize_task
from .options import API_HOST, ENVIRONMENT, FOLDER_VARIABLE, METADATA_URL, METADATA_VARIABLE
from .records import RESOURCE, RESOURCE_TYPES, RESULT_CODES, STATUSES, TASK, TYPES

LONGEST_ID = 50
LARGEST_PAGE = 1000

# google.rpc.Code, by number
_GRPC_CODES = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"),
    *("INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)


class YandexClient:
    """Cloud Backup as one account sees it. Every list gives a `Listing`; `close` ends it.

    `address` is that of its API.

    :param params: options of `YANDEX`; what is not given is completed from `environ`, by default our own.
    :raises BackupError: `bad_option` or `missing_library`, before any request.
    """

    def __init__(
        self, params: Params, secrets: Secrets, *, environ: Mapping[str, str] | None = None, clock: Clock | None = None
    ) -> None:
        environ = os.environ if environ is None else environ
        params = ENVIRONMENT.complete(params, environ, given=("service_account_key", "instance_metadata"))
        secrets.add(misplaced_key(params["service_account_key_file"]))
        connection = Connection.from_params(params, secrets)
        host = _host(params["api_host"])
        self._environ = environ
        self.api_version = "v1"
        self.address = _address("api_url", params, f"https://backup.{host}")
        self._page_size = within_bounds("page_size", connection.page_size, 1, LARGEST_PAGE, best=LARGEST_PAGE)
        iam_url = _address("iam_url", params, f"https://iam.{host}")
        self.http = HttpClient(connection, DIALECT, secrets, clock=clock)
        self.http.auth = authentication(params, self.http, host, iam_url, _metadata_url(params, environ))

    def close(self) -> list[str]:
        """Let go of the connections; gives warnings, of which there are none here."""
        self.http.close()
        return []

    def resources(self, params: Params) -> Listing:
        """What `yandex_backup_resource_info` returns for its options."""
        kind = printable("type", params["type"], longest=100) if params["type"] is not None else None
        listing = self.list_resources(self._folder(params), kind)
        listing.warnings += unfamiliar("type", [kind] if kind else [], RESOURCE_TYPES)
        return listing

    def tasks(self, params: Params) -> Listing:
        """What `yandex_backup_task_info` returns for its options."""
        since, until = period(params, "since", "until", self.http.now())
        fields = {"type": "types", "status": "statuses", "result_code": "result_codes"}
        words = {
            field: names(option, params[option], longest=100)
            for field, option in fields.items()
            if params[option] is not None
        }
        keep = both(matching(words), created_within("enqueued_at", since, until))
        if params["compute_instance_ids"] is not None:
            instances = names("compute_instance_ids", params["compute_instance_ids"], longest=LONGEST_ID)
            listing = self.list_tasks_of(instances, keep)
        else:
            listing = self.list_tasks_in(self._folder(params), keep)
        for option, documented in (("types", TYPES), ("statuses", STATUSES), ("result_codes", RESULT_CODES)):
            listing.warnings += unfamiliar(option, params[option], documented)
        return listing

    def check_scope(self, scope: Params) -> None:
        """Refuse what a source says wrongly of what is to be read of it, before anything is.

        :raises BackupError: `bad_option`.
        """
        self._folder(scope)

    def probe(self, query: TaskQuery, scope: Params) -> tuple[Listing, Record]:
        """Whether a source can be read, and what `find_tasks` costs: {records, requests} (no records: no total)."""
        listing = self.list_resources(self._folder(scope))
        instances = sum(1 for resource in listing.records if resource["compute_instance_id"])
        return listing, {"records": None, "requests": listing.pages + instances if listing.complete else None}

    def find_tasks(self, query: TaskQuery, scope: Params) -> Listing:
        """The tasks that a source of the unified modules may want; the API filters nothing, so they are all."""
        return self.list_tasks_in(self._folder(scope))

    def look_up(self, wanted: Sequence[Wanted], scope: Params) -> Listing:
        """These tasks as they stand now. Their ids do not tell their instances: one not seen yet may be in any."""
        keep = matching({"id": [task.id for task in wanted]})
        instances = [task.seen["resource"]["id"] for task in wanted if task.seen and task.seen["resource"]]
        if len(instances) < len(wanted):
            return self.list_tasks_in(self._folder(scope), keep)
        return self.list_tasks_of(list(dict.fromkeys(instances)), keep)

    def find_resources(self, scope: Params) -> Listing:
        """All that the folder of a source protects or could protect."""
        return self.list_resources(self._folder(scope))

    def normalize_resource(self, record: Record, source: str) -> Record:
        """A record of `find_resources` in the model."""
        return normalize_resource(record, source)

    def normalize(self, record: Record, source: str) -> Record:
        """A record of `find_tasks` in the model."""
        return normalize_task(record, source)

    def list_resources(self, folder: str, kind: str | None = None) -> Listing:
        """What a folder protects or could protect, in the API's order (none is promised), of one type or of all."""
        query = {"folderId": folder, "type": kind}
        return self._list(
            "/backup/v1/resources", "resources", RESOURCE, query, f"list the resources of folder {folder}"
        )

    def list_tasks(self, instance: str, keep: Filter = every) -> Listing:
        """The tasks of one Compute instance, in the API's order (none is promised)."""
        path = f"/backup/v1/resources/{quote(instance, safe='')}/tasks"
        doing = f"list the tasks of instance {instance}"
        return self._list(path, "tasks", TASK, {}, doing, keep, compute_instance_id=instance)

    def list_tasks_of(self, instances: list[str], keep: Filter = every) -> Listing:
        """The tasks of several instances, joined in the order of the instances."""
        return read_scopes(self.http, instances, lambda instance: self.list_tasks(instance, keep), "instances")

    def list_tasks_in(self, folder: str, keep: Filter = every) -> Listing:
        """The tasks of everything in a folder. The API has tasks by Compute instance only; what has none is named."""
        resources = self.list_resources(folder)
        if not resources.complete:
            resources.records = []
            return resources
        deleted = {r["compute_instance_id"] for r in resources.records if r["init_status"] == "DELETED"}
        instances = [r["compute_instance_id"] for r in resources.records if r["compute_instance_id"]]
        outside = [str(r["resource_id"]) for r in resources.records if not r["compute_instance_id"]]

        def read(instance: str) -> Listing:
            listing = self.list_tasks(instance, keep)
            if instance in deleted and listing.error and listing.error.code == "not_found":
                return Listing(warnings=[f"instance {instance} is deleted, and its tasks with it"])
            return listing

        tasks = read_scopes(self.http, instances, read, "instances")
        tasks.add_cost(resources)
        if outside:
            tasks.warnings.append(
                f"the API gives tasks of Compute instances only, not of these {len(outside)}: {', '.join(outside)}"
            )
        return tasks

    def _folder(self, params: Params) -> str:
        folder = params["folder_id"] if params["folder_id"] is not None else self._environ.get(FOLDER_VARIABLE)
        if folder is None:
            raise bad_option("folder_id", "it is missing", f"Give the id of a folder, or export {FOLDER_VARIABLE}.")
        return printable("folder_id", folder, longest=LONGEST_ID)

    def _list(
        self,
        path: str,
        key: str,
        shape: Shape,
        query: Mapping[str, Any],
        doing: str,
        keep: Filter = every,
        **known: str,
    ) -> Listing:
        """Any list of this API. What is `known` of its records stands where they do not say it."""

        def fetch(token: str | None) -> Page:
            page: Page = self.http.get(
                self.address + path,
                doing,
                params={**query, "pageSize": self._page_size, "pageToken": token},
                decode=lambda answer: _page(answer, key, shape),
            )
            return page.completed(**known)

        return read_token_pages(self.http, fetch, _identity, keep)


def _page(answer: Answer, key: str, shape: Shape) -> Page:
    """A page of the list under `key`. Everything is optional in proto3's JSON: an empty object is an empty list."""
    body = read_json(answer.body)
    if body and key not in body and "nextPageToken" not in body:
        raise ValueError(f"no list of {key} in it")
    records, token = body.get(key), body.get("nextPageToken")
    if not isinstance(records, (list, type(None))) or not isinstance(token, (str, type(None))):
        raise ValueError(f"{key} or nextPageToken of a wrong type")
    return Page([shape.read(native) for native in records or []], token=token)


def _identity(record: Record) -> str | None:
    """A task's id, or what a resource is known by."""
    known: str | None = record["id"] if "id" in record else record["resource_id"] or record["compute_instance_id"]
    return known


def _host(value: str | None) -> str:
    """The API's host without a port: YC_ENDPOINT often ends in ":443"."""
    host = printable("api_host", API_HOST if value is None else value)
    name = host[:-4] if host.endswith(":443") else host
    if not all(mark.isalnum() or mark in ".-" for mark in name) or not name.isascii():
        raise bad_option("api_host", "it is no host name", f"Write it like {API_HOST}, without https://.")
    return name


def _address(option: str, params: Params, implied: str) -> str:
    given = params[option]
    return base_url(option, implied if given is None else given, params, example=implied)


def _metadata_url(params: Params, environ: Mapping[str, str]) -> str:
    """The metadata service. It is plain http by design: link-local, it never leaves the VM's host."""
    if params["metadata_url"] is not None:
        value = params["metadata_url"]
    elif environ.get(METADATA_VARIABLE):
        value = f"http://{environ[METADATA_VARIABLE]}"
    else:
        value = METADATA_URL
    return base_url("metadata_url", value, {"validate_certs": False}, example=METADATA_URL)


def _explain(answer: Answer) -> Explanation:
    """What a google.rpc.Status says."""
    code: str | None
    try:
        body = read_json(answer.body)
        number = int(body.get("code", 2))
        code = _GRPC_CODES[number] if 0 <= number < len(_GRPC_CODES) else str(number)
        details = [detail for detail in body.get("details") or [] if isinstance(detail, dict)]
        request = next((detail["requestId"] for detail in details if "requestId" in detail), None)
        message = body.get("message")
    except (ValueError, TypeError, AttributeError):
        code = message = request = None
    request = request or answer.headers.get("x-request-id") or answer.headers.get("x-server-trace-id")
    return Explanation(provider_code=code, message=message, request_id=request)


DIALECT = Dialect(
    provider="yandex",
    title="Yandex Cloud",
    decode=lambda answer: read_json(answer.body),
    explain=_explain,
    hints={
        "auth_failed": "Get a new IAM token (it lives 12 h at most), or give a service account key, which renews it.",
        "forbidden": "Give the account the role backup.viewer on the folder.",
        "not_found": "Check the id: an instance must be connected to Cloud Backup, in a folder that the account sees.",
    },
)
