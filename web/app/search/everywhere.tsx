import { client } from "../client";
import { go, pathTo, route } from "../frame/route";
import { language, words } from "../language/language";
import { jump } from "../room/jump";
import { HitRow } from "./hit-row";
import { Results } from "./results";
import { useSearch } from "./use-search";

/** Messages of all my rooms that were found; a press goes there. */
export function FoundEverywhere({ text }: { text: string }) {
  const search = useSearch(null, { text });
  return (
    <div class="pane-scroll">
      <Results search={search} idle={words.value.search.hint}>
        <ul class="hits">
          {search.hits.map(({ room, message }) => (
            <HitRow
              key={`${room}/${message.seq}`}
              message={message}
              room={nameOfRoom(room)}
              sought={text}
              onPress={() => {
                jump(room, message.seq);
                go(pathTo.room(room), { replace: route.peek().room !== null });
              }}
            />
          ))}
        </ul>
      </Results>
    </div>
  );
}

function nameOfRoom(room: string): string {
  const view = client.rooms.get(room).state.value;
  return view ? client.rooms.name(view, language.value) : "";
}
