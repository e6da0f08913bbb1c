import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RoomView } from "../../core";
import { ITEM_HEAD_PX, type ItemGroup, ItemHead } from "../items/by-item";
import { words } from "../language/language";
import { classes } from "../parts/class-names";
import { composing } from "../parts/keys";
import { useVirtualList } from "../room/virtual-list";
import { ChatRow } from "./chat-row";

const ROW_PX = 64;

export interface ChatListProps {
  scroller: RefObject<HTMLDivElement>;
  views: readonly RoomView[];
  selected: string | null;
  /** What stands above a room, by its id: the thing that it and the next ones are about. */
  heads?: ReadonlyMap<string, ItemGroup>;
}

/** Rooms in the order they are given. Up and Down go from row to row. */
export function ChatList({ scroller, views, selected, heads }: ChatListProps) {
  const headOf = (index: number) => heads?.get(views[index]?.room.id ?? "");
  const list = useVirtualList({
    scroller,
    count: views.length,
    keyOf: (index) => views[index]?.room.id ?? "",
    guess: (index) => (headOf(index) ? ROW_PX + ITEM_HEAD_PX : ROW_PX),
    anchorTo: "start",
    overscan: 6,
  });
  // A room opened from elsewhere (Ctrl+K, a link) is brought into sight.
  useEffect(() => {
    const at = views.findIndex((view) => view.room.id === selected);
    if (at >= 0) list.scrollToIndex(at, { align: "auto" });
  }, [selected]);

  const items = list.getVirtualItems();
  const [focused, setFocused] = useState<string | null>(null);
  const drawn = items.flatMap(({ index }) => views[index]?.room.id ?? []);
  const tabbable = [focused, selected].find((id) => id !== null && drawn.includes(id)) ?? drawn[0];

  const focusRow = (index: number) => {
    list.scrollToIndex(index, { align: "auto" });
    requestAnimationFrame(() => {
      scroller.current
        ?.querySelector<HTMLElement>(`[data-index="${index}"] a`)
        ?.focus({ preventScroll: true });
    });
  };
  const keyDown = (event: KeyboardEvent) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-index]") : null;
    const at = Number(row?.dataset.index ?? -1);
    const last = views.length - 1;
    const next = {
      ArrowDown: Math.min(last, at + 1),
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    focusRow(next);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is focused
    <div class="pane-scroll" ref={scroller} onKeyDown={keyDown}>
      <ul
        class={classes("chat-list", heads && "chat-list-by-item")}
        style={{ height: `${list.getTotalSize()}px` }}
        aria-label={words.value.chats.list}
      >
        {items.map(({ index, start }) => {
          const view = views[index];
          const head = headOf(index);
          return (
            view && (
              <li
                key={view.room.id}
                class="chat"
                data-index={index}
                onFocusCapture={() => setFocused(view.room.id)}
                aria-setsize={views.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
              >
                {head && <ItemHead {...head} />}
                <div class="chat-row">
                  <ChatRow
                    view={view}
                    selected={view.room.id === selected}
                    tabbable={view.room.id === tabbable}
                  />
                </div>
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
