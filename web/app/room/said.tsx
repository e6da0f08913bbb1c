import type { FileInfo } from "../../core";
import { FileParts } from "../files/file-parts";
import { MessageText } from "./message-text";
import { nameOf } from "./people-words";

export interface SaidProps {
  body: string;
  files?: readonly FileInfo[] | undefined;
  mentions?: readonly string[] | undefined;
}

/** What was said: files, words, or both. */
export function Said({ body, files = [], mentions = [] }: SaidProps) {
  const text = <MessageText body={body} named={mentions.map((id) => ({ id, name: nameOf(id) }))} />;
  if (files.length === 0) return text;
  return (
    <>
      <FileParts files={files} />
      {body && <div class="said-beside">{text}</div>}
    </>
  );
}
