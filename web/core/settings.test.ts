// @vitest-environment node
import { expect, test } from "vitest";
import type { SettingsChange } from "./contract";
import { WireError } from "./errors";
import { Settings } from "./settings";

/** A server that answers when told to. */
function waiting() {
  const asked: { change: SettingsChange; done(): void; refuse(): void }[] = [];
  const settings = new Settings(
    (change) =>
      new Promise<void>((done, reject) => {
        asked.push({ change, done, refuse: () => reject(new WireError("not_allowed", "no")) });
      }),
  );
  return { settings, asked };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

test("Everything is told until a person says otherwise", () => {
  expect(waiting().settings.mine.value).toEqual({
    standalone: false,
    notify: true,
    sound: true,
    vibration: true,
    show_body: true,
    show_sender: true,
    hours_from: "",
    hours_to: "",
  });
});

test("A change shows at once and stays when it is done", async () => {
  const { settings, asked } = waiting();
  const changed = settings.change({ sound: false });
  expect(settings.mine.value.sound).toBe(false);
  await turn();
  asked[0]?.done();
  await changed;
  expect(settings.mine.value.sound).toBe(false);
});

test("A refused change is taken back, and no other with it", async () => {
  const { settings, asked } = waiting();
  settings.heard({ hours_from: "0900", hours_to: "1800" });
  const sound = settings.change({ sound: false });
  const body = settings.change({ show_body: false });
  expect(settings.mine.value).toMatchObject({ sound: false, show_body: false });
  await turn();
  asked[0]?.refuse();
  await expect(sound).rejects.toThrow("no");
  await turn();
  asked[1]?.done();
  await body;
  expect(settings.mine.value).toMatchObject({ sound: true, show_body: false, hours_from: "0900" });
});

test("Presses reach the server in their order, one at a time", async () => {
  const { settings, asked } = waiting();
  const all = [true, false, true].map((sound) => settings.change({ sound }));
  await turn();
  expect(asked.length).toBe(1);
  for (const n of [0, 1, 2]) {
    asked[n]?.done();
    await turn();
  }
  await Promise.all(all);
  expect(asked.map(({ change }) => change.sound)).toEqual([true, false, true]);
  expect(settings.mine.value.sound).toBe(true);
});

test("What another device has changed meanwhile is not undone by an answer", async () => {
  const { settings, asked } = waiting();
  const changed = settings.change({ sound: false });
  await turn();
  settings.heard({ sound: false });
  settings.heard({ sound: true });
  asked[0]?.done();
  await changed;
  expect(settings.mine.value.sound).toBe(true);
});
