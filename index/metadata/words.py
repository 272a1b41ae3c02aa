"""Words of the Vietnamese press around dates, bylines and sources: data only.

Sources. Date words and orders: Nghị định 30/2020/NĐ-CP, Phụ lục I (how official texts write a
date: "ngày 05 tháng 01 năm 2024"), and the datelines of Vietnamese newspapers, which write
"Sáng 25/2", "ngày 24-6", "sáng nay (2/8)". Family names: Lê Trung Hoa, "Họ và tên người Việt Nam"
(Khoa học Xã hội, 2005), the common ones among the Kinh and the larger minorities. Provinces: the
63 before and the 34 after Nghị quyết 202/2025/QH15.
"""

from __future__ import annotations

# What may lead the numbers of a date: "Sáng", "chiều nay", "rạng sáng ngày", "thứ Hai, ngày".
PARTS_OF_DAY = ("sáng", "trưa", "chiều", "tối", "đêm", "khuya", "nay")
DAY_WORDS = ("ngày", "hôm")
WEEKDAYS = (
    *("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"),
    *("thứ 2", "thứ 3", "thứ 4", "thứ 5", "thứ 6", "thứ 7"),
)
FILLERS = (
    "rạng",
    "sớm",
    "muộn",
    "qua",
    "mai",
    "kia",
)  # These lead a date only beside one of the above.

# "sáng mai (5/3)" is news about tomorrow: a date, but not the day of the news.
FORWARD_WORDS = ("mai", "tới")

MONTH_NAMES = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
}

# "trước ngày 30/6", "đến sáng 10/3": a limit, not the day of the news.
LIMIT_WORDS = ("đến", "tới", "trước", "hết", "sau", "qua", "quá")

# "mỗi ngày 1/3", "cả ngày 24/7": not dates at all.
RATE_WORDS = ("mỗi", "hằng", "hàng", "cả", "từng", "suốt", "một", "nửa")

# "sinh ngày 1/2/1980": a person's date. "mùng 10 tháng 3 năm 2024": the lunar calendar's.
BIRTH_WORDS = ("sinh", "sn")
LUNAR_DAY_WORDS = ("mồng", "mùng")

# "chào mừng ngày 20/11", "nhân ngày 8/3": a feast, not the day of the news.
FEAST_WORDS = ("mừng", "niệm", "nhân", "dịp", "lễ", "tết")

# "Quốc khánh 2/9", "nghỉ lễ 30/4 - 1/5": what needs no other word of time.
FEASTS = ("khánh", "lễ", "dịp")

NO_DATELINE_WORDS = frozenset((*RATE_WORDS, *LIMIT_WORDS, *FEAST_WORDS))

# "diễn ra từ ngày 19-21/2": the day of what the sentence is about.
EVENT_WORDS = ("diễn ra", "tổ chức", "khai mạc", "bắt đầu", "khởi tranh", "tiến hành", "họp")

# After a fraction or an amount: "sáng 1/2 viên", "ngày 1.5 triệu".
UNIT_WORDS = (
    "viên",
    "liều",
    "gói",
    "thìa",
    "muỗng",
    "cốc",
    "ly",
    "số",
    "tổng",
    "diện tích",
    "dân số",
    "lượng",
    "quãng",
    "chặng",
    "đại biểu",
    "thành viên",
    "nghìn",
    "ngàn",
    "triệu",
    "tỷ",
    "tỉ",
    "%",
    "km",
    "kg",
    "tấn",
    "tạ",
    "ha",
    "lít",
    "độ",
    "giờ",
    "phút",
    "lần",
    "âm lịch",
    r"\(âm lịch",
)
LUNAR_WORDS = ("âm lịch", "(âm lịch")

# "xuân 2025", "năm 2025": the year that a text says it is about.
YEAR_WORDS = ("năm", "xuân", "hè", "thu", "đông", "tết", "mùa", "quý")

# Not these years: "đến năm 2030", "tổng kết năm 2024", "kế hoạch năm 2026", "sinh năm 1989".
OTHER_YEAR_WORDS = (
    "đến",
    "tới",
    "từ",
    "trước",
    "sau",
    "hết",
    "cuối",
    "so với",
    "cùng kỳ",
    "sinh",
    "giai đoạn",
    "nhiệm kỳ",
    "tầm nhìn",
    "mục tiêu",
    "tổng kết",
    "sơ kết",
    "kết quả",
    "kế hoạch",
    "nhiệm vụ",
    "phương hướng",
    "triển khai",
    "dự toán",
    "dự kiến",
)

# What bears its year: "AFF Cup 2024", "Luật Đất đai 2024".
YEARLY = ("cup", "games", "olympic", "euro", "asiad", "festival", "hiến pháp")
LAWS = ("luật", "bộ luật", "pháp lệnh")

# Labels of a byline. Those who only took the picture are not the author.
WRITER_LABELS = (
    "tin",
    "bài",
    "bài viết",
    "tin bài",
    "tác giả",
    "phóng viên",
    "thực hiện",
    "nội dung",
    "người viết",
    "tổng hợp",
    "t/h",
    "dịch",
    "biên dịch",
    "lược dịch",
    "lược ghi",
)
PICTURE_LABELS = ("ảnh", "hình", "clip", "video", "đồ họa", "đồ hoạ", "infographic", "biên tập")

# Agencies that open a dateline: "BHG - Sáng 26.2", "(TTXVN) - ".
AGENCIES = (
    "TTXVN",
    "TTX",
    "VNA",
    "VOV",
    "VTV",
    "VNP",
    "BHG",
    "BQN",
    "PLVN",
    "ĐCSVN",
    "QĐND",
    "CAND",
)

# Capitals before a dash that are no agency: "UBND - đơn vị chủ trì".
NO_AGENCIES = (
    "UBND",
    "HĐND",
    "MTTQ",
    "BCH",
    "BTV",
    "TPHCM",
    "COVID",
    "THPT",
    "THCS",
    "CSGT",
    "BHYT",
)

# What a source without a colon begins with: "Nguồn Báo Quảng Ninh".
PUBLISHERS = ("Báo", "Tạp chí", "Cổng", "Trang", "Đài", "TTXVN", "VOV", "VTV", "VnExpress")

_FAMILY_NAMES = """
nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đào đoàn trịnh trương
lương lưu lâm mai tô tạ hà chu châu cao thái thân thạch tống tôn vương văn quách phùng phí nông
nghiêm mạc ma lục lò lô kiều khúc khổng hứa giàng doãn diệp cù chử bế bành âu sầm sùng thào vàng vi
triệu
"""
FAMILY_NAMES = frozenset(_FAMILY_NAMES.split())

_PROVINCES = """
an giang, bà rịa vũng tàu, bắc giang, bắc kạn, bạc liêu, bắc ninh, bến tre, bình định, bình dương,
bình phước, bình thuận, cà mau, cần thơ, cao bằng, đà nẵng, đắk lắk, đắk nông, điện biên, đồng nai,
đồng tháp, gia lai, hà giang, hà nam, hà nội, hà tĩnh, hải dương, hải phòng, hậu giang, hòa bình,
hưng yên, khánh hòa, kiên giang, kon tum, lai châu, lâm đồng, lạng sơn, lào cai, long an, nam định,
nghệ an, ninh bình, ninh thuận, phú thọ, phú yên, quảng bình, quảng nam, quảng ngãi, quảng ninh,
quảng trị, sóc trăng, sơn la, tây ninh, thái bình, thái nguyên, thanh hóa, thừa thiên huế, huế,
tiền giang, hồ chí minh, trà vinh, tuyên quang, vĩnh long, vĩnh phúc, yên bái, việt nam
"""
PROVINCES = frozenset(" ".join(name.split()) for name in _PROVINCES.split(","))
