import { host } from "../client";
import { commandKey, composing } from "../parts/keys";
import { popoverIsOpen } from "../parts/popover";
import { openQuickSwitch } from "../quick-switch/open";
import { goUp, route } from "./route";

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || composing(event)) return;
  if (commandKey(event) && !event.shiftKey && event.code === "KeyK") {
    event.preventDefault();
    openQuickSwitch();
    return;
  }
  const { room, person } = route.value;
  if (event.key === "Escape" && (room || person) && !popoverIsOpen()) {
    event.preventDefault();
    goUp();
  } else if (event.key === "Escape" && host && !popoverIsOpen()) {
    event.preventDefault();
    host.close();
  }
}

/** The keys that work everywhere. A part that has its own use for Esc keeps the event from coming here. */
export function listenToKeys(): () => void {
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}
