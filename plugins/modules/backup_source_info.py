#!/usr/bin/python
# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_source_info
short_description: Check whether backup systems can be read
version_added: 0.1.0
description:
  - Makes one small reading of each source and tells whether it can be reached, lets us in and lets us read, how far its
    clock is off, when its certificate ends, and how much there is to read.
  - For Yandex it reads the list of resources of the folder, for Clumio the first page of tasks, for Veeam the first
    page of the sessions of jobs, and for PetaData the first page of tasks of each instance.
  - What it does not try may still fail. These are all other lists, such as the tasks of the instances in Yandex, the
    other sessions and the requests in Veeam, and, for M(multivendor.backup.backup_resource_info), the lists of
    resources in Clumio and Veeam. Nor does it try whether tasks may be aborted.
  - What a person runs first, and what a job runs before a report.
  - A source in trouble is a finding, not a failure. Each has an RV(sources[].error) that says what to do, and draws a
    warning. RV(ready) is V(true) when there is none.
  - Options that cannot be used are no finding. They fail the module before any request, to whatever source, as far as
    they can be told wrong by then.
author:
  - multivendor.backup contributors (@multivendor-backup)
extends_documentation_fragment:
  - multivendor.backup._attributes.info
  - multivendor.backup._sources
seealso:
  - module: multivendor.backup.backup_task_info
  - module: multivendor.backup.backup_resource_info
"""

EXAMPLES = r"""
- name: Check all backup systems
  multivendor.backup.backup_source_info:
    sources:
      - name: yc-prod
        yandex:
          folder_id: b1gvmob95yysaplct532
          service_account_key_file: /etc/backup-report/sa-key.json
      - name: clumio-us
        clumio:
          url: https://us-west-2.api.clumio.com
          api_token: "{{ vault_clumio_token }}"
  register: preflight

- name: Go on only when all of them can be read
  ansible.builtin.assert:
    that: preflight.ready
    fail_msg: "{{ preflight.sources | rejectattr('ready') | map(attribute='name') | join(', ') }}"

- name: Check one source that is described by the environment (CLUMIO_API_BASE_URL, CLUMIO_API_TOKEN)
  multivendor.backup.backup_source_info:
    sources:
      - clumio: {}

- name: Check quickly whether a server answers at all
  multivendor.backup.backup_source_info:
    sources:
      - name: hq-veeam
        veeam:
          url: https://em.example.com:9398
          username: report
          password: "{{ vault_veeam_password }}"
          ca_path: /etc/pki/em.pem
    connection:
      deadline: 10
      retries: 0

- name: Check from a bastion
  multivendor.backup.backup_source_info:
    sources:
      - name: orders-db
        petadata:
          instance_ids: [pd-example]
          access_key_id: LTAIexample
          access_key_secret: "{{ vault_alibaba_secret }}"
  delegate_to: bastion.example.com
"""

RETURN = r"""
ready:
  description: Whether what is tried of each source can be read, see the description of the module.
  returned: success
  type: bool
  sample: true
schema_version:
  description: Version of the form of this result. It is raised when a field changes its meaning or goes.
  returned: success
  type: int
  sample: 1
sources:
  description: One row for each source, in the order given. What an error leaves unknown is V(null).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the source.
      type: str
      returned: always
      sample: yc-prod
    provider:
      description: Its provider.
      type: str
      returned: always
      sample: yandex
    ready:
      description:
        - Whether what is tried of it can be read. A source of PetaData is ready when each of its instances can be read.
      type: bool
      returned: always
    reachable:
      description: Whether its server answers, over TLS that can be trusted.
      type: bool
      returned: always
    authenticated:
      description: Whether it accepts the credentials.
      type: bool
      returned: always
    permitted:
      description:
        - V(false) if the server says that the credentials do not allow what is tried. V(true) otherwise, also when the
          reading fails for a reason that has nothing to do with the credentials, see RV(sources[].error).
        - Rights to what is not tried are not known, for example to the lists of resources in Clumio and Veeam.
      type: bool
      returned: always
    clock_offset_seconds:
      description: Seconds that its clock is ahead of ours.
      type: float
      returned: always
      sample: 0.4
    certificate_expires_at:
      description: When its TLS certificate ends. V(null) through a proxy, without TLS, and without validation.
      type: str
      returned: always
      sample: '2027-03-01T00:00:00Z'
    api_version:
      description: The version of its API that we speak.
      type: str
      returned: always
      sample: v1
    records:
      description:
        - Number of tasks that M(multivendor.backup.backup_task_info) would read for the last day, by the server's own
          word. V(null) where it gives none, as in Yandex and Veeam. For PetaData, the tasks of all instances together.
      type: int
      returned: always
      sample: 2417
    requests:
      description:
        - About how many requests that would take, V(null) if nobody can say. For Veeam, the sessions of jobs alone; for
          PetaData, all instances together.
      type: int
      returned: always
      sample: 3
    elapsed_seconds:
      description: Seconds that the check took.
      type: float
      returned: always
      sample: 0.21
    error:
      description:
        - What is wrong, V(null) if nothing is. For PetaData, what is wrong with one of the instances that cannot be
          read. If the source has several, RV(sources[].error.message) names up to five of those that cannot.
      type: dict
      returned: always
      contains:
        code:
          description:
            - The kind of error.
            - One of V(bad_option), V(missing_library), V(auth_failed), V(forbidden), V(not_found), V(rejected),
              V(throttled),
              V(unavailable), V(timeout), V(deadline), V(tls), V(connection), V(redirect), V(bad_answer), V(too_large),
              V(incomplete), V(session_expired), V(unsupported), V(task_failed) and V(defect).
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

from ..module_utils._ansible.module import run
from ..module_utils._unified.preflight import PREFLIGHT_OPTIONS, check_sources


def main() -> None:
    run(PREFLIGHT_OPTIONS, check_sources)


if __name__ == "__main__":
    main()
