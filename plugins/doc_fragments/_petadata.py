# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for logging in to Alibaba Cloud PetaData."""

from __future__ import annotations


class ModuleDocFragment:
    """Credentials and endpoint of PetaData (HybridDB for MySQL)."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the API. Some regions have their own, like C(https://petadata.<region>.aliyuncs.com).
    type: str
    default: https://petadata.aliyuncs.com
  access_key_id:
    description:
      - Id of an access key.
      - If none of O(access_key_id), O(access_key_secret) and O(security_token) is given, they are taken from
        E(ALICLOUD_ACCESS_KEY), E(ALICLOUD_SECRET_KEY) and E(ALICLOUD_SECURITY_TOKEN) of the machine that runs the
        module. If none of these is set, E(ALIBABA_CLOUD_ACCESS_KEY_ID), E(ALIBABA_CLOUD_ACCESS_KEY_SECRET) and
        E(ALIBABA_CLOUD_SECURITY_TOKEN) count.
    type: str
  access_key_secret:
    description:
      - Secret of the access key.
    type: str
  security_token:
    description:
      - Security token, if the access key is a temporary one of STS.
    type: str
  format:
    description:
      - The format to ask for. The results are the same.
    type: str
    choices: [json, xml]
    default: json
attributes:
  action_group:
    description: Use C(group/multivendor.backup.petadata) or C(group/multivendor.backup.all) in C(module_defaults) to
      set defaults for this module.
    support: full
    membership:
      - multivendor.backup.all
      - multivendor.backup.petadata
requirements:
  - xmltodict >= 0.12.0 (only where the server answers in XML)
notes:
  - The user of the access key needs the RAM action C(petadata:DescribeTasks).
  - O(page_size) is one of 30, 50, 100, 200, 500 and 1000. The default is 1000.
  - The clock of the machine that runs the module must be right within 15 minutes, for requests are signed with the
    time.
"""
