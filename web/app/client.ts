import { createClient } from "../core";
import { PortLine } from "../core/tabs/port-line";
import { inPanel, joinHost } from "./panel/host";
import { browserOfPortal, findPortal } from "./portal";

/** The portal's page that has this one as a panel in it. */
export const host = inPanel ? await joinHost() : null;

/** The portal's page that has opened this window. */
export const portal = await findPortal();

function makeClient() {
  if (host) {
    return createClient({
      line: (listener) => new PortLine(host.line, listener),
      token: () => host.token,
      renew: async () => ((await host.renew()) === null ? "signed_out" : "refreshed"),
    });
  }
  const browser = browserOfPortal();
  return createClient(browser === null ? {} : { browser });
}

/** The one line, store and outbox of this page. */
export const client = makeClient();
