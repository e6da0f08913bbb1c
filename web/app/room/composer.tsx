import { useSignal, useSignalEffect } from "@preact/signals";
import { SendHorizontal, Smile } from "lucide-preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { cleanText, MAX_TEXT, type RoomHandle, textLength } from "../../core";
import { client } from "../client";
import { openEmoji } from "../emoji/emoji-panel";
import { AttachButton, namedAnew } from "../files/attach-button";
import { attach, openParcel, sendParcel } from "../files/parcels";
import { Tray } from "../files/tray";
import { width } from "../frame/width";
import { errorSentence, words } from "../language/language";
import { IconButton } from "../parts/button";
import { classes } from "../parts/class-names";
import { composing } from "../parts/keys";
import { toast } from "../parts/toast";
import { editMyLast } from "./editing";
import { NAMING_LIST, NamingList, optionId } from "./naming-list";
import { ReplyBar } from "./quote";
import { replyingIn, stopReplying } from "./replying";
import { useNaming } from "./use-naming";
import "./composer.css";

const MOST_LINES = 6;
const LINE_PX = 20;
/** From here on the composer says how much is left. */
const SAY_LEFT_FROM = MAX_TEXT - 300;
/** So long after the last key nobody is in the middle of a word: what came from another device may be shown. */
const AT_REST_MS = 2_000;
/** On a keyboard of glass Enter breaks the line, and the button sends. */
const glass = matchMedia("(pointer: coarse) and (hover: none)");

export interface ComposerProps {
  room: RoomHandle;
  name: string;
}

/**
 * Where I write. The field is the browser's own: nothing here sets its text while it is being written in, so that
 * a Hangul syllable in the making is never cut by a draft, an event or a redraw.
 */
export function Composer({ room, name }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const length = useSignal(0);
  const hands = useRef({ typedAt: 0, composing: false });
  const said = words.value.room;

  const measure = () => {
    const element = field.current;
    if (!element) return;
    length.value = textLength(cleanText(element.value).trim());
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, MOST_LINES * LINE_PX + paddingOf(element))}px`;
    element.style.overflowY = element.scrollHeight > element.clientHeight + 1 ? "auto" : "hidden";
  };
  const put = (text: string) => {
    if (field.current) field.current.value = text;
    measure();
  };
  const input = () => {
    hands.current.typedAt = Date.now();
    measure();
    naming.look();
    const text = field.current?.value ?? "";
    client.setDraft(room.id, text);
    if (text) client.typing(room.id);
  };
  const insert = (text: string) => {
    const element = field.current;
    element?.setRangeText(text, element.selectionStart, element.selectionEnd, "end");
    input();
  };
  const naming = useNaming(room, field, input);
  const send = () => {
    const element = field.current;
    if (!element || !canSend(room.id, length.value)) return;
    const replyTo = replyingIn(room.id)?.seq;
    const text = element.value.trim();
    const carried = { ...(replyTo && { replyTo }), mentions: naming.named(text) };
    try {
      if (sendParcel(room.id, text, carried)) client.setDraft(room.id, "");
      else client.send(room.id, text, carried);
    } catch (error) {
      toast(errorSentence(error), { kind: "bad" });
      return;
    }
    stopReplying();
    put("");
    element.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    if (naming.takesKey(event)) return;
    if (event.key === "Escape" && !composing(event) && replyingIn(room.id)) {
      event.preventDefault();
      event.stopPropagation();
      stopReplying();
      return;
    }
    if (event.key === "ArrowUp" && !composing(event) && !field.current?.value && editMyLast(room)) {
      event.preventDefault();
      return;
    }
    if (event.key !== "Enter" || composing(event) || event.shiftKey || glass.matches) return;
    event.preventDefault();
    send();
  };

  useLayoutEffect(() => {
    put(room.draft.peek());
    if (!glass.matches && width.peek() !== "phone") field.current?.focus({ preventScroll: true });
  }, [room]);
  useSignalEffect(() => {
    if (replyingIn(room.id)) field.current?.focus({ preventScroll: true });
  });
  const waiting = useRef<ReturnType<typeof setTimeout>>();
  /** Shows the draft as it is now, but never under hands that write. */
  const follow = () => {
    clearTimeout(waiting.current);
    const element = field.current;
    const draft = room.draft.peek();
    if (!element || (draft === "" ? element.value.trim() : element.value) === draft) return;
    const { typedAt, composing: isComposing } = hands.current;
    const rested = Date.now() - typedAt;
    if (!isComposing && rested >= AT_REST_MS) put(draft);
    else waiting.current = setTimeout(follow, Math.max(200, AT_REST_MS - rested));
  };
  const leave = () => {
    naming.close();
    hands.current = { typedAt: 0, composing: false };
    client.flushDrafts();
    follow();
  };
  // A draft that comes later: from the store at first, or written in another window or on another device.
  useSignalEffect(() => {
    void room.draft.value;
    follow();
  });
  useEffect(() => {
    addEventListener("resize", measure);
    // Not as properties: Preact would listen to events of another case.
    const element = field.current;
    const compose = (event: CompositionEvent) => {
      hands.current.composing = event.type === "compositionstart";
    };
    element?.addEventListener("compositionstart", compose);
    element?.addEventListener("compositionend", compose);
    return () => {
      clearTimeout(waiting.current);
      removeEventListener("resize", measure);
    };
  }, []);

  const over = length.value - MAX_TEXT;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <ReplyBar room={room.id} />
      <Tray room={room.id} />
      <div class={classes("composer-box", over > 0 && "composer-over")}>
        <NamingList naming={naming} />
        <AttachButton room={room.id} />
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          aria-label={`${said.compose}, ${name}`}
          aria-describedby="composer-note"
          aria-invalid={over > 0}
          placeholder={said.placeholder}
          enterkeyhint={glass.matches ? "enter" : "send"}
          autocomplete="off"
          aria-controls={naming.people.length > 0 ? NAMING_LIST : undefined}
          aria-activedescendant={naming.people.length > 0 ? optionId(naming.active) : undefined}
          onInput={input}
          onClick={naming.look}
          onBlur={leave}
          onKeyDown={keyDown}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            // A copied table comes as text and as a picture of it: then the text is meant.
            if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
            event.preventDefault();
            void attach(room.id, files.map(namedAnew));
          }}
        />
        <IconButton
          class="composer-emoji"
          icon={Smile}
          label={words.value.emoji.open}
          opens="dialog"
          onPress={(event) => openEmoji(event.currentTarget, insert, true)}
        />
        <SendButton room={room.id} length={length.value} onPress={send} />
      </div>
      <Note length={length.value} />
    </form>
  );
}

function canSend(room: string, length: number): boolean {
  return (length > 0 || openParcel(room) !== undefined) && length <= MAX_TEXT;
}

function SendButton({ room, length, onPress }: { room: string; length: number; onPress: () => void }) {
  const said = words.value.room;
  const over = length - MAX_TEXT;
  const ready = canSend(room, length);
  const why = length === 0 ? said.nothingToSend : over > 0 ? said.tooLong(over) : said.send;
  return (
    // A disabled button takes no pointer, so what holds it says why.
    // A press must not take the focus, and with it a phone's keyboard, from the field.
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside is what is pressed
    <span
      class="composer-send"
      data-tip={ready ? undefined : why}
      onMouseDown={(event) => event.preventDefault()}
    >
      <IconButton
        icon={SendHorizontal}
        label={said.send}
        kind={ready ? "primary" : "quiet"}
        disabled={!ready}
        onPress={onPress}
      />
    </span>
  );
}

function Note({ length }: { length: number }) {
  const said = words.value.room;
  const over = length - MAX_TEXT;
  const text = over > 0 ? said.tooLong(over) : length > SAY_LEFT_FROM ? said.left(-over) : "";
  return (
    <p id="composer-note" class={classes("composer-note figures", over > 0 && "composer-note-over")}>
      {text}
    </p>
  );
}

function paddingOf(element: HTMLElement): number {
  const style = getComputedStyle(element);
  return Number.parseFloat(style.paddingTop) + Number.parseFloat(style.paddingBottom);
}
