"""What the command line asks of the accounts."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from sendjay.accounts.model import NewAccount
from sendjay.accounts.service import AccountsService
from sendjay.control import Arguments, Handler


class ResetPassword(Struct, forbid_unknown_fields=True):
    login: str
    password: str


class SetDisabled(Struct, forbid_unknown_fields=True):
    login: str
    disabled: bool


class NewToken(Struct, forbid_unknown_fields=True):
    name: str
    scopes: list[str]


class EndToken(Struct, forbid_unknown_fields=True):
    id: str


def handlers(accounts: AccountsService) -> Mapping[str, Handler]:
    async def add(arguments: Arguments) -> str:
        return (await accounts.register.add(msgspec.convert(arguments, NewAccount))).user_id

    async def reset_password(arguments: Arguments) -> None:
        asked = msgspec.convert(arguments, ResetPassword)
        await accounts.register.reset_password(asked.login, asked.password)

    async def set_disabled(arguments: Arguments) -> None:
        asked = msgspec.convert(arguments, SetDisabled)
        await accounts.register.set_disabled(asked.login, asked.disabled)

    async def everybody(_arguments: Arguments) -> object:
        return msgspec.to_builtins(await accounts.register.all())

    async def add_token(arguments: Arguments) -> str:
        asked = msgspec.convert(arguments, NewToken)
        return await accounts.integrations.add(asked.name, asked.scopes)

    async def end_token(arguments: Arguments) -> None:
        await accounts.integrations.end(msgspec.convert(arguments, EndToken).id)

    async def all_tokens(_arguments: Arguments) -> object:
        return msgspec.to_builtins(await accounts.integrations.all())

    return {
        "token.add": add_token,
        "token.end": end_token,
        "token.list": all_tokens,
        "user.add": add,
        "user.passwd": reset_password,
        "user.disable": set_disabled,
        "user.list": everybody,
    }
