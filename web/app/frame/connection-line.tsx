import { MonitorSmartphone, RefreshCw } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { ConnectionState, PlaceHolder } from "../../core";
import { client } from "../client";
import { type Words, words } from "../language/language";
import { announce } from "../parts/announce";
import { width } from "./width";
import "./connection-line.css";

const SECOND = 1000;
/** A connection that is back sooner than this was never worth a word. */
const PATIENCE_MS = 1200;
/** At the very first the skeletons say enough, unless it takes long. */
const FIRST_PATIENCE_MS = 5000;

function secondsTo(at: number): number {
  return Math.max(0, Math.ceil((at - Date.now()) / SECOND));
}

function sentence(state: ConnectionState, online: boolean, said: Words["connection"]): string | null {
  switch (state.phase) {
    case "ready":
    case "stopped":
    case "parked":
      return null;
    case "waiting":
      return online ? said.lost(secondsTo(state.retryAt)) : said.offline;
    case "connecting":
      return online ? (state.first ? said.connecting : said.lost(0)) : said.offline;
  }
}

function parkedSentence(by: PlaceHolder | null, said: Words["connection"]): string {
  return by?.sameBrowser ? said.parkedHere : said.parked(by?.name ?? "");
}

function useTicking(on: boolean): void {
  const [, again] = useState(0);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => again((turn) => turn + 1), SECOND);
    return () => clearInterval(timer);
  }, [on]);
}

function usePatience(troubled: boolean, patience: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!troubled) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), patience);
    return () => clearTimeout(timer);
  }, [troubled, patience]);
  return lasting;
}

/** Somebody else of me has the live place; what is held here can be read on. The whole line takes the press. */
function ParkedLine({ by }: { by: PlaceHolder | null }) {
  const narrow = width.value === "phone";
  const text = parkedSentence(narrow && by ? { ...by, name: "" } : by, words.value.connection);
  // A button's own words are not read out when it comes.
  useEffect(() => announce(text), [text]);
  return (
    <header class="connection-line">
      <button type="button" class="connection-use" onClick={() => client.useHere()}>
        {!narrow && <MonitorSmartphone size={14} aria-hidden="true" />}
        <span class="prose">{text}</span>
      </button>
    </header>
  );
}

/** Trouble is one thin line that says what happens and when the next try is. */
export function ConnectionLine() {
  const state = client.connection.value;
  const said = words.value.connection;
  const text = sentence(state, navigator.onLine, said);
  const first = state.phase === "connecting" && state.first;
  const lasting = usePatience(text !== null, first ? FIRST_PATIENCE_MS : PATIENCE_MS);
  useTicking(lasting);
  if (state.phase === "parked") return <ParkedLine by={state.by} />;
  if (!text || !lasting) return null;
  return (
    <header class="connection-line">
      {/* The counting seconds would be read out one by one, so a screen reader hears only that it is lost. */}
      <span class="figures truncate" role={state.phase === "waiting" ? undefined : "status"}>
        {text}
      </span>
      {state.phase === "waiting" && (
        <button type="button" class="connection-try" onClick={() => client.probe()}>
          <RefreshCw size={13} aria-hidden="true" />
          {said.tryNow}
        </button>
      )}
    </header>
  );
}
