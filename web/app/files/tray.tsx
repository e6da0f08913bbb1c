import { FileText, RotateCw, X } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import { classes } from "../parts/class-names";
import { sizeText } from "./about";
import { type Attachment, type Parcel, parcelsIn, takeOut, tryAgain } from "./parcels";
import "./tray.css";

/** Above the field: files that are being uploaded, row by row, and those that leave by themselves. */
export function Tray({ room }: { room: string }) {
  const parcels = parcelsIn(room);
  if (parcels.length === 0) return null;
  return (
    <section class="tray" aria-label={words.value.files.tray}>
      {parcels.map((parcel) => (
        <ParcelRows key={parcel.id} parcel={parcel} />
      ))}
    </section>
  );
}

function ParcelRows({ parcel }: { parcel: Parcel }) {
  const { letter } = parcel;
  return (
    <div class={classes("tray-parcel", letter && "tray-leaving")}>
      {letter && (
        <p class="tray-letter truncate">
          {words.value.files.leaving}
          {letter.text && ` · ${letter.text}`}
        </p>
      )}
      <ul class="tray-rows">
        {parcel.attachments.map((attachment) => (
          <AttachmentRow key={attachment.id} parcel={parcel} attachment={attachment} />
        ))}
      </ul>
    </div>
  );
}

function AttachmentRow({ parcel, attachment }: { parcel: Parcel; attachment: Attachment }) {
  const said = words.value.files;
  const { file, state } = attachment;
  return (
    <li class={classes("tray-row", state === "failed" && "tray-failed")}>
      <Face file={file} />
      <div class="tray-about">
        <span class="tray-name truncate">{file.name}</span>
        <span class="tray-note figures">
          {sizeText(file.size)} · {stateText(attachment)}
        </span>
        {state === "going" && (
          <progress class="tray-bar" max={file.size} value={attachment.bytes} aria-label={file.name} />
        )}
      </div>
      {state === "failed" && (
        <IconButton icon={RotateCw} size="small" label={said.retry} onPress={() => tryAgain(attachment)} />
      )}
      <IconButton
        icon={X}
        size="small"
        label={said.takeOut(file.name)}
        onPress={() => takeOut(parcel, attachment)}
      />
    </li>
  );
}

function stateText({ state, bytes, file, reason }: Attachment): string {
  const said = words.value.files;
  if (state === "going") return said.going(Math.floor((100 * bytes) / Math.max(1, file.size)));
  if (state === "failed") return (reason && words.value.errors[reason]) ?? said.failed;
  return state === "waiting" ? said.waiting : said.done;
}

function Face({ file }: { file: File }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file.type.startsWith("image/")) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  if (url) return <img class="tray-face" src={url} alt="" />;
  return (
    <span class="tray-face">
      <FileText size={18} aria-hidden="true" />
    </span>
  );
}
