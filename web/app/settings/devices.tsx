import { LogOut, type LucideIcon, Monitor, Smartphone } from "lucide-preact";
import type { Device } from "../../core";
import { ago, fullTime } from "../language/dates";
import { words } from "../language/language";
import { confirm } from "../parts/ask";
import { Button } from "../parts/button";
import { Skeleton } from "../parts/skeleton";
import { Section } from "./section";
import { useDevices } from "./use-devices";
import "./devices.css";

const ICONS: Record<string, LucideIcon> = { web: Monitor, app: Smartphone };

/** Where I am signed in, and signing out what was lost. */
export function Devices() {
  const said = words.value.settings;
  const { devices, failed, load, signOut, signOutOthers } = useDevices();
  const others = (devices ?? []).filter((device) => !device.isThis);
  const askOne = async (device: Device) => {
    const name = nameOf(device);
    const question = { title: said.deviceAsk(name), body: said.deviceBody, action: said.signOut };
    if (await confirm({ ...question, danger: true })) await signOut(device);
  };
  const askOthers = async () => {
    const question = { title: said.devicesAsk(others.length), body: said.deviceBody, action: said.signOut };
    if (await confirm({ ...question, danger: true })) await signOutOthers();
  };
  return (
    <Section title={said.devices} hint={said.devicesHint}>
      {failed ? (
        <div class="settings-permission">
          <p class="settings-permission-words">{said.devicesFailed}</p>
          <Button size="small" onPress={() => void load()}>
            {words.value.words.retry}
          </Button>
        </div>
      ) : devices === null ? (
        <Skeleton shape="row" count={2} />
      ) : (
        <ul class="devices">
          {devices.map((device) => (
            <DeviceRow key={device.id} device={device} onSignOut={() => void askOne(device)} />
          ))}
        </ul>
      )}
      {others.length > 1 && (
        <div class="settings-actions">
          <Button icon={LogOut} onPress={() => void askOthers()}>
            {said.devicesSignOut}
          </Button>
        </div>
      )}
    </Section>
  );
}

function nameOf({ kind, name }: Device): string {
  const said = words.value.settings;
  return name || (kind === "app" ? said.deviceApp : said.deviceWeb);
}

function DeviceRow({ device, onSignOut }: { device: Device; onSignOut: () => void }) {
  const said = words.value.settings;
  const Icon = ICONS[device.kind] ?? Monitor;
  const name = nameOf(device);
  const isHere = device.connected || device.isThis;
  return (
    <li class="device">
      <span class="device-icon">
        <Icon size={20} aria-hidden="true" />
      </span>
      <span class="device-words">
        <span class="device-name">
          <span class="truncate">{name}</span>
          {device.isThis && <span class="device-mine">{said.deviceThis}</span>}
        </span>
        <span class="device-detail figures">
          <span class={isHere ? "device-connected" : undefined} data-tip={fullTime(device.seenAt)}>
            {isHere ? said.deviceConnected : said.deviceSeen(ago(device.seenAt))}
          </span>
          {device.address && <span class="device-address">{device.address}</span>}
        </span>
      </span>
      {!device.isThis && (
        <Button size="small" onPress={onSignOut}>
          {said.signOut}
          <span class="unseen">, {name}</span>
        </Button>
      )}
    </li>
  );
}
