"""The SQL of orgs, people and photos."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from sendjay.directory import hangul
from sendjay.directory.model import SEARCH_LIMIT, OrgRow
from sendjay.storage.tables import orgs, photos, users
from sendjay.storage.transaction import Transaction

_CHUNK = 500
"""Ids in one statement; some databases bind at most 999 values."""
CANDIDATES = 2000
"""Rows looked at one by one where the database alone cannot tell whether a name matches."""

PERSON = sa.select(
    users.c.user_id, users.c.name, users.c.org_code, users.c.org_name, users.c.top_org_code,
    users.c.top_org_name, users.c.job, users.c.tel, users.c.nickname, users.c.absence_code,
    users.c.absence_note, users.c.absence_since, users.c.absence_until,
    users.c.photo_version, users.c.disabled,
)  # fmt: skip
_LISTED = sa.and_(users.c.disabled == 0, users.c.kind != "integration")
"""Whom colleagues look for: machines and people who have left are not among them."""

Row = Any
"""A row, whose columns are those of its query."""


def _chunks(ids: Collection[str]) -> Iterable[list[str]]:
    distinct = list(dict.fromkeys(ids))
    return (distinct[start : start + _CHUNK] for start in range(0, len(distinct), _CHUNK))


def existing(connection: sa.Connection, ids: Collection[str]) -> set[str]:
    found: set[str] = set()
    for chunk in _chunks(ids):
        query = sa.select(users.c.user_id).where(users.c.user_id.in_(chunk), users.c.disabled == 0)
        found.update(connection.execute(query).scalars())
    return found


def people(connection: sa.Connection, ids: Collection[str]) -> list[Row]:
    return [
        row
        for chunk in _chunks(ids)
        for row in connection.execute(PERSON.where(users.c.user_id.in_(chunk)))
    ]  # fmt: skip


def people_of_org(connection: sa.Connection, code: str, limit: int) -> list[Row]:
    query = (
        PERSON.where(_LISTED, users.c.org_code == code).order_by(users.c.name, users.c.user_id).limit(limit)
    )
    return list(connection.execute(query))


def head_counts(connection: sa.Connection) -> dict[str, int]:
    query = sa.select(users.c.org_code, sa.func.count()).where(_LISTED).group_by(users.c.org_code)
    return {row[0]: row[1] for row in connection.execute(query)}


def org_of(connection: sa.Connection, user_id: str) -> str:
    return connection.execute(sa.select(users.c.org_code).where(users.c.user_id == user_id)).scalar() or ""


def search(
    connection: sa.Connection, words: Sequence[str], my_org: str, among: Collection[str] | None = None
) -> list[Row]:
    """People of whom every word is true, best first. Words are folded, their consonants as initials.
    `among`: only those of these ids.
    """
    first = words[0]
    name_begins = sa.or_(
        users.c.search_key.startswith(first, autoescape=True),
        users.c.initials.startswith(first, autoescape=True),
    )
    rank = (
        sa.case((name_begins, 0), else_=1),
        sa.case((users.c.org_code == my_org, 0), else_=1),
        users.c.name,
        users.c.user_id,
    )
    mixed = any(hangul.is_mixed(word) for word in words)
    query = PERSON.add_columns(users.c.search_key, users.c.tel_digits)
    query = query.where(_LISTED, *(_word(word) for word in words))
    if among is not None:
        query = query.where(users.c.user_id.in_(among))
    rows = connection.execute(query.order_by(*rank).limit(CANDIDATES if mixed else SEARCH_LIMIT))
    if not mixed:
        return list(rows)
    return [row for row in rows if all(_is_true_of(row, word) for word in words)][:SEARCH_LIMIT]


def _word(word: str) -> sa.ColumnElement[bool]:
    ways = [users.c.search_key.contains(word, autoescape=True)]
    digits = _digits(word)
    if digits:
        ways.append(users.c.tel_digits.contains(digits))
    if hangul.has_initials(word):
        ways.append(users.c.initials.contains("".join(map(hangul.initial, word)), autoescape=True))
    return sa.or_(*ways)


def _is_true_of(row: Row, word: str) -> bool:
    digits = _digits(word)
    return (
        word in row.search_key
        or (digits and digits in row.tel_digits)
        or (hangul.has_initials(word) and hangul.matches(row.name, word))
    )


def _digits(word: str) -> str:
    """The digits of what looks like (part of) a phone number; empty for anything else."""
    digits = "".join(character for character in word if character in "0123456789")
    return digits if len(digits) >= 3 and all(character in "0123456789-+()." for character in word) else ""


def all_orgs(connection: sa.Connection) -> list[OrgRow]:
    """In display order."""
    query = sa.select(orgs.c.code, orgs.c.name, orgs.c.depth, orgs.c.in_use).order_by(
        orgs.c.position, orgs.c.code
    )
    return [OrgRow(*row) for row in connection.execute(query)]


def orgs_by_code(tx: Transaction, codes: Collection[str]) -> dict[str, dict[str, Any]]:
    query = sa.select(orgs)
    return {
        row["code"]: dict(row)
        for chunk in _chunks(codes)
        for row in tx.connection.execute(query.where(orgs.c.code.in_(chunk))).mappings()
    }


def insert_orgs(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.run(sa.insert(orgs), rows)


def update_org(tx: Transaction, code: str, changes: dict[str, Any]) -> None:
    tx.run(sa.update(orgs).where(orgs.c.code == code).values(changes))


def users_by_id(tx: Transaction, ids: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
    """Whole rows, locked; everybody's when no ids are given."""
    query = sa.select(users).order_by(users.c.user_id).with_for_update()
    parts = [query] if ids is None else [query.where(users.c.user_id.in_(chunk)) for chunk in _chunks(ids)]
    return {row["user_id"]: dict(row) for part in parts for row in tx.connection.execute(part).mappings()}


def login_owners(tx: Transaction, keys: Collection[str]) -> dict[str, str]:
    """Whose these login keys are: login_key -> user_id."""
    query = sa.select(users.c.login_key, users.c.user_id)
    return {
        row.login_key: row.user_id
        for chunk in _chunks(keys)
        for row in tx.connection.execute(query.where(users.c.login_key.in_(chunk)))
    }


def insert_users(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.run(sa.insert(users), rows)


def update_user(tx: Transaction, user_id: str, changes: dict[str, Any]) -> None:
    tx.run(sa.update(users).where(users.c.user_id == user_id).values(changes))


def user(connection: sa.Connection, user_id: str) -> dict[str, Any] | None:
    row = connection.execute(sa.select(users).where(users.c.user_id == user_id)).mappings().first()
    return dict(row) if row else None


def put_photo(tx: Transaction, user_id: str, image: bytes, media_type: str, version: str) -> None:
    tx.run(sa.delete(photos).where(photos.c.user_id == user_id))
    tx.run(sa.insert(photos).values(user_id=user_id, image=image, media_type=media_type, version=version))
    update_user(tx, user_id, {"photo_version": version, "changed_at": tx.now})


def drop_photo(tx: Transaction, user_id: str) -> None:
    tx.run(sa.delete(photos).where(photos.c.user_id == user_id))
    update_user(tx, user_id, {"photo_version": "", "changed_at": tx.now})


def photo(connection: sa.Connection, user_id: str) -> Row | None:
    query = sa.select(photos.c.image, photos.c.media_type, photos.c.version).where(
        photos.c.user_id == user_id
    )
    return connection.execute(query).first()
