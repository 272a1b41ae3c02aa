"""Abbreviations that everybody knows, so that no text defines them.

`DOCUMENT_TYPES`: the kinds of administrative documents, as Decree 30/2020/NĐ-CP (Appendix III)
abbreviates them; written down from memory of it, not checked against its text.
`OFFICES`: bodies, offices and titles in common use; most are defined in parentheses by articles of
the VietNews corpus (Nguyen et al. 2019), some known only from the symbols of documents
(`47/2011/TT-BCA`, `57-NQ/TW`, `15/2020/QĐ-TTg`) or from everyday writing.
"""

from __future__ import annotations

from typing import Final

DOCUMENT_TYPES: Final = """
NQ nghị quyết
QĐ quyết định
CT chỉ thị
QC quy chế
TC thông cáo
TB thông báo
HD hướng dẫn
CTr chương trình
KH kế hoạch
PA phương án
ĐA đề án
DA dự án
BC báo cáo
BB biên bản
TTr tờ trình
HĐ hợp đồng
CĐ công điện
BGN bản ghi nhớ
BTT bản thỏa thuận
GUQ giấy ủy quyền
GM giấy mời
GGT giấy giới thiệu
GNP giấy nghỉ phép
PG phiếu gửi
PC phiếu chuyển
PB phiếu báo
"""

OFFICES: Final = """
UBND ủy ban nhân dân
HĐND hội đồng nhân dân
UB ủy ban
UBMTTQ ủy ban mặt trận tổ quốc
MTTQ mặt trận tổ quốc
ĐBQH đại biểu quốc hội
QH quốc hội
TTg thủ tướng
CP chính phủ
TW trung ương
TƯ trung ương
BCH ban chấp hành
BCT bộ chính trị
BTV ban thường vụ
BTV biên tập viên
TP thành phố
TP.HCM thành phố hồ chí minh
TPHCM thành phố hồ chí minh
HCM hồ chí minh
HN hà nội
VN việt nam
BCA bộ công an
BQP bộ quốc phòng
BTC bộ tài chính
BYT bộ y tế
BGDĐT bộ giáo dục và đào tạo
GDĐT giáo dục và đào tạo
GD&ĐT giáo dục và đào tạo
GTVT giao thông vận tải
NN&PTNT nông nghiệp và phát triển nông thôn
KH&CN khoa học và công nghệ
TN&MT tài nguyên và môi trường
TNMT tài nguyên và môi trường
LĐTBXH lao động thương binh và xã hội
VHTTDL văn hóa thể thao và du lịch
TAND tòa án nhân dân
VKSND viện kiểm sát nhân dân
CSGT cảnh sát giao thông
CSĐT cảnh sát điều tra
PCCC phòng cháy chữa cháy
CAND công an nhân dân
QĐND quân đội nhân dân
TTXVN thông tấn xã việt nam
NHNN ngân hàng nhà nước
BHXH bảo hiểm xã hội
BHYT bảo hiểm y tế
ĐH đại học
CĐ cao đẳng
ĐHQG đại học quốc gia
THPT trung học phổ thông
THCS trung học cơ sở
SGK sách giáo khoa
HTX hợp tác xã
KCN khu công nghiệp
BĐS bất động sản
DN doanh nghiệp
CNTT công nghệ thông tin
CMND chứng minh nhân dân
CCCD căn cước công dân
ATGT an toàn giao thông
CLB câu lạc bộ
HLV huấn luyện viên
VĐV vận động viên
NXB nhà xuất bản
NSND nghệ sĩ nhân dân
NSƯT nghệ sĩ ưu tú
XHCN xã hội chủ nghĩa
CNXH chủ nghĩa xã hội
"""
