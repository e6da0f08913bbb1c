/** What a person does to a room that need not wait for them: done at once, or by itself when there is a connection again. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Carried, Done, ErrandRefusal } from "./contract";
import { WireError } from "./errors";
import type { Line } from "./line";
import type { OpenRoom } from "./open-room";
import type { Errand } from "./outbox";
import type { Own } from "./own";
import { randomId, type Unsent } from "./storage";
import type { Store } from "./store";
import type { Updates } from "./updates";

export interface ErrandsNeeds {
  connection: Line;
  store: Store;
  updates(): Updates;
  openRoom(): OpenRoom;
  own(): Own | null;
}

export class Errands {
  readonly #needs: ErrandsNeeds;
  readonly #refused = signal<ErrandRefusal | null>(null);

  constructor(needs: ErrandsNeeds) {
    this.#needs = needs;
  }

  get refused(): ReadonlySignal<ErrandRefusal | null> {
    return this.#refused;
  }

  invite(room: string, people: readonly string[]): Promise<Done> {
    return this.#run({ clientId: randomId(), kind: "invite", room, people: [...people] });
  }

  leave(room: string): Promise<Done> {
    return this.#run({ clientId: randomId(), kind: "leave", room, people: [] });
  }

  /** Resolves with the version at which the room has it. */
  async carryOut(unsent: Errand & Pick<Unsent, "body">): Promise<number> {
    const { clientId: client_id, room } = unsent;
    const { connection } = this.#needs;
    if (unsent.kind === "talk") {
      const talk = { room, client_id, ...saidBy(unsent) };
      return (await connection.request("message.send", talk)).version;
    }
    if (unsent.kind === "invite") await this.#invite(client_id, room, unsent.people);
    else await this.#leave(room);
    return 0;
  }

  onRefused({ kind, room, people }: Unsent, code: string): void {
    if (kind !== "talk") this.#refused.value = { kind, room, people, code };
  }

  async #run(errand: Errand): Promise<Done> {
    const { connection, own } = this.#needs;
    const outbox = own()?.outbox;
    if (!outbox || (connection.isReady && !outbox.waits(errand.room))) {
      try {
        await this.carryOut({ ...errand, body: "" });
        return "done";
      } catch (error) {
        const isNetwork =
          error instanceof WireError && (error.code === "offline" || error.code === "timeout");
        if (!outbox || !isNetwork) throw error;
      }
    }
    // Under the same key: it may have been done, and only its answer lost.
    outbox.run(errand);
    return "waits";
  }

  async #invite(client_id: string, room: string, people: readonly string[]): Promise<void> {
    const { personal } = this.#needs.store;
    const answer = await this.#needs.connection.request("room.invite", {
      client_id,
      room,
      people: [...people],
    });
    this.#needs.updates().answered(answer.room, personal);
  }

  async #leave(room: string): Promise<void> {
    try {
      await this.#needs.connection.request("room.leave", { room });
    } catch (error) {
      // Not in it: left before, by this very errand or elsewhere.
      if (!(error instanceof WireError) || error.code !== "not_found") throw error;
    }
    this.#needs.openRoom().close(room);
    this.#needs.updates().gone(room);
  }
}

/** A talk as the server is told of it. */
function saidBy({ body, replyTo, mentions, files, forward }: Carried & Pick<Unsent, "body">) {
  if (forward) return { forward: { ...forward } };
  return {
    body,
    ...(replyTo && { reply_to: replyTo }),
    ...(mentions && { mentions: [...mentions] }),
    ...(files && { files: files.map((file) => file.id) }),
  };
}
