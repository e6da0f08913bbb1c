"""What is written comes back as it was, and what differs stays apart, on every database alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from sendjay.storage.database import Database
from sendjay.storage.failures import explain
from sendjay.storage.migrate import upgrade
from sendjay.storage.row_lists import InsertRows, UpdateRows
from sendjay.storage.tables import messages, metadata, requests, used_tickets, users
from tests.databases.choice import KINDS, chosen_database, fresh_url

TEXTS = {
    "hangul": "한글 메신저",
    "hangul, decomposed": "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "emoji": "😀👨‍👩‍👧‍👦🇰🇷",
    "beyond the first plane": "𠮷野家 𝒜",
    "blanks at the end": "here  ",
    "a tab and a new line": "one\ttwo\nthree",
    "quotes and slashes": "'\" \\ \\' %s %% :name ? {values}",
    "likes": "100% _ [a]",
}
ALIKE = {
    "case": ("Kim", "kim"),
    "accents": ("café", "cafe"),
    "a blank at the end": ("kim", "kim "),
    "the form of hangul": ("한", "\u1112\u1161\u11ab"),
    "the width of letters": ("kim", "\uff4bim"),
    "an emoji": ("😀", "😁"),
}


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with chosen_database(request.param):
        folder: Path = tmp_path_factory.mktemp("texts")
        database = Database(fresh_url() or f"sqlite:///{folder / 'texts.db'}")
        upgrade(database)
        yield database
        database.close()


def put(database: Database, *ids: str) -> None:
    with database.writing_engine.connect() as connection, connection.begin():
        connection.execute(sa.delete(used_tickets))
        rows = [{"ticket_id": each, "expires_at": number} for number, each in enumerate(ids)]
        connection.execute(sa.insert(used_tickets), rows)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_comes_back_as_it_was(database: Database, text: str) -> None:
    put(database, text)
    assert database.read_now(lambda connection: connection.execute(sa.select(used_tickets)).all()) == [
        (text, 0)
    ]


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
def test_ids_that_look_alike_are_two(database: Database, pair: tuple[str, str]) -> None:
    put(database, *pair)
    for number, each in enumerate(pair):
        query = sa.select(used_tickets.c.expires_at).where(used_tickets.c.ticket_id == each)
        found = database.read_now(lambda connection, query=query: connection.execute(query).scalars().all())
        assert found == [number]


def test_texts_are_sorted_byte_by_byte(database: Database) -> None:
    texts = ["Z", "a", "가", "나", "é", "a ", "\u1100\u1161", "😀", "\uff21"]
    put(database, *texts)
    query = sa.select(used_tickets.c.ticket_id).order_by(used_tickets.c.ticket_id)
    found = database.read_now(lambda connection: connection.execute(query).scalars().all())
    assert found == sorted(texts, key=str.encode)


def test_what_is_too_long_is_refused_and_not_cut(database: Database) -> None:
    if database.is_sqlite:
        # Which keeps it whole.
        put(database, "x" * 100)
        return
    with pytest.raises(sa.exc.DataError) as failure:
        put(database, "x" * 65)
    assert str(explain(failure.value).code) == "invalid"


def test_every_text_of_every_table_is_of_that_kind(database: Database) -> None:
    wanted = {"postgresql": {"C"}, "mysql": {"utf8mb4_nopad_bin", "utf8mb4_0900_bin"}}
    if database.is_sqlite:
        return
    query = sa.text(
        "SELECT table_name, collation_name FROM information_schema.columns"
        " WHERE data_type IN ('character varying', 'varchar', 'text', 'mediumtext')"
        " AND table_schema IN ('public', :name)"
    ).bindparams(name=database.url.database)
    rows = database.read_now(lambda connection: connection.execute(query).all())
    ours = [(table, collation) for table, collation in rows if table in metadata.tables]
    assert len(ours) > len(users.columns) / 2
    assert {collation for _, collation in ours} <= wanted[database.dialect.name]


def test_lists_of_rows_keep_numbers_bytes_and_what_is_not_there(database: Database) -> None:
    columns = ("room_id", "seq", "version", "sender_id", "body", "notice", "client_id")
    rows = [
        ("r", n, 2**53 - n, "me", text, None if n % 2 else text, None)
        for n, text in enumerate(TEXTS.values())
    ]
    keys = [("c", f"me{n}", "r", bytes([n, 0, 255, 39, 92] * 3)) for n in range(130)]
    with database.writing_engine.connect() as connection, connection.begin():
        InsertRows(messages, columns).run(connection, rows)
        InsertRows(requests, ("client_id", "user_id", "room_id", "digest")).run(connection, keys)
        UpdateRows(messages, ("room_id", "seq"), ("body",)).run(connection, [("r", 0, "%s {} moved")])
    found = database.read_now(
        lambda connection: connection.execute(
            sa.select(*(messages.c[name] for name in columns)).order_by(messages.c.seq)
        ).all()
    )
    assert [tuple(row) for row in found] == [(*rows[0][:4], "%s {} moved", *rows[0][5:]), *rows[1:]]
    query = sa.select(requests.c.client_id, requests.c.user_id, requests.c.room_id, requests.c.digest)
    assert set(database.read_now(lambda connection: map(tuple, connection.execute(query).all()))) == set(keys)
