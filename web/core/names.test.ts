// @vitest-environment node
import { expect, test } from "vitest";
import { fillPerson, fillView, type RoomView } from "./model";
import { roomName } from "./names";

const NAMES: Record<string, string> = { me: "나나나", a: "홍길동", b: "김철수", c: "이영희", d: "박민수" };
const personOf = (id: string) => (NAMES[id] ? fillPerson({ id, name: NAMES[id] }) : null);

function view(
  people: string[],
  extra: { kind?: "direct" | "group" | "self"; name?: string; own?: string; count?: number },
): RoomView {
  const counters = { seq: 0, version: 1, members_version: 1, read_version: 0 };
  return fillView({
    room: {
      id: "r",
      kind: extra.kind ?? "group",
      ...counters,
      member_count: extra.count ?? people.length,
      people,
      name: extra.name ?? null,
    },
    mine: { room: "r", floor: 0, epoch: 1, read_seq: 0, unread: 0, own_name: extra.own ?? null },
  });
}

test("My own name for a room wins over the master's, and that over the members'", () => {
  const people = ["me", "a", "b"];
  expect(roomName(view(people, { name: "모두", own: "나만" }), "me", personOf, "ko")).toBe("나만");
  expect(roomName(view(people, { name: "모두" }), "me", personOf, "ko")).toBe("모두");
  expect(roomName(view(people, {}), "me", personOf, "ko")).toBe("홍길동, 김철수");
});

test("A large room names three and counts the rest, whether I am among the first or not", () => {
  expect(roomName(view(["me", "a", "b", "c", "d"], { count: 9 }), "me", personOf, "ko")).toBe(
    "홍길동, 김철수, 이영희 외 5명",
  );
  expect(roomName(view(["a", "b", "c", "d"], { count: 9 }), "me", personOf, "en")).toBe(
    "홍길동, 김철수, 이영희 and 5 more",
  );
});

test("A room of two is the other's name, my own room mine, an emptied one says so", () => {
  expect(roomName(view(["me", "a"], { kind: "direct" }), "me", personOf, "ko")).toBe("홍길동");
  expect(roomName(view(["me"], { kind: "self" }), "me", personOf, "ko")).toBe("나나나");
  expect(roomName(view(["me"], {}), "me", personOf, "en")).toBe("Nobody else here");
  expect(roomName(view(["me", "zz"], { kind: "direct" }), "me", personOf, "ko")).toBe("");
});
