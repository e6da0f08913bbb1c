import { useSignal } from "@preact/signals";
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from "lucide-preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { FileInfo, Message, RoomHandle } from "../../core";
import { dayText, fullTime } from "../language/dates";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import { nameOf } from "../room/people-words";
import { isGone, sizeText } from "./about";
import { download, useFile } from "./use-file";
import { closeViewer, openViewer, viewed } from "./viewer-state";
import { useZoom } from "./zoom";
import "./viewer.css";

interface Shown {
  readonly file: FileInfo;
  readonly message: Message;
}

/** Where pictures and videos of a room are looked at, one after another; once in a room. */
export function ViewerHost({ room }: { room: RoomHandle }) {
  useEffect(() => closeViewer, [room]);
  const id = viewed.value;
  if (id === null) return null;
  const all = (room.timeline.value?.rows ?? []).flatMap((message) =>
    message.files.filter((file) => file.kind !== "file" && !isGone(file)).map((file) => ({ file, message })),
  );
  const at = all.findIndex(({ file }) => file.id === id);
  const shown = all[at];
  return shown ? <Viewer shown={shown} all={all} at={at} /> : null;
}

function Viewer({ shown, all, at }: { shown: Shown; all: readonly Shown[]; at: number }) {
  const said = words.value.files;
  const dialog = useRef<HTMLDialogElement>(null);
  const zoom = useZoom(shown.file.id);
  const to = (step: number) => {
    const next = all[at + step];
    if (next) openViewer(next.file.id);
  };
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      dialog.current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const { file, message } = shown;
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={said.viewer}
      onCancel={(event) => {
        event.preventDefault();
        closeViewer();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "ArrowLeft") to(-1);
        if (event.key === "ArrowRight") to(1);
      }}
    >
      <header class="viewer-head">
        <div class="viewer-about">
          <p class="viewer-name truncate">{file.name}</p>
          <p class="viewer-note truncate">
            {nameOf(message.sender)} · {fullTime(message.at)} · {sizeText(file.size)}
            {file.expires_at > 0 && ` · ${said.until(dayText(file.expires_at))}`}
          </p>
        </div>
        <span class="viewer-count figures" role="status" aria-label={said.of(at + 1, all.length)}>
          {at + 1}/{all.length}
        </span>
        {file.kind === "image" && (
          <IconButton
            icon={zoom.isZoomed ? ZoomOut : ZoomIn}
            label={zoom.isZoomed ? said.shrink : said.zoom}
            onPress={zoom.toggle}
          />
        )}
        <IconButton icon={Download} label={said.download} onPress={() => void download(file.id, file.name)} />
        <IconButton icon={X} label={words.value.words.close} onPress={closeViewer} />
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a press beside the picture closes, as Esc does */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Esc does it for who has a keyboard */}
      <div
        class="viewer-stage"
        onClick={(event) => event.target === event.currentTarget && closeViewer()}
        {...zoom.stage}
      >
        <Medium key={file.id} file={file} style={zoom.style} />
      </div>
      {at > 0 && (
        <IconButton class="viewer-previous" icon={ChevronLeft} label={said.previous} onPress={() => to(-1)} />
      )}
      {at < all.length - 1 && (
        <IconButton class="viewer-next" icon={ChevronRight} label={said.next} onPress={() => to(1)} />
      )}
    </dialog>
  );
}

function Medium({ file, style }: { file: FileInfo; style: { transform: string } }) {
  const url = useFile(file.id, "whole");
  const failed = useSignal(false);
  const fail = () => {
    failed.value = true;
  };
  if (failed.value) return <p class="viewer-failed prose">{words.value.files.failedToShow}</p>;
  if (!url) return null;
  if (file.kind === "video") {
    // biome-ignore lint/a11y/useMediaCaption: what people send each other has no captions
    return <video class="viewer-medium" src={url} controls autoplay playsinline onError={fail} />;
  }
  return (
    <img class="viewer-medium" src={url} alt={file.name} style={style} draggable={false} onError={fail} />
  );
}
