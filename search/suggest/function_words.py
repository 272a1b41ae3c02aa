"""Words that hold sentences together and name nothing: a suggestion does not end in one.

The commonest prepositions, conjunctions, particles, pronouns and auxiliaries as Vietnamese grammars
list them (Diệp Quang Ban, *Ngữ pháp tiếng Việt*: phó từ, quan hệ từ, trợ từ, đại từ).
"""

from index.analysis.normalize import accented_key

# fmt: off
_WORDS = (
    "và", "của", "là", "có", "được", "đã", "sẽ", "đang", "cho", "với", "trong", "các", "những",
    "một", "này", "đó", "kia", "khi", "để", "từ", "đến", "tại", "ở", "về", "ra", "vào", "lên",
    "xuống", "cũng", "không", "như", "do", "bị", "theo", "trên", "dưới", "nhưng", "mà", "thì",
    "hay", "hoặc", "vì", "nên", "rằng", "lại", "còn", "vẫn", "rất", "sau", "trước", "giữa",
    "bởi", "cùng", "cả", "mỗi", "mọi", "nào", "gì", "đây", "ông", "bà", "anh", "chị", "em",
    "họ", "tôi", "nếu", "phải", "chưa", "chỉ", "vừa", "mới", "từng", "hơn", "nhất", "thêm",
    "đều", "tuy", "dù", "nhằm", "qua", "bằng", "việc", "người", "ngày", "năm", "thứ",
)
# fmt: on
FUNCTION_WORDS = frozenset(map(accented_key, _WORDS))
"""Their accented keys."""
