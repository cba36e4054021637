# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for logging in to Veeam Backup Enterprise Manager."""

from __future__ import annotations


class ModuleDocFragment:
    """Credentials and endpoint of Enterprise Manager."""

    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of Enterprise Manager's REST API, for example V(https://em.example.com:9398). Its port is 9398, unless
        it was changed. Required, unless E(VEEAM_EM_URL) is set.
    type: str
  username:
    description:
      - Name of a user, like V(DOMAIN\\user) or V(user@domain). Needs O(password).
      - If none of O(username), O(password) and O(session_token) is given, E(VEEAM_EM_USERNAME) and E(VEEAM_EM_PASSWORD)
        of the machine that runs the module count, and if neither of them is set, E(VEEAM_EM_SESSION_TOKEN).
    type: str
  password:
    description:
      - Password of the user.
    type: str
  session_token:
    description:
      - Token of a logon session that is open already, as M(multivendor.backup.veeam_logon_session) returns it. The
        module leaves the session open. A session ends after 15 idle minutes.
      - Mutually exclusive with O(username) and O(password).
    type: str
  api_version:
    description:
      - The version of the API to log on to, V(latest) or for example V(v1_7).
    type: str
    default: latest
  format:
    description:
      - The format to ask for. The results are the same. JSON needs Enterprise Manager 9.5 Update 4 or later.
    type: str
    choices: [json, xml]
    default: json
attributes:
  action_group:
    description: Use C(group/multivendor.backup.veeam) or C(group/multivendor.backup.all) in C(module_defaults) to
      set defaults for this module.
    support: full
    membership:
      - multivendor.backup.all
      - multivendor.backup.veeam
requirements:
  - xmltodict >= 0.12.0 (only where the server answers in XML)
notes:
  - The user needs the role Portal Administrator, Portal User or Restore Operator of Enterprise Manager, and sees what
    this role shows.
  - Enterprise Manager comes with a self-signed certificate. Give it, or the authority of a better one, as O(ca_path).
  - A session that the module opened for itself is closed when it ends, also when it fails.
"""
