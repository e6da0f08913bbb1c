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

export function hold(needs: ElectionNeeds, candidate: Candidate, surroundings: Surroundings): Election {
  const byChannel = () => {
    const channel = surroundings.openChannel(`${candidate.name}.lead`);
    return channel ? new ChannelElection(needs, candidate, channel) : new NoElection(needs);
  };
  const { locks } = surroundings;
  return locks ? new LockElection(needs, candidate, locks, byChannel) : byChannel();
}

/** Nobody to ask: every tab leads itself, and the server gives the place to one of them. */
class NoElection implements Election {
  readonly #needs: ElectionNeeds;

  constructor(needs: ElectionNeeds) {
    this.#needs = needs;
  }

  start(): void {
    this.#needs.onLead();
  }

  stop(): void {}
  steal(): void {}
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

  constructor(
    needs: ElectionNeeds,
    candidate: Candidate,
    locks: LockManager,
    otherwise: () => Election = () => new NoElection(needs),
  ) {
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

/** How long others have to say that they lead, or have the better claim. A page that begins waits for it. */
const WORD_MS = 120;
/** How long the one with the better claim has to lead. */
const PATIENCE_MS = 600;

type Word =
  | { readonly say: "claim"; readonly standing: Standing; readonly since: number; readonly tab: string }
  | { readonly say: "lead"; readonly standing: Standing; readonly since: number; readonly tab: string }
  | { readonly say: "bye"; readonly tab: string };

type Phase = "off" | "claiming" | "waiting" | "following" | "leading";
type Claim = Extract<Word, { say: "claim" | "lead" }>;

/**
 * Claims the lead, has it where nobody objects, and gives way to a better claim. For a moment two tabs may lead: the
 * server parks one of them, and the tab that began to lead earlier steps down when it hears of the other.
 */
export class ChannelElection implements Election {
  readonly #needs: ElectionNeeds;
  readonly #candidate: Candidate;
  readonly #channel: Port;
  readonly #started = Date.now();
  #phase: Phase = "off";
  #leader: string | null = null;
  /** The newest moment at which a tab is known to have begun to lead. */
  #newest = 0;
  #ledSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(needs: ElectionNeeds, candidate: Candidate, channel: Port) {
    this.#needs = needs;
    this.#candidate = candidate;
    this.#channel = channel;
    channel.onmessage = (message) => this.#hear(message as Word);
  }

  start(): void {
    this.#claim();
  }

  stop(): void {
    if (this.#phase === "leading") this.#say({ say: "bye", tab: this.#candidate.tab });
    this.#turn("off", 0, null);
    this.#channel.close();
  }

  steal(): void {
    if (this.#phase !== "leading" && this.#phase !== "off") this.#lead();
  }

  #claim(): void {
    this.#leader = null;
    this.#turn("claiming", WORD_MS, () => this.#lead());
    this.#say(this.#word("claim", this.#started));
  }

  #lead(): void {
    this.#ledSince = Math.max(Date.now(), this.#newest + 1);
    this.#newest = this.#ledSince;
    this.#turn("leading", 0, null);
    this.#say(this.#word("lead", this.#ledSince));
    this.#needs.onLead();
  }

  #hear(word: Word): void {
    if (this.#phase === "off") return;
    if (word.say === "claim") this.#heardClaim(word);
    else if (word.say === "lead") this.#heardLead(word);
    else if (word.tab === this.#leader) this.#claim();
  }

  #answer(): void {
    if (this.#phase === "leading") this.#say(this.#word("lead", this.#ledSince));
    else if (this.#phase === "claiming") this.#say(this.#word("claim", this.#started));
  }

  #heardClaim(claim: Claim): void {
    if (this.#phase === "leading") this.#answer();
    else if (this.#phase === "claiming") {
      if (isBetter(claim, this.#word("claim", this.#started))) {
        this.#turn("waiting", PATIENCE_MS, () => this.#claim());
      } else this.#answer();
    }
  }

  #heardLead(other: Claim): void {
    this.#newest = Math.max(this.#newest, other.since);
    if (this.#phase !== "leading") this.#follow(other.tab);
    else if (leadsOver(other, this.#word("lead", this.#ledSince))) {
      this.#follow(other.tab);
      this.#needs.onLost();
    } else this.#answer();
  }

  #follow(tab: string): void {
    this.#leader = tab;
    this.#turn("following", 0, null);
  }

  #turn(phase: Phase, after: number, then: (() => void) | null): void {
    clearTimeout(this.#timer);
    this.#phase = phase;
    if (then) this.#timer = setTimeout(then, after);
  }

  #word(say: "claim" | "lead", since: number): Claim {
    const { tab, standing } = this.#candidate;
    return { say, standing, since, tab };
  }

  #say(word: Word): void {
    this.#channel.post(word);
  }
}

/** A window before a page in the background, the older before the younger. */
function isBetter(one: Claim, other: Claim): boolean {
  if (one.standing !== other.standing) return one.standing === "window";
  return one.since !== other.since ? one.since < other.since : one.tab < other.tab;
}

/** Of two that lead, the one that began later: the other was taken for dead, and others follow this one already. */
function leadsOver(one: Claim, other: Claim): boolean {
  if (one.standing !== other.standing) return one.standing === "window";
  return one.since !== other.since ? one.since > other.since : one.tab < other.tab;
}
