"""The demo's companies: the org tree and who works where."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sendjay.directory.service import OrgEntry, UserEntry

PASSWORD = "sendjay-demo"  # noqa: S105 - said on the screen and in the README: it protects a made-up company

ORGS = """
H 새결홀딩스
  H100 경영기획본부
    H110 전략기획팀
    H120 재무팀
    H130 인사팀
  H200 대외협력실
    H210 홍보팀
    H220 법무팀
M 새결정밀
  M100 생산본부
    M110 가공팀
    M120 조립팀
    M130 품질보증팀
  M200 영업본부
    M210 국내영업팀
    M220 해외영업팀
  M300 구매물류실
    M310 구매팀
    M320 물류팀
T 새결아이티
  T100 플랫폼본부
    T110 백엔드팀
    T120 프런트엔드팀
    T130 디자인팀
  T200 서비스운영본부
    T210 인프라팀
    T220 고객지원팀
"""

PEOPLE = """
H    seonghun.yoo    유성훈  대표이사
H100 hyejin.moon     문혜진  본부장    올해 목표는 하나, 단순하게
H110 donghyun.seo    서동현  팀장
H110 jiwon.han       한지원  차장      재택 중에는 메신저가 제일 빨라요
H110 chaewon.baek    백채원  대리
H120 kyungsook.jang  장경숙  팀장      마감은 25일입니다
H120 minseok.oh      오민석  과장
H120 yerin.shin      신예린  사원
H130 eunjung.kwon    권은정  팀장
H130 taeyang.ahn     안태양  대리      연말정산 문의는 H130으로
H200 jaewook.noh     노재욱  실장
H210 sohee.lim       임소희  팀장
H210 gaeun.hwang     황가은  주임      보도자료 쓰는 중 ✍️
H220 junyoung.song   송준영  변호사
M    byungchul.park  박병철  대표이사
M100 youngsoo.kang   강영수  본부장    안전이 먼저
M110 sangwoo.jung    정상우  팀장
M110 kihoon.bae      배기훈  반장      2라인
M110 deokhwa.min     민덕화  기사
M110 hoang.nguyen    응우옌 호앙  기사
M120 insook.cho      조인숙  팀장
M120 wonjae.heo      허원재  반장
M120 suji.nam        남수지  기사
M130 seoyeon.lee     이서연  팀장      불량은 숫자로 말해요
M130 hyunwoo.jeon    전현우  책임
M130 bora.goo        구보라  선임
M200 taesik.ryu      류태식  본부장
M210 jihoon.park     박지훈  팀장
M210 areum.seol      설아름  대리
M210 gunwoo.pyo      표건우  사원
M220 minji.kim       김민지  과장      베트남 증설 건 진행 중
M220 doyun.choi      최도윤  팀장      오전엔 회의가 많아요
M220 haneul.son      손하늘  대리
M220 yuna.jin        진유나  사원
M220 daniel.woo      우다니엘  차장    KST -2h
M300 mikyung.yang    양미경  실장
M310 jongho.gil      길종호  팀장
M310 sora.ma         마소라  주임
M320 cheolmin.kook   국철민  팀장      컨테이너 오는 날은 전화가 빨라요
M320 dahye.cha       차다혜  대리
T    haejun.im       임해준  대표이사
T100 sejin.eom       엄세진  본부장
T110 woojin.choi     최우진  팀장      배포는 목요일
T110 nayeon.kim      김나연  책임
T110 jaehee.do       도재희  선임
T110 sungmin.wi      위성민  사원
T120 hyeri.kang      강혜리  팀장
T120 minho.jeong     정민호  선임
T120 jisoo.yeo       여지수  사원      코드 리뷰 환영
T130 yeji.ban        반예지  팀장
T130 sian.chae       채시안  선임
T200 dongwon.tak     탁동원  본부장
T210 kyumin.bang     방규민  팀장      당직: 010 말고 여기로
T210 hayoung.yun     윤하영  책임
T210 seokjin.mo      모석진  선임
T220 jihye.hong      홍지혜  팀장
T220 bin.seok        석빈    주임
T220 jooeun.ha       하주은  사원      문의는 1번, 장애는 2번
T220 gildong.hong    홍길동  사원
T200 admin           관리자  시스템 관리자
"""

ABSENCES = {
    "doyun.choi": ("biztrip", "하노이 공장 방문", -2, 3),
    "jiwon.han": ("remote", "", 0, 4),
    "bora.goo": ("dayoff", "", 0, 0),
    "taeyang.ahn": ("halfday", "오후", 0, 0),
    "sora.ma": ("dayoff", "", 1, 2),
    "nayeon.kim": ("training", "쿠버네티스 과정", -1, 2),
    "wonjae.heo": ("leave", "육아휴직", -40, 120),
    "junyoung.song": ("meeting", "외부 자문 회의", 0, 0),
    "daniel.woo": ("biztrip", "싱가포르 전시회", -2, 5),
    "sian.chae": ("halfday", "오전", 0, 0),
    "jongho.gil": ("dayoff", "", 3, 4),
    "hayoung.yun": ("remote", "", -1, 1),
}
"""Code, note, and the first and last day counted from today."""

LOOKS = {
    "minji.kim": "long", "doyun.choi": "short glasses", "haneul.son": "bob", "yuna.jin": "bun",
    "daniel.woo": "short", "jihoon.park": "short", "areum.seol": "long glasses",
    "gunwoo.pyo": "short glasses", "seoyeon.lee": "bob glasses", "hyunwoo.jeon": "short",
    "youngsoo.kang": "short grey", "sangwoo.jung": "short", "kihoon.bae": "short grey glasses",
    "insook.cho": "bob grey", "hoang.nguyen": "short", "jongho.gil": "short glasses", "sora.ma": "bun",
    "dahye.cha": "long", "cheolmin.kook": "short grey", "donghyun.seo": "short glasses",
    "eunjung.kwon": "bob glasses", "kyumin.bang": "short", "jihye.hong": "long", "gildong.hong": "short",
}  # fmt: skip
"""Who has a photo, and what they look like; the others show their initials."""


class Listed(NamedTuple):
    """One line of PEOPLE."""

    org: str
    id: str
    name: str
    job: str
    status: str


def orgs() -> list[OrgEntry]:
    """The tree, in display order."""
    lines = [line for line in ORGS.splitlines() if line.strip()]
    found: list[OrgEntry] = []
    for number, line in enumerate(lines):
        code, name = line.split(maxsplit=1)
        depth = (len(line) - len(line.lstrip())) // 2
        found.append(OrgEntry(code, name, position=f"{number:04}", depth=depth))
    return found


def listed() -> list[Listed]:
    """Everybody, as PEOPLE has them: columns parted by two spaces or more, since names may hold one."""
    found: list[Listed] = []
    for line in PEOPLE.strip().splitlines():
        org, user_id, rest = line.split(maxsplit=2)
        name, job, status = ([part.strip() for part in rest.split("  ") if part.strip()] + [""])[:3]
        found.append(Listed(org, user_id, name, job, status))
    return found


def people(today: date) -> list[UserEntry]:
    """Everybody as the directory takes them, with absences around `today`."""
    return [_entry(each, number, today) for number, each in enumerate(listed(), start=1)]


def _entry(each: Listed, number: int, today: date) -> UserEntry:
    code, note, first, last = ABSENCES.get(each.id, ("", "", 0, 0))
    return UserEntry(
        each.id,
        name=each.name,
        kind="admin" if each.id == "admin" else "user",
        org=each.org,
        job=each.job,
        # Numbers of this form are given to nobody.
        tel=f"010-0000-{number * 37 % 10_000:04}",
        nickname=each.status,
        absence_code=code,
        absence_note=note,
        absence_since=(today + timedelta(days=first)).isoformat() if code else "",
        absence_until=(today + timedelta(days=last)).isoformat() if code else "",
        source="demo",
    )
