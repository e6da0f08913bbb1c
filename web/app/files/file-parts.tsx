import { Download, FileArchive, FileAudio, FileImage, FileText, FileVideo, Play } from "lucide-preact";
import type { FileInfo } from "../../core";
import { dayText } from "../language/dates";
import { words } from "../language/language";
import { classes } from "../parts/class-names";
import { isGone, isShown, lengthText, sizeText } from "./about";
import { useAttempts } from "./use-attempts";
import { download, useFile } from "./use-file";
import { openViewer } from "./viewer-state";
import "./file-parts.css";

const LARGE_PX = 280;

/** The files of a message in its bubble: pictures as a mosaic, all else as rows to be saved. */
export function FileParts({ files }: { files: readonly FileInfo[] }) {
  const pictures = files.filter(isShown);
  const others = files.filter((file) => !isShown(file));
  return (
    <>
      {pictures.length > 0 && (
        <div class={classes("pictures", pictures.length === 1 && "pictures-one")}>
          {pictures.map((file) => (
            <Picture key={file.id} file={file} alone={pictures.length === 1} />
          ))}
        </div>
      )}
      {others.map((file) => (
        <FileRow key={file.id} file={file} />
      ))}
    </>
  );
}

function Picture({ file, alone }: { file: FileInfo; alone: boolean }) {
  const url = useFile(file.id, file.thumb ? "thumb" : "whole");
  const [attempt, fail] = useAttempts();
  // The place is kept before the picture comes, so that nothing moves.
  const ratio = file.width && file.height ? file.width / file.height : 4 / 3;
  const height = Math.min(LARGE_PX, LARGE_PX / Math.max(ratio, 0.4));
  const size = alone ? { width: Math.min(height * ratio, LARGE_PX), aspectRatio: `${ratio}` } : undefined;
  return (
    <button
      type="button"
      class="picture"
      style={size}
      aria-label={words.value.files.view(file.name)}
      onClick={() => openViewer(file.id)}
    >
      {url && <img key={attempt} src={url} alt={file.name} loading="lazy" draggable={false} onError={fail} />}
      {file.kind === "video" && (
        <span class="picture-play">
          <Play size={20} aria-hidden="true" />
          {file.seconds > 0 && <span class="figures">{lengthText(file.seconds)}</span>}
        </span>
      )}
    </button>
  );
}

function FileRow({ file }: { file: FileInfo }) {
  const said = words.value.files;
  const Icon = iconOf(file);
  if (isGone(file)) {
    return (
      <div class="file-row file-gone">
        <span class="file-icon">
          <Icon size={20} aria-hidden="true" />
        </span>
        <span class="file-about">
          <span class="file-name">{file.name}</span>
          <span class="file-note">{said.gone}</span>
        </span>
      </div>
    );
  }
  const shows = file.kind !== "file";
  const until = file.expires_at > 0 ? ` · ${said.until(dayText(file.expires_at))}` : "";
  return (
    <div class="file-row">
      <button
        type="button"
        class="file-open"
        aria-label={shows ? said.view(file.name) : said.downloadOf(file.name)}
        onClick={() => (shows ? openViewer(file.id) : void download(file.id, file.name))}
      >
        <span class="file-icon">
          <Icon size={20} aria-hidden="true" />
        </span>
        <span class="file-about">
          <span class="file-name">{file.name}</span>
          <span class="file-note figures">
            {sizeText(file.size)}
            {until}
          </span>
        </span>
        <Download class="file-save" size={16} aria-hidden="true" />
      </button>
    </div>
  );
}

function iconOf({ kind, type }: FileInfo) {
  if (kind === "image") return FileImage;
  if (kind === "video") return FileVideo;
  if (type.startsWith("audio/")) return FileAudio;
  return /zip|gzip|tar|rar|7z/u.test(type) ? FileArchive : FileText;
}
