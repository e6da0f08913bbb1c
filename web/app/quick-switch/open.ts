import { signal } from "@preact/signals";

export const quickSwitchOpen = signal(false);

/** Ctrl/Cmd+K, or a button that says so. */
export function openQuickSwitch(): void {
  quickSwitchOpen.value = true;
}
