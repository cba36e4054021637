# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Modules that write a file: whole or not at all, and only when it says something new."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Optional, Protocol

from ansible.module_utils.basic import AnsibleModule

from .._core.errors import BackupError, bad_option
from .._core.options import Options, Params
from .._core.redact import Secrets
from .module import Outcome, Result, execute

# Ansible itself shows no differences of files that are larger.
_LARGEST_DIFF = 104448
_M_MMAP_THRESHOLD = -3  # from malloc.h
# So much of a line is compared at once, for a file that is not ours may have no lines.
_LONGEST_PIECE = 1 << 20
# A clause of a symbolic mode that says all of what it names, whatever was there. (`g=u` and `+x` do not.)
_SET = re.compile(r"(a|[ugo]+)=[rwxXst]*")


class Draft(Protocol):
    """A file that is ready to be written."""

    def pieces(self, hide: Callable[[Any], Any]) -> Iterator[str]:
        """Its text, piece by piece.

        :param hide: takes secrets out of plain data. Ansible masks them in results, but never sees this text.
        """

    def says_the_same(self, old: Iterable[str], new: Iterable[str]) -> bool:
        """Whether two files, line by line, differ in nothing that matters."""


Collected = tuple[Draft, Result, Optional[BackupError]]


def run_file(options: Options, collect: Callable[[Params, Secrets, str], Collected]) -> None:
    """A module that writes the file `dest` as Ansible's file modules do: with mode and owner, in check and diff mode.

    It has the options `dest` and `refresh`: whether to write also what says the same as the file that is there.

    :param collect: takes the options, a place for secrets, and a folder for what must be put aside; gives what to
        write, the result, and an error for which the file is left as it is.
    """

    def act(module: AnsibleModule, secrets: Secrets) -> Outcome:
        _keep_large_blocks_apart()
        target = _Target(module)
        target.check()
        draft, result, error = collect(module.params, secrets, module.tmpdir)
        result["dest"] = target.path
        if error:
            error.message += " (the file was left as it was)"
            return result, error
        try:
            return {**result, **target.replace(draft, secrets)}, None
        except BackupError as problem:
            return result, problem

    execute(options, act, add_file_common_args=True)


def _keep_large_blocks_apart() -> None:
    """Let the C library give memory of 64 KiB and more back as soon as it is free.

    Else it puts the bodies of answers among the small things that live longer, and a million tasks take three times the
    memory. Only glibc does so, and only there is this known.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1 << 16)


class _Target:
    """The file that a module writes."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self.path = os.path.realpath(module.params["dest"])

    def check(self) -> None:
        """Refuse what could not be written in the end, before anything is read.

        :raises BackupError: `bad_option`.
        """
        folder = os.path.dirname(self.path)
        if os.path.isdir(self.path):
            raise bad_option("dest", "it is a folder", "Name a file in it.")
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise bad_option("dest", "it is a device or a socket", "Name a file.")
        if os.path.islink(self.path):
            raise bad_option("dest", "it is a link that leads to itself", "Name a file.")
        if not os.path.isdir(folder):
            raise bad_option("dest", "its folder does not exist", "Make it first, with ansible.builtin.file.")
        if not os.access(folder, os.W_OK | os.X_OK) or (
            os.path.exists(self.path) and not os.access(self.path, os.R_OK)
        ):
            raise bad_option("dest", "this user may not write there", "Give another place, or use `become`.")
        self._try_attributes()

    def _try_attributes(self) -> None:
        """Let Ansible refuse an owner, a group or a mode by a file that does not matter."""
        tried = self._temporary()
        try:
            attributes = self._module.load_file_common_arguments(self._module.params, path=tried)
            # What else there is depends on the file system, and this may be another one than that of the file.
            self._module.set_fs_attributes_if_different({**attributes, "attributes": None, "secontext": []}, False)
        finally:
            os.unlink(tried)

    def _temporary(self) -> str:
        """An empty file that only this user may read."""
        try:
            number, path = tempfile.mkstemp(dir=self._module.tmpdir)
        except OSError as problem:
            reason = problem.strerror
        else:
            os.close(number)
            return str(path)
        hint = "Make room where temporary files are kept, or name another place in `remote_tmp`."
        raise bad_option("dest", f"no temporary file can be made: {reason}", hint)

    def replace(self, draft: Draft, secrets: Secrets) -> Result:
        """Write a draft beside the file, and put it in its place if it says something new."""
        written = self._temporary()
        try:
            _write(written, draft.pieces(secrets.hide))
            changed = self._module.params["refresh"] or not (
                os.path.exists(self.path) and draft.says_the_same(_lines(self.path), _lines(written))
            )
            result: Result = {"checksum": _checksum(written if changed else self.path)}
            if self._module._diff:
                result["diff"] = [self._difference(written)] if changed else []
            if changed and not self._module.check_mode:
                self._put_in_place(written)
        finally:
            if os.path.exists(written):
                os.unlink(written)
        attributes = self._module.load_file_common_arguments(self._module.params, path=self.path)
        result["changed"] = self._module.set_fs_attributes_if_different(attributes, changed)
        return result

    def _put_in_place(self, written: str) -> None:
        try:
            with _closed_to_others(self._module.params["mode"]):
                self._module.atomic_move(written, self.path, unsafe_writes=self._module.params["unsafe_writes"])
        except Exception as problem:  # noqa: BLE001 (from ansible-core 2.19 on that is what it raises)
            reason = problem.__cause__ or problem
        else:
            return
        raise bad_option("dest", f"it could not be put in place: {reason}", "Make room, or give another place.")

    def _difference(self, written: str) -> Result:
        """Before and after, as Ansible shows them; of large files only what they say of themselves."""
        sizes = [os.path.getsize(path) for path in (self.path, written) if os.path.exists(path)]
        shown = _whole if max(sizes) <= _LARGEST_DIFF else _head
        return {
            "before_header": self.path,
            "after_header": self.path,
            "before": shown(self.path) if os.path.exists(self.path) else "",
            "after": shown(written),
        }


@contextlib.contextmanager
def _closed_to_others(mode: int | str | None) -> Iterator[None]:
    """For a moment, Ansible gives a new file the mode that the umask leaves: here one for its owner alone.

    But not where the mode that is asked for builds on that one (`g+w`), or is that one.
    """
    if not _says_all(mode):
        yield
        return
    umask = os.umask(0o177)
    try:
        yield
    finally:
        os.umask(umask)


def _says_all(mode: int | str | None) -> bool:
    """Whether a mode is the same whatever the file had before: a number, or one that sets user, group and others."""
    if mode is None or str(mode).isdecimal():
        return mode is not None
    clauses = [_SET.fullmatch(clause) for clause in str(mode).split(",")]
    return all(clauses) and {*"ugo"} <= {*"".join(clause[1] for clause in clauses if clause).replace("a", "ugo")}


def _write(path: str, pieces: Iterable[str]) -> None:
    try:
        with open(path, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(pieces)
    except OSError as problem:
        error = bad_option("dest", f"it could not be written: {problem.strerror}", "Make room, or give another place.")
    else:
        return
    raise error


def _lines(path: str) -> Iterator[str]:
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        yield from iter(lambda: file.readline(_LONGEST_PIECE), "")


def _whole(path: str) -> str:
    return "".join(_lines(path))


def _head(path: str) -> str:
    """The first lines of a file, in which it says what it is, and its size."""
    lines = _lines(path)
    head = [line for line, _number in zip(lines, range(2))]
    return f"{''.join(head)}... {os.path.getsize(path):,} bytes\n"


def _checksum(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(_LONGEST_PIECE), b""):
            digest.update(block)
    return digest.hexdigest()
