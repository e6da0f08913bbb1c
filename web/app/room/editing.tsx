import { signal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { cleanText, MAX_TEXT, type Message, type RoomHandle, textLength } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { composing } from "../parts/keys";
import { attempt } from "./attempt";
import { mayEdit } from "./taking-back";
import "./editing.css";

interface Edited {
  readonly room: string;
  readonly message: Message;
}

const edited = signal<Edited | null>(null);

export function openEdit(room: string, message: Message): void {
  edited.value = { room, message };
}

/** My newest message on the screen, to be written anew; whether there is one. */
export function editMyLast(room: RoomHandle): boolean {
  const mine = room.timeline.peek()?.rows.findLast(mayEdit);
  if (!mine) return false;
  openEdit(room.id, mine);
  return true;
}

/** Where a message is written anew: once in a room. */
export function EditHost() {
  const now = edited.value;
  if (!now) return null;
  const close = () => {
    edited.value = null;
  };
  return <EditDialog key={`${now.room}/${now.message.seq}`} {...now} onClose={close} />;
}

function EditDialog({ room, message, onClose }: Edited & { onClose: () => void }) {
  const said = words.value.room;
  const field = useRef<HTMLTextAreaElement>(null);
  const [length, setLength] = useState(textLength(message.body));
  const [busy, setBusy] = useState(false);
  const over = length - MAX_TEXT;
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(message.body.length, message.body.length);
  }, []);
  const save = async () => {
    const text = field.current?.value ?? "";
    if (busy || length === 0 || over > 0) return;
    setBusy(true);
    const done = await attempt(client.edit(room, message.seq, text));
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Dialog
      title={said.edit}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{words.value.words.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={length === 0 || over > 0} onPress={() => void save()}>
            {words.value.words.save}
          </Button>
        </>
      }
    >
      <textarea
        ref={field}
        class="edit-field"
        rows={5}
        aria-label={said.edit}
        aria-invalid={over > 0}
        aria-describedby="edit-note"
        defaultValue={message.body}
        onInput={(event) => setLength(textLength(cleanText(event.currentTarget.value).trim()))}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || composing(event) || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void save();
        }}
      />
      <p id="edit-note" class="edit-note">
        {over > 0 ? said.tooLong(over) : said.editHint}
      </p>
    </Dialog>
  );
}
