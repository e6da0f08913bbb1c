import type { RefObject } from "preact";
import type { RoomHandle } from "../../core";
import { composing } from "../parts/keys";
import { openMessageMenu } from "./message-menu";

/** Keys in the timeline: Home and End go to the room's ends, arrows from message to message, Enter opens its menu. */
export function timelineKeys(
  room: RoomHandle,
  scroller: RefObject<HTMLElement>,
  { toTop, toFoot }: { toTop: () => void; toFoot: () => void },
): (event: KeyboardEvent) => void {
  return (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      Home: toTop,
      End: toFoot,
      PageUp: () => byPage(scroller.current, -1),
      PageDown: () => byPage(scroller.current, 1),
      ArrowUp: () => step(scroller.current, -1),
      ArrowDown: () => step(scroller.current, 1),
      Enter: () => menu(room, event),
    }[event.key];
    if (!act || (event.key === "Enter" && !isMessage(event.target))) return;
    event.preventDefault();
    act();
  };
}

function byPage(element: HTMLElement | null, direction: 1 | -1): void {
  element?.scrollBy({ top: direction * element.clientHeight * 0.9 });
}

function isMessage(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && target.matches("article");
}

function step(element: HTMLElement | null, direction: 1 | -1): void {
  const messages = [...(element?.querySelectorAll<HTMLElement>("article") ?? [])];
  const now = messages.indexOf(document.activeElement?.closest("article") as HTMLElement);
  const next =
    now < 0 ? messages.findLast((message) => isOnScreen(message, element)) : messages[now + direction];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

function isOnScreen(message: HTMLElement, element: HTMLElement | null): boolean {
  const frame = element?.getBoundingClientRect();
  return frame !== undefined && message.getBoundingClientRect().bottom <= frame.bottom + 1;
}

function menu(room: RoomHandle, event: KeyboardEvent): void {
  const element = event.target as HTMLElement;
  const message = room.timeline.peek()?.rows.find((row) => row.seq === Number(element.dataset.seq));
  if (message) openMessageMenu(element, element, room.id, message, room.unreadCount.peek()(message));
}
