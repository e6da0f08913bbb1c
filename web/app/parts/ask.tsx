// Questions asked from code: a call that answers when the person has.

import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { words } from "../language/language";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { composing } from "./keys";

export interface Confirmation {
  title: string;
  body?: string;
  /** What the button does, in a word or two. */
  action: string;
  danger?: boolean;
}

export interface Question {
  title: string;
  label: string;
  value?: string;
  hint?: string;
  action: string;
  maxLength?: number;
}

type Asked =
  | { kind: "confirm"; about: Confirmation; answer: (yes: boolean) => void }
  | { kind: "text"; about: Question; answer: (text: string | null) => void };

const asked = signal<Asked | null>(null);

/** Yes or no. */
export function confirm(about: Confirmation): Promise<boolean> {
  return new Promise((answer) => {
    asked.value = { kind: "confirm", about, answer };
  });
}

/** A line of text; null when the person would rather not. */
export function askText(about: Question): Promise<string | null> {
  return new Promise((answer) => {
    asked.value = { kind: "text", about, answer };
  });
}

function ConfirmDialog({ about, onAnswer }: { about: Confirmation; onAnswer: (yes: boolean) => void }) {
  return (
    <Dialog
      title={about.title}
      onClose={() => onAnswer(false)}
      actions={
        <>
          <Button onPress={() => onAnswer(false)}>{words.value.words.cancel}</Button>
          <Button kind={about.danger ? "danger" : "primary"} onPress={() => onAnswer(true)}>
            {about.action}
          </Button>
        </>
      }
    >
      {about.body && <p class="prose">{about.body}</p>}
    </Dialog>
  );
}

function TextDialog({ about, onAnswer }: { about: Question; onAnswer: (text: string | null) => void }) {
  const [text, setText] = useState(about.value ?? "");
  const enter = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !composing(event)) onAnswer(text);
  };
  return (
    <Dialog
      title={about.title}
      onClose={() => onAnswer(null)}
      actions={
        <>
          <Button onPress={() => onAnswer(null)}>{words.value.words.cancel}</Button>
          <Button kind="primary" onPress={() => onAnswer(text)}>
            {about.action}
          </Button>
        </>
      }
    >
      <Field
        label={about.label}
        value={text}
        onInput={setText}
        onKeyDown={enter}
        autofocus
        {...(about.hint === undefined ? {} : { hint: about.hint })}
        {...(about.maxLength === undefined ? {} : { maxLength: about.maxLength })}
      />
    </Dialog>
  );
}

/** Where these questions appear; once, in the frame. */
export function AskHost() {
  const question = asked.value;
  if (!question) return null;
  if (question.kind === "confirm") {
    const answer = (yes: boolean) => {
      asked.value = null;
      question.answer(yes);
    };
    return <ConfirmDialog about={question.about} onAnswer={answer} />;
  }
  const answer = (text: string | null) => {
    asked.value = null;
    question.answer(text);
  };
  return <TextDialog about={question.about} onAnswer={answer} />;
}
