import { CircleAlert, Clock3 } from "lucide-preact";
import type { OutboxItem } from "../../core";
import { client } from "../client";
import { fullTime } from "../language/dates";
import { words } from "../language/language";
import { classes } from "../parts/class-names";
import { Forwarded } from "./forwarded";
import { Quote } from "./quote";
import { Said } from "./said";

export interface UnsentRowProps {
  item: OutboxItem;
  opens: boolean;
  onJump: (seq: number) => void;
}

/** A talk of mine on its way (grey), or one that could not be sent (red), with what to do about it. */
export function UnsentRow({ item, opens, onJump }: UnsentRowProps) {
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
          <div class="bubble prose">
            {item.forward && <Forwarded />}
            {item.replyTo && <Quote room={item.room} seq={item.replyTo} onJump={onJump} />}
            <Said body={item.body} files={item.files} mentions={item.mentions} />
          </div>
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
