import { X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RoomHandle, SearchWish } from "../../core";
import { useFile } from "../files/use-file";
import { width } from "../frame/width";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import { SearchField } from "../parts/search-field";
import { jump, placeIn, returnTo } from "../room/jump";
import { type Chosen, Filters, NONE_CHOSEN } from "./filters";
import { HitRow } from "./hit-row";
import { Results } from "./results";
import { type Search, useSearch } from "./use-search";

const DAY_MS = 86_400_000;

/** Beside the talk (over it on a phone): finds in this room, goes there, and comes back to where the reader was. */
export function RoomSearch({ room, onClose }: { room: RoomHandle; onClose: () => void }) {
  const said = words.value.search;
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Chosen>(NONE_CHOSEN);
  const search = useSearch(room.id, wishOf(text, chosen));
  const began = useRef(placeIn(room.id));
  const jumped = useRef(false);
  const go = (seq: number) => {
    jumped.current = true;
    jump(room.id, seq);
    if (width.peek() !== "wide") onClose();
  };
  useEffect(
    () => () => {
      // On a phone the pane goes to show the hit; elsewhere leaving it leads back.
      if (jumped.current && width.peek() === "wide") returnTo(room.id, began.current);
    },
    [room.id],
  );
  return (
    <aside class="members room-search" aria-label={said.title}>
      <header class="members-head">
        <h2 class="members-title">{said.title}</h2>
        <IconButton icon={X} label={said.close} onPress={onClose} />
      </header>
      <div class="room-search-field">
        <SearchField label={said.field} value={text} onInput={setText} autofocus />
      </div>
      <Filters room={room} chosen={chosen} onChange={setChosen} />
      <div class="room-search-scroll">
        <Results search={search} idle={said.hint}>
          {isGallery(text, chosen) ? (
            <Gallery search={search} onPress={go} />
          ) : (
            <ul class="hits">
              {search.hits.map(({ message }) => (
                <HitRow key={message.seq} message={message} sought={text} onPress={() => go(message.seq)} />
              ))}
            </ul>
          )}
        </Results>
      </div>
    </aside>
  );
}

function wishOf(text: string, { kinds, sender, since, until }: Chosen): SearchWish {
  return {
    text: text.trim(),
    ...(kinds.length > 0 && { kinds }),
    ...(sender && { sender }),
    ...(since && { since: midnight(since) }),
    ...(until && { until: midnight(until) + DAY_MS }),
  };
}

function midnight(day: string): number {
  return new Date(`${day}T00:00`).getTime();
}

/** Pictures alone are looked at, not read. */
function isGallery(text: string, { kinds }: Chosen): boolean {
  return (
    text.trim() === "" && kinds.length > 0 && kinds.every((kind) => kind === "image" || kind === "video")
  );
}

function Gallery({ search, onPress }: { search: Search; onPress: (seq: number) => void }) {
  return (
    <ul class="gallery">
      {search.hits.flatMap(({ message }) =>
        message.files
          .filter((file) => file.kind !== "file")
          .map((file) => (
            <li key={`${message.seq}/${file.id}`}>
              <button
                type="button"
                class="gallery-picture"
                aria-label={words.value.files.view(file.name)}
                onClick={() => onPress(message.seq)}
              >
                <Thumb id={file.id} has={file.thumb || file.kind === "image"} small={file.thumb} />
              </button>
            </li>
          )),
      )}
    </ul>
  );
}

function Thumb({ id, has, small }: { id: string; has: boolean; small: boolean }) {
  const url = useFile(id, small ? "thumb" : "whole");
  return has && url ? <img src={url} alt="" loading="lazy" /> : null;
}
