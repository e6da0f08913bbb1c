import { effect } from "@preact/signals";
import { client } from "../client";
import unreadIcon from "../feather-unread.svg";

/** The unread number on the installed app's icon, and a dot on the tab's. */
export function followUnread(): void {
  const icon = document.querySelector<HTMLLinkElement>("link[rel='icon']");
  const usual = icon?.href ?? "";
  effect(() => {
    const signedIn = client.session.value.phase === "signed_in";
    const unread = signedIn ? client.rooms.totalUnread.value : 0;
    const wanted = unread > 0 ? unreadIcon : usual;
    if (icon && icon.getAttribute("href") !== wanted) icon.href = wanted;
    const done = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
    done?.catch(() => undefined);
  });
}
