import { fileURLToPath } from "node:url"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The console: built to dist/console, which the server hands out; in development the API is asked of a running server. */
export default defineConfig({
  root: at("src/apps/console"),
  plugins: [react()],
  resolve: { alias: { zod: at("src/apps/console/lib/no-schemas.ts") } },
  build: {
    outDir: at("dist/console"),
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    // Everything is a file of its own: the server's content policy allows no inline script, and data: only for pictures.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      "/sidebar": { target: process.env.SIYU_ORIGIN ?? "http://127.0.0.1:8080", changeOrigin: false },
      "/api": { target: process.env.SIYU_ORIGIN ?? "http://127.0.0.1:8080", changeOrigin: false },
    },
  },
})
