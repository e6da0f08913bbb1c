import { Copy, MessageCircle, Pencil } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Person } from "../../core";
import { client } from "../client";
import { go, pathTo } from "../frame/route";
import { words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { AbsenceBadge, lasts, PresenceMarks } from "../parts/badge";
import { Button, IconButton } from "../parts/button";
import { Skeleton } from "../parts/skeleton";
import { toast } from "../parts/toast";
import { orgPath } from "./org-path";
import { talkWith } from "./talk";
import "./profile.css";

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="profile-fact">
      <dt>{name}</dt>
      <dd class="prose">{children}</dd>
    </div>
  );
}

function Phone({ tel }: { tel: string }) {
  const copy = () =>
    void navigator.clipboard?.writeText(tel).then(
      () => toast(words.value.words.copied),
      () => toast(words.value.errors.unknown, { kind: "bad" }),
    );
  return (
    <span class="profile-phone">
      <a class="figures" href={`tel:${tel.replace(/[^\d+]/gu, "")}`}>
        {tel}
      </a>
      <IconButton icon={Copy} size="small" label={words.value.profile.copyTel} onPress={copy} />
    </span>
  );
}

function Facts({ person }: { person: Person }) {
  const said = words.value.profile;
  const orgs = orgPath(person);
  const { web, app } = client.presence.get(person.id);
  const marks = words.value.presence;
  const where = web && app ? marks.both : web ? marks.webOnly : app ? marks.appOnly : marks.none;
  return (
    <dl class="profile-facts">
      {orgs.length > 0 && <Fact name={said.org}>{orgs.join(" › ")}</Fact>}
      {person.job && <Fact name={said.job}>{person.job}</Fact>}
      {person.tel && (
        <Fact name={said.tel}>
          <Phone tel={person.tel} />
        </Fact>
      )}
      {lasts(person.absence) && (
        <Fact name={said.absence}>
          <AbsenceBadge absence={person.absence} /> {person.absence?.note}
        </Fact>
      )}
      <Fact name={said.presence}>{where}</Fact>
    </dl>
  );
}

function Actions({ person, me, onDone }: { person: Person; me: boolean; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const said = words.value.profile;
  const talk = async () => {
    setBusy(true);
    const opened = await talkWith(me ? [] : [person.id]);
    setBusy(false);
    if (opened) onDone();
  };
  const edit = () => {
    onDone();
    go(pathTo.settings);
  };
  return (
    <div class="profile-actions">
      {!person.disabled && (
        <Button kind="primary" icon={MessageCircle} busy={busy} onPress={() => void talk()}>
          {me ? said.talkToMyself : said.talk}
        </Button>
      )}
      {me && (
        <Button icon={Pencil} onPress={edit}>
          {said.edit}
        </Button>
      )}
    </div>
  );
}

interface ProfileProps {
  id: string;
  /** After something that leads elsewhere: a dialog around it closes. */
  onDone?: () => void;
}

/** Who somebody is: photo, name, place, job, phone, status, absence; and the way to talk to them. */
export function Profile({ id, onDone = () => undefined }: ProfileProps) {
  useEffect(() => {
    client.presence.watch("profile", [id]);
    return () => client.presence.watch("profile", []);
  }, [id]);
  const person = client.people.get(id);
  const session = client.session.value;
  if (!person) return <Skeleton shape="lines" count={5} />;
  const me = session.phase === "signed_in" && session.me.id === id;
  return (
    <article class="profile" aria-label={words.value.profile.title(person.name)}>
      <Avatar person={person} size={96} />
      <div class="profile-name">
        <h2 class="prose">{person.name}</h2>
        <PresenceMarks presence={client.presence.get(id)} />
      </div>
      {person.nickname && <p class="profile-status prose">{person.nickname}</p>}
      {person.disabled && <p class="profile-disabled">{words.value.profile.disabled}</p>}
      <Actions person={person} me={me} onDone={onDone} />
      <Facts person={person} />
    </article>
  );
}
