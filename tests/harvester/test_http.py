"""Fetching: bounds, retries, redirects and the guard, against real servers on loopback."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from harvester.addresses import is_public
from harvester.http import HttpClient, Policy, RefusedError
from harvester.pace import MAX_CRAWL_DELAY, Pace, crawl_delay, retry_after
from mappings.errors import EndpointBusy, EndpointError
from tests.harvester.servers import Asked, Handle, Send, answer, closed_port, pages, serving

QUICK = Policy(allow_private_addresses=True, requests_per_second=0, backoff=0.01, crawl_delay=False)


def quick(**changes: object) -> HttpClient:
    return HttpClient(replace(QUICK, **changes))  # type: ignore[arg-type]


def in_turn(*answers: bytes) -> Handle:
    """Each request gets the next answer; the last one stays."""
    left = list(answers)

    def handle(asked: Asked, send: Send) -> None:
        send(left.pop(0) if len(left) > 1 else left[0])

    return handle


def test_an_answer_comes_back_with_its_status_address_and_headers() -> None:
    with serving(in_turn(answer(b"hello", headers="X-Sea: Bohai\r\n"))) as site:
        response = quick(site_url="https://data.example/").get(
            site.root + "/a", params={"q": "sea water", "空": "1"}
        )
    assert (response.status, response.content, response.headers["x-sea"]) == (200, b"hello", "Bohai")
    assert response.url == site.root + "/a?q=sea+water&%E7%A9%BA=1"
    assert site.asked[0].headers["user-agent"] == "Halocline/0.1 (+https://data.example/)"


def test_a_post_carries_its_body_and_follows_a_moved_address() -> None:
    def handle(asked: Asked, send: Send) -> None:
        moved = answer(b"", status="301 Moved Permanently", headers="Location: /new\r\n")
        send(moved if asked.path == "/old" else answer(asked.method.encode() + asked.body))

    with serving(handle) as site:
        assert quick().post(site.root + "/old", b"<x/>", "text/xml").content == b"POST<x/>"
        assert site.asked[1].headers["content-type"] == "text/xml"


@pytest.mark.parametrize(
    "status", ["429 Too Many Requests", "500 Internal Server Error", "503 Service Unavailable"]
)
def test_a_busy_server_is_asked_again(status: str) -> None:
    with serving(in_turn(answer(b"", status=status), answer(b"", status=status), answer(b"ok"))) as site:
        assert quick().get(site.root).content == b"ok"
        assert len(site.asked) == 3


def test_a_server_that_stays_busy_is_given_up_with_what_it_said() -> None:
    with serving(
        in_turn(answer(b"<html><title>Maintenance</title></html>", status="503 Service Unavailable"))
    ) as site:
        with pytest.raises(
            EndpointBusy, match=r"503 Service Unavailable \(“Maintenance”\): .*try again later"
        ):
            quick(tries=2).get(site.root)
        assert len(site.asked) == 2


def test_retry_after_is_obeyed_and_bounded() -> None:
    busy = answer(b"", status="503 Service Unavailable", headers="Retry-After: 1\r\n")
    with serving(in_turn(busy, answer(b"ok"))) as site:
        before = time.monotonic()
        assert quick().get(site.root).content == b"ok"
        assert time.monotonic() - before >= 1
    busy = answer(b"", status="503 Service Unavailable", headers="Retry-After: 86400\r\n")
    with serving(in_turn(busy)) as site:
        with pytest.raises(EndpointBusy, match="asks to wait 86400 s"):
            quick().get(site.root)
        assert len(site.asked) == 1


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    assert retry_after("120") == 120
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < (retry_after(in_a_minute) or 0) <= 60
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("soon") is None
    assert retry_after(None) is None


def test_a_refusal_is_not_asked_again_and_tells_its_answer() -> None:
    with serving(pages({})) as site:
        with pytest.raises(
            RefusedError, match=r"/gone answered 404 Not Found \(“404: no such thing”\): check the address"
        ) as caught:
            quick().get(site.root + "/gone")
        assert caught.value.response.status == 404
        assert len(site.asked) == 1


def test_a_final_answer_is_given_back_whatever_its_status() -> None:
    with serving(in_turn(answer(b"no matching results", status="500 Internal Server Error"))) as site:
        response = quick().get(site.root, final=lambda found: b"no matching" in found.content)
        assert (response.status, len(site.asked)) == (500, 1)


def endless(asked: Asked, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        send(b"x" * 65536)


def endless_chunks(asked: Asked, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        send(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def bomb(asked: Asked, send: Send) -> None:
    send(answer(gzip.compress(b"0" * 50_000_000), headers="Content-Encoding: gzip\r\n"))


@pytest.mark.parametrize("handle", [endless, endless_chunks, bomb])
def test_a_body_beyond_the_bound_is_not_read(handle: Handle) -> None:
    with serving(handle) as site, pytest.raises(EndpointError, match="sent more than 1,000,000 bytes"):
        quick().get(site.root, max_bytes=1_000_000)


def drip_body(asked: Asked, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(100):
        send(b"x")
        time.sleep(0.05)


def drip_head(asked: Asked, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        send(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("handle", [drip_body, drip_head])
def test_an_answer_that_drips_is_broken_off_at_the_total_time(handle: Handle) -> None:
    with serving(handle) as site:
        before = time.monotonic()
        with pytest.raises(EndpointBusy, match=r"had not sent all of its answer after 0\.5 s"):
            quick(total_timeout=0.5, tries=1).get(site.root)
        assert time.monotonic() - before < 2


def test_a_silent_server_is_given_up() -> None:
    with (
        serving(lambda asked, send: time.sleep(2)) as site,
        pytest.raises(EndpointBusy, match=r"sent nothing for up to 0\.2 s"),
    ):
        quick(read_timeout=0.2, tries=1).get(site.root)


def cut_short(asked: Asked, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")


def cut_chunk(asked: Asked, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nonly this")


@pytest.mark.parametrize("handle", [cut_short, cut_chunk])
def test_a_body_cut_short_is_noticed(handle: Handle) -> None:
    with serving(handle) as site:
        with pytest.raises(EndpointBusy, match="broke before the answer was complete"):
            quick(tries=2).get(site.root)
        assert len(site.asked) == 2


def test_what_is_not_http_is_said_so() -> None:
    with serving(lambda asked, send: send(b"220 ftp.example ready\r\n")) as site:
        with pytest.raises(EndpointError, match="did not answer in HTTP"):
            quick().get(site.root)
        assert len(site.asked) == 1


def test_nobody_at_home() -> None:
    with pytest.raises(EndpointError, match=r"No connection to 127\.0\.0\.1 port \d+ \(Connection refused\)"):
        quick(tries=2).get(f"http://127.0.0.1:{closed_port()}/")


def test_a_name_without_address() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(EndpointError, match=r"nowhere\.example could not be resolved"):
        HttpClient(QUICK, resolver=nowhere).get("http://nowhere.example/")


def test_redirects_are_followed_and_bounded() -> None:
    def handle(asked: Asked, send: Send) -> None:
        step = int(asked.path.strip("/") or 0)
        send(
            answer(b"", status="302 Found", headers=f"Location: {step + 1}#part\r\n")
            if step < 3
            else answer(b"there")
        )

    with serving(handle) as site:
        response = quick().get(site.root + "/0")
        assert (response.content, response.url) == (b"there", site.root + "/3")
        with pytest.raises(EndpointError, match="more than 2 redirects"):
            quick(max_redirects=2).get(site.root + "/0")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("file:///etc/passwd", "not an http or https address"),
        ("ftp://ocean.example/", "not an http or https address"),
        ("http://user:secret@ocean.example/", "sends no credentials"),
        ("http://[::1/", "is not an address"),
        ("http://10.1.2.3/", "private address"),
    ],
)
def test_each_redirect_is_checked_like_a_first_request(target: str, reason: str) -> None:
    """The first hop is let through by a resolver that calls loopback a name; the second is not."""
    allowed: list[str] = []

    with serving(in_turn(answer(b"", status="302 Found", headers=f"Location: {target}\r\n"))) as site:
        client = quick()
        adapter = client._adapter

        def only_first(host: str, port: int) -> list[str]:
            if host != "127.0.0.1":
                adapter._allow_private = False
            allowed.append(host)
            return [host]

        adapter._resolve = only_first
        with pytest.raises(EndpointError, match=reason) as caught:
            client.get(site.root)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "2002:0a00:0001::", "64:ff9b::7f00:1", "2001:0:0a00:1::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "159.226.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def test_a_private_address_is_refused_without_sending() -> None:
    with serving(in_turn(answer(b"secret"))) as site:
        client = HttpClient(Policy(requests_per_second=0))
        with pytest.raises(
            EndpointError, match=r"private address 127\.0\.0\.1.*allow_private_addresses=true"
        ):
            client.get(site.root)
        assert site.asked == []


def test_a_name_that_changes_its_address_after_the_check_gains_nothing() -> None:
    """The connection goes to the address that was checked: the name is resolved once."""
    times: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        times.append(host)
        return ["127.0.0.1"] if len(times) == 1 else ["127.0.0.2"]

    with serving(in_turn(answer(b"ok"))) as site:
        port = site.root.rpartition(":")[2]
        assert HttpClient(QUICK, resolver=rebinding).get(f"http://ocean.example:{port}/").content == b"ok"
        assert times == ["ocean.example"]
        assert site.asked[0].headers["host"] == f"ocean.example:{port}"


def test_private_addresses_beside_public_ones_are_left_out() -> None:
    client = HttpClient(Policy(), resolver=lambda host, port: ["10.0.0.1", "93.184.216.34", "::1"])
    assert client._adapter.permitted("ocean.example", 80) == ["93.184.216.34"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ocean.example/erddap", "http://", "gopher://x/", "http://u:p@x.example/"]
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(EndpointError):
        quick().get(url)


def test_a_host_is_asked_no_faster_than_its_rate() -> None:
    with serving(in_turn(answer(b"ok"))) as site:
        client = quick(requests_per_second=20.0)
        before = time.monotonic()
        for _ in range(5):
            client.get(site.root)
        assert time.monotonic() - before >= 4 / 20


def test_the_crawl_delay_of_robots_txt_is_obeyed() -> None:
    def handle(asked: Asked, send: Send) -> None:
        send(answer(b"User-agent: *\nCrawl-delay: 1\n" if asked.path == "/robots.txt" else b"ok"))

    handle.has_robots = True  # type: ignore[attr-defined]
    with serving(handle) as site:
        client = quick(crawl_delay=True)
        client.get(site.root + "/a")
        before = time.monotonic()
        client.get(site.root + "/b")
        assert time.monotonic() - before >= 0.9
        assert site.paths() == ["/robots.txt", "/a", "/b"]


def test_crawl_delays_have_a_bound_and_may_name_halocline() -> None:
    assert (
        crawl_delay(
            "User-agent: *\nCrawl-delay: 3\n\nUser-agent: Halocline\nCrawl-delay: 7\n", "Halocline/0.1"
        )
        == 7
    )
    assert crawl_delay("<html>not a robots.txt</html>", "Halocline/0.1") == 0
    pace = Pace(0)
    pace.slow_down("h", 86_400)
    assert pace.wait("h") == 0
    assert pace.wait("h") == pytest.approx(MAX_CRAWL_DELAY, abs=1)


@pytest.mark.parametrize("busy_with", ["a silent server", "a wait"])
def test_another_thread_can_break_a_request_off(busy_with: str) -> None:
    def silent(asked: Asked, send: Send) -> None:
        time.sleep(5)

    wait = in_turn(answer(b"", status="503 Service Unavailable", headers="Retry-After: 60\r\n"))
    handle: Callable[[Asked, Send], None] = silent if busy_with == "a silent server" else wait
    with serving(handle) as site:
        cancelled = threading.Event()
        client = HttpClient(QUICK, cancelled=cancelled)
        threading.Timer(0.2, cancelled.set).start()
        before = time.monotonic()
        with pytest.raises(EndpointError, match=r"broken off|told to stop"):
            client.get(site.root)
        assert time.monotonic() - before < 2
