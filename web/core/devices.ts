/** Where I am signed in, and signing out of a device that was lost. */
import type { Client, Device } from "./contract";

/** A session as the server lists it. */
export interface WireDevice {
  readonly id: string;
  readonly kind: string;
  readonly name?: string;
  readonly address?: string;
  readonly created_at?: number;
  readonly seen_at?: number;
  readonly current?: boolean;
  readonly connected?: boolean;
}

export interface DevicesNeeds {
  sessions(): Promise<readonly WireDevice[]>;
  endSession(id: string): Promise<void>;
  endOtherSessions(): Promise<void>;
}

/** This device first, then those connected now, then by when they were last seen. */
export function fillDevices(listed: readonly WireDevice[]): Device[] {
  const devices = listed.map((device): Device => {
    const { id, kind, name = "", address = "", created_at = 0, current = false, connected = false } = device;
    const seenAt = device.seen_at ?? created_at;
    return { id, kind, name, address, since: created_at, seenAt, isThis: current, connected };
  });
  const rank = (device: Device) => (device.isThis ? 0 : device.connected ? 1 : 2);
  return devices.sort((a, b) => rank(a) - rank(b) || b.seenAt - a.seenAt || (a.id < b.id ? -1 : 1));
}

export function devices(api: DevicesNeeds): Pick<Client, "devices" | "signOutDevice" | "signOutOthers"> {
  return {
    devices: async () => fillDevices(await api.sessions()),
    signOutDevice: (id) => api.endSession(id),
    signOutOthers: () => api.endOtherSessions(),
  };
}
