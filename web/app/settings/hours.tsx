import { useEffect, useRef, useState } from "preact/hooks";
import { client } from "../client";
import { clockTime } from "../language/dates";
import { words } from "../language/language";
import { Field } from "../parts/field";
import { Tabs } from "../parts/tabs";
import { attempt } from "../room/attempt";

const USUAL = { hours_from: "0900", hours_to: "1800" };
const ALWAYS = { hours_from: "", hours_to: "" };
/** A time is typed in parts: it is saved when the hands rest. */
const REST_MS = 1_000;

/** "0930" as an input of the browser's has it: "09:30". */
const shown = (hhmm: string): string => (hhmm ? `${hhmm.slice(0, 2)}:${hhmm.slice(2)}` : "");
const wire = (time: string): string => time.replace(":", "").slice(0, 4);

/** The hours of the day in which I am told: always, or from one time to another. */
export function Hours() {
  const said = words.value.settings;
  const { hours_from, hours_to, notify } = client.settings.value;
  const always = hours_from === "" && hours_to === "";
  const save = (hours: typeof ALWAYS) => void attempt(client.changeSettings(hours));
  if (!notify) return null;
  return (
    <div class="settings-form">
      <div class="settings-choice">
        <span class="field-label">{said.hours}</span>
        <Tabs<"always" | "hours">
          label={said.hours}
          value={always ? "always" : "hours"}
          onChange={(choice) => save(choice === "always" ? ALWAYS : USUAL)}
          options={[
            { value: "always", label: said.hoursAlways },
            { value: "hours", label: said.hoursChosen },
          ]}
        />
      </div>
      {!always && <FromTo from={hours_from} to={hours_to} onSave={save} />}
    </div>
  );
}

interface FromToProps {
  from: string;
  to: string;
  onSave: (hours: typeof ALWAYS) => void;
}

function FromTo({ from, to, onSave }: FromToProps) {
  const said = words.value.settings;
  const chosen = { from: shown(from), to: shown(to) };
  const [typed, setTyped] = useState(chosen);
  const isWriting = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  // Chosen on another device, perhaps; never under the hands of somebody who types.
  useEffect(() => {
    if (!isWriting.current) setTyped({ from: shown(from), to: shown(to) });
  }, [from, to]);

  const save = (next: typeof typed) => {
    clearTimeout(timer.current);
    const hours = { hours_from: wire(next.from), hours_to: wire(next.to) };
    const isWhole = hours.hours_from.length === 4 && hours.hours_to.length === 4;
    if (!isWriting.current || !isWhole) return;
    isWriting.current = false;
    if (hours.hours_from !== from || hours.hours_to !== to) onSave(hours);
  };
  const change = (part: Partial<typeof typed>) => {
    const next = { ...typed, ...part };
    isWriting.current = true;
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => save(next), REST_MS);
  };
  /** Of the two together: from one to the other nothing is decided yet. */
  const leave = (event: FocusEvent) => {
    if (event.relatedTarget && (event.currentTarget as Element).contains(event.relatedTarget as Node)) return;
    save(typed);
    if (!isWriting.current) return;
    isWriting.current = false;
    setTyped(chosen);
  };
  const hint =
    typed.from && typed.from === typed.to
      ? said.hoursSame
      : typed.from > typed.to && typed.to
        ? said.hoursOverMidnight(clockTime(typed.to))
        : undefined;
  return (
    <div class="settings-hours" onFocusOut={leave}>
      <div class="settings-pair">
        <Field
          label={said.hoursFrom}
          type="time"
          value={typed.from}
          onInput={(time) => change({ from: time })}
        />
        <Field label={said.hoursTo} type="time" value={typed.to} onInput={(time) => change({ to: time })} />
      </div>
      <p class="settings-note" role="status">
        {hint ?? said.hoursHint}
      </p>
    </div>
  );
}
