import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { RoomView } from "../../core";
import { client } from "../client";
import { language, words } from "../language/language";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Field } from "../parts/field";
import { composing } from "../parts/keys";
import { Tabs } from "../parts/tabs";
import { attempt } from "./attempt";
import { myId } from "./people-words";

type Scope = "all" | "me";
const LONGEST_NAME = 200;
const renaming = signal<RoomView | null>(null);

export function openRename(view: RoomView): void {
  renaming.value = view;
}

/** Where the question for a name appears: once in the list of chats, once in a room. */
export function RenameHost() {
  const view = renaming.value;
  if (!view) return null;
  return <RenameDialog key={view.room.id} view={view} onClose={() => (renaming.value = null)} />;
}

function nameNow({ room, mine }: RoomView, scope: Scope): string {
  return (scope === "all" ? room.name : mine.own_name) ?? "";
}

function RenameDialog({ view, onClose }: { view: RoomView; onClose: () => void }) {
  const said = words.value.room;
  const shownName = client.rooms.name(view, language.value);
  const mayAll = view.room.kind === "group" && view.room.master === myId();
  const [scope, setScope] = useState<Scope>(mayAll && view.mine.own_name === null ? "all" : "me");
  const [name, setName] = useState(nameNow(view, scope));
  const [busy, setBusy] = useState(false);
  const choose = (next: Scope) => {
    if (name === nameNow(view, scope)) setName(nameNow(view, next));
    setScope(next);
  };
  const save = async () => {
    if (busy) return;
    setBusy(true);
    const done = await attempt(client.rename(view.room.id, name.trim() || null, scope));
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Dialog
      title={said.rename}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{words.value.words.cancel}</Button>
          <Button kind="primary" busy={busy} onPress={() => void save()}>
            {words.value.words.save}
          </Button>
        </>
      }
    >
      <div class="rename">
        {mayAll && (
          <Tabs
            label={said.rename}
            value={scope}
            onChange={choose}
            options={[
              { value: "all", label: said.renameAll },
              { value: "me", label: said.renameMe },
            ]}
          />
        )}
        <Field
          label={said.renameLabel}
          value={name}
          onInput={setName}
          maxLength={LONGEST_NAME}
          placeholder={shownName}
          hint={scope === "all" ? said.renameAllHint : said.renameMeHint}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !composing(event)) void save();
          }}
          autofocus
        />
      </div>
    </Dialog>
  );
}
