import { browserKeyValues } from "../core";

/** Small choices that this browser remembers; for as long as the page lives where it refuses to (in a panel, say). */
export const kept = browserKeyValues();
