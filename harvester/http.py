"""Polite and safe fetching: the one way in which sources ask servers.

Every request has time limits, a bound on the answer's size, a rate per host, retries with backoff, and goes to public
addresses only unless the source allows others; each redirect is checked like a first request. No credentials, cookies
or proxies are used. Errors say what was asked, what came, and what to check.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict

from harvester.addresses import GuardedAdapter, Resolve, UnreachableError, resolve
from harvester.answers import BusyError, RefusedError, Response
from harvester.pace import Pace, backoff, crawl_delay, retry_after
from mappings.errors import EndpointBusy, EndpointError

__all__ = ["BusyError", "HttpClient", "Policy", "RefusedError", "Response"]

MAX_BYTES = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_LOOK = 0.2
"""Seconds between the watchdog's looks at whether the run is to stop."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 100_000
PRODUCT = "Halocline/0.1"


@dataclass(frozen=True, slots=True)
class Policy:
    """How a client behaves. Times are seconds."""

    connect_timeout: float = 10.0
    read_timeout: float = 60.0  # without a byte
    total_timeout: float = 300.0  # for one answer, its redirects included
    tries: int = 4
    backoff: float = 0.5  # before the second try; doubles
    longest_wait: float = 120.0  # that a Retry-After may ask for
    max_redirects: int = 5
    requests_per_second: float = 5.0
    allow_private_addresses: bool = False
    crawl_delay: bool = True
    site_url: str | None = None  # where the people asked can learn who asks

    @property
    def user_agent(self) -> str:
        return f"{PRODUCT} (+{self.site_url})" if self.site_url else PRODUCT


@dataclass(frozen=True, slots=True)
class _Request:
    """One question, the same on every try. ``final`` tells answers that are to be given back whatever their status."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    max_bytes: int = MAX_BYTES
    final: Callable[[Response], bool] = lambda _: False


class HttpClient:
    """Fetches for one run, in one thread. Once ``cancelled`` is set, waits and requests end with an error."""

    def __init__(
        self, policy: Policy, *, resolver: Resolve = resolve, cancelled: threading.Event | None = None
    ) -> None:
        self.policy = policy
        self._cancelled = cancelled or threading.Event()
        self._pace = Pace(policy.requests_per_second)
        self._adapter = GuardedAdapter(
            allow_private=policy.allow_private_addresses,
            connect_timeout=policy.connect_timeout,
            resolver=resolver,
        )

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        final: Callable[[Response], bool] = lambda _: False,
    ) -> Response:
        """The answer to a GET.

        Only answers with a status of 2xx, or those that ``final`` accepts, are returned. Raises ``RefusedError`` for
        other statuses, ``EndpointBusy`` where tries were used up on time-outs, 429, 5xx or broken connections, and
        ``EndpointError`` for a host that cannot be reached or an answer that is too large or not HTTP.
        """
        address = requests.Request("GET", url, params=params).prepare().url if params else url
        return self._ask(_Request("GET", address or url, dict(headers or {}), None, max_bytes, final))

    def post(
        self,
        url: str,
        content: bytes,
        content_type: str,
        *,
        max_bytes: int = MAX_BYTES,
        final: Callable[[Response], bool] = lambda _: False,
    ) -> Response:
        """The answer to a POST that only asks (it is tried again like a GET). Returns and raises as ``get`` does."""
        return self._ask(_Request("POST", url, {"Content-Type": content_type}, content, max_bytes, final))

    def close(self) -> None:
        """Close kept connections."""
        self._adapter.close()

    def _ask(self, request: _Request) -> Response:
        """Try until there is an answer, the tries are used up, or the wait asked for is too long."""
        for attempt in range(1, self.policy.tries + 1):
            last = attempt == self.policy.tries
            try:
                answer = self._try(request)
            except (EndpointBusy, UnreachableError):
                if last or self._cancelled.is_set():
                    raise
                self._sleep(backoff(attempt, self.policy.backoff))
                continue
            if answer.ok or request.final(answer):
                return answer
            if not answer.is_busy:
                raise RefusedError(request.url, answer)
            wait = retry_after(answer.headers.get("Retry-After"))
            if last or (wait or 0) > self.policy.longest_wait:
                raise BusyError(request.url, answer, wait)
            self._sleep(backoff(attempt, self.policy.backoff) if wait is None else wait)
        raise AssertionError("a policy has at least one try")

    def _try(self, request: _Request) -> Response:
        """One try, through redirects."""
        deadline = time.monotonic() + self.policy.total_timeout
        url, method, body = _checked(request.url), request.method, request.body
        for _ in range(self.policy.max_redirects + 1):
            self._keep_pace(url)
            answer = self._send(_Request(method, url, request.headers, body, request.max_bytes), deadline)
            target = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or target is None:
                return answer
            url = _checked(target, came_from=url)
            if answer.status == 303:
                method, body = "GET", None
        raise EndpointError(
            f"{request.url} led through more than {self.policy.max_redirects} redirects, last to {url}: "
            "open it in a browser and use the address it ends at, or tell the server's operator that it goes "
            "round in circles."
        )

    def _keep_pace(self, url: str) -> None:
        """Wait for the host's turn; before the first request to it, see what its robots.txt asks for."""
        parts = urlsplit(url)
        if self.policy.crawl_delay and self._pace.is_new(parts.netloc):
            self._sleep(self._pace.wait(parts.netloc))
            robots = _Request("GET", f"{parts.scheme}://{parts.netloc}/robots.txt", max_bytes=_ROBOTS_BYTES)
            try:
                answer = self._send(robots, time.monotonic() + self.policy.connect_timeout)
            except (EndpointBusy, EndpointError):
                answer = None  # the request proper will say what is wrong
            if answer is not None and answer.ok:
                self._pace.slow_down(
                    parts.netloc, crawl_delay(answer.content.decode("utf-8", "replace"), PRODUCT)
                )
        self._sleep(self._pace.wait(parts.netloc))

    def _send(self, request: _Request, deadline: float) -> Response:
        """One exchange. A watchdog breaks it at the deadline, since a server may send a byte a minute for ever."""
        headers = {"User-Agent": self.policy.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        try:
            prepared = requests.Request(
                request.method, request.url, headers={**headers, **request.headers}, data=request.body
            ).prepare()
        except (requests.RequestException, UnicodeError) as error:
            raise EndpointError(f"{request.url} is not an address that can be asked: {error}") from error
        done = threading.Event()
        threading.Thread(target=self._watch, args=(done, deadline), daemon=True).start()
        try:
            answer = self._exchange(request, prepared)
            if time.monotonic() >= deadline:  # a header cut by the watchdog looks like an empty answer
                raise TimeoutError
            return answer
        except requests.exceptions.SSLError as error:
            raise EndpointError(
                f"{request.url}: no secure connection could be made ({_innermost(error)}). "
                "Check the server's certificate; it must be valid for that host name."
            ) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            self._broken(request, error, time.monotonic() >= deadline)
        finally:
            done.set()

    def _watch(self, done: threading.Event, deadline: float) -> None:
        """Break the exchange at its deadline, or when the run is to stop."""
        while not done.wait(min(_LOOK, max(0.0, deadline - time.monotonic()))):
            if self._cancelled.is_set() or time.monotonic() >= deadline:
                self._adapter.shut()
                return

    def _exchange(self, request: _Request, prepared: requests.PreparedRequest) -> Response:
        limits = (self.policy.connect_timeout, self.policy.read_timeout)
        answer = self._adapter.send(prepared, stream=True, timeout=limits)
        try:
            content = _bounded(answer.raw, request)
        except BaseException:
            answer.raw.close()  # what is left of the body must not be taken for the next answer
            raise
        answer.raw.release_conn()
        return Response(answer.status_code, request.url, content, CaseInsensitiveDict(answer.headers))

    def _broken(self, request: _Request, error: Exception, late: bool) -> NoReturn:
        """Say what went wrong on the way."""
        if self._cancelled.is_set():
            raise EndpointError(f"The request to {request.url} was broken off.") from error
        reason = _innermost(error)
        if late:
            raise EndpointBusy(
                f"{request.url} had not sent all of its answer after {self.policy.total_timeout:g} s: the "
                f"server is slow or stuck."
            ) from error
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
            raise EndpointBusy(
                f"{request.url} sent nothing for up to {self.policy.read_timeout:g} s: the server is slow or stuck."
            ) from error
        if "BadStatusLine" in repr(error) or "InvalidHeader" in repr(error) or "LineTooLong" in repr(error):
            raise EndpointError(
                f"{request.url} did not answer in HTTP ({reason}): check the address and the port."
            ) from error
        raise EndpointBusy(
            f"The connection to {request.url} broke before the answer was complete ({reason})."
        ) from error

    def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            self._cancelled.wait(seconds)
        if self._cancelled.is_set():
            raise EndpointError("The run was told to stop.")


def _checked(url: str, came_from: str | None = None) -> str:
    """``url`` without fragment, if it is one that may be asked. Raises ``EndpointError``."""
    origin = f" (redirected from {came_from})" if came_from else ""
    try:
        parts = urlsplit(urljoin(came_from, url) if came_from else url)
        _ = parts.port
    except ValueError as error:
        raise EndpointError(f"{url!r}{origin} is not an address: {error}.") from error
    if parts.username is not None or parts.password is not None:
        shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        raise EndpointError(
            f"The address {shown}{origin} came with a user name; Halocline sends no credentials: leave it "
            f"out."
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError(f"{url!r}{origin} is not an http or https address: check it.")
    return parts._replace(fragment="").geturl()


def _bounded(raw: urllib3.BaseHTTPResponse, request: _Request) -> bytes:
    """The decoded body, as it arrives. The bound counts decoded bytes: a small gzip must not become a large body."""
    chunks, size = [], 0
    while chunk := raw.read1(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > request.max_bytes:
            raise EndpointError(
                f"{request.url} sent more than {request.max_bytes:,} bytes, which is no metadata record: "
                "check that the address is that of a catalogue and not of a data file."
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _innermost(error: BaseException) -> str:
    """The reason at the bottom of a chain of wrapped errors."""
    while True:
        inner = getattr(error, "reason", None) or (error.args[-1] if error.args else None)
        if not isinstance(inner, BaseException):
            return str(error) or type(error).__name__
        error = inner
