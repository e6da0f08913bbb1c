import { createClient } from "../core";

/** The one connection, store and outbox of this page. */
export const client = createClient();
