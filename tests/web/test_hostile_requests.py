"""Requests as no client sends them, over a bare socket: an answer or a closed connection, and a
server that goes on."""

from __future__ import annotations

import random
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from urllib.parse import urlsplit

import pytest

SECRETS = (b"root:", b"Traceback", b"site-packages", b"/tmp/", b".tim")
"""What no answer to these may hold: files, insides, places."""
BUSY = re.compile(
    b"Too many requests are still being sent|" + re.escape("quá nhiều yêu cầu cùng lúc".encode())
)
TIMEOUT_SECONDS = 20.0
PATIENCE_SECONDS = 2.0
"""For an answer to what may not be a whole request."""
AT_A_TIME = 24
MUTATIONS = 250
HOST = b"Host: localhost\r\n"
END = b"Connection: close\r\n\r\n"
TOKEN = "a-token-of-the-tests"


def get(target: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    head = b"".join(header + b"\r\n" for header in headers)
    return method + b" " + target + b" HTTP/1.1\r\n" + HOST + head + END


TRAVERSAL = [
    get(prefix + path)
    for prefix in (b"/documents/", b"/assets/0/", b"/", b"/assets/")
    for path in (
        *(b"../../../../etc/passwd", b"..%2f..%2f..%2fetc%2fpasswd", b"%2e%2e/%2e%2e/etc/passwd"),
        *(b"..%252f..%252fetc/passwd", b"..\\..\\etc\\passwd", b"..%5c..%5cetc%5cpasswd"),
        *(b"/etc/passwd", b"//etc/passwd", b"%2fetc%2fpasswd", b"....//....//etc/passwd"),
        *(b"..%c0%af..%c0%afetc/passwd", b".%00./etc/passwd", b"timtin.css%00.txt", b"file:///etc"),
    )
]
ENCODING = [
    get(target)
    for target in (
        *(
            b"/search?q=%",
            b"/search?q=%zz",
            b"/search?q=%ff%fe",
            b"/search?q=%00",
            b"/?q=%ed%a0%80",
        ),
        *(b"/search?q=\xff\xfe", b"/search?q=\x00", b"/\x00", b"/%00", b"/documents/%ff%00%0d%0a"),
        *(b"/search?q=%0d%0aSet-Cookie:%20a=b", b"/?lang=%0d%0aSet-Cookie:a=b", b"/%0d%0ax:y"),
        *(b"/search?" + b"&" * 5000, b"/search?" + b"q=a&" * 3000, b"/search?q[]=a&q[0]=b"),
        *(b"/search?page=99999999999999999999", b"/search?size=-1&page=1e9", b"/search?from=0000"),
        *(b"/search?q=" + b"a" * 1001, b"/search?q=" + b"%e1%bb%87" * 3000, b"*", b"?", b"//"),
        *(
            b"http://localhost/search?q=a",
            b"http://evil.example/",
            b"https://a:b@c/",
            b"/#fragment",
        ),
        *(b"/explain?q=a&id=" + b"x" * 9000, b"/documents/" + b"%2f" * 3000, b"/suggest?q=%u0041"),
    )
]
HEADERS = [
    get(b"/search?q=a", b"X-Long: " + b"a" * 200_000),
    get(b"/search?q=a", *(b"X-%d: a" % number for number in range(2_000))),
    get(b"/search?q=a", b"Accept: " + b"a/b;q=0.1," * 3_000),
    get(b"/search?q=a", b"Cookie: lang=" + b"v" * 9_000),
    get(b"/search?q=a", b"If-None-Match: " + b'"a",' * 5_000),
    get(b"/search?q=a", b"X-Request-ID: a\x0bb", b"X-Request-ID: " + b"b" * 5_000),
    get(b"/search?q=a", b"X-Request-ID: \xff\xfe"),
    get(b"/search?q=a", b"X-Forwarded-For: 127.0.0.1, ::1, a, " + b"1," * 5_000),
    get(b"/search?q=a", b"Accept-Encoding: gzip;q=nan, br;q=1e999, *;q=-1"),
    get(b"/?q=a", b"Accept-Language: " + b"vi;q=x," * 3_000),
    get(b"/assets/0/timtin.css", b"Range: bytes=0-,-1,5-2," + b"0-0," * 2_000),
    get(b"/assets/0/timtin.css", b"If-Modified-Since: \xff", b"If-Range: x"),
    get(b"/search?q=a", b"Bad Header: a"),
    get(b"/search?q=a", b": empty"),
    get(b"/search?q=a", b"X: a\r\n folded"),
    get(b"/search?q=a", b"X: a\x00b"),
    get(b"/metrics", b"Authorization: Bearer \xff\xfe"),
    get(b"/reindex", b"Authorization: Bearer \xc3\xa9", method=b"POST"),
    get(b"/reindex", b'Authorization: Digest username="' + b"a" * 9_000, method=b"POST"),
    b"GET / HTTP/1.1\r\n" + END,
    *(
        b"GET /docs HTTP/1.1\r\nHost: " + host + b"\r\n" + END
        for host in (
            b"",
            b"evil.example/x",
            b"a b",
            b"a" * 9_000,
            b"[::1",
            b"a:99999",
            b"\xff",
            b"<s>",
        )
    ),
    b"GET /docs HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + END,
]
POST = b"POST /search/batch HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
BODY = b'{"searches":[{"q":"a"}]}'
FRAMING = [
    POST
    + b"Content-Length: 24\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /status HTTP/1.1\r\n",
    POST + b"Content-Length: 24\r\nContent-Length: 5\r\n" + END + BODY,
    POST + b"Content-Length: -1\r\n" + END + BODY,
    POST + b"Content-Length: +24\r\n" + END + BODY,
    POST + b"Content-Length: 24, 24\r\n" + END + BODY,
    POST + b"Content-Length: 99999999999999999999999\r\n" + END,
    POST + b"Content-Length: 0x18\r\n" + END + BODY,
    POST + b"Transfer-Encoding: chunked, identity\r\n" + END + b"0\r\n\r\n",
    POST + b"Transfer-Encoding: xchunked\r\n" + END + b"0\r\n\r\n",
    POST + b"Transfer-Encoding : chunked\r\n" + END + b"0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\n" + END + b"zz\r\n" + BODY,
    POST + b"Transfer-Encoding: chunked\r\n" + END + b"ffffffffffffffffff\r\na",
    POST + b"Transfer-Encoding: chunked\r\n" + END + b"-1\r\n\r\n0\r\n\r\n",
    POST + b"Transfer-Encoding: chunked\r\n" + END + b"18;" + b"a" * 99_000 + b"\r\n" + BODY,
    POST
    + b"Transfer-Encoding: chunked\r\n"
    + END
    + b"18\r\n"
    + BODY
    + b"\r\n0\r\nX: "
    + b"a" * 99_000,
    POST + b"Content-Length: 200000\r\n" + END + b"a" * 200_000,
    POST
    + b"Transfer-Encoding: chunked\r\n"
    + END
    + b"30000\r\n"
    + b"a" * 0x30000
    + b"\r\n0\r\n\r\n",
    *(
        POST + b"Content-Length: %d\r\n" % len(body) + END + body
        for body in (
            *(b"", b"[", b"null", b"[]", b"\xff\xfe", b"{}", b'{"searches":[]}', b"[" * 60_000),
            *(
                b'{"searches":{"q":"a"}}',
                b'{"searches":[{"q":"\\ud800"}]}',
                b'{"searches":[1e400]}',
            ),
            *(b'{"searches":[{"q":"a","page":1e99}]}', b'{"searches":[' + b"{}," * 21 + b"{}]}"),
            *(b'{"a":' * 10_000, b'{"searches":[{"q":"a","fields":["' + b"x" * 9_000 + b'"]}]}'),
        )
    ),
    b"POST /status HTTP/1.1\r\n" + HOST + b"Content-Type: multipart/form-data; boundary=a\r\n"
    b"Content-Length: 7\r\n" + END + b"--a\r\n--",
    b"POST /status HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 20000\r\n" + END + b"token=%ff&" * 2_000,
    get(b"/search?q=a", b"Content-Length: 24") + BODY,
    get(b"/search?q=a", b"Expect: 100-continue"),
    get(
        b"/search?q=a", b"Upgrade: websocket", b"Sec-WebSocket-Key: a", b"Sec-WebSocket-Version: 13"
    ),
    get(b"/search?q=a", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"),
]
METHODS = [
    get(target, method=method)
    for target in (
        b"/search?q=a",
        b"/documents/a",
        b"/reindex",
        b"/metrics",
        b"/assets/0/timtin.css",
    )
    for method in (
        *(b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"CONNECT", b"PROPFIND"),
        *(b"get", b"GET\x00", b"A" * 5_000, b"\xff"),
    )
]
LINES = [
    b"GET / HTTP/9.9\r\n" + HOST + END,
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET  /  HTTP/1.1\r\n" + HOST + END,
    b"GET / HTTP/1.1\n" + b"Host: a\n\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 64,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 300,
    b"\x00" * 1_000,
    b"\r\n" * 1_000 + get(b"/health"),
    b"OPTIONS * HTTP/1.1\r\n" + HOST + END,
    b"CONNECT example.org:443 HTTP/1.1\r\n" + HOST + END,
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + END,
]
KINDS = {
    "traversal": TRAVERSAL,
    "encoding": ENCODING,
    "headers": HEADERS,
    "framing": FRAMING,
    "methods": METHODS,
    "lines": LINES,
}


@pytest.fixture(scope="module")
def address(start_server, seeds_of_the_project) -> tuple[str, int]:
    server = start_server(seeds_of_the_project, "--workers", "2", TIMTIN_REINDEX_TOKEN=TOKEN)
    parts = urlsplit(server.url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


@pytest.fixture(scope="module")
def seeds_of_the_project(pytestconfig: pytest.Config):
    return pytestconfig.rootpath / "seeds"


def send(address: tuple[str, int], request: bytes, patience: float = PATIENCE_SECONDS) -> bytes:
    """All that comes back until the server closes, or waits for more than was sent."""
    with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as connection:
        received = []
        try:
            connection.sendall(request)
            connection.settimeout(patience)
            while part := connection.recv(65_536):
                received.append(part)
        except (ConnectionError, TimeoutError):
            pass  # it was refused before all of it was sent, or is not whole
        return b"".join(received)


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"^HTTP/1\.[01] (\d{3})", answer, re.MULTILINE)]


def healthy(address: tuple[str, int]) -> bool:
    return statuses(send(address, get(b"/health"), TIMEOUT_SECONDS)) == [200]


def faults(address: tuple[str, int], request: bytes) -> list[object]:
    """What is wrong with the answer to a request."""
    answer = send(address, request)
    found: list[object] = [status for status in statuses(answer) if status >= 500]
    if BUSY.search(answer):  # by design: so many send their bodies slowly here
        found.remove(503)
    found += [secret for secret in SECRETS if secret in answer]
    found += [b"a cookie"] * (b"\r\nset-cookie: a=b" in answer.lower())
    return [request[:200], *found] if found else []


def test_the_answers_are_looked_at(address: tuple[str, int]) -> None:
    answer = send(address, get(b"/search?q=may+bay"), TIMEOUT_SECONDS)
    assert statuses(answer) == [200]
    assert statuses(send(address, get(b"/nothing"), TIMEOUT_SECONDS)) == [404]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sent_makes_a_server_error(address: tuple[str, int], kind: str) -> None:
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        found = pool.map(lambda request: faults(address, request), KINDS[kind])
        assert [fault for fault in found if fault] == []
    assert healthy(address)


def test_a_second_request_cannot_be_smuggled_in(address: tuple[str, int]) -> None:
    hidden = b"GET /status HTTP/1.1\r\n" + HOST + END
    for framing in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden),
        b"Transfer-Encoding: identity\r\nContent-Length: 0, %d\r\n\r\n" % len(hidden),
    ):
        answer = send(address, POST + framing + hidden)
        assert 200 not in statuses(answer), framing


def mutations(seed: int) -> Iterator[bytes]:
    """Good requests with some of their bytes changed, cut out, doubled."""
    chance = random.Random(seed)
    good = [get(b"/search?q=gap+go&size=3"), get(b"/documents/a"), get(b"/?q=a"), FRAMING[1]]
    while True:
        request = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(request))
            change = chance.randrange(3)
            if change == 0:
                request[at] = chance.randrange(256)
            elif change == 1:
                del request[at : at + chance.randint(1, 8)]
            else:
                request[at:at] = bytes(request[at : at + 8]) * chance.randint(1, 4)
            if not request:
                request = bytearray(b"G")
        yield bytes(request)


def test_nothing_mutated_makes_a_server_error(address: tuple[str, int]) -> None:
    changed = islice(mutations(20250219), MUTATIONS)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        found = pool.map(lambda request: faults(address, request), changed)
        assert [fault for fault in found if fault] == []
    assert healthy(address)
