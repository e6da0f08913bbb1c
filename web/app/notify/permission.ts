import { signal } from "@preact/signals";
import { inPanel } from "../panel/host";

export type Permission = NotificationPermission | "unsupported" | "portal";

function now(): Permission {
  // The portal's own page shows them: a frame of another origin may not.
  if (inPanel) return "portal";
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

/** Whether this browser lets us show notifications. */
export const permission = signal<Permission>(now());

/** Asks the person, which a browser allows from a press alone. */
export async function askPermission(): Promise<void> {
  if (permission.peek() !== "default") return;
  await Notification.requestPermission();
  permission.value = now();
}

/** The person may change it in the browser's own settings meanwhile. */
export function followPermission(): void {
  const look = () => {
    permission.value = now();
  };
  document.addEventListener("visibilitychange", look);
  if (inPanel) return;
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => status.addEventListener("change", look))
    .catch(() => undefined);
}
