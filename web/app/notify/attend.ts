import { client, host } from "../client";
import { inPanel } from "../panel/host";
import { followUnread } from "./badge";
import { followPermission } from "./permission";
import { surface } from "./surface";

function followFocus(): void {
  const isSeen = () => document.visibilityState === "visible" && host?.shown !== false;
  const tell = () => client.setFocused(isSeen() && document.hasFocus());
  addEventListener("focus", tell);
  addEventListener("blur", tell);
  document.addEventListener("visibilitychange", tell);
  tell();
}

/** Tells the core what is before the person's eyes, and shows what it wants them to know. */
export function attend(): void {
  followFocus();
  followPermission();
  // In a panel the portal's page shows notifications and the number.
  if (inPanel) return;
  client.notifyOn(surface);
  followUnread();
}
