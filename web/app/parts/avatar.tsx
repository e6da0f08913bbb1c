import { useState } from "preact/hooks";
import { usePhoto } from "../panel/photos";
import { classes } from "./class-names";
import "./avatar.css";

export interface Face {
  id: string;
  name: string;
  /** Version of the photo; none means initials on a tint. */
  photo?: string | null | undefined;
}

export type AvatarSize = 20 | 24 | 28 | 32 | 36 | 40 | 44 | 48 | 72 | 96;

const TINTS = 10;
const HANGUL = /[ㄱ-ㆎ가-힣]/u;

/** The same person has the same tint everywhere, without anybody keeping it. */
export function tintOf(id: string): number {
  let hash = 2166136261;
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return (hash >>> 0) % TINTS;
}

/** Korean names: the last two syllables, by which people call each other. Others: the first letters of two words. */
export function initials(name: string): string {
  const clean = name.replace(/\(.*?\)/gu, "").trim();
  if (!clean) return "?";
  if (HANGUL.test(clean)) return [...clean.replace(/\s/gu, "")].slice(-2).join("");
  const parts = clean.split(/[\s._-]+/u).filter(Boolean);
  return parts
    .slice(0, 2)
    .map((part) => [...part][0] ?? "")
    .join("")
    .toUpperCase();
}

export interface AvatarProps {
  person: Face;
  size?: AvatarSize;
  /** Lit or grey dot at the corner; none when left out. */
  online?: boolean | undefined;
  class?: string;
}

/** A photo is decoration beside a name, so it has no name of its own. */
export function Avatar({ person, size = 36, online, class: extra }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const photo = usePhoto(person.id, person.photo ?? null);
  const showPhoto = photo && broken !== person.photo;
  return (
    <span class={classes("avatar", `avatar-${size}`, extra)} aria-hidden="true">
      {showPhoto ? (
        <img
          class="avatar-face"
          src={photo}
          alt=""
          loading="lazy"
          decoding="async"
          width={size}
          height={size}
          onError={() => setBroken(person.photo ?? null)}
        />
      ) : (
        // By an attribute, for it is a picture: nobody copies it, and no search in the page finds it.
        <span
          class={`avatar-face avatar-initials tint-${tintOf(person.id)}`}
          data-initials={size < 28 ? [...initials(person.name)].at(-1) : initials(person.name)}
        />
      )}
      {online !== undefined && <span class={classes("avatar-dot", online && "avatar-dot-lit")} />}
    </span>
  );
}

export interface AvatarMosaicProps {
  /** The first four are shown. */
  people: Face[];
  size?: AvatarSize;
}

/** The picture of a room: one face, or two to four small ones in the place of one. */
export function AvatarMosaic({ people, size = 44 }: AvatarMosaicProps) {
  const faces = people.slice(0, 4);
  const [only] = faces;
  if (faces.length === 1 && only) return <Avatar person={only} size={size} />;
  return (
    <span class={`avatar avatar-${size} mosaic mosaic-${faces.length}`} aria-hidden="true">
      {faces.map((person) => (
        <Avatar key={person.id} person={person} size={20} class="mosaic-face" />
      ))}
    </span>
  );
}
