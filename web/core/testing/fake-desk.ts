/** What the fake server keeps of a person beside rooms: drafts and settings, each at a version of their stream. */
import type { Draft, MineChanged, MySettings, SyncAnswer } from "../wire";

type Change = (personal: number) => Pick<MineChanged, "drafts" | "settings">;

export class FakeDesk {
  readonly #drafts = new Map<string, Map<string, { text: string; personal: number }>>();
  readonly #settings = new Map<string, { settings: MySettings; personal: number }>();
  readonly #tell: (user: string, change: Change) => number;

  /** `tell` raises the person's version and lets their devices hear the change. */
  constructor(tell: (user: string, change: Change) => number) {
    this.#tell = tell;
  }

  /** The text that the server has of a room. */
  textOf(user: string, room: string): string {
    return this.#draftsOf(user).get(room)?.text ?? "";
  }

  draft(user: string, { room, text }: { room: string; text: string }): { personal: number } {
    const held = this.#draftsOf(user).get(room);
    if (text === (held?.text ?? "")) return { personal: held?.personal ?? 0 };
    const personal = this.#tell(user, (personal) => {
      this.#draftsOf(user).set(room, { text, personal });
      return { drafts: [{ room, text }] };
    });
    return { personal };
  }

  settings(user: string, settings: MySettings): void {
    this.#tell(user, (personal) => {
      this.#settings.set(user, { settings, personal });
      return { settings };
    });
  }

  since(user: string, version: number): Pick<SyncAnswer, "drafts" | "settings"> {
    const held = this.#settings.get(user);
    const drafts: Draft[] = [];
    for (const [room, { text, personal }] of this.#draftsOf(user)) {
      if (personal > version && (text !== "" || version > 0)) drafts.push({ room, text });
    }
    return { drafts, settings: held && held.personal > version ? held.settings : null };
  }

  #draftsOf(user: string): Map<string, { text: string; personal: number }> {
    const held = this.#drafts.get(user) ?? new Map();
    this.#drafts.set(user, held);
    return held;
  }
}
