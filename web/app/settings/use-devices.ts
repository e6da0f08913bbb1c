import { useEffect, useState } from "preact/hooks";
import type { Device } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { toast } from "../parts/toast";
import { attempt } from "../room/attempt";

const LOOK_EVERY_MS = 30_000;

/** My devices while the list is on screen: looked up anew every so often, and after each change. */
export function useDevices() {
  const [devices, setDevices] = useState<readonly Device[] | null>(null);
  const [failed, setFailed] = useState(false);
  const load = async () => {
    try {
      setDevices(await client.devices());
      setFailed(false);
    } catch {
      // What is shown stays: it was true a moment ago.
      setFailed(devices === null);
    }
  };
  useEffect(() => {
    void load();
    const timer = setInterval(() => document.visibilityState === "visible" && void load(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const done = async (doing: Promise<void>) => {
    if (await attempt(doing)) toast(words.peek().settings.deviceGone);
    await load();
  };
  return {
    devices,
    failed,
    load,
    signOut: (device: Device) => done(client.signOutDevice(device.id)),
    signOutOthers: () => done(client.signOutOthers()),
  };
}
