# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The records of PetaData and the words in them, as DescribeTasks (2016-01-01) documents them."""

from __future__ import annotations

from .._core.records import Shape, text, time, word

TASK = Shape(
    {
        "TaskId": text,
        "BeginTime": time,
        "FinishTime": time,
        "ExpectedFinishTime": time,
        "Status": word,
        "TaskAction": word,
        "Progress": word,
        "DBName": word,
        "ProgressInfo": word,
    },
    derived={"instance_id": None},
)

#: Not started, in progress, success, failed, closed, canceled. Asked for none, the server leaves out 2, 4 and 5.
STATUSES = ("0", "1", "2", "3", "4", "5")
