import { signal } from "@preact/signals";
import { Bell, X } from "lucide-preact";
import { client } from "../client";
import { kept } from "../kept";
import { words } from "../language/language";
import { Button, IconButton } from "../parts/button";
import { askPermission, permission } from "./permission";
import "./permission-line.css";

const STORED = "notify-offered";
const offered = signal(kept.get(STORED) !== null);

function done(): void {
  kept.set(STORED, "1");
  offered.value = true;
}

/** Offers notifications once, in a line above the chats; whoever waves it away finds them in the settings. */
export function PermissionLine() {
  const said = words.value.notify;
  if (offered.value || permission.value !== "default" || !client.settings.value.notify) return null;
  return (
    <section class="permission-line" aria-label={said.offer}>
      <Bell size={16} aria-hidden="true" />
      <p class="permission-line-words prose">{said.offer}</p>
      <Button size="small" kind="primary" onPress={() => void askPermission().finally(done)}>
        {said.offerTake}
      </Button>
      <IconButton size="small" icon={X} label={said.offerLater} onPress={done} />
    </section>
  );
}
