# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The records of Cloud Backup and the words in them, as the REST API v1 documents them."""

from __future__ import annotations

from .._core.records import Shape, flag, integer, text, time, word

TASK = Shape(
    {
        "id": text,
        "cancellable": flag,
        "policyId": word,
        "type": word,
        "progress": Shape({"current": integer, "total": integer}),
        "status": word,
        "enqueuedAt": time,
        "startedAt": time,
        "updatedAt": time,
        "completedAt": time,
        "computeInstanceId": word,
        "resultCode": word,
        "error": word,
    }
)

RESOURCE = Shape(
    {
        "computeInstanceId": word,
        "createdAt": time,
        "updatedAt": time,
        "online": flag,
        "enabled": flag,
        "status": word,
        "statusDetails": text,
        "statusProgress": integer,
        "lastBackupTime": time,
        "nextBackupTime": time,
        "resourceId": text,
        "isActive": flag,
        "initStatus": word,
        "metadata": text,
        "type": word,
        "tenantInfo": Shape({"folderId": text, "personalTenantId": text, "userId": text}),
        "agentInfo": Shape({"currentVersion": text, "latestVersion": text, "canUpdate": flag}),
    }
)

# The API grows about twice a year: other words are allowed, but draw a warning when asked for.
TYPES = ("BACKUP", "RETENTION", "RECOVERY", "APPLY_POLICY", "REVOKE_POLICY")
STATUSES = ("ENQUEUED", "ASSIGNED", "STARTED", "PAUSED", "COMPLETED")
RESULT_CODES = ("OK", "ERROR", "WARNING", "CANCELLED", "ABANDONED", "TIMEDOUT", "CODE_UNSPECIFIED")
RESOURCE_TYPES = ("COMPUTE", "BMS", "EXTERNAL_VM", "EXTERNAL_SERVER")
