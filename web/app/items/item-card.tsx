import { CalendarDays, ExternalLink, Package } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Deal, Item } from "../../core";
import { dayRange } from "../language/dates";
import { words } from "../language/language";
import { classes } from "../parts/class-names";
import "./item-card.css";

/** What a room is about, above its talk: at a press the host's page about it. */
export function ItemCard({ item }: { item: Item }) {
  const said = words.value.items;
  const { deal } = item;
  const inside = (
    <>
      <Picture key={item.picture} address={item.picture} />
      <span class="item-words">
        <span class="item-title truncate">{item.title}</span>
        <span class="item-line truncate">
          {item.price && <b class="figures">{item.price}</b>}
          {item.is_gone ? <em>{said.gone}</em> : item.status && <em>{item.status}</em>}
        </span>
        {deal && <DealLine deal={deal} />}
      </span>
      {item.link && <ExternalLink size={16} class="item-away" aria-hidden="true" />}
    </>
  );
  if (!item.link || item.is_gone) return <div class="item-card">{inside}</div>;
  return (
    <a class="item-card" href={item.link} target="_blank" rel="noopener noreferrer" data-tip={said.openPage}>
      {inside}
    </a>
  );
}

export function Picture({ address }: { address: string }) {
  const [missing, setMissing] = useState(false);
  return (
    <span class="item-picture">
      {address && !missing ? (
        <img src={address} alt="" referrerpolicy="no-referrer" onError={() => setMissing(true)} />
      ) : (
        <Package size={20} aria-hidden="true" />
      )}
    </span>
  );
}

const OVER: readonly string[] = ["returned", "cancelled", "done"];

/** Nothing of it is to come. */
export function isOver({ state }: Deal): boolean {
  return OVER.includes(state);
}

export function DealLine({ deal }: { deal: Deal }) {
  return (
    <span class={classes("item-deal", isOver(deal) && "item-deal-over")}>
      <CalendarDays size={13} aria-hidden="true" />
      <span>{dealText(deal)}</span>
    </span>
  );
}

/** "예약 확정 · 11월 28일~30일" */
export function dealText({ state, label, since, until }: Deal): string {
  const named = label || words.value.items.states[state] || state;
  return [named, dayRange(since, until)].filter(Boolean).join(" · ");
}
