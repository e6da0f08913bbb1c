import type { Item, RoomView } from "../../core";
import { words } from "../language/language";
import { Badge } from "../parts/badge";
import { Picture } from "./item-card";

export const ITEM_HEAD_PX = 48;

/** Rooms about one item, the newest first. */
export interface ItemGroup {
  readonly item: Item;
  readonly views: readonly RoomView[];
}

/** Rooms about items by the item. A group stands where its first room does, and keeps their order. */
export function groupByItem(views: readonly RoomView[]): ItemGroup[] {
  const groups = Map.groupBy(views, ({ room }) => `${room.item?.kind}/${room.item?.id}`);
  return [...groups.values()].flatMap((of) => {
    const item = of[0]?.room.item;
    return item ? [{ item, views: of }] : [];
  });
}

/** Stands above the rooms of those who ask about one thing of mine: what it is, and how many ask. */
export function ItemHead({ item, views }: ItemGroup) {
  const said = words.value.items;
  const unread = views.reduce((sum, { mine }) => sum + mine.unread, 0);
  return (
    <div class="item-head" style={{ height: `${ITEM_HEAD_PX}px` }}>
      <Picture key={item.picture} address={item.picture} />
      <h2 class="item-head-title truncate">{item.title}</h2>
      <span class="item-head-askers">{said.askers(views.length)}</span>
      <Badge count={unread} />
    </div>
  );
}
