"""Why a seed was not taken in, in Vietnamese.

The index says it in English, as it says all that stands in logs; here its phrases are put into
Vietnamese, wherever they stand in a sentence. What is in none of them (names, places in a file,
what a library says) stays as it is. A test holds the table to what the readers can say.
"""

from __future__ import annotations

import re
from functools import cache

from web.messages import Language

_PHRASES: dict[str, str] = {
    # not what it seems
    r"not text: binary data \(NUL characters\)": (
        "không phải văn bản: dữ liệu nhị phân (có ký tự NUL)"
    ),
    r"not text: binary data \(NUL byte at offset (\d+)\)": (
        "không phải văn bản: dữ liệu nhị phân (byte NUL ở vị trí \\1)"
    ),
    r"not (\S+) text all through": "không phải chỗ nào cũng là văn bản \\1",
    r"its name is not UTF-8 text": "tên tệp không viết bằng UTF-8",
    r"not (\S+) text(?= \()": "không phải văn bản \\1",
    r"\(byte (\S+) at offset (\d+)\)": "(byte \\1 ở vị trí \\2)",
    r"\(at offset (\d+)\)": "(ở vị trí \\1)",
    r"not a Word document, or damaged": "không phải tài liệu Word, hoặc đã hỏng",
    r"not a PDF, or damaged": "không phải PDF, hoặc đã hỏng",
    r"not an ordinary file": "không phải tệp thông thường",
    r"not CSV": "không phải CSV",
    r"not JSON": "không phải JSON",
    r"not a JSON object": "không phải một đối tượng JSON",
    r"not a document \(nested too deeply\)": "không phải văn bản (lồng nhau quá sâu)",
    r"not TOML that can be read": "không phải TOML đọc được",
    r"not TOML": "không phải TOML",
    r"(\(.+?) at character (\d+)\)": "\\1 ở ký tự \\2)",
    # nothing in it
    r"no reader for this kind of file": "không có bộ đọc cho loại tệp này",
    r"no article found in it": "không tìm thấy bài viết nào trong đó",
    r"its article cannot be found": "không tìm ra bài viết trong đó",
    r"no text in it, only pictures of pages perhaps": (
        "không có chữ nào, có lẽ chỉ là ảnh chụp các trang"
    ),
    r"no text in it": "không có chữ nào trong đó",
    r"no table in it": "không có bảng nào trong đó",
    r"no line of it is a document": "không dòng nào là một văn bản",
    r"no row of it is a document": "không hàng nào là một văn bản",
    r"neither title nor text": "không có nhan đề, cũng không có nội dung",
    r"its first row names neither a column title nor a column text": (
        "hàng đầu không có cột title, cũng không có cột text"
    ),
    r"([\d,]+) cells where the first row has ([\d,]+)": "\\1 ô trong khi hàng đầu có \\2",
    r"a (\w+) that is not a string": "\\1 không phải một chuỗi",
    r"no id\b": "thiếu id",
    r"an id that is neither text nor number": "id không phải chữ, cũng không phải số",
    r"an id with control characters, or longer than ([\d,]+)": (
        "id có ký tự điều khiển, hoặc dài quá \\1 ký tự"
    ),
    # too much
    r"([\d,]+) MB once it is unpacked, out of proportion to its size": (
        "giải nén ra đến \\1 MB, quá lớn so với tệp"
    ),
    r"more than ([\d,]+) MB of text, out of proportion to its size": (
        "hơn \\1 MB chữ, quá lớn so với tệp"
    ),
    r"more than ([\d,]+) MB of memory are needed to read it": "cần hơn \\1 MB bộ nhớ để đọc",
    r"more than ([\d,]+) s are needed to read it": "cần hơn \\1 giây để đọc",
    r"more than ([\d,]+) documents": "hơn \\1 văn bản",
    r"more than ([\d,]+) lines": "hơn \\1 dòng",
    r"more than ([\d,]+) patterns": "hơn \\1 mẫu tên",
    r"a text of ([\d,]+) characters; at most ([\d,]+) fit": (
        "nội dung dài \\1 ký tự; nhiều nhất là \\2"
    ),
    r"a title of ([\d,]+) characters; at most ([\d,]+) fit": (
        "nhan đề dài \\1 ký tự; nhiều nhất là \\2"
    ),
    r"longer than ([\d,]+) characters": "dài quá \\1 ký tự",
    r"longer than ([\d,]+) MB": "dài quá \\1 MB",
    r"larger than ([\d,]+) MB": "lớn quá \\1 MB",
    r"and ([\d,]+) more problems": "và \\1 lỗi nữa",
    # damaged, gone, closed
    r"the gzip data ends early: the file is truncated": "dữ liệu gzip bị cụt: tệp thiếu phần cuối",
    r"damaged gzip data": "dữ liệu gzip bị hỏng",
    r"a password is needed to open it": "cần mật khẩu mới mở được",
    r"page (\d+) cannot be read": "không đọc được trang \\1",
    r"it vanished while it was being read": "tệp biến mất trong lúc đang đọc",
    r"it changed while it was being read": "tệp thay đổi trong lúc đang đọc",
    r"its reader failed": "bộ đọc gặp lỗi",
    r"its reader came to an end": "bộ đọc dừng giữa chừng",
    r"what the index had of (.+?) is damaged too": "phần đã có của \\1 trong chỉ mục cũng hỏng",
    r"another file has the same name in NFC": "có tệp khác trùng tên khi viết theo NFC",
    r"(\S+) is needed to read it, and is not installed": "cần \\1 để đọc, mà chưa cài",
    r"Permission denied": "không có quyền đọc",
    r"No such file or directory": "không có tệp này",
    r"Is a directory": "là một thư mục",
    r"Input/output error": "lỗi đọc ghi của đĩa",
    # seeds.toml
    r"unknown key (\S+)": "khóa lạ \\1",
    r"unknown encoding (.+?)(?=;|$)": "bảng mã lạ \\1",
    r"unknown format (.+?)(?=;|$)": "định dạng lạ \\1",
    r"seeds is no list of tables": "seeds không phải một danh sách bảng",
    r"files must be a pattern or a list of patterns": (
        "files phải là một mẫu tên hoặc một danh sách mẫu tên"
    ),
    r"year must be a number from 1900 to 2099": "year phải là số từ 1900 đến 2099",
    r"date must be a day, written YYYY-MM-DD": (
        "date phải là một ngày, viết NNNN-TT-NN như 2025-02-19"
    ),
    r"(\w+) must be text in quotes": "\\1 phải là chữ trong ngoặc kép",
    # what to do
    r"if it is text, name its encoding in seeds\.toml": (
        "nếu là văn bản, hãy ghi bảng mã của nó trong seeds.toml"
    ),
    r"recognise its text first": "hãy nhận dạng chữ trước",
    r"split it, or make it a \.jsonl with a document a line": (
        "hãy chia nhỏ, hoặc đổi thành .jsonl, mỗi dòng một văn bản"
    ),
    r"split it\b": "hãy chia nhỏ",
    r"name the columns: ": "hãy đặt tên cột: ",
    r"write tables \[\[seeds\]\], nothing else": "chỉ viết các bảng [[seeds]]",
    r"write \[\[seeds\]\], in two pairs of brackets": "hãy viết [[seeds]], hai cặp ngoặc vuông",
    r"known are (.+?), and others of Python's": "có thể dùng \\1 và các bảng mã khác của Python",
    r"known are ": "có thể dùng ",
    r"table (\d+)(?=: )": "bảng \\1",
    r"\(line (\d+): ": "(dòng \\1: ",
}


def reason(language: Language, text: str) -> str:
    """What kept a seed out of the index, in this language as far as it is known."""
    if language == "en":
        return text
    for pattern, vietnamese in _patterns():
        text = pattern.sub(vietnamese, text)
    return text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(rf"(?<!\w){english}"), said) for english, said in _PHRASES.items()]
