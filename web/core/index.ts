/** The public face of core/: what screens import. */

export { createClient } from "./client";
export type * from "./contract";
export { WireError } from "./errors";
export type * from "./model";
export { BrowserNotes } from "./notify/browser-notes";
export { browserKeyValues, randomId as randomKey } from "./storage";
export { PortLine, servePort } from "./tabs/port-line";
export { cleanText, MAX_TEXT, textLength } from "./text";
