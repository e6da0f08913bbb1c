import { signal } from "@preact/signals";
import { Check } from "lucide-preact";
import { useState } from "preact/hooks";
import { type Message, WireError } from "../../core";
import { client } from "../client";
import { lineOf } from "../files/about";
import { errorSentence, words } from "../language/language";
import { Button } from "../parts/button";
import { classes } from "../parts/class-names";
import { Dialog } from "../parts/dialog";
import { SearchField } from "../parts/search-field";
import { toast } from "../parts/toast";
import { TargetWords } from "../quick-switch/quick-switch";
import { type Target, useTargets } from "../quick-switch/targets";
import "../quick-switch/quick-switch.css";

const MOST = 20;

interface Forwarded {
  readonly room: string;
  readonly message: Message;
}

const forwarded = signal<Forwarded | null>(null);

export function openForward(room: string, message: Message): void {
  forwarded.value = { room, message };
}

/** Where a message is passed on to other rooms and people; once in a room. */
export function ForwardHost() {
  const now = forwarded.value;
  if (!now) return null;
  const close = () => {
    forwarded.value = null;
  };
  return <ForwardDialog key={`${now.room}/${now.message.seq}`} {...now} onClose={close} />;
}

function ForwardDialog({ room, message, onClose }: Forwarded & { onClose: () => void }) {
  const said = words.value.files;
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<readonly Target[]>([]);
  const [busy, setBusy] = useState(false);
  const found = useTargets(typed);
  const shown = typed.trim() ? found : [...chosen, ...found.filter((each) => !isIn(chosen, each))];
  const choose = (target: Target) => {
    const others = chosen.filter((each) => each.key !== target.key);
    if (others.length < chosen.length) setChosen(others);
    else if (chosen.length < MOST) setChosen([...chosen, target]);
  };
  const send = async () => {
    setBusy(true);
    try {
      await passOn(room, message, chosen);
      toast(said.forwardDone(chosen.length));
      onClose();
    } catch (error) {
      toast(errorSentence(error), { kind: "bad" });
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={said.forwardTitle}
      shape="medium"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{words.value.words.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={chosen.length === 0} onPress={() => void send()}>
            {said.forwardTo(chosen.length)}
          </Button>
        </>
      }
    >
      <p class="forward-what truncate">{lineOf(message)}</p>
      <SearchField label={said.forwardSearch} value={typed} onInput={setTyped} autofocus />
      <ul class="forward-list">
        {shown.map((target) => (
          <li key={target.key}>
            <button
              type="button"
              class={classes("quick-row", "forward-row")}
              aria-pressed={isIn(chosen, target)}
              aria-label={target.name}
              onClick={() => choose(target)}
            >
              <TargetWords target={target} />
              <span class="forward-mark">
                {isIn(chosen, target) && <Check size={14} aria-hidden="true" />}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p class="quick-nothing">{words.value.quick.nothing}</p>}
    </Dialog>
  );
}

function isIn(chosen: readonly Target[], target: Target): boolean {
  return chosen.some((each) => each.key === target.key);
}

/** Into the outbox of each of these rooms; a person's room is found or made before. */
async function passOn(room: string, message: Message, targets: readonly Target[]): Promise<void> {
  const rooms: string[] = [];
  for (const target of targets) {
    rooms.push(target.kind === "room" ? target.view.room.id : await client.createRoom([target.person.id]));
  }
  const { body, files, seq } = message;
  if (!body && files.length === 0) throw new WireError("not_found", "There is nothing to pass on.");
  for (const to of new Set(rooms)) client.send(to, body, { files, forward: { room, seq } });
}
