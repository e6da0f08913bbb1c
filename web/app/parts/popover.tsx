import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { composing } from "./keys";
import "./popover.css";

export type Anchor = Element | { x: number; y: number };

export interface PopoverOptions {
  anchor: Anchor;
  /** Its name for a screen reader. */
  label: string;
  role?: "menu" | "dialog";
  content: () => ComponentChildren;
  /** On which end of the anchor it lines up. */
  align?: "start" | "end";
  onClose?: () => void;
}

const GAP = 4;
const EDGE = 8;
const shown = signal<PopoverOptions | null>(null);

/** Shows a small panel beside an element or at a point; another one that is open closes. */
export function openPopover(options: PopoverOptions): void {
  closePopover();
  shown.value = options;
}

export function closePopover(): void {
  const open = shown.value;
  if (!open) return;
  shown.value = null;
  open.onClose?.();
}

export function popoverIsOpen(): boolean {
  return shown.value !== null;
}

function boxOf(anchor: Anchor): { left: number; right: number; top: number; bottom: number } {
  if (anchor instanceof Element) return anchor.getBoundingClientRect();
  return { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y };
}

function place(panel: HTMLElement, { anchor, align }: PopoverOptions): void {
  const box = boxOf(anchor);
  const { offsetWidth: width, offsetHeight: height } = panel;
  const wanted = align === "end" ? box.right - width : box.left;
  const left = Math.max(EDGE, Math.min(wanted, innerWidth - width - EDGE));
  const below = box.bottom + GAP;
  const above = box.top - GAP - height;
  const top = below + height > innerHeight - EDGE && above >= EDGE ? above : below;
  panel.style.left = `${left}px`;
  panel.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
}

function Panel({ options }: { options: PopoverOptions }) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    if (!element) return;
    const before = document.activeElement;
    // In the top layer it is above an open dialog too.
    element.showPopover?.();
    place(element, options);
    (element.querySelector<HTMLElement>("[data-first], button, a[href], input") ?? element).focus({
      preventScroll: true,
    });
    return () => {
      const lost = document.activeElement === document.body || element.contains(document.activeElement);
      if (lost && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [options]);
  useEffect(() => {
    const outside = (event: Event) => {
      if (event.target instanceof Node && panel.current?.contains(event.target)) return;
      closePopover();
    };
    addEventListener("pointerdown", outside, true);
    addEventListener("resize", closePopover);
    return () => {
      removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", closePopover);
    };
  }, []);
  const keyDown = (event: KeyboardEvent) => {
    if (composing(event) || (event.key !== "Escape" && event.key !== "Tab")) return;
    event.stopPropagation();
    event.preventDefault();
    closePopover();
  };
  const named = { role: options.role ?? ("dialog" as const), "aria-label": options.label };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is a menu or a dialog, by `named`
    <div ref={panel} class="popover" popover="manual" {...named} tabIndex={-1} onKeyDown={keyDown}>
      {options.content()}
    </div>
  );
}

/** Where popovers and menus appear; once, in the frame. */
export function PopoverHost() {
  const options = shown.value;
  return options && <Panel key={options} options={options} />;
}
