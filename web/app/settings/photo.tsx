import { useRef, useState } from "preact/hooks";
import type { Person } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { Button } from "../parts/button";
import { attempt } from "../room/attempt";
import { PhotoDialog } from "./photo-dialog";

/** My photo, with what can be done about it. */
export function MyPhoto({ me }: { me: Person }) {
  const said = words.value.photo;
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  return (
    <div class="my-photo">
      <Avatar person={me} size={72} />
      <div class="my-photo-actions">
        <Button size="small" onPress={() => input.current?.click()}>
          {me.photo === null ? said.choose : said.change}
        </Button>
        {me.photo !== null && (
          <Button size="small" kind="quiet" onPress={() => void attempt(client.setPhoto(null))}>
            {said.remove}
          </Button>
        )}
      </div>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
        hidden
        aria-label={said.choose}
        onChange={({ currentTarget }) => {
          setFile(currentTarget.files?.[0] ?? null);
          currentTarget.value = "";
        }}
      />
      {file && <PhotoDialog file={file} onClose={() => setFile(null)} />}
    </div>
  );
}
