// Builds what portals load: embed.js, one file under a name that stays, and a second one that it fetches when first needed.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const OUT = resolve(process.argv[2] ?? join(import.meta.dirname, "../src/sendjay/web_dist"));
/** Every page of a portal loads it. */
const GZIPPED_MAX = 15_000;

function settings(entry, output, define = {}) {
  return {
    configFile: false,
    root: join(import.meta.dirname, "embed"),
    logLevel: "warn",
    define,
    resolve: { alias: { "@preact/signals-core": join(import.meta.dirname, "embed/small-signals.ts") } },
    build: {
      outDir: OUT,
      emptyOutDir: false,
      modulePreload: false,
      rollupOptions: {
        input: join(import.meta.dirname, "embed", entry),
        // A module that is wanted for one of its names brings nothing else along.
        treeshake: { moduleSideEffects: false },
        preserveEntrySignatures: "exports-only",
        output,
      },
    },
  };
}

const later = await build(settings("later.ts", { format: "es", entryFileNames: "assets/embed-[hash].js" }));
const [{ fileName }] = later.output;
const define = { LATER_PATH: JSON.stringify(`/${fileName}`) };
await build(settings("main.ts", { format: "iife", entryFileNames: "embed.js" }, define));

const size = gzipSync(readFileSync(join(OUT, "embed.js"))).length;
console.log(`embed.js: ${size} bytes gzipped`);
if (size > GZIPPED_MAX)
  throw new Error(`embed.js is ${size} bytes gzipped; at most ${GZIPPED_MAX} are allowed.`);
