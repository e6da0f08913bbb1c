import { useEffect, useState } from "preact/hooks";
import { client, host } from "../client";
import { previewOf } from "./previews";
import { useAttempts } from "./use-attempts";

/** Where a file can be shown from; in a panel its address cannot carry the token, so that it is fetched. */
export function useFile(id: string, what: "whole" | "thumb"): string | undefined {
  const [fetched, setFetched] = useState<string | null>(null);
  const [attempt, fail] = useAttempts();
  useEffect(() => {
    if (!host) return;
    let isWanted = true;
    void client.fileUrl(id, what).then((url) => {
      if (!isWanted) return;
      setFetched(url);
      if (url === null) fail();
    });
    return () => {
      isWanted = false;
    };
  }, [id, what, attempt, fail]);
  if (host) return fetched ?? undefined;
  return (what === "thumb" && previewOf(id)) || addressOf(id, what);
}

export function addressOf(id: string, what: "whole" | "thumb" = "whole"): string {
  return `/api/files/${encodeURIComponent(id)}${what === "thumb" ? "/thumb" : ""}`;
}

/** Has the browser save it, under its own name. */
export async function download(id: string, name: string): Promise<void> {
  const url = host ? await client.fileUrl(id) : `${addressOf(id)}?download`;
  if (url === null) return;
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
