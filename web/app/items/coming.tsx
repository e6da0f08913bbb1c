import { CalendarDays } from "lucide-preact";
import type { RoomView } from "../../core";
import { client } from "../client";
import { pathTo } from "../frame/route";
import { language, words } from "../language/language";
import { dealText, isOver } from "./item-card";

const SHOWN = 5;

function lastDay({ room }: RoomView): string {
  const deal = room.item?.deal;
  return deal && !isOver(deal) ? (deal.until ?? deal.since ?? "") : "";
}

/** Deals whose days are not over, the nearest first. */
export function Coming({ views }: { views: readonly RoomView[] }) {
  const today = new Date().toLocaleDateString("sv");
  const coming = views
    .filter((view) => lastDay(view) >= today)
    .sort((one, other) => (beginning(one) < beginning(other) ? -1 : 1))
    .slice(0, SHOWN);
  if (coming.length === 0) return null;
  return (
    <section class="coming" aria-label={words.value.items.coming}>
      <h2 class="coming-title">{words.value.items.coming}</h2>
      <ul>
        {coming.map((view) => (
          <li key={view.room.id}>
            <a class="coming-row" href={pathTo.room(view.room.id)}>
              <CalendarDays size={15} aria-hidden="true" />
              <span class="coming-words">
                <span class="truncate">
                  {view.room.item?.title} · {client.rooms.name(view, language.value)}
                </span>
                <span class="coming-when truncate">
                  {view.room.item?.deal && dealText(view.room.item.deal)}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function beginning({ room }: RoomView): string {
  return room.item?.deal?.since ?? room.item?.deal?.until ?? "";
}
