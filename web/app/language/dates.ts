// How times are said. Days are the reader's own days, in the reader's time zone.

import { computed } from "@preact/signals";
import { language } from "./language";

const formats = computed(() => {
  const tag = language.value === "ko" ? "ko-KR" : "en-GB";
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, options);
  return {
    day: format({ month: "short", day: "numeric" }),
    dayOfYear: format({ year: "numeric", month: "short", day: "numeric" }),
    fullDay: format({ year: "numeric", month: "long", day: "numeric", weekday: "long" }),
  };
});

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** A number that is the same for all times of one day; two messages with different ones have a line between. */
export const dayOf = midnight;

function daysAgo(at: number, now: number): number {
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** "오전 10:12", "10:12 AM". By hand: browsers differ on whether Korean says 오전 or AM. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const hours = date.getHours();
  const clock = `${hours % 12 || 12}:${String(date.getMinutes()).padStart(2, "0")}`;
  if (language.value === "ko") return `${hours < 12 ? "오전" : "오후"} ${clock}`;
  return `${clock} ${hours < 12 ? "AM" : "PM"}`;
}

/** For a list: today's time, "어제", "11월 3일", or with the year when it is another one. */
export function listTime(at: number, now: number = Date.now()): string {
  const days = daysAgo(at, now);
  if (days <= 0) return timeOfDay(at);
  if (days === 1) return language.value === "ko" ? "어제" : "Yesterday";
  return dayText(at, now);
}

/** Days without a time (2026-11-28), from the first to the last; one of them may not be known. */
export function dayRange(since: string | null, until: string | null, now: number = Date.now()): string {
  // At noon: a day without a time is the same one everywhere.
  const days = [since, until]
    .filter((day): day is string => day !== null)
    .map((day) => new Date(`${day}T12:00:00`));
  const [first, last] = days;
  if (!first) return "";
  const year = new Date(now).getFullYear();
  const isOfThisYear = days.every((day) => day.getFullYear() === year);
  const format = isOfThisYear ? formats.value.day : formats.value.dayOfYear;
  return last ? format.formatRange(first, last) : format.format(first);
}

/** The day alone, with the year when it is another one: "11월 3일". */
export function dayText(at: number, now: number = Date.now()): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return sameYear ? formats.value.day.format(at) : formats.value.dayOfYear.format(at);
}

/** "18:30" of a time input, as a time is said: "오후 6:30". */
export function clockTime(hhmm: string): string {
  return timeOfDay(new Date(`2000-01-01T${hhmm}:00`).getTime());
}

/** How long ago, while that is short: "방금", "5분 전", "3시간 전"; then the day. */
export function ago(at: number, now: number = Date.now()): string {
  const ko = language.value === "ko";
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return ko ? "방금" : "just now";
  if (minutes < 60) return ko ? `${minutes}분 전` : `${minutes} min ago`;
  if (daysAgo(at, now) === 0) {
    const hours = Math.floor(minutes / 60);
    return ko ? `${hours}시간 전` : `${hours} h ago`;
  }
  return listTime(at, now);
}

/** For the line between two days of a timeline: "2026년 11월 22일 일요일". */
export function dayLine(at: number): string {
  return formats.value.fullDay.format(at);
}

/** Everything, for a tooltip or a screen reader: the day and the time. */
export function fullTime(at: number): string {
  return `${dayLine(at)} ${timeOfDay(at)}`;
}

/** Today as an ISO date of the reader's time zone: "2026-11-22". */
export function today(now: number = Date.now()): string {
  const date = new Date(now);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const shortDay = (iso: string): string => iso.slice(5).split("-").map(Number).join(".");

/** The days of an absence, ISO dates with both ends included: "11.24–11.26", "11.24", "–11.26". */
export function period(since: string | null | undefined, until: string | null | undefined): string {
  if (since && until) return since === until ? shortDay(since) : `${shortDay(since)}–${shortDay(until)}`;
  if (until) return `–${shortDay(until)}`;
  return since ? `${shortDay(since)}–` : "";
}
