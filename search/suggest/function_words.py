"""Words that hold sentences together and name nothing: a suggestion does not end in one.

The commonest prepositions, conjunctions, particles, pronouns and auxiliaries as Vietnamese grammars
list them (Diệp Quang Ban, *Ngữ pháp tiếng Việt*: phó từ, quan hệ từ, trợ từ, đại từ).
"""

from index.analysis.analyzers import JOINER
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
_COMPOUNDS = (
    "tuy nhiên", "tuy vậy", "tất cả", "thậm chí", "trong khi", "sau khi", "trước khi", "khi đó",
    "ngoài ra", "do đó", "vì vậy", "vì thế", "bởi vì", "bên cạnh", "có thể", "không thể", "cho đến",
    "thông qua", "theo đó", "như vậy", "như thế", "mặc dù", "nếu như", "đồng thời", "sau đó",
    "trước đó", "trong đó", "từ đó", "tức là", "nghĩa là", "đối với", "cho biết", "cho rằng",
    "cho hay", "cùng với", "kể cả", "thay vì", "để cho", "bao giờ", "bao nhiêu", "chúng ta",
    "chúng tôi", "người ta", "liệu rằng", "dường như", "hầu như", "hầu hết", "chứ không",
    "không chỉ", "cũng như", "cũng là", "vẫn còn", "vẫn là", "ngay cả", "ngay khi", "một cách",
    "một số", "thêm vào", "gần như", "vừa qua", "hiện nay", "lúc này", "lúc đó", "tiếp tục",
)
# fmt: on
FUNCTION_WORDS = frozenset(map(accented_key, _WORDS))
"""Their accented keys."""
FUNCTION_COMPOUNDS = frozenset(
    JOINER.join(map(accented_key, words.split())) for words in _COMPOUNDS
)
"""Words of two syllables that name as little, as the field `words` has them."""
