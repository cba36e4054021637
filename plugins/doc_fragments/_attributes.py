# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all modules support."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes: `INFO` for modules that only read, `FILE` for those that write what they read to a file, `LOGON` for
    the one that opens and closes sessions."""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and return changed status prediction without modifying target.
    support: full
    details:
      - The module changes nothing, so check mode makes no difference.
  diff_mode:
    description: Returns details on what has changed, or possibly needs changing in check mode, when in diff mode.
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
    details:
      - The module changes nothing.
"""

    LOGON = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and return changed status prediction without modifying target.
    support: full
    details:
      - In check mode no request is made. A session that is to be closed counts as open, for the server is not asked.
  diff_mode:
    description: Returns details on what has changed, or possibly needs changing in check mode, when in diff mode.
    support: none
    details:
      - A session has nothing to compare.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: partial
    details:
      - O(state=present) opens another session each time. O(state=absent) changes nothing when the session is closed.
"""

    FILE = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and return changed status prediction without modifying target.
    support: full
    details:
      - In check mode everything is read and compared, and the file is left as it is.
  diff_mode:
    description: Returns details on what has changed, or possibly needs changing in check mode, when in diff mode.
    support: partial
    details:
      - Of files larger than 100 KiB only the lines are shown in which they say what they are.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
    details:
      - As long as the sources say the same.
"""
