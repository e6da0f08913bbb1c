"""`sendjay directory import`: CSV and JSON files, as people and spreadsheets write them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sendjay.directory.files import DirectoryFile, read
from sendjay.protocol.errors import Refused
from tests.nursery import run_program

ORGS = "code,name,position,depth,in_use\nHQ,한빛,1,1,Y\nDEV,개발팀,2,2,\n\nOLD,옛팀,3,2,N\n"
PEOPLE = "id,name,org,tel,sound_off,disabled\nhong,홍길동,DEV,010-1,Y,\nkim,김민수,HQ,,,no\n"
REFERENCE = (
    "USER_ID,USER_NM,ORG_CD,ORG_NM,NICK_NM,TEL_NO,NOTI_OFF,TM_FR,TM_TO\n"
    "hong,홍길동,DEV,개발팀,출장,010-1,Y,0900,1800\n"
)


def csv(text: str, encoding: str = "utf-8") -> DirectoryFile:
    return read(text.encode(encoding), is_json=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_orgs_and_people_are_told_apart_by_their_columns(encoding: str) -> None:
    assert [(org.code, org.depth, org.in_use) for org in csv(ORGS, encoding).orgs] == [
        ("HQ", 1, True),
        ("DEV", 2, True),
        ("OLD", 2, False),
    ]
    hong, kim = csv(PEOPLE, encoding).users
    assert (hong.name, hong.sound_off) == ("홍길동", True)
    assert kim.disabled is False


def test_the_references_column_names_are_understood() -> None:
    (hong,) = csv(REFERENCE).users
    assert (hong.org_name, hong.nickname, hong.notify_off, hong.notify_to) == ("개발팀", "출장", True, "1800")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line"),
        ("name,age\nx,1\n", "first line"),
        ("id,name,salary\nhong,홍길동,1\n", "Line 2"),
        ("id,name\nhong,홍길동\na b,나\n", "Entry 2"),
        ("code,name,position,depth\nHQ,한빛,1,deep\n", "Line 2"),
        ("code,name\nHQ,한빛\n", "Line 2"),
        ("id,name,disabled\nhong,홍길동,maybe\n", "Line 2"),
        ('id,name\n"hong,x\n', "Line"),
    ],
)
def test_a_file_that_cannot_be_says_where(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        csv(text)
    assert said in refused.value.message


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"{", b"[" * 100_000, b'{"users": [{"id": 1}]}', b'{"people": []}']
)
def test_a_broken_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read(content, is_json=True)


def test_a_file_goes_in_whole_and_again_changes_nothing(tmp_path: Path) -> None:
    everybody = [{"id": f"u{n}", "name": f"사람 {n}", "org": "DEV"} for n in range(450)]
    orgs = [
        {"code": "HQ", "name": "한빛", "position": "1", "depth": 1},
        {"code": "DEV", "name": "개발", "position": "2", "depth": 2},
    ]
    file = tmp_path / "company.json"
    file.write_text(json.dumps({"orgs": orgs, "users": everybody}))

    def sendjay(*words: str) -> str:
        data = tmp_path / "data"
        done = run_program("directory", *words, "--data-dir", data, env=os.environ, cwd=tmp_path)
        done.check_returncode()
        return done.stdout

    said = sendjay("import", str(file))
    assert "Orgs: 2 added, 0 changed, 0 unchanged." in said
    assert "People: 450 added, 0 changed, 0 unchanged." in said
    assert "People: 0 added, 0 changed, 450 unchanged." in sendjay("import", str(file))
    assert sendjay("show").splitlines() == ["  한빛 [HQ] 0", "    개발 [DEV] 450"]
