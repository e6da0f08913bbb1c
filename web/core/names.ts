/** What a room is called when nobody has named it. */
import type { Language } from "./contract";
import type { Person, RoomView } from "./model";

/** Names spelt out before "and … more". */
const SPELT_OUT = 3;

/** Mine, the master's, or made from the members. Empty as long as nobody's name is known. */
export function roomName(
  view: RoomView,
  me: string,
  personOf: (id: string) => Pick<Person, "name"> | null,
  language: Language,
): string {
  const { room, mine } = view;
  const given = mine.own_name ?? room.name;
  if (given) return given;
  if (room.kind === "self") return personOf(me)?.name ?? "";
  const others = room.people.filter((id) => id !== me);
  if (others.length === 0) return language === "ko" ? "대화 상대가 없어요" : "Nobody else here";
  const names = others.slice(0, SPELT_OUT).map((id) => personOf(id)?.name ?? "");
  const known = names.filter((name) => name !== "");
  if (known.length === 0) return "";
  // I am a member too, whether I am among those listed or not.
  const more = room.member_count - 1 - known.length;
  const listed = known.join(", ");
  if (room.kind === "direct" || room.kind === "item" || more <= 0) return listed;
  return language === "ko" ? `${listed} 외 ${more}명` : `${listed} and ${more} more`;
}
