# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people use today: a sequential script with requests, a loop of ansible.builtin.uri, the vendors' own clients."""

from __future__ import annotations

import importlib
import itertools
import json
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
import urllib3

from tests.bench.sources import Facts, Source, veeam_basic
from tests.tools.stage import BIN, ROOT, environment

URI_LOOP = 20


def script(source: Source, facts: Facts, at_most: int) -> tuple[float, int] | None:
    """Seconds and requests of a script that asks for one page after the other and stops after `at_most` requests."""
    with requests.Session() as session:
        if source.title.startswith("Veeam"):
            facts = {**facts, "veeam_session": _veeam_session(session, facts)}
        began = time.perf_counter()
        done = _drive(source.script(facts), session, facts["ca_path"], at_most)
        return (time.perf_counter() - began, done) if done else None


def _drive(steps: Generator[Any, Any, None], session: requests.Session, ca_path: str, at_most: int) -> int:
    """Send what the script asks for, and give it the answers; how many requests that were."""
    done = 0
    try:
        step = next(steps)
        while done < at_most:
            url, query, headers = step
            answer = session.get(url, params=query, headers=headers, timeout=30, verify=ca_path)
            answer.raise_for_status()
            done += 1
            step = steps.send(answer.json())
    except StopIteration:
        pass
    return done


def _veeam_session(session: requests.Session, facts: Facts) -> str:
    headers = {"Authorization": veeam_basic(facts)}
    url, ca_path = f"{facts['url']}/api/sessionMngr/", facts["ca_path"]
    answer = session.post(url, params={"v": "latest"}, headers=headers, timeout=30, verify=ca_path)
    answer.raise_for_status()
    return answer.headers["X-RestSvcSessionId"]


def uri_loop(facts: Facts) -> float:
    """Seconds per page of a loop of `ansible.builtin.uri` over pages of Clumio tasks, the start of Ansible left out."""
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {
                "ansible.builtin.uri": {
                    "url": f"{facts['url']}/tasks?limit=100&start={{{{ item }}}}",
                    "headers": {
                        "Authorization": f"Bearer {facts['credentials']['clumio_token']}",
                        "Accept": "application/api.clumio.tasks=v1+json",
                    },
                    "ca_path": facts["ca_path"],
                    "return_content": True,
                },
                "loop": "{{ range(1, pages | int + 1) | list }}",
                "loop_control": {"label": "{{ item }}"},
            }
        ],
    }
    with TemporaryDirectory() as folder:
        playbook = Path(folder, "loop.yml")
        playbook.write_text(json.dumps([play]))
        seconds = [_timed(lambda n=pages: _play(playbook, n)) for pages in (0, URI_LOOP)]
    return (seconds[1] - seconds[0]) / URI_LOOP


def _play(playbook: Path, pages: int) -> None:
    command = [BIN / "ansible-playbook", playbook, "-e", f"pages={pages}"]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True)


def vendor_client(name: str, facts: Facts) -> tuple[float, int] | None:
    """Seconds and records of the vendor's (or the field's) own client; None where there is none for this API."""
    reader = {"veeam": _veeam_em, "petadata": _aliyun_sdk}.get(name)
    if reader is None:
        return None
    began = time.perf_counter()
    records = reader(facts)
    return time.perf_counter() - began, records


def _veeam_em(facts: Facts) -> int:
    """PyPI's veeam-em: the item sessions, page after page."""
    urllib3.disable_warnings()  # it cannot be given a CA, and would complain of each request
    client = importlib.import_module("veeam_em.manager").VeeamEm(api_endpoint=facts["url"], ssl_verify=False)
    client.get_token(facts["credentials"]["veeam_username"], facts["credentials"]["veeam_password"])
    return len(client.get_backup_task_sessions(page_size=500))


def _aliyun_sdk(facts: Facts) -> int:
    """The vendor's SDK for Python, in the loop over pages that its users write."""
    describe = importlib.import_module("aliyunsdkpetadata.request.v20160101.DescribeTasksRequest")
    host, _colon, port = facts["url"].partition("://")[2].partition(":")
    key = facts["credentials"]["access_key_id"], facts["credentials"]["access_key_secret"]
    client = importlib.import_module("aliyunsdkcore.client").AcsClient(
        *key, "cn-hangzhou", port=int(port), verify=facts["ca_path"]
    )
    records = 0
    for number in itertools.count(1):
        request = describe.DescribeTasksRequest()
        request.set_endpoint(host)
        request.set_protocol_type("https")
        request.set_InstanceId(facts["petadata_instance_ids"][0])
        request.set_Status("0,1,2,3,4,5")
        request.set_StartTime("2016-01-01T00:00:00Z")
        request.set_EndTime("2100-01-01T00:00:00Z")
        request.set_PageNumbers(number)
        request.set_MaxRecordsPerPage(1000)
        answer = json.loads(client.do_action_with_exception(request))
        records += len(answer["Tasks"]["Task"])
        if records >= answer["TotalRecords"]:
            break
    return records


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
