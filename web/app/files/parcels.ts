/**
 * Files to be sent: chosen ones wait in a room's open parcel while they are uploaded. Once the person has pressed
 * "send", the parcel leaves by itself as one message when all of it is there.
 */
import { effect, signal } from "@preact/signals";
import { type Carried, type FileInfo, randomKey } from "../../core";
import { client } from "../client";
import { errorSentence, words } from "../language/language";
import { toast } from "../parts/toast";
import { myId } from "../room/people-words";
import { sizeText } from "./about";
import { keepPreview } from "./previews";
import { FileUpload } from "./upload";

export const FILES_MOST = 20;
const AT_ONCE = 3;

export interface Attachment {
  readonly id: string;
  readonly file: File;
  readonly state: "waiting" | "going" | "done" | "failed";
  readonly bytes: number;
  readonly info: FileInfo | null;
  /** Why it failed: an error code. */
  readonly reason: string | null;
}

export interface Parcel {
  readonly id: string;
  readonly room: string;
  readonly me: string;
  readonly attachments: readonly Attachment[];
  /** What it leaves with; null while the person is still choosing. */
  readonly letter: { readonly text: string; readonly carried: Carried } | null;
}

const parcels = signal<readonly Parcel[]>([]);
const uploads = new Map<string, FileUpload>();

/** The parcels of a room, the open one last. Read it while rendering. */
export function parcelsIn(room: string): readonly Parcel[] {
  const mine = parcels.value.filter((parcel) => parcel.room === room && parcel.me === myId());
  return mine.sort((a, b) => Number(a.letter === null) - Number(b.letter === null));
}

export function openParcel(room: string): Parcel | undefined {
  return parcelsIn(room).find((parcel) => parcel.letter === null);
}

/** Begins to upload them at once. */
export async function attach(room: string, files: readonly File[]): Promise<void> {
  const said = words.value.files;
  const { bytes_max } = await client.uploads.rules().catch(() => ({ bytes_max: Number.POSITIVE_INFINITY }));
  const fitting = files.filter((file) => {
    const why =
      file.size === 0
        ? said.empty(file.name)
        : file.size > bytes_max && said.tooLarge(file.name, sizeText(bytes_max));
    if (why) toast(why, { kind: "bad" });
    return !why;
  });
  const parcel = openParcel(room) ?? { id: randomKey(), room, me: myId(), attachments: [], letter: null };
  const left = FILES_MOST - parcel.attachments.length;
  if (fitting.length > left) toast(said.tooMany(FILES_MOST), { kind: "bad" });
  const added = fitting.slice(0, left).map((file): Attachment => {
    return { id: randomKey(), file, state: "waiting", bytes: 0, info: null, reason: null };
  });
  if (added.length === 0) return;
  put({ ...parcel, attachments: [...parcel.attachments, ...added] });
  goOn();
}

export function takeOut(parcel: Parcel, attachment: Attachment): void {
  uploads.get(attachment.id)?.cancel();
  uploads.delete(attachment.id);
  const attachments = parcel.attachments.filter((other) => other.id !== attachment.id);
  put({ ...parcel, attachments });
  goOn();
}

export function tryAgain(attachment: Attachment): void {
  change(attachment.id, { state: "waiting", reason: null });
  goOn();
}

/** Sends what is in the room's open parcel with this text, now or when it is there; whether there is anything. */
export function sendParcel(room: string, text: string, carried: Carried): boolean {
  const parcel = openParcel(room);
  if (!parcel) return false;
  put({ ...parcel, letter: { text, carried } });
  leaveIfWhole(parcel.id);
  return true;
}

function leaveIfWhole(id: string): void {
  const parcel = parcels.peek().find((each) => each.id === id);
  if (!parcel?.letter || parcel.attachments.some((each) => each.state !== "done")) return;
  const files = parcel.attachments.flatMap(({ info }) => info ?? []);
  parcels.value = parcels.peek().filter((each) => each !== parcel);
  const { text, carried } = parcel.letter;
  if (files.length === 0 && text.trim() === "") return;
  try {
    client.send(parcel.room, text, { ...carried, files });
  } catch (error) {
    toast(errorSentence(error), { kind: "bad" });
  }
}

/** So many are uploaded at the same time, in the order in which they were chosen. */
function goOn(): void {
  const all = parcels.peek().flatMap((parcel) => parcel.attachments);
  let free = AT_ONCE - all.filter((each) => each.state === "going").length;
  for (const next of all.filter((each) => each.state === "waiting")) {
    if (free-- <= 0) return;
    begin(next);
  }
}

function begin({ id, file }: Attachment): void {
  const upload =
    uploads.get(id) ??
    new FileUpload(file, {
      onProgress: (bytes) => change(id, { bytes }),
      onDone: (info) => {
        keepPreview(info.id, file);
        ended(id, { state: "done", bytes: file.size, info });
      },
      onFailed: (reason) => ended(id, { state: "failed", reason }),
    });
  uploads.set(id, upload);
  change(id, { state: "going" });
  void upload.start();
}

function ended(id: string, how: Partial<Attachment>): void {
  if (how.state === "done") uploads.delete(id);
  change(id, how);
  const parcel = parcels.peek().find((each) => each.attachments.some((other) => other.id === id));
  if (parcel) leaveIfWhole(parcel.id);
  goOn();
}

function change(id: string, how: Partial<Attachment>): void {
  parcels.value = parcels.peek().map((parcel) => {
    if (!parcel.attachments.some((each) => each.id === id)) return parcel;
    const attachments = parcel.attachments.map((each) => (each.id === id ? { ...each, ...how } : each));
    return { ...parcel, attachments };
  });
}

function put(parcel: Parcel): void {
  const others = parcels.peek().filter((each) => each.id !== parcel.id);
  const isEmpty = parcel.attachments.length === 0 && !parcel.letter?.text;
  parcels.value = isEmpty ? others : [...others, parcel];
  leaveIfWhole(parcel.id);
}

/** What the line broke off goes on when it is back; another person finds nothing of it. */
export function followParcels(): void {
  effect(() => {
    if (client.connection.value.phase !== "ready") return;
    for (const { attachments } of parcels.peek()) {
      for (const each of attachments) if (each.reason === "offline") tryAgain(each);
    }
  });
  effect(() => {
    if (client.session.value.phase !== "signed_out") return;
    for (const upload of uploads.values()) upload.cancel();
    uploads.clear();
    parcels.value = [];
  });
  addEventListener("beforeunload", (event) => {
    if (parcels.peek().length > 0) event.preventDefault();
  });
}
