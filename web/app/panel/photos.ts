/** Where a photo is to be had: in a panel its address cannot carry the token, so that it is fetched. */
import { useEffect, useState } from "preact/hooks";
import { client, host } from "../client";

/** Undefined: not yet, or none. */
export function usePhoto(id: string, photo: string | null): string | undefined {
  const [fetched, setFetched] = useState<string | null>(null);
  useEffect(() => {
    if (!host || photo === null) return;
    let isWanted = true;
    void client.photo({ id, photo }).then((url) => isWanted && setFetched(url));
    return () => {
      isWanted = false;
    };
  }, [id, photo]);
  if (photo === null) return undefined;
  if (host) return fetched ?? undefined;
  return `/api/directory/people/${encodeURIComponent(id)}/photo?v=${encodeURIComponent(photo)}`;
}
