# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for logging in to Clumio."""

from __future__ import annotations


class ModuleDocFragment:
    """Credentials and endpoint of Clumio."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the API in the region of the account. Required, unless E(CLUMIO_API_BASE_URL) is set.
      - For example V(https://us-west-2.api.clumio.com), V(https://us-east-1.api.clumio.com),
        V(https://ca-central-1.ca.api.clumio.com), V(https://eu-central-1.de.api.clumio.com) or
        V(https://ap-southeast-2.au.api.clumio.com).
    type: str
  api_token:
    description:
      - An API token of Clumio. Required, unless E(CLUMIO_API_TOKEN) is set on the machine that runs the module.
    type: str
  organizational_unit_context:
    description:
      - Id of the organizational unit to look at. If neither this nor E(CLUMIO_ORGANIZATIONAL_UNIT_CONTEXT) is given, it
        is the unit of the token.
    type: str
attributes:
  action_group:
    description: Use C(group/multivendor.backup.clumio) or C(group/multivendor.backup.all) in C(module_defaults) to
      set defaults for this module.
    support: full
    membership:
      - multivendor.backup.all
      - multivendor.backup.clumio
notes:
  - A token sees what its role and its organizational units allow. What it does not see is not counted either.
  - Clumio takes 100 requests per second from an organization.
"""
