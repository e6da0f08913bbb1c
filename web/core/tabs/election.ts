/** Which tab of an origin leads: by a Web Lock, which the browser takes back from a tab that dies; else by asking around. */
import type { Standing } from "../place";
import type { Port, Surroundings } from "./surroundings";

export interface ElectionNeeds {
  onLead(): void;
  /** Another tab leads now. This one stands for election again by itself. */
  onLost(): void;
}

export interface Election {
  start(): void;
  /** Lets go of the lead at once, if this tab has it. */
  stop(): void;
  /** Takes the lead from a tab that does not answer, or that has to make way. */
  steal(): void;
}

export interface Candidate {
  readonly name: string;
  readonly tab: string;
  readonly standing: Standing;
}

/** An election without locks. Apart, so that who loads little fetches it only where it is needed. */
export type ElectByChannel = (needs: ElectionNeeds, candidate: Candidate, channel: Port) => Election;

export function hold(
  needs: ElectionNeeds,
  candidate: Candidate,
  surroundings: Surroundings,
  electByChannel: ElectByChannel,
): Election {
  const byChannel = () => {
    const channel = surroundings.openChannel(`${candidate.name}.lead`);
    return channel ? electByChannel(needs, candidate, channel) : aloneElection(needs);
  };
  const { locks } = surroundings;
  return locks ? new LockElection(needs, candidate, locks, byChannel) : byChannel();
}

/** Nobody to ask: every tab leads itself, and the server gives the place to one of them. */
function aloneElection(needs: ElectionNeeds): Election {
  return { start: () => needs.onLead(), stop() {}, steal() {} };
}

export class LockElection implements Election {
  readonly #needs: ElectionNeeds;
  readonly #candidate: Candidate;
  readonly #locks: LockManager;
  readonly #otherwise: () => Election;
  /** Where locks exist and are refused (sandboxed frames). */
  #instead: Election | null = null;
  #waiting: AbortController | null = null;
  #release: (() => void) | null = null;
  #round = 0;

  constructor(needs: ElectionNeeds, candidate: Candidate, locks: LockManager, otherwise: () => Election) {
    this.#needs = needs;
    this.#candidate = candidate;
    this.#locks = locks;
    this.#otherwise = otherwise;
  }

  start(): void {
    void this.#queue(false);
  }

  stop(): void {
    this.#round += 1;
    this.#instead?.stop();
    this.#instead = null;
    this.#waiting?.abort();
    this.#waiting = null;
    this.#release?.();
    this.#release = null;
  }

  steal(): void {
    if (this.#instead) this.#instead.steal();
    else if (!this.#release && this.#waiting) {
      this.#waiting.abort();
      void this.#queue(true);
    }
  }

  async #queue(steal: boolean): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    const waiting = new AbortController();
    this.#waiting = waiting;
    try {
      const options = steal ? { steal } : { signal: waiting.signal };
      await this.#locks.request(this.#candidate.name, options, () => this.#granted(round));
    } catch (error) {
      if (round === this.#round) this.#refused(error);
    }
  }

  #granted(round: number): Promise<void> | undefined {
    if (round !== this.#round) return undefined;
    const held = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#needs.onLead();
    return held;
  }

  #refused(error: unknown): void {
    if (this.#release) {
      // Stolen: the promise of a lock that is taken away is rejected.
      this.#release = null;
      this.#needs.onLost();
      if (this.#waiting) void this.#queue(false);
    } else if ((error as DOMException | null)?.name !== "AbortError") {
      this.#instead = this.#otherwise();
      this.#instead.start();
    }
  }
}
