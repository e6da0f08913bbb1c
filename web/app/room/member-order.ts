import type { Member } from "../../core";

/** Me first, then the master, then by the time people joined. */
export function memberOrder(members: readonly Member[], master: string | null, me: string): Member[] {
  const rank = ({ user }: Member) => (user === me ? 0 : user === master ? 1 : 2);
  return members.toSorted((one, other) => rank(one) - rank(other));
}
