/** Whether the host's origin may show notifications: its person's own word, given once. */
import type { MySettings } from "../core/model";
import { quietly } from "./warn";

export function mayNotify(): boolean {
  return "Notification" in globalThis && Notification.permission === "granted";
}

/** May be asked only while a person presses something. */
export function askToNotify(settings: MySettings, onGranted: () => void): void {
  if (!settings.notify || !("Notification" in globalThis) || Notification.permission !== "default") return;
  quietly(async () => {
    if ((await Notification.requestPermission()) === "granted") onGranted();
  });
}
