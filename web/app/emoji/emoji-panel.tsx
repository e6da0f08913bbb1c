import {
  Apple,
  Clock3,
  Dog,
  Flag,
  Heart,
  Lightbulb,
  type LucideIcon,
  Plane,
  Smile,
  Trophy,
  UserRound,
} from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { language, words } from "../language/language";
import { classes } from "../parts/class-names";
import { composing } from "../parts/keys";
import { type Anchor, closePopover, openPopover } from "../parts/popover";
import { SearchField } from "../parts/search-field";
import { emojiCalled, emojiOf, type Found, favorites, GROUPS, type Group, noteChosen } from "./emoji-data";
import "./emoji.css";

const COLUMNS = 8;
const ICONS: Record<Group, LucideIcon> = {
  0: Smile,
  1: UserRound,
  3: Dog,
  4: Apple,
  5: Plane,
  6: Trophy,
  7: Lightbulb,
  8: Heart,
  9: Flag,
};

/** Has an emoji chosen, by its name or by looking. `onChoose` may be called again and again where `stays`. */
export function openEmoji(anchor: Anchor, onChoose: (emoji: string) => void, stays = false): void {
  openPopover({
    anchor,
    align: "end",
    label: words.value.emoji.title,
    content: () => <EmojiPanel onChoose={onChoose} stays={stays} />,
  });
}

type Shelf = Group | "favorites";

function useEmoji(typed: string, shelf: Shelf): { found: readonly Found[]; failed: boolean } {
  const [state, setState] = useState<{ found: readonly Found[]; failed: boolean }>({
    found: [],
    failed: false,
  });
  const wanted = typed.trim();
  useEffect(() => {
    let stale = false;
    const now = language.value;
    const asked = wanted
      ? emojiCalled(wanted, now)
      : shelf === "favorites"
        ? favorites(now)
        : emojiOf(shelf, now);
    asked.then(
      (found) => !stale && setState({ found, failed: false }),
      () => !stale && setState({ found: [], failed: true }),
    );
    return () => {
      stale = true;
    };
  }, [wanted, shelf, language.value]);
  return state;
}

function EmojiPanel({ onChoose, stays }: { onChoose: (emoji: string) => void; stays: boolean }) {
  const said = words.value.emoji;
  const [typed, setTyped] = useState("");
  const [shelf, setShelf] = useState<Shelf>(0);
  const grid = useRef<HTMLDivElement>(null);
  const { found, failed } = useEmoji(typed, shelf);
  const choose = (emoji: string) => {
    void noteChosen(emoji, language.peek()).catch(() => undefined);
    if (!stays) closePopover();
    onChoose(emoji);
  };
  // Asked anew: who types fast is ahead of what is shown.
  const chooseCalled = (wanted: string) =>
    void emojiCalled(wanted, language.peek()).then(
      ([first]) => first && choose(first.emoji),
      () => undefined,
    );
  const keyDown = (event: KeyboardEvent) => {
    // A panel of menus closes at Tab; here it leads from the field to the shelves.
    if (event.key === "Tab") event.stopPropagation();
    const buttons = [...(grid.current?.querySelectorAll<HTMLElement>("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (composing(event) || step === undefined || (at < 0 && event.key !== "ArrowDown")) return;
    event.preventDefault();
    buttons[at < 0 ? 0 : Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go through the emoji inside
    <div class="emoji-panel" onKeyDown={keyDown}>
      <SearchField
        label={said.search}
        value={typed}
        onInput={setTyped}
        onKeyDown={(event) => {
          const wanted = (event.target as HTMLInputElement).value.trim();
          if (event.key !== "Enter" || !wanted || composing(event)) return;
          event.preventDefault();
          chooseCalled(wanted);
        }}
        autofocus
      />
      <div class="emoji-shelves" role="toolbar" aria-label={said.groups}>
        <ShelfButton
          icon={Clock3}
          label={said.favorites}
          chosen={shelf === "favorites"}
          onPress={() => setShelf("favorites")}
        />
        {GROUPS.map((group) => (
          <ShelfButton
            key={group}
            icon={ICONS[group]}
            label={said.names[group] ?? ""}
            chosen={shelf === group}
            onPress={() => setShelf(group)}
          />
        ))}
      </div>
      <div class="emoji-grid" ref={grid}>
        {found.map(({ emoji, name }) => (
          <button
            key={emoji}
            type="button"
            class="emoji"
            aria-label={name}
            title={name}
            onClick={() => choose(emoji)}
          >
            {emoji}
          </button>
        ))}
        {failed && <p class="emoji-note">{said.failed}</p>}
        {!failed && found.length === 0 && typed.trim() && <p class="emoji-note">{said.nothing}</p>}
        {!failed && found.length === 0 && !typed.trim() && shelf === "favorites" && (
          <p class="emoji-note">{said.noFavorites}</p>
        )}
      </div>
    </div>
  );
}

interface ShelfProps {
  icon: LucideIcon;
  label: string;
  chosen: boolean;
  onPress: () => void;
}

function ShelfButton({ icon: Icon, label, chosen, onPress }: ShelfProps) {
  return (
    <button
      type="button"
      class={classes("emoji-shelf", chosen && "emoji-shelf-chosen")}
      aria-label={label}
      aria-pressed={chosen}
      data-tip={label}
      onClick={onPress}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
