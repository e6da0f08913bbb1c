/** What is asked by REST: signing in, my profile, settings and devices, the directory. */
import type { AccountKind, MyProfileChange, ServerInfo, SettingsChange, UploadAccess } from "./contract";
import type { WireDevice } from "./devices";
import { fillOrg, fillPerson, type Org, type Person } from "./model";
import { Photos } from "./photos";
import { type PageToken, type RefreshOutcome, Rest } from "./rest";
import { type KeyValues, randomId } from "./storage";
import type * as wire from "./wire";

export interface Me {
  readonly person: Person;
  readonly login: string;
  readonly kind: AccountKind;
}

interface MeAnswer {
  person: wire.Person;
  login: string;
  kind: AccountKind;
}

type Face = Pick<Person, "id" | "photo">;

interface SignedIn {
  access_expires_in?: number;
}

export class Api {
  readonly #rest: Rest;
  readonly #values: KeyValues;
  readonly #photos: Photos;

  /** `page`: a token of the page's own; without one, tokens live in cookies that scripts cannot read. */
  constructor(base: string, values: KeyValues, page: PageToken | null = null) {
    this.#values = values;
    this.#rest = new Rest(base, values, page);
    this.#photos = new Photos((path) => this.#rest.file(path));
  }

  /** Called when the server says that this device was signed out from another one. */
  set onDeviceRemoved(heard: () => void) {
    this.#rest.onDeviceRemoved = heard;
  }

  /** How many seconds a new access token is good for, as far as known. */
  get tokenLife(): number | null {
    return this.#rest.tokenLife;
  }

  /** The same for all pages of this browser (and origin), as long as it keeps anything. */
  get browser(): string {
    const id = this.#values.get("device") ?? randomId();
    this.#values.set("device", id);
    return id;
  }

  /** Whose talks and drafts this browser may keep. */
  get lastUser(): string | null {
    return this.#values.get("user");
  }

  set lastUser(id: string | null) {
    this.#values.set("user", id);
  }

  server(): Promise<ServerInfo> {
    return this.#rest.send("GET", "/api/server");
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.#begin("/api/auth/sign-in", { login, password });
  }

  async signUp(login: string, password: string, name: string): Promise<void> {
    await this.#begin("/api/auth/sign-up", { login, password, name });
  }

  /** A window that a page of `origin` has opened is signed in by the code it was given: once, and with cookies. */
  async handoff(code: string, origin: string): Promise<void> {
    await this.#begin("/api/auth/handoff", { code, origin });
  }

  async signOut(): Promise<void> {
    // Also with an expired token: it is renewed, or the session would live on.
    await this.#rest.call("POST", "/api/auth/sign-out", {});
  }

  async changePassword(current: string, next: string): Promise<void> {
    await this.#rest.call("POST", "/api/auth/password", { current, new: next });
  }

  settings(): Promise<wire.MySettings> {
    return this.#rest.call("GET", "/api/me/settings");
  }

  changeSettings(change: SettingsChange): Promise<wire.MySettings> {
    return this.#rest.call("PATCH", "/api/me/settings", change);
  }

  async sessions(): Promise<readonly WireDevice[]> {
    return (await this.#rest.call<{ sessions: WireDevice[] }>("GET", "/api/me/sessions")).sessions;
  }

  async endSession(id: string): Promise<void> {
    await this.#rest.call("DELETE", `/api/me/sessions/${encodeURIComponent(id)}`);
  }

  async endOtherSessions(): Promise<void> {
    await this.#rest.call("DELETE", "/api/me/sessions");
  }

  async me(): Promise<Me> {
    return fillMe(await this.#rest.call<MeAnswer>("GET", "/api/me"));
  }

  async updateMe(change: MyProfileChange): Promise<Me> {
    return fillMe(await this.#rest.call<MeAnswer>("PATCH", "/api/me", change));
  }

  /** Null takes it away. */
  async setPhoto(photo: Blob | null): Promise<Me> {
    const method = photo === null ? "DELETE" : "PUT";
    return fillMe(await this.#rest.call<MeAnswer>(method, "/api/me/photo", photo ?? undefined));
  }

  async orgs(): Promise<Org[]> {
    return (await this.#rest.call<{ orgs: wire.Org[] }>("GET", "/api/directory/orgs")).orgs.map(fillOrg);
  }

  people(query: { org: string } | { q: string }): Promise<Person[]> {
    return this.#people("GET", `/api/directory/people?${new URLSearchParams(query)}`);
  }

  peopleByIds(ids: readonly string[]): Promise<Person[]> {
    return this.#people("POST", "/api/directory/people", { ids });
  }

  team(): Promise<Person[]> {
    return this.#people("GET", "/api/directory/team");
  }

  /** For pages with cookies. */
  photoUrl(person: Face): string | null {
    const path = photoPath(person);
    return path && this.#rest.base + path;
  }

  /** For every page: where there are no cookies, the photo is fetched with the token. Good until many others came. */
  async photo(person: Face): Promise<string | null> {
    const path = photoPath(person);
    return path !== null && this.#rest.hasPageToken ? this.#photos.get(path) : this.photoUrl(person);
  }

  async fileUrl(file: string, what: "whole" | "thumb" = "whole"): Promise<string | null> {
    const path = `/api/files/${encodeURIComponent(file)}${what === "thumb" ? "/thumb" : ""}`;
    return this.#rest.hasPageToken ? this.#photos.get(path) : this.#rest.base + path;
  }

  async linkPicture(room: string, seq: number, image: string): Promise<string | null> {
    const path = `/api/rooms/${encodeURIComponent(room)}/messages/${seq}/preview/${encodeURIComponent(image)}`;
    return this.#rest.hasPageToken ? this.#photos.get(path) : this.#rest.base + path;
  }

  get uploads(): UploadAccess {
    const rest = this.#rest;
    return {
      address: `${rest.base}/api/uploads`,
      withCookies: rest.base !== "" && !rest.hasPageToken,
      headers: () => rest.headers(),
      renew: async () => (await rest.refresh(Date.now())) === "refreshed",
      rules: () => rest.call("GET", "/api/uploads"),
    };
  }

  /** Another person, or nobody, is signed in. */
  forget(): void {
    this.#photos.clear();
  }

  /** Renews the token, unless another tab has done so since `began`. Tabs never do it at the same time. */
  refresh(began: number): Promise<RefreshOutcome> {
    return this.#rest.refresh(began);
  }

  async #begin(path: string, proof: object): Promise<void> {
    const device = { id: this.browser, kind: "web", name: "" };
    const { access_expires_in } = await this.#rest.send<SignedIn>("POST", path, {
      ...proof,
      device,
      cookies: true,
    });
    this.#rest.sessionBegan(access_expires_in);
  }

  async #people(method: string, path: string, body?: unknown): Promise<Person[]> {
    return (await this.#rest.call<{ people: wire.Person[] }>(method, path, body)).people.map(fillPerson);
  }
}

function photoPath(person: Face): string | null {
  if (person.photo === null) return null;
  return `/api/directory/people/${encodeURIComponent(person.id)}/photo?v=${encodeURIComponent(person.photo)}`;
}

function fillMe(answer: MeAnswer): Me {
  return { person: fillPerson(answer.person), login: answer.login, kind: answer.kind };
}
