/** What stands in the console for whoever puts the script in: one sentence that says what to do. */

export interface Trouble {
  /** The messenger's server, and what of the host is concerned. */
  base: string;
  detail?: string;
}

const SENTENCES = {
  not_begun: () =>
    "it has not begun: give the script tag data-ticket-url, or call Sendjay.start({ ticketUrl }) first.",
  not_signed_in: () => "nobody is signed in, so the messenger cannot be opened.",
  no_such_person: ({ detail }) => `there is nobody with the id ${detail} to talk with.`,
  no_such_item: ({ detail }) =>
    `the item ${detail} is not known, or not to this person. The host registers it first, or signs a ticket for it.`,
  no_ticket: ({ detail }) =>
    `${detail} gave no ticket. It has to answer {"ticket": "…"}, or status 401 where nobody is signed in.`,
  bad_ticket: () =>
    "the messenger refused the ticket. Check that both servers hold the same secret or key, that aud, exp (at most " +
    "5 minutes), iat and jti are set, that their clocks agree, and that this person exists there.",
  not_found: () =>
    "the messenger is not set up for portals. It needs embed_origins and embed_secret (or embed_jwks).",
  refused: ({ detail }) => `the messenger refused to begin: ${detail}`,
  origin: ({ base }) =>
    `the messenger at ${base} does not accept pages of ${location.origin}. ` +
    "Add that origin to its setting embed_origins.",
  policy: ({ base }) =>
    "this page's Content-Security-Policy keeps the messenger out. " +
    `It needs connect-src ${base} ${base.replace(/^http/, "ws")}.`,
  panel: ({ base }) =>
    `the panel did not open. This page's Content-Security-Policy needs frame-src ${base}, and ` +
    `${location.origin} has to be in the messenger's embed_origins.`,
} satisfies Record<string, (trouble: Trouble) => string>;

export type Kind = keyof typeof SENTENCES;

const said = new Set<string>();

/** Each sentence once. */
export function explain(kind: Kind, trouble: Trouble): void {
  const sentence: string = (SENTENCES[kind] as (trouble: Trouble) => string)(trouble);
  if (said.has(sentence)) return;
  said.add(sentence);
  console.warn(`Sendjay: ${sentence}`);
}

/** A browser hides why a request failed; who put the script in has to know all the same. */
export async function explainSilence(base: string): Promise<void> {
  if (!navigator.onLine) return;
  let isBlocked = false;
  const note = (event: SecurityPolicyViolationEvent) => {
    isBlocked ||= event.blockedURI.startsWith(base);
  };
  document.addEventListener("securitypolicyviolation", note);
  try {
    // Reached without leave to read: what failed before was the leave.
    await fetch(`${base}/healthz`, { mode: "no-cors", credentials: "omit", cache: "no-store" });
    explain("origin", { base });
  } catch {
    // The event comes in a turn of its own.
    await new Promise((resolve) => setTimeout(resolve));
    if (isBlocked) explain("policy", { base });
  } finally {
    document.removeEventListener("securitypolicyviolation", note);
  }
}
