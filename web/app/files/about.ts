// What is said of a file: how large, which kind, until when.

import type { FileInfo } from "../../core";
import { client } from "../client";
import { language, words } from "../language/language";

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** "3.4 MB", as people say it. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const shown = unit === 0 || size >= 100 ? Math.round(size) : Math.round(size * 10) / 10;
  return `${shown.toLocaleString(language.value)} ${UNITS[unit]}`;
}

export function isGone(file: FileInfo): boolean {
  return file.gone || (file.expires_at > 0 && file.expires_at <= client.now());
}

/** Shown as a picture in the talk: there is a small one of it, or it is small itself. */
export function isShown(file: FileInfo): boolean {
  if (isGone(file)) return false;
  return file.thumb || (file.kind === "image" && file.size <= SMALL_BYTES);
}

const SMALL_BYTES = 3_000_000;

/** A message of files in one line, for lists, quotes and notifications. */
export function filesLine(files: readonly FileInfo[]): string {
  const [first] = files;
  if (!first) return "";
  const said = words.value.files;
  const others = files.length - 1;
  if (files.every((file) => file.kind === "image"))
    return others > 0 ? said.images(files.length) : said.image;
  if (first.kind === "video" && others === 0) return said.video;
  return said.some(first.name, others);
}

/** What stands in one line for a message: its text, else its files. */
export function lineOf(message: { body: string; files?: readonly FileInfo[] }): string {
  return message.body || filesLine(message.files ?? []);
}

/** "3:07" */
export function lengthText(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
