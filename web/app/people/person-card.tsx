import { signal } from "@preact/signals";
import { client } from "../client";
import { words } from "../language/language";
import { Dialog } from "../parts/dialog";
import { Profile } from "./profile";

const shown = signal<string | null>(null);

/** Shows who somebody is, over whatever is on screen. */
export function openPersonCard(id: string): void {
  shown.value = id;
}

/** Where that card appears; once, in the frame. */
export function PersonCardHost() {
  const id = shown.value;
  if (!id) return null;
  const close = () => {
    shown.value = null;
  };
  const name = client.people.get(id)?.name ?? "";
  return (
    <Dialog title={words.value.profile.title(name)} hideTitle shape="medium" onClose={close}>
      <Profile id={id} onDone={close} />
    </Dialog>
  );
}
