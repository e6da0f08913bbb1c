/** The public face of core/: what screens import. */

export { createClient } from "./client";
export type * from "./contract";
export { WireError } from "./errors";
export type * from "./model";
export { cleanText, MAX_TEXT, textLength } from "./text";
