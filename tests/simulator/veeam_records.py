# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of Veeam: sessions of jobs and of their items, restores, restore points, and what is in the jobs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from .data import Timeline, guid, mix, pick, utc
from .veeam_runs import STOPPED_BY, Run, Runs
from .veeam_sessions import Session, Task

if TYPE_CHECKING:
    from .service import World
    from .veeam import VeeamData

# Streams of random bits, one for each kind of thing.
JOB, SERVER, SESSION, ITEM, VM, RESTORE, POINT, INCLUDE, REPLICA, REPLICA_ITEM = range(60, 70)

VMS_PER_JOB = 3
RUN_SECONDS = 240
"""How long a run lasted that was started or stopped here, by its own word."""
HISTORY_DAYS = 30
JOBS = (
    ("Daily SQL servers", "Backup", ("sql-prod-01", "sql-prod-02", "sql-report-01")),
    ("Exchange & file servers", "Backup", ("mail-01", "mail-02", "files-berlin")),
    ("Web farm", "Backup", ("web-01", "web-02", "web-03")),
    ("Domänencontroller", "Backup", ("dc-muc-01", "dc-muc-02", "dc-ber-01")),
    ("SAP HANA nightly", "Backup", ("hana-prd", "hana-qas", "sap-app-01")),
    (
        "Copy to offsite\\Daily SQL servers",
        "ImmediateBackupCopyWorker",
        ("sql-prod-01", "sql-prod-02", "sql-report-01"),
    ),
    ("Linux build hosts", "Backup", ("build-01", "build-02", "gitlab-01")),
    ("会計システム", "Backup", ("acct-db-01", "acct-app-01", "acct-web-01")),
)
SERVERS = ("vbr01.example.com", "vbr02.example.com")

SHOWCASE = (
    ("Working", "None"),
    ("Stopped", "Success"),
    ("Stopped", "Warning"),
    ("Stopped", "Failed"),
    ("Starting", "None"),
    ("Stopped", "Success"),
    ("Postprocessing", "None"),
    ("Stopped", "Success"),
    ("Stopping", "None"),
    ("Stopped", "Success"),
    ("Idle", "None"),
    ("Stopped", "Failed"),
    ("Pausing", "None"),
    ("Stopped", "Success"),
    ("Resuming", "None"),
    ("WaitingRepository", "None"),
    ("WaitingTape", "None"),
    ("Stopped", "None"),
)
"""The newest sessions of jobs: every state and every result. A stopped one without a result was never judged."""

USUAL = (("Stopped", "Success"),) * 26 + (("Stopped", "Warning"),) * 2 + (("Stopped", "Failed"),)
"""All other sessions, as often as in a quiet house."""

CALM = (
    ("Working", "None"),
    ("Stopped", "Success"),
    ("Stopped", "Warning"),
    ("Stopped", "Success"),
    ("Stopped", "Failed"),
    ("Idle", "None"),
)
"""The newest sessions of a calm night."""

REASONS = {
    "Failed": (
        "Error: Cannot connect to the host esx-07.example.com over the web API. The operation has timed out.",
        "Error: Not enough space on the disk of repository NAS-2 (12.4 GB free, 40.0 GB needed).",
        "Error: Failed to create a snapshot: an error occurred while quiescing the virtual machine.",
        "Error: VSSControl: -2147467259 Backup job failed. Cannot create a shadow copy of the volumes.",
    ),
    "Warning": (
        "Warning: Could not truncate the transaction logs of the SQL instance MSSQLSERVER: access denied.",
        "Warning: VMware Tools are not running on the VM; the backup is crash-consistent.",
    ),
}

OLD_TASKS = (
    ("StartJob", "Finished", True, "Ok", "BackupJobSession"),
    ("StartJob", "Finished", True, "Ok", "ReplicaJobSession"),
    ("CloneJob", "Finished", True, "OK", "Job"),
    ("StartJob", "Running", None, None, None),
    ("VmRestore", "Finished", True, None, "RestoreSession"),
    ("StartJob", "Finished", False, "The job 'SAP HANA nightly' is already running.", None),
    ("StopJob", "OperationFinished", None, None, None),
    ("RescanRepository", "Finished", True, "Ok", None),
)
"""Tasks of the shared logon session: operation, state, success, message, type of the related thing."""

COLLECTIONS = {
    "backupSessions": "BackupJobSession",
    "backupTaskSessions": "BackupTaskSession",
    "replicaSessions": "ReplicaJobSession",
    "replicaTaskSessions": "ReplicaTaskSession",
    "restoreSessions": "RestoreSession",
    "vmRestorePoints": "VmRestorePoint",
}
PATHS = {kind: path for path, kind in COLLECTIONS.items()}
RESOURCES = frozenset({"ObjectInJob"})
"""Kinds the query answers as resources, whatever the format: they are no entities with a UID attribute of their own."""

VERSIONS = {
    "Type": "EnterpriseManager",
    "Href": "/api/",
    "SupportedVersions": [{"Name": name, "Links": []} for name in ("v1_6", "v1_7")],
}


def logon_session(session: Session, base_url: str) -> dict[str, Any]:
    """A logon session as it is sent."""
    href = f"{base_url}/api/logonSessions/{session.session_id}"
    links = [{"Rel": "Delete", "Type": "LogonSession", "Href": href}]
    links += [{"Rel": "Down", "Type": kind, "Href": f"{base_url}/api/{path}"} for path, kind in _ROOTS]
    return {
        "Type": "LogonSession",
        "Href": href,
        "Links": links,
        "UserName": "SIM\\svc-ansible",
        "SessionId": session.session_id,
    }


_ROOTS = (("query", "QueryService"), ("tasks", "TaskList"), ("jobs", "JobReferenceList"))


def reference(record: dict[str, Any]) -> dict[str, Any]:
    """The short form of an entity."""
    kind, href = record["Type"], str(record["Href"]).partition("?")[0]
    links = [*record["Links"][:1], {"Rel": "Alternate", "Type": kind, "Href": record["Href"], "Name": record["Name"]}]
    return {"Type": f"{kind}Reference", "Href": href, "Name": record["Name"], "UID": record["UID"], "Links": links}


def absolute(record: dict[str, Any], base_url: str) -> dict[str, Any]:
    """The record with the server's address before every Href that has none."""
    links = record.get("Links")
    if isinstance(links, list):
        links = [{**link, "Href": _with_host(link["Href"], base_url)} for link in links]
    return {**record, "Href": _with_host(record.get("Href"), base_url), "Links": links}


def _with_host(href: Any, base_url: str) -> Any:
    return base_url + href if isinstance(href, str) and href.startswith("/") else href


class Job(NamedTuple):
    """A job, with what it backs up or replicates."""

    id: str
    name: str
    kind: str
    vms: tuple[str, ...]
    number: int


class Records:
    """Makes the records of one Enterprise Manager; addresses are added when they are sent."""

    def __init__(self, world: World, data: VeeamData) -> None:
        self._seed = world.seed
        self._now = world.now
        self._data = data
        self._newest = CALM if data.calm else SHOWCASE
        self._timeline = Timeline(world.now, data.sessions, history=HISTORY_DAYS)
        self.runs = Runs(data.reads_per_state, data.run_steps)
        self._started: dict[int, Job] = {}
        self._jobs = [Job(guid(world.seed, JOB, n), name, kind, vms, n) for n, (name, kind, vms) in enumerate(JOBS)]

    def lists(self) -> dict[str, tuple[int, Callable[[int, float | None], dict[str, Any]]]]:
        """Kind -> how many there are, and the function that makes them."""
        n = self._data.sessions
        vms = len(JOBS) * VMS_PER_JOB
        return {
            "BackupJobSession": (n, lambda i, born: self._job_session("BackupJobSession", SESSION, i, born)),
            "BackupTaskSession": (n * VMS_PER_JOB, lambda i, born: self._item("BackupTaskSession", i, born)),
            "ReplicaJobSession": (n // 5, lambda i, born: self._job_session("ReplicaJobSession", REPLICA, i, born)),
            "ReplicaTaskSession": (n // 5 * VMS_PER_JOB, lambda i, born: self._item("ReplicaTaskSession", i, born)),
            "RestoreSession": (max(min(n, 3), n // 10), self._restore),
            "VmRestorePoint": (min(n * VMS_PER_JOB, vms * 7), self._restore_point),
            "ObjectInJob": (vms, lambda i, born: self._included(i)),
        }

    def job(self, job_id: str) -> Job | None:
        """The job with this id."""
        return next((job for job in self._jobs if job.id == job_id), None)

    def jobs(self) -> list[dict[str, Any]]:
        """References of all jobs."""
        return [
            {
                "Type": "JobReference",
                "Href": f"/api/jobs/{job.id}",
                "Name": job.name,
                "UID": f"urn:veeam:Job:{job.id}",
                "Links": [self._server_link(job.number)],
            }
            for job in self._jobs
        ]

    def start(self, job: Job, number: int, now: float) -> dict[str, str]:
        """Begin the session with this number among those that arrived since the beginning; gives a link to it."""
        self._started[-number] = job
        session = self._name(self.runs.start(SESSION, -number, now), -number)
        return self._related("BackupJobSession", session)

    def stop(self, index: int, created: float) -> None:
        """Stop the session of a job with this index."""
        self._name(self.runs.stop(SESSION, index, created), index)

    def _name(self, run: Run, index: int) -> str:
        """Tell a run the UIDs of its sessions; gives the id of the job's."""
        session = guid(self._seed, SESSION, index)
        items = range(index * VMS_PER_JOB, (index + 1) * VMS_PER_JOB)
        uids = [f"urn:veeam:BackupTaskSession:{guid(self._seed, ITEM, t)}" for t in items]
        self.runs.name(run, [f"urn:veeam:BackupJobSession:{session}", *uids])
        return session

    def index_of(self, session_id: str, births: int) -> int | None:
        """The index of a session of a job by its id; None when there is none."""
        indices = range(-births, self._data.sessions)
        return next((i for i in indices if guid(self._seed, SESSION, i) == session_id), None)

    def old_tasks(self) -> list[Task]:
        """Tasks of the shared session, which stand still."""
        return [self._old_task(n) for n in range(self._data.tasks)]

    def _old_task(self, n: int) -> Task:
        operation, state, success, message, kind = OLD_TASKS[n % len(OLD_TASKS)]
        related = None
        if kind == "Job":
            name = "Cloned job (6/5/2021 3:04:23 AM)"
            href = f"/api/jobs/{guid(self._seed, JOB, 2)}?format=Entity"
            related = {"Type": "Job", "Href": href, "Name": name}
        elif kind is not None:
            stream = {"BackupJobSession": SESSION, "ReplicaJobSession": REPLICA, "RestoreSession": RESTORE}[kind]
            related = self._related(kind, guid(self._seed, stream, n // len(OLD_TASKS)))
        return Task(f"task-{n + 1}", operation, related, state, success, message)

    def _related(self, kind: str, entity_id: str) -> dict[str, str]:
        return {"Type": kind, "Href": f"/api/{PATHS[kind]}/{entity_id}?format=Entity"}

    def _job_of(self, stream: int, i: int) -> Job:
        job = self._jobs[i % len(self._jobs)]
        if stream != REPLICA:
            return self._started.get(i, job)
        return job._replace(id=guid(self._seed, REPLICA + 100, job.number), name=f"{job.vms[0]} replication")

    def _job_session(self, kind: str, stream: int, i: int, born: float | None) -> dict[str, Any]:
        bits, job = mix(self._seed, stream, i), self._job_of(stream, i)
        state, result = self._outcome(stream, i, bits)
        started, ended = self._times(stream, i, bits, state, born)
        run = self.runs.find(stream, i)
        name = f"{job.name}@{utc(started)[:10]} {utc(started)[11:19]}"
        record = self._entity(kind, guid(self._seed, stream, i), name, job.number)
        record["Links"].insert(1, _link("Up", "JobReference", f"/api/jobs/{job.id}", job.name))
        record["Links"].append(_link("Down", f"{kind[:6]}TaskSessionReferenceList", record["Href"].partition("?")[0]))
        record.update(
            JobUid=f"urn:veeam:Job:{job.id}",
            JobName=job.name,
            JobType="Replica" if stream == REPLICA else job.kind,
            CreationTimeUTC=_time(started),
            EndTimeUTC=_time(ended) if ended else None,
            State=state,
            Result=result,
            Progress=100 if state == "Stopped" else bits % 95,
            IsRetry=bits % 9 == 0,
            FailureMessage=(STOPPED_BY if run and run.stopped else pick(REASONS[result], bits >> 11))
            if result == "Failed"
            else None,
        )
        return record

    def _item(self, kind: str, t: int, born: float | None) -> dict[str, Any]:
        """One VM in one session of a job."""
        backup = kind == "BackupTaskSession"
        stream, item_stream = (SESSION, ITEM) if backup else (REPLICA, REPLICA_ITEM)
        i, n = divmod(t, VMS_PER_JOB)
        bits, job = mix(self._seed, stream, i), self._job_of(stream, i)
        parent_state, parent_result = self._outcome(stream, i, bits)
        state, result = _item_outcome(parent_state, parent_result, n)
        started, ended = self._times(stream, i, bits, parent_state, born)
        started += 20 + 5 * n
        if state == "Completed":
            ended = started + max(10.0, ((ended or self._now) - started) * (n + 1) / (VMS_PER_JOB + 1))
        vm = job.vms[n]
        name = f"{vm}@{utc(started)[:10]} {utc(started)[11:19]}"
        record = self._entity(kind, guid(self._seed, item_stream, t), name, job.number)
        parent = kind.replace("Task", "Job")
        parent_id = guid(self._seed, stream, i)
        record["Links"].insert(1, _link("Up", f"{parent}Reference", f"/api/{PATHS[parent]}/{parent_id}", job.name))
        record.update(
            JobSessionUid=f"urn:veeam:{parent}:{parent_id}",
            CreationTimeUTC=_time(started),
            EndTimeUTC=_time(ended) if state == "Completed" and ended else None,
            State=state,
            Result=result,
            Reason=pick(REASONS[result], bits >> 7) if result in REASONS else "",
            TotalSize=(20 + bits % 400) * 1024**3,
            VmUid=self._vm_uid(vm),
            VmDisplayName=vm,
            JobUid=f"urn:veeam:Job:{job.id}",
            JobName=job.name,
        )
        return record

    def _restore(self, i: int, born: float | None) -> dict[str, Any]:
        bits, job = mix(self._seed, RESTORE, i), self._jobs[i % len(self._jobs)]
        vm = job.vms[bits % VMS_PER_JOB]
        step = min(7000, HISTORY_DAYS * 86400 * 10 // self._data.sessions)
        started = born or self._now - (i + 1) * step - bits % min(3000, step)
        state, result = ("Working", "None") if i == 1 else ("Stopped", "Failed" if bits % 11 == 3 else "Success")
        name = f"FLR_[{vm}]@{utc(started)[:10]} {utc(started)[11:19]}"
        record = self._entity("RestoreSession", guid(self._seed, RESTORE, i), name, job.number)
        record.update(
            VmDisplayName=vm,
            JobType="FileLevelRestore" if bits & 4 else "FullVmRestore",
            CreationTimeUTC=_time(started),
            EndTimeUTC=_time(started + 60 + bits % 2500) if state == "Stopped" else None,
            State=state,
            Result=result,
            Progress=100 if state == "Stopped" else 40,
        )
        return record

    def _restore_point(self, i: int, born: float | None) -> dict[str, Any]:
        bits = mix(self._seed, POINT, i)
        day, number = divmod(i, len(JOBS) * VMS_PER_JOB)
        job = self._jobs[number // VMS_PER_JOB]
        vm = job.vms[number % VMS_PER_JOB]
        made = born or self._now - day * 86400 - 3 * 3600 - bits % 18000
        name = f"{vm}@{utc(made)[:10]} {utc(made)[11:19]}"
        record = self._entity("VmRestorePoint", guid(self._seed, POINT, i), name, job.number)
        full = day % 7 == 6
        record.update(
            VmDisplayName=vm,
            CreationTimeUTC=_time(made + 0.783),
            Algorithm="Full" if full else "Incremental",
            PointType="Full" if full else "Increment",
            HierarchyObjRef=self._vm_uid(vm),
        )
        return record

    def _included(self, i: int) -> dict[str, Any]:
        job = self._jobs[i // VMS_PER_JOB % len(self._jobs)]
        vm = job.vms[i % VMS_PER_JOB]
        include_id = guid(self._seed, INCLUDE, i)
        href = f"/api/jobs/{job.id}/includes/{include_id}"
        return {
            "Type": "ObjectInJob",
            "Href": href,
            "Links": [_link("Delete", None, href), _link("Up", "JobReference", f"/api/jobs/{job.id}", job.name)],
            "ObjectInJobId": include_id,
            "HierarchyObjRef": self._vm_uid(vm),
            "Name": vm,
            "DisplayName": vm,
            "Order": i % VMS_PER_JOB,
            "UID": include_id,
            "JobUid": f"urn:veeam:Job:{job.id}",
            "JobName": job.name,
        }

    def _outcome(self, stream: int, i: int, bits: int) -> tuple[str, str]:
        run = self.runs.find(stream, i)
        if run is not None:
            return run.now
        return self._newest[i] if 0 <= i < len(self._newest) else pick(USUAL, bits >> 40)

    def _times(self, stream: int, i: int, bits: int, state: str, born: float | None) -> tuple[float, float | None]:
        """Start and end. What has not ended began within the last hours; an idle job waits for days."""
        run = self.runs.find(stream, i)
        if run is not None:
            return run.created, run.created + RUN_SECONDS if state == "Stopped" else None
        if state == "Idle":
            return self._now - 6 * 86400 - bits % 86400, None
        if state != "Stopped":
            return self._now - 300 - bits % 6000, None
        started = born or self._timeline.at(i, bits)
        return started, started + min(300 + (bits >> 12) % 7200, max(4.0, (self._now - started) * 0.8))

    def _vm_uid(self, vm: str) -> str:
        host = guid(self._seed, SERVER, 99)
        return f"urn:VMware:Vm:{host}.vm-{sum(vm.encode()) % 9000 + 1000}"

    def _entity(self, kind: str, entity_id: str, name: str, number: int) -> dict[str, Any]:
        href = f"/api/{PATHS[kind]}/{entity_id}"
        links = [self._server_link(number), _link("Alternate", f"{kind}Reference", href, name)]
        return {
            "Type": kind,
            "Href": href + "?format=Entity",
            "Name": name,
            "UID": f"urn:veeam:{kind}:{entity_id}",
            "Links": links,
        }

    def _server_link(self, number: int) -> dict[str, str]:
        n = number % len(SERVERS)
        return _link("Up", "BackupServerReference", f"/api/backupServers/{guid(self._seed, SERVER, n)}", SERVERS[n])


def _item_outcome(state: str, result: str, n: int) -> tuple[str, str]:
    """What became of VM n: in a failed or warned session the first one is to blame."""
    if state == "Stopped":
        return "Completed", (result if n == 0 or result == "None" else "Success")
    # The product writes a result while it still works on the VM: State has to be read first.
    return (("InProgress", "Success"), ("InProgress", "None"), ("Pending", "None"))[n]


def _link(rel: str, kind: str | None, href: str, name: str | None = None) -> dict[str, str]:
    link = {"Rel": rel, "Type": kind, "Href": href, "Name": name}
    return {key: value for key, value in link.items() if value is not None}


def seconds(text: str) -> float:
    """The moment of a time as it is sent."""
    return datetime.fromisoformat(text[:19] + "+00:00").timestamp()


def _time(at: float) -> str:
    """2-3 digits of fraction, trailing zeros dropped."""
    text = utc(at, 3)[:-1].rstrip("0").rstrip(".")
    return text + "Z"
