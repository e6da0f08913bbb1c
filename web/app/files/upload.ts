/** One file on its way to the server: resumed where it stopped, tried again while the line is bad. */
import type { DetailedError, Upload } from "tus-js-client";
import { type FileInfo, WireError } from "../../core";
import { client } from "../client";

const WAITS_MS = [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000];
/** What is worth another try: the line, a part at another place, a server that has too much to do. */
const PASSING = new Set([0, 401, 409, 423, 425, 429]);

export interface UploadWatcher {
  onProgress(bytes: number): void;
  onDone(info: FileInfo): void;
  /** An error code of the server's; `offline` where it could not be reached. */
  onFailed(code: string): void;
}

export class FileUpload {
  readonly #file: File;
  readonly #watcher: UploadWatcher;
  #upload: Upload | null = null;
  #isStale = false;
  #isCancelled = false;

  constructor(file: File, watcher: UploadWatcher) {
    this.#file = file;
    this.#watcher = watcher;
  }

  /** Begins, or goes on where it stopped. */
  async start(): Promise<void> {
    try {
      this.#upload ??= await this.#make();
      if (!this.#isCancelled) this.#upload.start();
    } catch (error) {
      this.#watcher.onFailed(error instanceof WireError ? error.code : "offline");
    }
  }

  /** Also what came already is taken off the server. */
  cancel(): void {
    this.#isCancelled = true;
    const upload = this.#upload;
    // What is not taken away now is taken away by the server's clean-up.
    if (upload?.url) void upload.abort(true).catch(() => undefined);
    else void upload?.abort().catch(() => undefined);
  }

  async #make(): Promise<Upload> {
    const { uploads } = client;
    const [tus, rules] = await Promise.all([import("tus-js-client"), uploads.rules()]);
    const name = this.#file.name.normalize("NFC");
    const upload: Upload = new tus.Upload(this.#file, {
      endpoint: uploads.address,
      chunkSize: rules.part_bytes,
      retryDelays: WAITS_MS,
      removeFingerprintOnSuccess: true,
      metadata: { filename: name },
      onBeforeRequest: async (request) => {
        if (this.#isStale) this.#isStale = !(await uploads.renew());
        for (const [header, value] of Object.entries(uploads.headers())) request.setHeader(header, value);
        const plain = request.getUnderlyingObject() as XMLHttpRequest;
        if (uploads.withCookies) plain.withCredentials = true;
      },
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        this.#isStale = status === 401;
        return PASSING.has(status) || status >= 500;
      },
      onProgress: (bytes) => this.#watcher.onProgress(bytes),
      onSuccess: () => this.#watcher.onDone(infoOf(this.#file, name, upload.url ?? "")),
      onError: (error) => this.#watcher.onFailed(codeOf(error)),
    });
    const [before] = await upload.findPreviousUploads();
    if (before) upload.resumeFromPreviousUpload(before);
    return upload;
  }
}

/** As it is shown until the server says what it is. */
function infoOf(file: File, name: string, address: string): FileInfo {
  const [kind] = file.type.split("/");
  return {
    id: address.split("/").at(-1) ?? "",
    name,
    size: file.size,
    type: file.type || "application/octet-stream",
    kind: kind === "image" || kind === "video" ? kind : "file",
    width: 0,
    height: 0,
    seconds: 0,
    thumb: false,
    expires_at: 0,
    gone: false,
  };
}

function codeOf(error: Error | DetailedError): string {
  const answer = "originalResponse" in error ? error.originalResponse : null;
  if (!answer) return "offline";
  try {
    const told = JSON.parse(answer.getBody()) as { error?: { code?: string } };
    return told.error?.code ?? "internal";
  } catch {
    return answer.getStatus() === 413 ? "too_large" : "internal";
  }
}
