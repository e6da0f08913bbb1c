"""What stands in the portal: people, notices, approvals, orders. Made up, and never changed."""

from __future__ import annotations

from typing import NamedTuple


class Colleague(NamedTuple):
    """Somebody of the demo company; the id is the same in the messenger."""

    id: str
    name: str
    job: str
    team: str
    tel: str


class Notice(NamedTuple):
    day: str
    title: str
    by: str


class Approval(NamedTuple):
    number: str
    title: str
    drafter: str
    """A colleague's id."""
    day: str
    state: str
    amount: str
    reason: str
    line: tuple[tuple[str, str], ...]
    """Colleagues' ids with what they have done."""


class Order(NamedTuple):
    number: str
    customer: str
    item: str
    quantity: str
    due: str
    state: str
    owner: str


COLLEAGUES = {
    person.id: person
    for person in (
        Colleague("minji.kim", "김민지", "과장", "해외영업팀", "010-0000-1147"),
        Colleague("doyun.choi", "최도윤", "팀장", "해외영업팀", "010-0000-1184"),
        Colleague("haneul.son", "손하늘", "대리", "해외영업팀", "010-0000-1221"),
        Colleague("seoyeon.lee", "이서연", "팀장", "품질보증팀", "010-0000-1036"),
        Colleague("jihoon.park", "박지훈", "팀장", "국내영업팀", "010-0000-1036"),
        Colleague("sora.ma", "마소라", "주임", "구매팀", "010-0000-1369"),
        Colleague("cheolmin.kook", "국철민", "팀장", "물류팀", "010-0000-1406"),
        Colleague("kyungsook.jang", "장경숙", "팀장", "재무팀", "010-0000-0222"),
    )
}

NOTICES = (
    Notice("11.23", "11월 경비 마감은 25일 오후 6시입니다", "재무팀"),
    Notice("11.20", "하노이 2공장 증설 진행 상황을 공유합니다", "해외영업팀"),
    Notice("11.18", "연말정산 간소화 자료 제출 안내", "인사팀"),
    Notice("11.14", "본관 3층 회의실 예약 방식이 바뀝니다", "경영기획본부"),
)

APPROVALS = {
    document.number: document
    for document in (
        Approval(
            "26-1123-014", "하노이 2공장 지그 추가 제작", "minji.kim", "2026-11-23",
            "진행 중", "18,400,000원",
            "2라인 증설에 맞춰 조립 지그 12벌을 추가로 제작합니다. 납기는 12월 18일이고, "
            "견적은 두 곳에서 받아 낮은 쪽으로 잡았습니다.",
            (("minji.kim", "기안"), ("doyun.choi", "검토 중"), ("kyungsook.jang", "합의 전")),
        ),
        Approval(
            "26-1120-009", "싱가포르 전시회 출장비 정산", "haneul.son", "2026-11-20", "완료", "3,120,000원",
            "전시회 4박 5일 출장비입니다. 항공과 숙박 영수증을 붙였습니다.",
            (("haneul.son", "기안"), ("doyun.choi", "승인"), ("kyungsook.jang", "승인")),
        ),
        Approval(
            "26-1119-031", "3분기 불량 분석 장비 대여 연장", "seoyeon.lee", "2026-11-19",
            "진행 중", "5,600,000원",
            "도막 두께 측정기 대여를 두 달 더 씁니다. 구매 검토는 내년 예산에서 다시 올리겠습니다.",
            (("seoyeon.lee", "기안"), ("sora.ma", "검토"), ("kyungsook.jang", "검토 중")),
        ),
        Approval(
            "26-1117-002", "11월 컨테이너 운임 선지급", "cheolmin.kook", "2026-11-17", "반려", "42,000,000원",
            "부산-하이퐁 40피트 세 대분입니다. 운임 인상 전에 선지급합니다.",
            (("cheolmin.kook", "기안"), ("kyungsook.jang", "반려")),
        ),
    )
}  # fmt: skip

ORDERS = (
    Order("SO-26-3381", "Hanoi Precision JSC", "브래킷 A-12", "24,000", "12.04", "생산 중", "minji.kim"),
    Order("SO-26-3379", "Siam Motor Parts", "하우징 H-3", "8,500", "12.11", "자재 대기", "haneul.son"),
    Order("SO-26-3370", "한빛기전", "커버 C-7", "3,200", "11.28", "출하 준비", "jihoon.park"),
    Order("SO-26-3364", "Lumen Elektronik GmbH", "브래킷 A-9", "15,000", "11.25", "선적 완료", "minji.kim"),
    Order("SO-26-3358", "대림정공", "플레이트 P-2", "1,000", "11.24", "출하 준비", "jihoon.park"),
)
