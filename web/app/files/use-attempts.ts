import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { client } from "../client";

const FIRST_PAUSE_MS = 1000;
const PAUSES_MOST = 6;

/** For what could not be fetched: the number of the attempt, and what to call when it failed. Another one comes
 *  after a pause, each longer than the one before, and a few more whenever the connection comes back. */
export function useAttempts(): [attempt: number, fail: () => void] {
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState(-1);
  const pauses = useRef(0);
  const isReady = client.connection.value.phase === "ready";
  useEffect(() => {
    if (!isReady) pauses.current = 0;
  }, [isReady]);
  useEffect(() => {
    if (failed !== attempt || !isReady || pauses.current >= PAUSES_MOST) return;
    const pause = FIRST_PAUSE_MS * 2 ** pauses.current;
    const timer = setTimeout(() => {
      pauses.current += 1;
      setAttempt(attempt + 1);
    }, pause);
    return () => clearTimeout(timer);
  }, [failed, attempt, isReady]);
  return [attempt, useCallback(() => setFailed(attempt), [attempt])];
}
