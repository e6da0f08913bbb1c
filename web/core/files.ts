/** Files: where they are to be had, and where they go. */
import type { Api } from "./api";
import type { Client } from "./contract";

export function files(api: Api): Pick<Client, "fileUrl" | "linkPicture" | "uploads"> {
  return {
    fileUrl: (file, what) => api.fileUrl(file, what),
    linkPicture: (room, seq, image) => api.linkPicture(room, seq, image),
    uploads: api.uploads,
  };
}
