"""Fifty things that must be shown as text, whether typed or found, and must break nothing."""

from __future__ import annotations

import unicodedata

_ALERT = "window.hurt = true"
MARKUP = (
    f"<script>{_ALERT}</script>",
    f'"><img src=x onerror="{_ALERT}">',
    f"'><svg onload='{_ALERT}'>",
    f"<img src=x onerror={_ALERT}>",
    f"</title><script>{_ALERT}</script>",
    f"</textarea><script>{_ALERT}</script>",
    f"<iframe srcdoc='<script>parent.{_ALERT}</script>'></iframe>",
    f"javascript:{_ALERT}",
    f"<a href='javascript:{_ALERT}'>đi</a>",
    f"<body onload={_ALERT}>",
    f"<details open ontoggle={_ALERT}>",
    f"<style>@import 'data:,*{{}}'; body {{ display: none }}</style><b onclick={_ALERT}>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={_ALERT}>",
    f"{{{{ constructor.constructor('{_ALERT}')() }}}}",
    "${7*7} {{7*7}} {% raw %} #{7*7} <%= 7*7 %>",
    f"<mark onmouseover={_ALERT}>gặp</mark>",
    "<mark class=folded>gặp</mark> &lt;mark&gt; &amp;lt;",
    "<!-- --> <![CDATA[ ]]> <?xml?>",
    "<base href='https://example.org/'>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<form action=https://example.org/><button>Tìm</button></form>",
    "</main></body></html>",
    "<plaintext>",
    "<xmp>",
)
TEXT = (
    "\u202eđảo ngược\u202c rồi \u2066thôi\u2069",
    "\u202e" * 50 + "gặp",
    "\u200e\u200f\u061c gặp",
    "g\u0323\u0306ặp " + "\u0301" * 300,
    unicodedata.normalize("NFD", "Gặp gỡ đầu xuân ở Quảng Ninh"),
    unicodedata.normalize("NFD", "gặp") + " " + unicodedata.normalize("NFC", "gặp"),
    "a" * 10_000,
    "ệ" * 10_000,
    "gặp-" * 2_500,
    "ẴẴẴ" * 400,
    "﷽" * 60,
    "𒐫𒈙⸻꧅" * 20,
    "😀👨‍👩‍👧‍👦🏳️‍🌈" * 40,
    "ＧẶＰ　ＧỠ",
    "\ufffd\ufffe\u0000\u0007\u001b[31m".replace("\u0000", " "),
    "gặp\u00adgỡ\u200bđầu\ufeffxuân",
    "\t\n\r gặp \u2028\u2029 gỡ",
    "'; DROP TABLE documents; --",
    "../../../../etc/passwd",
    "%00%0d%0aSet-Cookie:%20a=b",
    "http://[::1",
    '"' * 200,
    "(" * 200 + ")" * 100,
    "-" * 300 + "gặp",
    "OR AND NOT NEAR title: author: date: source:",
)
ALL = (*MARKUP, *TEXT)
WORD = "hiemhoa"
"""Stands in every hostile document, and nowhere else."""

DOCUMENTS = [
    {
        "id": f"hostile/{number}?<b>&\"'#",
        "title": f"{text[:300]} {WORD}",
        "text": f"{WORD} {text}\n{text}",
        "source": text[:60],
        "author": text[:60],
        "url": f"javascript:{_ALERT}",
    }
    for number, text in enumerate(ALL)
]
