"""What the reference says before its lists."""

INTRODUCTION = """\
# The wire protocol

<!-- Made by `sendjay protocol` from src/sendjay/protocol. Do not edit: change it there. -->

Clients and server talk in JSON text frames over one WebSocket at `/ws`. This page, the [JSON
Schema](protocol/schema.json), the [AsyncAPI description](protocol/asyncapi.json) and the TypeScript types
in `web/protocol/wire.gen.ts` are made from the same Structs in `src/sendjay/protocol`, so none of them can
disagree. REST mirrors the commands with the same shapes; a running server shows it at `/api/docs`.

## Frames

| who | frame | shape |
|---|---|---|
| client | command | `{"id": 7, "cmd": "message.send", …}` |
| server | answer | `{"re": 7, "ok": {…}}` |
| server | refusal | `{"re": 7, "error": {"code": "not_found", "message": "…"}}` |
| server | event | `{"ev": "message.new", …}` |

- The first frame is `hello`, within 10 s; without a `token` the page's cookie is used. A token never stands
  in an address.
- `id` is the client's own number. Every command is answered exactly once, with the same number in `re`.
  Answers to different commands may come in another order than the commands; events come in the order in
  which they were committed.
- In commands unknown fields are refused, so that a misspelt option is never quietly ignored. In what the
  server sends unknown fields and events are to be passed over: that is how the protocol grows without
  breaking clients.
- An absent field has its default, named below. Times are milliseconds since 1970 UTC by the database's
  clock.
- The server sends `tick` every 25 s; answer with the command `tick` before the next one.
- A frame has 256 KB at most. Commands and errors are limited in rate (`rate_limited` says how long to
  wait).

## Where no WebSocket passes

Some networks let only plain HTTP through. There the same frames travel so:

- `POST /stream` with the `hello` as its body (`Content-Type: application/json`; the token in it, in
  `Authorization: Bearer`, or the page's cookie) is answered with a `text/event-stream` that stays open: first
  `event: open` with `{"connection": "…"}`, then each frame as `data: …`. When the server closes, the last is
  `event: close` with `{"code": 4001, "reason": "…"}`. A stream that ends without it broke.
- `POST /stream/<connection>` brings commands, one JSON object a line (`application/x-ndjson` or
  `application/json`; a megabyte at most), and is answered 204 at once; their answers come on the stream. It
  carries a token of the same session, or the cookie: the connection's name alone opens nothing. 404: the
  connection has ended. 401: renew the token. Send the next request when the last one is answered, lest
  commands overtake each other.
- `POST /stream/<connection>/close`, with no body, is the clean end; who just goes away is taken for lost.

## Versions

Each room has three counters, raised in the transaction of the change itself:

- `seq`: a message's position in the timeline, 1..N. With the room's id it is the message's identity.
- `version`: raised by every change of the room (a message, a membership, the name). Every row carries the
  version at which it last changed. An event that carries `version` raises it by exactly one.
- `read_version`: raised when a read cursor moves. Cursors on their way to a client may be put together, so
  `read.moved` may raise it by more than one. It names the version up to which nothing is missing, which may
  be lower than that of its cursors. A cursor never goes back: apply each that is higher than the one held,
  whatever the version, and hold the highest version named.

What is mine alone (my cursor, mute, my name for a room) has one version for all rooms, `personal`.

A client that holds version *n* of a room

1. applies an event of version *n + 1*;
2. passes over an event of version *n* or less: it knows that already;
3. on anything higher has a hole: it sends `sync` with what it holds, and applies the answer.

`sync` answers everything that changed above the versions named. `limited` in a room's delta says that this
would be too much (300 rows a room, 2,000 in all): drop what you hold of the room and fetch its head with
`message.history`. Two things make a client drop more: rows at or below my `floor` are not mine to see, and
another `epoch` means that I left and came back in between. All this needs no memory on the server: any node
answers, after any time.

## Sending twice without saying it twice

`message.send`, `room.create` and `room.invite` carry a `client_id`, which the client makes up (a random
UUID) and keeps until it has the answer. Sent again, the same `client_id` gives the same answer and no
second message, on any node, for as long as the message lives. With another room or text it is refused:
`key_reused`.
"""

CLOSES = """\
The code of a closed connection says what to do next. Every code that is not listed: try again with backoff.
"""
