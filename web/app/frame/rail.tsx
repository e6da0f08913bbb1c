import { type LucideIcon, MessageCircle, Settings, Users } from "lucide-preact";
import { client } from "../client";
import { words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { Badge } from "../parts/badge";
import { classes } from "../parts/class-names";
import { lastRoom } from "./last-room";
import { Mark } from "./mark";
import { pathTo, route, type Tab } from "./route";
import { width } from "./width";
import "./rail.css";

function RailLink(props: { tab: Tab; label: string; icon: LucideIcon; href: string; unread?: number }) {
  const here = route.value.tab === props.tab;
  const { icon: Icon, unread = 0 } = props;
  return (
    <a
      class={classes("rail-link", here && "rail-link-here")}
      href={props.href}
      aria-current={here ? "page" : undefined}
    >
      <span class="rail-icon">
        <Icon size={22} strokeWidth={here ? 2.2 : 1.8} aria-hidden="true" />
        {unread > 0 && (
          <span class="rail-badge">
            <Badge count={unread} />
          </span>
        )}
      </span>
      <span class="rail-label">{props.label}</span>
    </a>
  );
}

function chatsPath(): string {
  const { tab } = route.value;
  return tab !== "chats" && width.value !== "phone" && lastRoom.value
    ? pathTo.room(lastRoom.value)
    : pathTo.chats;
}

/** The way between the three places: at the side, or along the foot of a phone. */
export function Rail() {
  const said = words.value.frame;
  const session = client.session.value;
  if (session.phase !== "signed_in") return null;
  const { web, app } = client.presence.get(session.me.id);
  const connected = client.connection.value.phase === "ready" || web || app;
  return (
    <nav class="rail" aria-label={said.main}>
      <Mark class="rail-mark" />
      <RailLink tab="people" label={said.people} icon={Users} href={pathTo.people} />
      <RailLink
        tab="chats"
        label={said.chats}
        icon={MessageCircle}
        href={chatsPath()}
        unread={client.rooms.totalUnread.value}
      />
      <RailLink tab="settings" label={said.settings} icon={Settings} href={pathTo.settings} />
      <a
        class="rail-me"
        href={pathTo.settings}
        aria-label={said.me(session.me.name)}
        data-tip={session.me.name}
      >
        <Avatar person={session.me} size={36} online={connected} />
      </a>
    </nav>
  );
}
