# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for logging in to Yandex Cloud."""

from __future__ import annotations


class ModuleDocFragment:
    """Credentials and endpoints of Yandex Cloud Backup."""

    DOCUMENTATION = r"""
options:
  iam_token:
    description:
      - An IAM token, as C(yc iam create-token) prints it. It lives 12 hours at most.
      - If no way to log in is given, E(YC_IAM_TOKEN), E(YC_TOKEN) and E(YC_SERVICE_ACCOUNT_KEY_FILE) of the machine
        that runs the module are tried, in this order.
      - OAuth tokens are not accepted.
      - Mutually exclusive with O(service_account_key) and O(service_account_key_file).
    type: str
  service_account_key:
    description:
      - The authorized key of a service account, the JSON that C(yc iam key create --output) wrote, as text or as a
        dictionary.
      - IAM tokens are obtained with it, and renewed when they expire while a long list is read.
    type: json
  service_account_key_file:
    description:
      - Path of a file with such a key, on the machine that runs the module.
      - E(YC_SERVICE_ACCOUNT_KEY_FILE) may hold the key itself instead of a path.
    type: path
  instance_metadata:
    description:
      - Log in as the service account that is linked to the Compute VM on which the module runs.
      - It excludes the other ways to log in.
    type: bool
    default: false
  api_host:
    description:
      - The host that all endpoints are derived from. V(api.cloud.yandex.net) if neither this nor E(YC_ENDPOINT) is
        given; V(api.yandexcloud.kz) for Kazakhstan.
    type: str
  api_url:
    description:
      - Address of the Cloud Backup API, if it is not C(https://backup.) and O(api_host).
    type: str
  iam_url:
    description:
      - Address of the token service, if it is not C(https://iam.) and O(api_host).
    type: str
  metadata_url:
    description:
      - Address of the VM's metadata service, if it is not the usual one or that of E(YC_METADATA_ADDR).
    type: str
attributes:
  action_group:
    description: Use C(group/multivendor.backup.yandex) or C(group/multivendor.backup.all) in C(module_defaults) to
      set defaults for this module.
    support: full
    membership:
      - multivendor.backup.all
      - multivendor.backup.yandex
requirements:
  - cryptography >= 3.4.8 (only for service account keys)
notes:
  - The account needs the role C(backup.viewer) on the folder.
"""
