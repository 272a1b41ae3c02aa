"""Hits as a terminal shows them."""

import io
import re

import pytest

from web.terminal import BOLD, EXACT, FOLDED, RESET, Terminal

MARKED = 'Tin: <mark>gặp</mark> <mark class="folded">gỡ bạn</mark> &lt;b&gt;'


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_marks_are_coloured_a_word_at_a_time() -> None:
    shown = Terminal(Screen(), {}).marked(MARKED)
    assert shown == (f"Tin: {EXACT}gặp{RESET} {FOLDED}gỡ{RESET} {FOLDED}bạn{RESET} <b>")
    assert Terminal(Screen(), {}).marked("a <mark>b</mark>", BOLD) == (
        f"{BOLD}a{RESET} {EXACT}b{RESET}"
    )


@pytest.mark.parametrize(
    ("stream", "environ"),
    [(io.StringIO(), {}), (Screen(), {"NO_COLOR": "1"}), (Screen(), {"TERM": "dumb"})],
)
def test_plain_text_where_colours_are_not_wanted(
    stream: io.StringIO, environ: dict[str, str]
) -> None:
    assert Terminal(stream, environ).marked(MARKED, BOLD) == "Tin: gặp gỡ bạn <b>"


def test_an_empty_no_color_counts_as_not_set() -> None:
    assert Terminal(Screen(), {"NO_COLOR": ""}).coloured


def test_a_text_cannot_steer_the_terminal() -> None:
    for terminal in (Terminal(Screen(), {"NO_COLOR": "1"}), Terminal(io.StringIO(), {})):
        for shown in (terminal.marked("a\x1b[31m\x07b\x9b"), terminal.paint("\x1b]0;x\n", BOLD)):
            assert not re.search("[\x00-\x1f\x7f-\x9f]", shown)


def test_lines_break_between_words_at_the_width() -> None:
    terminal = Terminal(Screen(), {})
    terminal.width = 20
    text = terminal.marked("một <mark>hai</mark> ba bốn năm sáu bảy tám chín mười", BOLD)
    lines = terminal.wrapped(text, "   ").split("\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    assert all(len(line) <= 20 for line in plain)
    assert plain == ["một hai ba bốn năm", "   sáu bảy tám chín", "   mười"]
    assert all(line.count(RESET) == len(line.split()) for line in lines)


def test_a_word_longer_than_the_line_stays_whole() -> None:
    terminal = Terminal(io.StringIO(), {})
    terminal.width = 5
    assert terminal.wrapped("aaaaaaaaaa b", " ") == "aaaaaaaaaa\n b"
