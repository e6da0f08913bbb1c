import { Paperclip } from "lucide-preact";
import { useRef } from "preact/hooks";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import { attach } from "./parcels";

export function AttachButton({ room }: { room: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        class="composer-attach"
        icon={Paperclip}
        label={words.value.files.attach}
        onPress={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          void attach(room, [...(currentTarget.files ?? [])]);
          // The same file may be chosen again.
          currentTarget.value = "";
        }}
      />
    </>
  );
}

/** What is pasted is always called image.png: the time tells one from another. */
export function namedAnew(file: File): File {
  if (!/^image\.\w+$/u.test(file.name)) return file;
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
  const time = now.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return new File([file], `${time}.${file.name.split(".").at(-1)}`, { type: file.type });
}
