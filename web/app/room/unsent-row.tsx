import { CircleAlert, Clock3 } from "lucide-preact";
import type { OutboxItem } from "../../core";
import { client } from "../client";
import { fullTime } from "../language/dates";
import { words } from "../language/language";
import { classes } from "../parts/class-names";
import { MessageText } from "./message-text";

/** A talk of mine on its way (grey), or one that could not be sent (red), with what to do about it. */
export function UnsentRow({ item, opens }: { item: OutboxItem; opens: boolean }) {
  const said = words.value.room;
  const failed = item.state === "failed";
  const reason = item.reason === null ? said.failed : (words.value.errors[item.reason] ?? said.failed);
  return (
    <article
      class={classes(
        "message message-mine",
        opens && "message-opens",
        failed ? "message-failed" : "message-sending",
      )}
      aria-label={`${said.saidAt(said.me, fullTime(item.at))}, ${failed ? said.failed : said.sending}`}
      tabIndex={-1}
    >
      <div class="message-body">
        <div class="message-line">
          <p class="bubble prose">
            <MessageText body={item.body} />
          </p>
          <span class="message-side" data-tip={failed ? reason : said.sending}>
            {failed ? <CircleAlert size={16} aria-hidden="true" /> : <Clock3 size={13} aria-hidden="true" />}
          </span>
        </div>
        {failed && (
          <p class="failed-actions">
            <span>{reason}</span>
            <button type="button" onClick={() => client.resend(item.clientId)}>
              {said.resend}
            </button>
            <button type="button" onClick={() => client.deleteUnsent(item.clientId)}>
              {said.discard}
            </button>
          </p>
        )}
      </div>
    </article>
  );
}
