"""Writing orgs and people as they are delivered: added where new, changed where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sendjay.directory import entries, model, store
from sendjay.directory.entries import OrgEntry, UserEntry, Written
from sendjay.directory.model import OrgRow
from sendjay.protocol.errors import Code, Refused
from sendjay.storage.tables import users
from sendjay.storage.transaction import Transaction

UserHook = Callable[[Transaction, Sequence[str]], None]
"""What else has to happen to these people within the same transaction."""

_EMPTY_USER: dict[str, Any] = {
    column.name: 0 if column.type.python_type is int else "" for column in users.columns
} | {"kind": "user"}


class Import:
    """One transaction's changes to the directory. `by`: who changed it."""

    def __init__(self, tx: Transaction, by: str, when_disabled: Sequence[UserHook]) -> None:
        self._tx = tx
        self._by = by
        self._when_disabled = when_disabled

    def orgs(self, orgs: Sequence[OrgEntry]) -> Written:
        wanted = {entry.code: entries.org_columns(entry) for entry in orgs}
        held = store.orgs_by_code(self._tx, wanted)
        new = [{**row, "changed_at": self._tx.now} for code, row in wanted.items() if code not in held]
        changed = [
            code
            for code, row in held.items()
            if any(row[name] != wanted[code][name] for name in wanted[code])
        ]
        store.insert_orgs(self._tx, new)
        for code in changed:
            store.update_org(self._tx, code, {**wanted[code], "changed_at": self._tx.now})
        if new or changed:
            self._follow_orgs()
        return Written(len(new), len(changed), len(wanted) - len(new) - len(changed))

    def users(self, people: Sequence[UserEntry]) -> Written:
        wanted = {entry.id: entries.user_columns(entry) for entry in people}
        held = store.users_by_id(self._tx, wanted)
        places = _Places(store.all_orgs(self._tx.connection))
        new: list[dict[str, Any]] = []
        changed: list[str] = []
        disabled: list[str] = []
        after = {user_id: self._row(given, held.get(user_id), places) for user_id, given in wanted.items()}
        self._check_logins(after, held)
        for user_id, row in after.items():
            before = held.get(user_id)
            if before is None:
                new.append(row | {"created_at": self._tx.now, "created_by": self._by})
            elif row != before:
                changed.append(user_id)
                store.update_user(
                    self._tx, user_id, row | {"changed_at": self._tx.now, "changed_by": self._by}
                )
                if row["disabled"] and not before["disabled"]:
                    disabled.append(user_id)
        store.insert_users(self._tx, new)
        for hook in self._when_disabled if disabled else ():
            hook(self._tx, disabled)
        return Written(len(new), len(changed), len(wanted) - len(new) - len(changed))

    def _row(self, given: dict[str, Any], before: dict[str, Any] | None, places: _Places) -> dict[str, Any]:
        if before is None and not given.get("name"):
            raise Refused(Code.INVALID, f"{given['user_id']} needs a name.")
        row = (before or _EMPTY_USER) | given
        if before is None and "login_key" not in given:
            row["login_key"] = entries.login_key(row["user_id"])
        row |= places.of(row, given)
        return row | entries.derived(row)

    def _check_logins(self, after: dict[str, dict[str, Any]], held: dict[str, dict[str, Any]]) -> None:
        """Two people cannot sign in by the same id, whichever way it is spelt."""
        moved = {
            user_id: row["login_key"]
            for user_id, row in after.items()
            if user_id not in held or held[user_id]["login_key"] != row["login_key"]
        }
        owners = store.login_owners(self._tx, list(moved.values()))
        for user_id, key in moved.items():
            if owners.setdefault(key, user_id) != user_id:
                raise Refused(Code.CONFLICT, f"Somebody else signs in as {key!r} already.")

    def _follow_orgs(self) -> None:
        places = _Places(store.all_orgs(self._tx.connection))
        for user_id, row in store.users_by_id(self._tx).items():
            moved = places.of(row, {})
            if any(row[name] != value for name, value in moved.items()):
                store.update_user(self._tx, user_id, moved | entries.derived(row | moved))


_PLACE = ("org_name", "top_org_code", "top_org_name")


class _Places:
    """What the org tree says of somebody's place; what it does not know stays as it was delivered."""

    def __init__(self, rows: Sequence[OrgRow]) -> None:
        self._orgs = {row.code: row for row in rows}
        self._above = model.ancestors(rows)

    def of(self, row: dict[str, Any], given: dict[str, Any]) -> dict[str, str]:
        org = self._orgs.get(row["org_code"])
        if org is None:
            return {name: "" for name in _PLACE if "org_code" in given and name not in given}
        place = {"org_name": org.name}
        if "top_org_code" not in given:
            top = (*self._above[org.code], org)[0]
            place |= {"top_org_code": top.code, "top_org_name": top.name}
        elif not given.get("top_org_name"):
            named = self._orgs.get(given["top_org_code"])
            place["top_org_name"] = named.name if named else ""
        return place
