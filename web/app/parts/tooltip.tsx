import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import "./tooltip.css";

// One tooltip for the whole page: any element with `data-tip` has one, on hover after a moment and on keyboard focus.

const WAIT_MS = 450;
const shown = signal<Element | null>(null);

function tipped(event: Event): Element | null {
  return event.target instanceof Element ? event.target.closest("[data-tip]") : null;
}

function listen(): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    clearTimeout(waiting);
    shown.value = null;
  };
  const over = (event: PointerEvent) => {
    const element = event.pointerType === "mouse" ? tipped(event) : null;
    if (element === shown.value) return;
    hide();
    if (element) waiting = setTimeout(() => (shown.value = element), WAIT_MS);
  };
  const focus = (event: FocusEvent) => {
    const element = tipped(event);
    if (element?.matches(":focus-visible")) shown.value = element;
  };
  addEventListener("pointerover", over);
  addEventListener("focusin", focus);
  for (const event of ["pointerdown", "keydown", "focusout", "scroll"] as const)
    addEventListener(event, hide, true);
  return () => {
    hide();
    removeEventListener("pointerover", over);
    removeEventListener("focusin", focus);
    for (const event of ["pointerdown", "keydown", "focusout", "scroll"] as const) {
      removeEventListener(event, hide, true);
    }
  };
}

export function TooltipHost() {
  const tip = useRef<HTMLDivElement>(null);
  useEffect(listen, []);
  const element = shown.value;
  useLayoutEffect(() => {
    const panel = tip.current;
    if (!panel || !element) return;
    panel.showPopover?.();
    const box = element.getBoundingClientRect();
    const left = box.left + box.width / 2 - panel.offsetWidth / 2;
    const below = box.bottom + 6;
    const fits = below + panel.offsetHeight < innerHeight - 4;
    panel.style.left = `${Math.max(4, Math.min(left, innerWidth - panel.offsetWidth - 4))}px`;
    panel.style.top = `${fits ? below : box.top - panel.offsetHeight - 6}px`;
  }, [element]);
  const text = element?.isConnected ? element.getAttribute("data-tip") : null;
  if (!text) return null;
  // The element it belongs to has the same words as its name, so a screen reader need not hear them twice.
  return (
    <div ref={tip} class="tooltip" popover="manual" aria-hidden="true">
      {text}
    </div>
  );
}
