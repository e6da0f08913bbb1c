"""What the market begins with: neighbours, pictures, first posts and deals. All of it made up."""

from __future__ import annotations

from typing import NamedTuple

ORG = "market"
ORG_NAME = "옆집창고"


class Neighbour(NamedTuple):
    """Somebody of the market; the id is the same in the messenger."""

    id: str
    name: str
    area: str


class Picture(NamedTuple):
    name: str
    """A file in static/pictures, without its ending."""
    shows: str
    group: str


class FirstPost(NamedTuple):
    id: int
    owner: str
    picture: str
    price: int
    title: str
    description: str


class FirstDeal(NamedTuple):
    post: int
    borrower: str
    since: int
    """Days from today."""
    until: int
    state: str


NEIGHBOURS = {
    person.id: person
    for person in (
        Neighbour("hana.jung", "정하나", "망원동"),
        Neighbour("wooju.baek", "백우주", "연남동"),
        Neighbour("yuna.seo", "서유나", "성산동"),
        Neighbour("taeho.noh", "노태호", "합정동"),
        Neighbour("garam.yoon", "윤가람", "서교동"),
        Neighbour("sangmi.gu", "구상미", "상수동"),
    )
}

GROUPS = {"tools": "공구", "camping": "캠핑", "camera": "사진·영상", "wheels": "탈것", "home": "집·취미"}

PICTURES = {
    picture.name: picture
    for picture in (
        Picture("drill", "드릴", "tools"),
        Picture("ladder", "사다리", "tools"),
        Picture("tent", "텐트", "camping"),
        Picture("lantern", "랜턴", "camping"),
        Picture("camera", "카메라", "camera"),
        Picture("projector", "프로젝터", "camera"),
        Picture("bicycle", "자전거", "wheels"),
        Picture("wagon", "손수레", "wheels"),
        Picture("sewing", "재봉틀", "home"),
        Picture("telescope", "망원경", "home"),
    )
}

POSTS = (
    FirstPost(
        11, "yuna.seo", "tent", 18_000, "4인용 돔 텐트 (바닥 매트 포함)",
        "봄에 사서 세 번 썼어요. 혼자서도 15분이면 칩니다.\n"
        "비를 맞았다면 말려서 돌려주세요. 망치와 팩은 가방에 같이 들어 있어요.",
    ),
    FirstPost(
        12, "wooju.baek", "camera", 25_000, "미러리스 카메라와 35mm 렌즈",
        "여행 가실 때 쓰기 좋아요. 배터리 두 개, 충전기, 64GB 카드까지 드려요.\n"
        "처음이시면 만날 때 기본 설정을 알려 드릴게요.",
    ),
    FirstPost(
        13, "taeho.noh", "ladder", 5_000, "접이식 사다리 2.6m",
        "전구 갈 때나 도배할 때 한 번씩 빌려 가세요. 접으면 경차 뒷자리에 들어갑니다.",
    ),
    FirstPost(
        14, "garam.yoon", "bicycle", 12_000, "시티 자전거, 바구니 있어요",
        "키 155~175cm에 맞아요. 한강까지 10분 거리예요.\n자물쇠와 전조등도 함께 빌려 드립니다.",
    ),
    FirstPost(
        15, "sangmi.gu", "projector", 15_000, "빔프로젝터와 80인치 스크린",
        "거실 영화관 만들기 좋아요. HDMI 선과 삼각대 스크린까지 한 가방이에요.",
    ),
    FirstPost(
        16, "hana.jung", "sewing", 8_000, "가정용 재봉틀",
        "커튼 단 줄이기, 에코백 만들기에 충분해요. 검정·흰색 실은 그냥 쓰셔도 됩니다.",
    ),
    FirstPost(
        17, "hana.jung", "drill", 6_000, "충전 드릴 세트 (비트 24개)",
        "선반 달 때 쓰고 서랍에만 있어서 나눠요. 콘크리트용 비트도 있어요.\n"
        "배터리는 완충해서 드리고, 돌려주실 때는 그대로 주셔도 괜찮아요.",
    ),
    FirstPost(
        18, "wooju.baek", "telescope", 20_000, "천체망원경 80mm",
        "달과 토성 고리까지 보여요. 수리 맡길 예정이라 당분간 쉽니다.",
    ),
    FirstPost(
        19, "yuna.seo", "lantern", 4_000, "캠핑 랜턴 두 개",
        "충전식이고 은은한 불빛이에요. 텐트와 같이 빌리시면 반값에 드려요.",
    ),
)  # fmt: skip
CLOSED_POSTS = {18}

DEALS = (
    FirstDeal(17, "taeho.noh", -8, -6, "returned"),
    FirstDeal(17, "garam.yoon", 6, 8, "reserved"),
    FirstDeal(17, "yuna.seo", 2, 3, "requested"),
    FirstDeal(11, "wooju.baek", -1, 1, "handed_over"),
    FirstDeal(11, "hana.jung", 9, 11, "requested"),
    FirstDeal(12, "hana.jung", 2, 4, "reserved"),
    FirstDeal(12, "sangmi.gu", 4, 5, "requested"),
    FirstDeal(14, "yuna.seo", -9, -8, "returned"),
    FirstDeal(14, "taeho.noh", 1, 1, "cancelled"),
    FirstDeal(15, "garam.yoon", 0, 1, "reserved"),
    FirstDeal(16, "sangmi.gu", -3, 0, "handed_over"),
    FirstDeal(18, "hana.jung", -21, -20, "returned"),
)
