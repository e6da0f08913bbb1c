// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api } from "./api";
import type { RefreshOutcome } from "./rest";
import { sharedValues } from "./testing/transport";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly credentials: string | undefined;
  readonly body: unknown;
}

let asked: Asked[];
let answer: (asked: Asked) => Response | Promise<Response>;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = () => Response.json({ people: [] });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const { pathname, search } = new URL(url);
    const authorization = new Headers(init.headers).get("Authorization");
    const { method = "GET", credentials } = init;
    const body = init.body ? JSON.parse(String(init.body)) : undefined;
    const one = { method, path: pathname + search, authorization, credentials, body };
    asked.push(one);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return answer(one);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const refused = (code: string) => Response.json({ error: { code, message: "" } }, { status: 401 });
const refreshes = () => asked.filter(({ path }) => path === "/api/auth/refresh").length;

async function outcomeOf<T>(asking: Promise<T>): Promise<T | string> {
  const result = asking.catch((error: { code: string }) => error.code);
  await pass(100);
  return result;
}

/** A page that holds its token itself, good after `renew`. */
function pageWithToken(renewed: RefreshOutcome = "refreshed") {
  let token = "old";
  const renew = vi.fn(async () => {
    token = "new";
    return renewed;
  });
  return { renew, api: new Api("http://server", sharedValues(), { token: () => token, renew }) };
}

test("A page with a token of its own sends it, and no cookies", async () => {
  const { api } = pageWithToken();
  await outcomeOf(api.team());
  expect(asked[0]).toMatchObject({ authorization: "Bearer old", credentials: "omit" });
});

test("Such a page renews its token in its own way, once for all that wait", async () => {
  answer = ({ authorization }) =>
    authorization === "Bearer new" ? Response.json({ people: [] }) : refused("unauthorized");
  const { api, renew } = pageWithToken();
  expect(await outcomeOf(Promise.all([api.team(), api.peopleByIds(["a"])]))).toEqual([[], []]);
  expect(renew).toHaveBeenCalledOnce();
  expect(refreshes()).toBe(0);
});

test("A renewal that never ends counts as out of reach", async () => {
  answer = () => refused("unauthorized");
  const renew = () => new Promise<RefreshOutcome>(() => undefined);
  const api = new Api("http://server", sharedValues(), { token: () => "old", renew });
  const outcome = api.team().catch((error: { code: string }) => error.code);
  await pass(30_000);
  expect(await outcome).toBe("offline");
});

test("A token that was renewed while another request was on its way is not renewed again for that one", async () => {
  const { api, renew } = pageWithToken();
  const began = Date.now();
  await pass(5);
  expect(await outcomeOf(api.refresh(began))).toBe("refreshed");
  expect(await outcomeOf(api.refresh(began))).toBe("refreshed");
  expect(renew).toHaveBeenCalledOnce();
});

test("Tabs renew the token one after the other, and the second finds it done", async () => {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_: string, __: object, work: () => Promise<unknown>) => {
    const done = last.then(work);
    last = done;
    return done;
  };
  vi.stubGlobal("navigator", { locks: { request } });
  answer = () => Response.json({ access_expires_in: 900 });
  const values = sharedValues();
  const began = Date.now() - 1;
  const tabs = [new Api("http://server", values), new Api("http://server", values)];
  expect(await outcomeOf(Promise.all(tabs.map((api) => api.refresh(began))))).toEqual([
    "refreshed",
    "refreshed",
  ]);
  expect(refreshes()).toBe(1);
  expect(tabs.map((api) => api.tokenLife)).toEqual([900, 900]);
});

test("A tab that was frozen while it renewed the token does not keep the others from it", async () => {
  vi.stubGlobal("navigator", {
    locks: { request: async () => Promise.reject(new DOMException("", "TimeoutError")) },
  });
  answer = () => Response.json({});
  expect(await outcomeOf(new Api("http://server", sharedValues()).refresh(Date.now()))).toBe("refreshed");
  expect(refreshes()).toBe(1);
});

test("A renewal in the future, before the clock was set back, does not count", async () => {
  answer = () => Response.json({});
  const values = sharedValues();
  values.set("refreshed-at", String(Date.now() + 3_600_000));
  await outcomeOf(new Api("http://server", values).refresh(Date.now()));
  expect(refreshes()).toBe(1);
});

test("Only our server's own word ends the session: a proxy's page means that it is out of reach", async () => {
  const api = new Api("http://server", sharedValues());
  for (const status of [400, 401, 403, 404, 407, 429, 500, 502]) {
    answer = () => new Response("<html>Somebody in between", { status });
    expect(await outcomeOf(api.refresh(Date.now())), String(status)).toBe("unreachable");
    expect(await outcomeOf(api.me()), String(status)).not.toBe("unauthorized");
  }
  answer = () => refused("unauthorized");
  expect(await outcomeOf(api.refresh(Date.now()))).toBe("signed_out");
});

test("A renewal whose answer was lost is asked for as the same attempt, also by the next page", async () => {
  const values = sharedValues();
  answer = () => Promise.reject(new TypeError("the line broke"));
  expect(await outcomeOf(new Api("http://server", values).refresh(Date.now()))).toBe("unreachable");
  answer = () => Response.json({});
  expect(await outcomeOf(new Api("http://server", values).refresh(Date.now()))).toBe("refreshed");
  expect(await outcomeOf(new Api("http://server", values).refresh(Date.now() + 1000))).toBe("refreshed");
  const attempts = asked.map(({ body }) => (body as { attempt: string }).attempt);
  expect(attempts[0]).toBe(attempts[1]);
  expect(attempts[2]).not.toBe(attempts[1]);
});

test("That the device was removed is told, wherever the server says so", async () => {
  const removed = vi.fn();
  const api = new Api("http://server", sharedValues());
  api.onDeviceRemoved = removed;
  answer = () => refused("device_removed");
  expect(await outcomeOf(api.team())).toBe("device_removed");
  expect(removed).toHaveBeenCalledOnce();
  answer = ({ path }) => refused(path === "/api/auth/refresh" ? "device_removed" : "unauthorized");
  expect(await outcomeOf(api.team())).toBe("unauthorized");
  expect(removed).toHaveBeenCalledTimes(2);
});

test("A new session knows nothing of the former: neither its place nor a half-done renewal", async () => {
  const values = sharedValues();
  values.set("generation", "7");
  values.set("refresh-attempt", "half");
  answer = () => Response.json({ access_expires_in: 900 });
  const api = new Api("http://server", values);
  await outcomeOf(api.handoff("c0de", "https://portal.example.com"));
  expect(asked[0]).toMatchObject({
    path: "/api/auth/handoff",
    body: {
      code: "c0de",
      origin: "https://portal.example.com",
      cookies: true,
      device: { id: api.browser, kind: "web" },
    },
  });
  expect(values.get("generation")).toBe(null);
  expect(values.get("refresh-attempt")).toBe(null);
});

test("Photos come with the token where there are no cookies, are asked for once, and only so many are kept", async () => {
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => `blob:${asked.length}`);
  const revoked = vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => undefined);
  answer = () => new Response("a picture");
  const { api } = pageWithToken();
  const first = await outcomeOf(api.photo({ id: "김", photo: "1" }));
  expect(first).toBe("blob:1");
  expect(asked[0]).toMatchObject({
    path: "/api/directory/people/%EA%B9%80/photo?v=1",
    authorization: "Bearer old",
  });
  expect(await outcomeOf(api.photo({ id: "김", photo: "1" }))).toBe(first);
  expect(asked.length).toBe(1);
  for (let n = 0; n < 200; n++) await outcomeOf(api.photo({ id: `p${n}`, photo: "1" }));
  expect(revoked.mock.calls).toEqual([["blob:1"]]);
  api.forget();
  await pass(1);
  expect(revoked.mock.calls.length).toBe(201);
  vi.restoreAllMocks();
});

test("A photo that cannot be had is none, and asked for again; a page with cookies just has its address", async () => {
  answer = () => new Response("", { status: 404 });
  const { api } = pageWithToken();
  expect(await outcomeOf(api.photo({ id: "a", photo: "1" }))).toBe(null);
  expect(await outcomeOf(api.photo({ id: "a", photo: "1" }))).toBe(null);
  expect(asked.length).toBe(2);
  expect(await outcomeOf(api.photo({ id: "a", photo: null }))).toBe(null);
  const withCookies = new Api("http://server", sharedValues());
  const address = "http://server/api/directory/people/a/photo?v=1";
  expect(await outcomeOf(withCookies.photo({ id: "a", photo: "1" }))).toBe(address);
});

test("My settings and devices are asked for and changed where the server has them", async () => {
  const api = new Api("http://server", sharedValues());
  answer = ({ path }) => (path.endsWith("sessions") ? Response.json({ sessions: [] }) : Response.json({}));
  await outcomeOf(api.settings());
  await outcomeOf(api.changeSettings({ sound: false }));
  expect(await outcomeOf(api.sessions())).toEqual([]);
  answer = () => new Response(null, { status: 204 });
  await outcomeOf(api.endSession("s/1"));
  await outcomeOf(api.endOtherSessions());
  expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
    ["GET", "/api/me/settings", undefined],
    ["PATCH", "/api/me/settings", { sound: false }],
    ["GET", "/api/me/sessions", undefined],
    ["DELETE", "/api/me/sessions/s%2F1", undefined],
    ["DELETE", "/api/me/sessions", undefined],
  ]);
});
