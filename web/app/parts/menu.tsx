import type { LucideIcon } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { classes } from "./class-names";
import { composing } from "./keys";
import { type Anchor, closePopover, openPopover } from "./popover";
import "./menu.css";

export interface MenuItem {
  label: string;
  icon?: LucideIcon;
  onSelect: () => void;
  /** It takes something away. */
  danger?: boolean;
  disabled?: boolean;
  /** For a choice: whether it is the one in force. */
  checked?: boolean;
}

/** One entry, or a line between entries. */
export type MenuEntry = MenuItem | "line";

export interface MenuOptions {
  align?: "start" | "end";
  onClose?: () => void;
  /** Above the entries, such as a row of small buttons; the arrow keys pass through them as well. */
  head?: () => ComponentChildren;
}

/** Opens a menu below an element (a button's `event.currentTarget`) or at a point (a context menu's x and y). */
export function openMenu(
  anchor: Anchor,
  label: string,
  entries: MenuEntry[],
  options: MenuOptions = {},
): void {
  const { head, ...placed } = options;
  const content = () => <Menu entries={entries} head={head?.()} />;
  openPopover({ anchor, label, role: "menu", content, ...placed });
}

function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (composing(event)) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button:enabled")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    ArrowRight: (at + 1) % items.length,
    ArrowLeft: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

function roleOf({ checked }: MenuItem) {
  return checked === undefined
    ? { role: "menuitem" as const }
    : { role: "menuitemradio" as const, "aria-checked": checked };
}

function Menu({ entries, head }: { entries: MenuEntry[]; head?: ComponentChildren }) {
  const choose = (item: MenuItem) => {
    closePopover();
    item.onSelect();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the panel around it is the menu
    <div class="menu" onKeyDown={moveFocus}>
      {head}
      {entries.map((entry, at) =>
        entry === "line" ? (
          <hr key={at} class="menu-line" />
        ) : (
          <button
            key={entry.label}
            type="button"
            {...roleOf(entry)}
            class={classes(
              "menu-item",
              entry.danger && "menu-item-danger",
              entry.checked && "menu-item-checked",
            )}
            disabled={entry.disabled}
            onClick={() => choose(entry)}
          >
            {entry.icon && <entry.icon size={16} aria-hidden="true" />}
            <span class="truncate">{entry.label}</span>
          </button>
        ),
      )}
    </div>
  );
}
