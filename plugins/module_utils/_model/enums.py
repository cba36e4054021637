# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The words of the common model. Lifecycle, outcome and severity are separate; unknown is never success."""

from __future__ import annotations

LEVELS = ("item", "job", "control")
OPERATIONS = (
    *("backup", "restore", "snapshot", "snapshot_restore", "backup_copy", "replication", "retention", "verification"),
    *("indexing", "inventory", "policy_change", "report", "management", "other"),
)
STATES = ("queued", "running", "paused", "finalizing", "cancelling", "finished", "unknown")

#: What a result means to whoever is on call.
SEVERITIES = {
    "success": "ok",
    "warning": "warning",
    "partial": "warning",
    "cancelled": "warning",
    "skipped": "warning",
    "failed": "critical",
    "timed_out": "critical",
    "abandoned": "critical",
    "unknown": "unknown",
}
RESULTS = tuple(SEVERITIES)

#: Results that leave something one can restore from.
GOOD_RESULTS = ("success", "warning")

#: From the best to the worst, for one word about many results.
RESULTS_BY_BADNESS = (
    *("success", "skipped", "warning", "cancelled", "partial", "unknown", "abandoned", "timed_out", "failed"),
)

PROTECTIONS = (
    *("protected", "unprotected", "disabled", "pending", "registration_failed", "orphaned", "deleted", "unsupported"),
    "unknown",
)
ACTIVITIES = ("idle", "backing_up", "restoring", "failed", "other", "unknown")
BASES = ("task", "recovery_point", "resource_field", "none")

#: The verdicts on a resource, the worst first.
FRESHNESS = ("never", "missed", "unknown", "late", "pending", "met", "not_applicable")
REASONS = (
    *(
        "never_backed_up",
        "no_success_in_history",
        "rpo_missed",
        "rpo_late",
        "last_failed",
        "failure_streak",
        "stuck_task",
    ),
    *("overdue", "never_restored", "offline", "disabled", "not_controlling", "registration_failed", "warning_result"),
    *("incomplete_data", "unknown_status", "unknown_task", "in_the_future"),
)

BACKUP_LEVELS = ("full", "incremental", "differential", "log")
RESOURCE_TYPES = ("vm", "bare_metal", "volume", "instance", "database", "mailbox", "bucket", "other")
