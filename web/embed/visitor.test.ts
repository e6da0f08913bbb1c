// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Messenger } from "./server";
import { Visitor } from "./visitor";

const HOST = "/sendjay/ticket";
const session = { access_token: "t", access_expires_in: 900, session: "s", user: { id: "kim", name: "Kim" } };
const RETRYABLE = ["internal", "busy", "rate_limited"];
const refusal = (status: number, code: string) =>
  Response.json({ error: { code, message: "", retry: RETRYABLE.includes(code) } }, { status });

let ofHost: () => Response;
let ofMessenger: () => Response;
let visitor: Visitor;

beforeEach(() => {
  ofHost = () => Response.json({ ticket: "a.b.c" });
  ofMessenger = () => Response.json(session);
  vi.stubGlobal("fetch", async (url: string) => (url === HOST ? ofHost() : ofMessenger()));
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  visitor = new Visitor(HOST, new Messenger("http://messenger"));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test.each([429, 500, 502, 503])(
  "A host that answers %i is out of reach: nobody is signed out",
  async (status) => {
    ofHost = () => new Response("busy", { status });
    expect(await visitor.renew(Date.now())).toBe("unreachable");
  },
);

test.each([
  ["internal", 500],
  ["busy", 503],
  ["rate_limited", 429],
])("Nor does a messenger that answers %s sign anybody out", async (code, status) => {
  ofMessenger = () => refusal(status, code);
  expect(await visitor.renew(Date.now())).toBe("unreachable");
});

test.each([
  ["a proxy's page", () => new Response("<html>", { status: 403 })],
  ["nothing", () => new Response(null, { status: 404 })],
])("Nor %s in its place", async (_, answer) => {
  ofMessenger = answer;
  expect(await visitor.renew(Date.now())).toBe("unreachable");
});

test("Whom the host or the messenger does not know is signed in nowhere", async () => {
  ofHost = () => new Response(null, { status: 401 });
  expect(await visitor.renew(Date.now())).toBe("signed_out");
  ofHost = () => Response.json({ ticket: "a.b.c" });
  ofMessenger = () => refusal(403, "bad_ticket");
  expect(await visitor.renew(Date.now())).toBe("signed_out");
  ofMessenger = () => Response.json(session);
  expect(await visitor.renew(Date.now())).toBe("refreshed");
  expect(visitor.token).toBe("t");
});

test("Somebody else at the host is not taken for the person of this page", async () => {
  await visitor.renew(Date.now() - 1);
  ofMessenger = () => Response.json({ ...session, user: { id: "lee", name: "Lee" } });
  expect(await visitor.renew(Date.now() + 1000)).toBe("signed_out");
});
