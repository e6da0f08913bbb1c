import { BellOff, BellRing } from "lucide-preact";
import { client } from "../client";
import { words } from "../language/language";
import { askPermission, permission } from "../notify/permission";
import { surface } from "../notify/surface";
import { Button } from "../parts/button";

function tryOne(): void {
  const said = words.peek();
  const { sound, vibration } = client.settings.peek();
  const note = { room: "", title: said.product, body: said.notify.tried, at: Date.now() };
  surface.show({ ...note, silent: !sound, vibrate: vibration });
}

/** Whether this browser shows them, and what to do where it does not. */
export function NotificationPermission() {
  const said = words.value.notify;
  const state = permission.value;
  const granted = state === "granted";
  const Icon = granted || state === "default" ? BellRing : BellOff;
  return (
    <div class="settings-permission">
      <Icon size={18} aria-hidden="true" />
      <p class="settings-permission-words prose">{said.permission[state]}</p>
      {granted && (
        <Button size="small" onPress={tryOne}>
          {said.tryOne}
        </Button>
      )}
      {state === "default" && (
        <Button size="small" kind="primary" onPress={() => void askPermission()}>
          {said.ask}
        </Button>
      )}
    </div>
  );
}
