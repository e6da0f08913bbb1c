import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { ReportReason, RoomState, RoomView } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { confirm } from "../parts/ask";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { toast } from "../parts/toast";
import { attempt } from "../room/attempt";
import { myId, nameOf } from "../room/people-words";

const REASONS: readonly ReportReason[] = ["fraud", "spam", "abuse", "illegal", "other"];
const NOTE_MOST = 1_000;

/** Whom I have blocked, as far as it was asked for. */
const mine = signal<ReadonlySet<string> | null>(null);
const reported = signal<string | null>(null);

export function otherIn({ room }: Pick<RoomView, "room">): string {
  return room.people.find((id) => id !== myId()) ?? "";
}

async function look(): Promise<void> {
  try {
    mine.value = new Set(await client.blocked());
  } catch {
    // Asked again where it is needed next.
  }
}

export async function block(view: RoomView): Promise<void> {
  const said = words.value.items;
  const person = otherIn(view);
  const sure = await confirm({
    title: said.blockAsk(nameOf(person)),
    body: said.blockBody,
    action: said.block,
    danger: true,
  });
  if (sure && (await attempt(client.block(person, true)))) await look();
}

export async function unblock(view: RoomView): Promise<void> {
  if (await attempt(client.block(otherIn(view), false))) await look();
}

export function openReport(view: RoomView): void {
  reported.value = view.room.id;
}

/** In the place of the composer, where nothing can be said. */
export function BlockedBar({ state }: { state: RoomState }) {
  const said = words.value.items;
  useEffect(() => void look(), []);
  const byMe = mine.value?.has(otherIn(state)) ?? false;
  return (
    <div class="blocked-bar" role="status">
      <span>{byMe ? said.blockedByMe : said.blocked}</span>
      {byMe && (
        <Button size="small" onPress={() => void unblock(state)}>
          {said.unblock}
        </Button>
      )}
    </div>
  );
}

/** What is wrong here, for the administrator. */
export function ReportHost() {
  const room = reported.value;
  if (room === null) return null;
  const close = () => {
    reported.value = null;
  };
  return <ReportDialog key={room} room={room} onClose={close} />;
}

function ReportDialog({ room, onClose }: { room: string; onClose: () => void }) {
  const said = words.value.items;
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (!reason) return;
    setBusy(true);
    const done = await attempt(client.report(room, reason, text.trim()));
    setBusy(false);
    if (!done) return;
    toast(said.reported);
    onClose();
  };
  return (
    <Dialog
      title={said.report}
      shape="medium"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{words.value.words.cancel}</Button>
          <Button kind="danger" busy={busy} disabled={!reason} onPress={() => void send()}>
            {said.report}
          </Button>
        </>
      }
    >
      <p>{said.reportHint}</p>
      <div class="report-reasons" role="radiogroup" aria-label={said.reasonLabel}>
        {REASONS.map((each) => (
          <label key={each}>
            <input type="radio" name="reason" checked={reason === each} onChange={() => setReason(each)} />
            {said.reasons[each]}
          </label>
        ))}
      </div>
      <textarea
        class="report-text"
        maxLength={NOTE_MOST}
        aria-label={said.note}
        placeholder={said.note}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </Dialog>
  );
}
