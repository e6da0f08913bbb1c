import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

const server = process.env.SENDJAY_DEV_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: "app",
  plugins: [preact()],
  build: {
    outDir: "../../src/sendjay/web_dist",
    emptyOutDir: true,
    // Fonts stay files of their own: a browser fetches only the slices of Pretendard that a page's text needs.
    assetsInlineLimit: (path) => (path.endsWith(".woff2") ? false : undefined),
  },
  server: {
    proxy: {
      "/api": server,
      "/ws": { target: server, ws: true },
    },
  },
  test: {
    root: ".",
    environment: "happy-dom",
    include: ["**/*.test.{ts,tsx}"],
    passWithNoTests: true,
  },
});
