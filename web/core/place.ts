/** What a page says about its person's one live place at each hello, and what it has learned of it. */
import type { PlaceHolder } from "./contract";
import type { KeyValues } from "./storage";
import type * as wire from "./wire";

/** The messenger itself, or a page of the portal that has it in the background. */
export type Standing = "background" | "window";

export interface PlaceNeeds {
  standing(): Standing;
  /** The same for all pages of one browser. */
  browser: string;
  /** Can a person see this page? One that cannot be seen takes the place from nobody. */
  visible(): boolean;
  /** Shared by the pages of one browser: the place is theirs together. */
  values: KeyValues;
}

export class PlaceWish {
  readonly #needs: PlaceNeeds;
  #isArriving = false;
  #isWanted = false;

  constructor(needs: PlaceNeeds) {
    this.#needs = needs;
  }

  /** A page begins: opening it is an act of the person's. Coming back after trouble is none. */
  arrive(): void {
    this.#isArriving = true;
    this.#isWanted = false;
  }

  /** The person said: here. */
  want(): void {
    this.#isWanted = true;
  }

  get place(): wire.Place {
    const { standing, browser } = this.#needs;
    const generation = Number(this.#needs.values.get("generation") ?? 0) || 0;
    return {
      claim: this.#isWanted || this.#claimsByArriving(generation),
      generation,
      standing: standing(),
      browser,
    };
  }

  /** The server has decided. */
  settled(generation: number | undefined): void {
    this.#isArriving = this.#isWanted = false;
    if (generation) this.#needs.values.set("generation", String(generation));
  }

  #claimsByArriving(generation: number): boolean {
    if (!this.#isArriving) return false;
    return this.#needs.standing() === "window" ? this.#needs.visible() : generation === 0;
  }
}

export function fillHolder(holder: wire.PlaceHolder): PlaceHolder {
  return { kind: holder.kind, name: holder.name ?? "", sameBrowser: holder.same_browser ?? false };
}
