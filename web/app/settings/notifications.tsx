import { client } from "../client";
import { words } from "../language/language";
import { Switch } from "../parts/switch";
import { attempt } from "../room/attempt";
import { Hours } from "./hours";
import { NotificationPermission } from "./notification-permission";
import { Section } from "./section";

type Choice = "notify" | "sound" | "vibration" | "show_body" | "show_sender";

function Choose({ of, label, hint }: { of: Choice; label: string; hint?: string }) {
  const settings = client.settings.value;
  return (
    <Switch
      label={label}
      hint={hint}
      on={settings[of]}
      disabled={of !== "notify" && !settings.notify}
      onChange={(on) => void attempt(client.changeSettings({ [of]: on }))}
    />
  );
}

/** What I am told of and how; the same on all my devices, but for what this browser allows. */
export function Notifications() {
  const said = words.value.settings;
  return (
    <Section title={said.notifications} hint={said.notificationsHint}>
      <NotificationPermission />
      <div class="settings-switches">
        <Choose of="notify" label={said.notify} hint={said.notifyHint} />
        <Choose of="sound" label={said.sound} />
        <Choose of="vibration" label={said.vibration} hint={said.vibrationHint} />
        <Choose of="show_body" label={said.showBody} hint={said.showBodyHint} />
        <Choose of="show_sender" label={said.showSender} hint={said.showSenderHint} />
      </div>
      <Hours />
    </Section>
  );
}
