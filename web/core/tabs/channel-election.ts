/** Which tab leads where there are no locks: they ask around. */
import type { Standing } from "../place";
import type { Candidate, ElectByChannel, Election, ElectionNeeds } from "./election";
import type { Port } from "./surroundings";

/** How long others have to say that they lead, or have the better claim. A page that begins waits for it. */
const WORD_MS = 120;
/** How long the one with the better claim has to lead. */
const PATIENCE_MS = 600;

interface Claim {
  readonly say: "claim" | "lead";
  readonly standing: Standing;
  readonly since: number;
  readonly tab: string;
}

/** A tab leads no more: it is gone, or follows another one. */
type Word = Claim | { readonly say: "bye"; readonly tab: string };

type Phase = "off" | "claiming" | "waiting" | "following" | "leading";

/**
 * Claims the lead, has it where nobody objects, and gives way to a better claim. For a moment two tabs may lead: the
 * server parks one of them, and the tab that began to lead earlier steps down when it hears of the other. A word of an
 * older lead than the newest one known changes nothing, for whoever said it may have stepped down since.
 */
class ChannelElection implements Election {
  readonly #needs: ElectionNeeds;
  readonly #candidate: Candidate;
  readonly #channel: Port;
  readonly #started = Date.now();
  #phase: Phase = "off";
  #leader: string | null = null;
  /** The newest lead that is known; this tab's own, while it leads. */
  #newest: Claim;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(needs: ElectionNeeds, candidate: Candidate, channel: Port) {
    this.#needs = needs;
    this.#candidate = candidate;
    this.#channel = channel;
    this.#newest = this.#word("lead", 0);
    channel.onmessage = (message) => this.#hear(message as Word);
  }

  start(): void {
    this.#claim();
  }

  stop(): void {
    this.#leave();
    this.#turn("off");
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
    const began = this.#phase !== "leading";
    this.#leader = null;
    this.#newest = this.#word("lead", Math.max(Date.now(), this.#newest.since + 1));
    this.#turn("leading");
    this.#say(this.#newest);
    if (began) this.#needs.onLead();
  }

  #hear(word: Word): void {
    if (this.#phase === "off") return;
    if (word.say === "claim") this.#heardClaim(word);
    else if (word.say === "lead") this.#heardLead(word);
    else if (word.tab === this.#leader) this.#claim();
  }

  #heardClaim(claim: Claim): void {
    if (this.#phase === "leading") this.#say(this.#newest);
    else if (this.#phase === "claiming") {
      const own = this.#word("claim", this.#started);
      if (isBetter(claim, own)) this.#turn("waiting", PATIENCE_MS, () => this.#claim());
      else this.#say(own);
    }
  }

  #heardLead(other: Claim): void {
    const leads = this.#phase === "leading";
    if (isEarlier(other, this.#newest)) {
      if (leads) this.#say(this.#newest);
      return;
    }
    this.#newest = other;
    // A page in the background took a window for dead. Else the one that began later has it: others follow it already.
    if (leads && this.#candidate.standing !== other.standing && other.standing !== "window") {
      this.#lead();
      return;
    }
    // Whoever has heard of this tab's lead later than of the other one's follows it, and has to ask again.
    this.#leave();
    this.#leader = other.tab;
    this.#turn("following");
    if (leads) this.#needs.onLost();
  }

  #leave(): void {
    if (this.#phase === "leading") this.#say({ say: "bye", tab: this.#candidate.tab });
  }

  #turn(phase: Phase, after = 0, then?: () => void): void {
    clearTimeout(this.#timer);
    this.#phase = phase;
    if (then) this.#timer = setTimeout(then, after);
  }

  #word(say: Claim["say"], since: number): Claim {
    const { tab, standing } = this.#candidate;
    return { say, standing, since, tab };
  }

  #say(word: Word): void {
    this.#channel.post(word);
  }
}

/** A window before a page in the background, the older before the younger. */
function isBetter(one: Claim, other: Claim): boolean {
  return one.standing === other.standing ? isEarlier(one, other) : one.standing === "window";
}

function isEarlier(one: Claim, other: Claim): boolean {
  return one.since !== other.since ? one.since < other.since : one.tab < other.tab;
}

export const electByChannel: ElectByChannel = (needs, candidate, channel) =>
  new ChannelElection(needs, candidate, channel);
