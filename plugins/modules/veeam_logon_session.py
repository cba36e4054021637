#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: veeam_logon_session
short_description: Open or close a Veeam logon session
version_added: 0.1.0
description:
  - Opens a logon session of Veeam Backup Enterprise Manager for several tasks to share, or closes one.
  - Tasks of Enterprise Manager belong to the session that began them, so all that start jobs and read their tasks must
    use one session.
  - A session ends by itself after 15 idle minutes. Close it all the same, for whoever has its token is the user.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.logon
  - multivendor.backup._veeam
  - multivendor.backup._connection
options:
  state:
    description:
      - V(present) opens a new session, each time. It needs O(username) and O(password), or their environment variables.
      - V(absent) closes the session O(session_id). It takes O(session_token) of that session, or else O(username) and
        O(password), with which the module opens a session of its own and closes that, too.
    type: str
    choices: [present, absent]
    default: present
  session_id:
    description:
      - Id of the session to close, as RV(session_id) told when it was opened. It is not the token.
      - Required with O(state=absent), and not allowed with O(state=present).
    type: str
notes:
  - The token is returned in clear text. Set C(no_log) to V(true) on each task that registers it.
  - In check mode no session is opened, and the tasks that need it cannot work. Set C(check_mode) to V(false) on the
    tasks of this module to try a whole playbook in check mode. Reading changes nothing.
  - O(page_size) and O(parallel) mean nothing here.
seealso:
  - module: multivendor.backup.veeam_backup_task_info
  - module: multivendor.backup.veeam_backup_session_info
  - name: HTTP Authentication
    description: The API behind this module.
    link: https://helpcenter.veeam.com/docs/backup/em_rest/http_authentication.html
"""

EXAMPLES = r"""
- name: Open a session, work with it, and close it whatever happens
  module_defaults:
    group/multivendor.backup.veeam:
      url: https://em.example.com:9398
      ca_path: /etc/pki/em.pem
  block:
    - name: Log on with a password that is kept in the vault
      multivendor.backup.veeam_logon_session:
        username: EXAMPLE\svc-backup
        password: "{{ vault_veeam_password }}"
      register: em
      no_log: true
      check_mode: false

    - name: Read the tasks of this session
      multivendor.backup.veeam_backup_task_info:
        session_token: "{{ em.session_token }}"
        states: [Running]
      register: running
  always:
    - name: Log off
      multivendor.backup.veeam_logon_session:
        state: absent
        session_id: "{{ em.session_id }}"
        session_token: "{{ em.session_token }}"
      when: em is success
      no_log: true
      check_mode: false

# Address and password come from the environment: VEEAM_EM_URL, VEEAM_EM_USERNAME and VEEAM_EM_PASSWORD
- name: Log on
  multivendor.backup.veeam_logon_session:
    ca_path: /etc/pki/em.pem
  register: em
  no_log: true

- name: Log on from a bastion that may reach Enterprise Manager
  multivendor.backup.veeam_logon_session:
    url: https://em.example.com:9398
    username: EXAMPLE\svc-backup
    password: "{{ vault_veeam_password }}"
    ca_path: /etc/pki/em.pem
  delegate_to: bastion.example.com
  register: em
  no_log: true

- name: Close a session whose token is lost
  multivendor.backup.veeam_logon_session:
    state: absent
    url: https://em.example.com:9398
    username: EXAMPLE\svc-backup
    password: "{{ vault_veeam_password }}"
    ca_path: /etc/pki/em.pem
    session_id: 3f0e1c52-7a1d-4b7e-9f0b-5d2c8e6a4b19
"""

RETURN = r"""
session_token:
  description:
    - Token of the session that was opened, for O(session_token) of other tasks. Whoever has it is the user.
    - V(null) in check mode and with O(state=absent).
  type: str
  returned: success
  sample: NDRjZmJkYmUtNWE5NS00MTU2LTg4NjctOTFmMDY5YjdjMmNj
session_id:
  description:
    - Id of the session that was opened or closed, for O(session_id) of the task that closes it.
    - V(null) in check mode with O(state=present), and where the server does not tell it.
  type: str
  returned: success
  sample: 3f0e1c52-7a1d-4b7e-9f0b-5d2c8e6a4b19
error:
  description: What went wrong, for programs; RV(ignore:msg) says the same for people.
  returned: failure
  type: dict
  sample:
    code: forbidden
    provider_code: PERMISSION_DENIED
    provider: yandex
    source:
    http_status: 403
    message: Permission denied
    request_id: 8f2e1c7a-5b0e-4b55-9d0c-2a6f1f7e0c11
    hint: Give the account the role backup.viewer on the folder.
  contains:
    code:
      description:
        - The kind of error.
        - One of V(bad_option), V(missing_library), V(auth_failed), V(forbidden), V(not_found), V(rejected),
          V(throttled), V(unavailable), V(timeout), V(deadline), V(tls), V(connection), V(redirect), V(bad_answer),
          V(too_large), V(incomplete), V(session_expired), V(unsupported), V(task_failed) and V(defect).
      type: str
      returned: always
    provider_code:
      description: The provider's own code.
      type: str
      returned: always
    provider:
      description: The provider's key.
      type: str
      returned: always
    source:
      description: The name of the source, V(null) in modules that read only one.
      type: str
      returned: always
    http_status:
      description: The HTTP status, if there was an answer.
      type: int
      returned: always
    message:
      description: What went wrong, without the secrets that a server may have repeated.
      type: str
      returned: always
    request_id:
      description: The provider's id of the failed request, for its support.
      type: str
      returned: always
    hint:
      description: What to do next.
      type: str
      returned: always
"""

import os
from collections.abc import Callable
from typing import Any

from ..module_utils._ansible.module import run
from ..module_utils._core.errors import BackupError, bad_option
from ..module_utils._core.options import Params, printable
from ..module_utils._core.redact import Secrets
from ..module_utils._veeam.client import VeeamClient
from ..module_utils._veeam.options import ENVIRONMENT, VEEAM

# Takes the client and whether this is check mode, gives the result.
Change = Callable[[VeeamClient, bool], dict[str, Any]]

_NAMELESS = "The server did not name the session that was opened: nobody can close it. It ends after 15 idle minutes."


def act(params: Params, secrets: Secrets, check_mode: bool) -> tuple[dict[str, Any], BackupError | None]:
    change = opening(params) if params["state"] == "present" else closing(params)
    client = VeeamClient(params, secrets)
    error = None
    try:
        result = change(client, check_mode)
    except BackupError as problem:
        result, error = {"warnings": []}, problem
    finally:
        warnings = client.close()
    result["warnings"] += warnings
    return result, error


def opening(params: Params) -> Change:
    """What opens a session. What has no meaning then is refused, also in check mode."""
    if params["session_id"] is not None:
        raise bad_option("session_id", "it is for closing a session", "Leave it out, or set `state: absent`.")
    if ENVIRONMENT.complete(params, os.environ)["session_token"] is not None:
        raise bad_option("session_token", "it belongs to an open session", "Give `username` and `password` instead.")

    def change(client: VeeamClient, check_mode: bool) -> dict[str, Any]:
        if check_mode:
            return {"changed": True, "session_token": None, "session_id": None, "warnings": []}
        session = client.open_session()
        warnings = [] if session.id else [_NAMELESS]
        return {"changed": True, "session_token": session.token, "session_id": session.id, "warnings": warnings}

    return change


def closing(params: Params) -> Change:
    """What closes the session that is named."""
    if params["session_id"] is None:
        raise bad_option("session_id", "it is missing", "Give the id that was told when the session was opened.")
    session_id = printable("session_id", params["session_id"], longest=100)

    def change(client: VeeamClient, check_mode: bool) -> dict[str, Any]:
        closed = check_mode or client.close_session(session_id)
        return {"changed": closed, "session_token": None, "session_id": session_id, "warnings": []}

    return change


def main() -> None:
    run(
        VEEAM.merge(
            {
                "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
                "session_id": {"type": "str"},
            },
        ),
        act,
    )


if __name__ == "__main__":
    main()
