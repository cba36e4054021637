# Copyright (c) 2026 multivendor.backup contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""HTTP to one source: retries, throttles, renewed credentials, limits. The only file that imports requests."""

from __future__ import annotations

import itertools
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .body import Inflater, chunks
from .connection import Connection, hide_password
from .deadline import Clock, Deadline
from .errors import BackupError, missing_library
from .exchange import Answer, Auth, Call, Dialect, Explanation
from .listing import Records, in_memory
from .redact import Secrets
from .threads import within
from .times import CLOCK_TOLERANCE
from .transport import transport_error

if TYPE_CHECKING:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import disable_warnings
    from urllib3.exceptions import HTTPError, InsecureRequestWarning

    HAS_REQUESTS = True
else:
    try:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3 import disable_warnings
        from urllib3.exceptions import HTTPError, InsecureRequestWarning

        HAS_REQUESTS = True
    except ImportError:
        HAS_REQUESTS = False

USER_AGENT = "multivendor.backup/0.1.0 (Ansible collection)"
MAX_BODY = 256 * 1024 * 1024
# Answers that took long to come seem to tell an earlier time; beyond this they cannot be of one clock.
_ONE_CLOCK = 900.0

# What a status means when the provider has no better word for it.
_STATUS_CODES = {
    401: "auth_failed",
    403: "forbidden",
    404: "not_found",
    407: "connection",
    408: "timeout",
    429: "throttled",
    500: "unavailable",
    501: "unsupported",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable",
}
_WORTH_RETRYING = frozenset(("throttled", "unavailable", "timeout", "connection", "bad_answer"))


@dataclass(frozen=True)
class RetryPolicy:
    """Exponential back-off with full jitter: a random time from 0 to `base` x 2^attempt seconds, at most `cap`."""

    base: float = 0.5
    cap: float = 30.0

    def delay(self, attempt: int, clock: Clock) -> float:
        return clock.uniform(0, min(self.cap, self.base * 2.0 ** min(attempt, 30)))


class HttpClient:
    """The way to one source. Safe for threads; at most `parallel` requests are under way at any moment.

    :param auth: signs every call that brings no `auth` of its own.
    """

    def __init__(
        self,
        connection: Connection,
        dialect: Dialect,
        secrets: Secrets,
        *,
        auth: Auth | None = None,
        clock: Clock | None = None,
        policy: RetryPolicy | None = None,
        max_body: int = MAX_BODY,
    ) -> None:
        if not HAS_REQUESTS:
            raise missing_library("requests")
        self.connection = connection
        self.dialect = dialect
        self.secrets = secrets
        self.auth = auth
        self.clock = clock or Clock()
        self.deadline = Deadline(connection.deadline, self.clock)
        self.clock_offset = 0.0
        self._offsets: tuple[float, float] | None = None  # the lowest and the highest
        #: Where readers keep what they read: in memory, unless somebody who reads very much puts a spool in its place.
        self.new_records: Callable[[], Records] = in_memory
        self._policy = policy or RetryPolicy()
        self._max_body = max_body
        self._session = _session(connection)
        self._turns = threading.BoundedSemaphore(connection.parallel)
        self._lock = threading.Lock()
        self._counts = {"requests": 0, "retries": 0, "throttled": 0}
        self._resume_at = 0.0
        self._proxies_to: dict[str, dict[str, str]] = {}
        self._closed = False

    def begin(self) -> None:
        """Begin another reading by the same client: it gets a deadline of its own."""
        self.deadline = Deadline(self.connection.deadline, self.clock)
        self._offsets = None

    def close(self) -> None:
        """Let go of the connections. Attempts that are still waiting somewhere end at their next step."""
        self._closed = True
        self._session.close()

    def counts(self) -> dict[str, int]:
        """Requests, retries and throttled answers so far."""
        with self._lock:
            return dict(self._counts)

    def now(self) -> float:
        """Seconds since the epoch, by the server's clock where it is known to be off ours by more than a minute."""
        return self.clock.wall() + self.clock_skew

    @property
    def clock_skew(self) -> float:
        """Seconds that the server's clock is ahead of ours, as far as that matters."""
        return self.clock_offset if abs(self.clock_offset) > CLOCK_TOLERANCE else 0.0

    def get(self, url: str, doing: str, **more: Any) -> Any:
        """The decoded answer of a GET. See `Call` for what else can be said, `call` for what it raises."""
        return self.call(Call("GET", url, doing, **more))

    def call(self, call: Call) -> Any:
        """The decoded answer of a call, after as many attempts as its kind, `retries` and the deadline allow.

        :raises BackupError: any code but `incomplete`; its texts are free of secrets.
        """
        deadline = self.deadline
        may_renew = call.renewable and call.auth is None
        for attempt in itertools.count():
            try:
                prepared, answer = self._attempt(call, deadline)
                if may_renew and self.auth and self.dialect.lapsed(answer) and self.auth.renew(prepared):
                    may_renew = False
                    prepared, answer = self._attempt(call, deadline)
                return self._decoded(answer, call)
            except BackupError as error:
                problem = error
            if problem.doing:
                break  # a login that this call needed: it has had its own attempts
            if problem.code == "throttled":
                self._count("throttled")
            if attempt >= self.connection.retries or not _worth_retrying(problem, call):
                break
            if not self._wait_after(problem, attempt, deadline):
                problem.message += " (waiting for another attempt would pass the deadline)"
                break
        problem.provider = problem.provider or self.dialect.provider
        problem.doing = problem.doing or call.doing
        raise problem

    def _attempt(self, call: Call, deadline: Deadline) -> tuple[requests.PreparedRequest, Answer]:
        """A request, signed for this attempt, and the answer to it."""
        self._wait_for_throttle(deadline)
        prepared = self._prepared(call)
        if not self._turns.acquire(timeout=deadline.remaining()):
            raise deadline.error()
        try:
            return prepared, within(deadline, lambda: self._exchange(prepared, call, deadline))
        finally:
            self._turns.release()

    def _wait_for_throttle(self, deadline: Deadline) -> None:
        """Respect a throttle that any worker met."""
        if self._closed:
            raise BackupError("deadline", "the reading was given up")
        while (pause := self._resume_at - self.clock.monotonic()) > 0:
            deadline.sleep(pause)
        deadline.check()

    def _prepared(self, call: Call) -> requests.PreparedRequest:
        request = requests.Request(
            call.method, call.url, params=call.params, headers=call.headers, json=call.json, auth=call.auth or self.auth
        )
        try:
            return self._session.prepare_request(request)
        except ValueError:  # it carries the address or the header
            failure = BackupError("connection", "the address or a header cannot be sent", arrived=False, final=True)
        raise failure

    def _exchange(self, prepared: requests.PreparedRequest, call: Call, deadline: Deadline) -> Answer:
        """Send a request and read its whole answer.

        :raises BackupError: `connection`, `tls`, `timeout`, `deadline`, `too_large`, `bad_answer` (truncated).
        """
        try:
            self._count("requests")
            patience = max(0.001, min(call.timeout or self.connection.timeout, deadline.remaining()))
            # Not by the session: it would read the whole body of a redirect, past all limits.
            response = self._session.get_adapter(prepared.url or "").send(
                prepared,
                stream=True,
                timeout=patience,
                verify=self.connection.verify,
                cert=self.connection.certificate,
                proxies=self._proxies(prepared.url or "") if call.proxied else {},
            )
            self._compare_clocks(response.headers)
            with response:
                body = self._body(response, deadline)
            return Answer(response.status_code, response.headers, body)
        except (OSError, ValueError, HTTPException, HTTPError, zlib.error) as problem:
            failure = deadline.error() if deadline.expired else transport_error(problem)
        raise failure  # outside the handler: the caught exception carries the full URL, signature included

    def _proxies(self, url: str) -> dict[str, str]:
        """The proxies on the way to a host, looked up once: reading the environment costs as much as a small answer."""
        if self.connection.proxy:
            return {"http": self.connection.proxy, "https": self.connection.proxy}
        host = urlsplit(url).netloc
        if host not in self._proxies_to:
            proxies = requests.utils.get_environ_proxies(url, no_proxy=None)
            for proxy in proxies.values():
                hide_password(proxy, self.secrets)
            self._proxies_to[host] = proxies
        return self._proxies_to[host]

    def _body(self, response: requests.Response, deadline: Deadline) -> bytes:
        """The decompressed body, measured and timed chunk by chunk, so that neither a bomb nor a drip gets far."""
        promised = "" if response.raw.chunked else response.headers.get("Content-Length", "")
        if promised.isdecimal() and int(promised) > self._max_body:
            raise self._too_large()
        plain = Inflater(response.headers.get("Content-Encoding", ""), self._max_body)
        received = 0
        for chunk in chunks(response):
            deadline.check()
            received += len(chunk)
            if not plain.feed(chunk):
                raise self._too_large()
        if promised.isdecimal() and received < int(promised):
            raise BackupError("bad_answer", f"the answer broke off after {received} of {promised} bytes")
        return plain.body()

    def _too_large(self) -> BackupError:
        return BackupError("too_large", f"the answer is larger than {self._max_body // 1024 // 1024} MiB")

    def _decoded(self, answer: Answer, call: Call) -> Any:
        if 300 <= answer.status < 400:
            where = _host_of(answer.headers.get("Location", ""))
            raise BackupError(
                "redirect", self.secrets.safe(f"the server redirects to {where}"), http_status=answer.status
            )
        if answer.status >= 400:
            raise self._refusal(answer)
        try:
            return (call.decode or self.dialect.decode)(answer)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as problem:
            reason = str(problem) if isinstance(problem, ValueError) else "malformed"
        raise BackupError("bad_answer", self._undecodable(answer, reason), http_status=answer.status)

    def _undecodable(self, answer: Answer, reason: str) -> str:
        if answer.looks_like_html:
            return f"{self.dialect.title} answered with a web page instead of data"
        if not answer.body:
            return f"{self.dialect.title} answered with an empty body"
        return f"{self.dialect.title} answered with something that cannot be read ({self.secrets.safe(reason)[:120]})"

    def _compare_clocks(self, headers: Mapping[str, str]) -> None:
        server = _http_date(headers.get("Date", ""))
        if server is None:
            return
        offset = server - self.clock.wall()
        with self._lock:
            lowest, highest = self._offsets or (offset, offset)
            self._offsets = min(lowest, offset), max(highest, offset)
            self.clock_offset = 0.0 if self.clocks_differ else offset

    @property
    def clocks_differ(self) -> bool:
        """Whether the answers tell times that cannot be those of one clock: then ours counts."""
        return self._offsets is not None and self._offsets[1] - self._offsets[0] > _ONE_CLOCK

    def _refusal(self, answer: Answer) -> BackupError:
        """The error that a 4xx or 5xx answer means."""
        said = Explanation() if answer.looks_like_html else self.dialect.explain(answer)
        code = said.code or _STATUS_CODES.get(answer.status) or ("unavailable" if answer.status >= 500 else "rejected")
        message = said.message or ("a web page" if answer.looks_like_html else "no reason given")
        return BackupError(
            code,
            self.secrets.safe(message),
            provider_code=self.secrets.safe(said.provider_code)[:80] if said.provider_code else None,
            http_status=answer.status,
            request_id=self.secrets.safe(said.request_id)[:80] if said.request_id else None,
            retry_after=_retry_after(answer, self.clock),
            hint=said.hint or self.dialect.hints.get(code),
            final=said.final,
        )

    def _wait_after(self, error: BackupError, attempt: int, deadline: Deadline) -> bool:
        """Back off before another attempt; a throttle makes all workers of this source wait. False: no time is left."""
        delay = self._policy.delay(attempt, self.clock)
        if error.retry_after:
            delay = error.retry_after + self.clock.uniform(0, min(self._policy.base, error.retry_after / 4))
        if delay >= deadline.remaining():
            return False
        self._count("retries")
        if error.code == "throttled":
            with self._lock:
                self._resume_at = max(self._resume_at, self.clock.monotonic() + delay)
        else:
            self.clock.sleep(delay)
        return True

    def _count(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1


def _worth_retrying(error: BackupError, call: Call) -> bool:
    """Reads are repeated after whatever may pass; a write only when it surely was not carried out."""
    if error.final or error.code not in _WORTH_RETRYING:
        return False
    return call.safe or not error.arrived or error.code == "throttled"


def _session(connection: Connection) -> requests.Session:
    """A session that keeps connections alive and does nothing else: no cookies, no .netrc, no retries of its own."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"})
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=connection.parallel, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    if not connection.verify:
        disable_warnings(InsecureRequestWarning)
    return session


def _retry_after(answer: Answer, clock: Clock) -> float | None:
    """Seconds the server asks to wait: Retry-After (seconds or a date), Alibaba's milliseconds; None for nonsense."""
    milliseconds = answer.headers.get("x-acs-retry-after", "").strip()
    if milliseconds.isdecimal():
        return int(milliseconds[:12]) / 1000
    wish = answer.headers.get("Retry-After", "").strip()
    if wish.isdecimal():
        return float(wish[:9])
    until, sent = _http_date(wish), _http_date(answer.headers.get("Date", ""))
    return None if until is None else max(0.0, until - (clock.wall() if sent is None else sent))


def _http_date(text: str) -> float | None:
    """Seconds since the epoch; None for nonsense."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp()
    except (TypeError, ValueError, LookupError, OverflowError):
        return None


def _host_of(location: str) -> str:
    """Where a redirect leads, without its path and query, which may carry secrets."""
    try:
        target = urlsplit(location)
        return f"{target.scheme}://{target.hostname}" if target.hostname else "another path"
    except ValueError:
        return "another place"
