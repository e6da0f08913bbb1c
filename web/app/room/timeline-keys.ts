import type { RefObject } from "preact";
import type { RoomHandle, Timeline } from "../../core";
import { client } from "../client";
import { composing } from "../parts/keys";
import { openMessageMenu } from "./message-menu";
import type { VirtualList } from "./virtual-list";

/** Keys in the timeline: Home and End go to the room's ends, arrows from message to message, Enter opens its menu. */
export function timelineKeys(
  room: RoomHandle,
  stretch: Timeline,
  list: VirtualList,
  scroller: RefObject<HTMLElement>,
): (event: KeyboardEvent) => void {
  return (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      Home: () => void toStart(room, stretch, list),
      End: () => void toEnd(room, stretch, list),
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

async function toStart(room: RoomHandle, stretch: Timeline, list: VirtualList): Promise<void> {
  const floor = room.state.peek()?.mine.floor ?? 0;
  if (stretch.moreBefore) await client.loadAround(room.id, floor + 1);
  list.scrollToIndex(0, { align: "start" });
}

async function toEnd(room: RoomHandle, stretch: Timeline, list: VirtualList): Promise<void> {
  if (stretch.moreAfter) await client.loadHead(room.id);
  list.scrollToEnd();
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
