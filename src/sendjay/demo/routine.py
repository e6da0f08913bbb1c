"""Talk that comes every day in the same words: morning plans of a project, hourly figures of a factory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from sendjay.demo.talk import Said, pause, working_day

_TASKS = {
    "sangwoo": "[가공] {n}호기 {task}: 수평 재확인, 스핀들 점검, 절삭유 배관 연결, 시가공, 공구 세팅",
    "insook": "[조립] {task} {n}건: 치공구 제작 의뢰, 작업 표준서 개정, 교육 자료 검토, 토크 값 검증",
    "jongho": "[구매] 발주 {n}건, {task}: 납기 회신 대기 2건, 단가 협의 중, 업체 실사 준비, 이상 없음",
    "cheolmin": "[물류] {task}, 미결 {n}건: 컨테이너 예약 확인, 통관 서류 점검, 운임 비교, 창고 확보",
    "hyunwoo": "[품질] {task} {n}건: 측정 시스템 분석, 검사 기준서 검토, 공정 능력 분석, 부적합 대책서",
    "haneul": "[하노이] {task}, 현지 인원 {n}명: 전기 공사, 채용 면접, 바닥 양생, 소방 점검, 배관 연결",
}
"""A line and what may stand in it, parted by the colon."""
_SEEN = (
    "확인했습니다",
    "넵 확인했습니다",
    "감사합니다. 그대로 진행할게요",
    "공유 감사합니다 🙂",
    "네 오늘도 잘 부탁드립니다",
)
_CLOSING = ("오늘도 수고했습니다", "다들 고생했어요. 들어가세요", "내일도 안전하게 갑시다", "수고했어요")

_HOURS = range(8, 19)
_REASONS = (
    "특이사항 없음",
    "특이사항 없음",
    "특이사항 없음",
    "공구 교환 10분",
    "자재 대기 15분",
    "절삭유 보충",
    "금형 청소 20분",
)


def project_days(now: datetime, days: int) -> Iterator[Said]:
    """The daily round of a project: plans before nine, a closing line after six."""
    random = Random("project")
    for number in range(days, 0, -1):
        day = _at(now, number, 8, 22)
        for who in random.sample(list(_TASKS), len(_TASKS)):
            pattern, _, tasks = _TASKS[who].partition(": ")
            text = pattern.format(n=random.randint(1, 6), task=random.choice(tasks.split(", ")))
            day += pause(random, text)
            yield Said(day, who, text)
        yield Said(day + timedelta(minutes=3), "minji", random.choice(_SEEN))
        came, missing = random.randint(4, 19), random.randint(0, 3)
        noon = _at(now, number, 13, random.randrange(20, 50))
        yield Said(noon, "jongho", f"[자재] 오전 입고 {came}건, 미입고 {missing}건입니다")
        evening = _at(now, number, 18, random.randrange(12, 40))
        free = 412 + days - number
        yield Said(evening, "kihoon", f"오늘 안전사고 0건, 무재해 {free}일째입니다")
        yield Said(evening + timedelta(minutes=2), "youngsoo", random.choice(_CLOSING))


def factory_hours(now: datetime, count: int) -> list[Said]:
    """The last `count` lines of a factory that reports every hour of every working day."""
    random = Random("factory")
    found: list[Said] = []
    number = 1
    while len(found) < count:
        found[:0] = [
            said for hour in _HOURS for said in _factory_hour(_at(now, number, hour, 1), hour, random)
        ]
        number += 1
    return found[-count:]


def _factory_hour(at: datetime, hour: int, random: Random) -> Iterator[Said]:
    for who, line, plan in (("kihoon", "1라인", 120), ("deokhwa", "가공", 84), ("suji", "조립", 96)):
        made = min(plan, round(random.gauss(plan * 0.985, 3)))
        rate = f"{made / plan:.1%}"
        spoilt = random.choices((0, 1, 2, 3), (70, 20, 8, 2))[0]
        at += timedelta(seconds=random.uniform(15, 100))
        reason = random.choice(_REASONS)
        yield Said(at, who, f"{line} {hour:02}시 계획 {plan} 실적 {made} ({rate}) 불량 {spoilt}, {reason}")
        if spoilt == 3:
            at += timedelta(seconds=random.uniform(20, 90))
            yield Said(at, "sangwoo", "불량 3건은 사진 올려 주세요. 바로 내려가겠습니다")
    passed = random.choices(("5/5 합격", "4/5 합격, 1개 재측정 중입니다"), (95, 5))[0]
    at += timedelta(seconds=random.uniform(60, 400))
    yield Said(at, "hoang", f"{hour:02}시 샘플 {passed}")
    if hour == _HOURS[-1]:
        at += timedelta(minutes=random.uniform(1, 5))
        yield Said(at, "youngsoo", random.choice(_CLOSING))


def _at(now: datetime, days: int, hour: int, minute: int) -> datetime:
    day = working_day(now.date(), days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=now.tzinfo)
