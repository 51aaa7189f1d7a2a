import { fileURLToPath } from "node:url"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The page beside a chat, built to dist/sidebar. By itself and not together with the console: its webview has nothing of the
 * console's in its cache, and one small file comes sooner than two dozen shared ones.
 */
export default defineConfig({
  root: at("src/apps/sidebar"),
  base: "/sidebar/",
  publicDir: false,
  plugins: [react()],
  resolve: { alias: { zod: at("src/apps/console/lib/no-schemas.ts") } },
  build: {
    outDir: at("dist/sidebar"),
    emptyOutDir: true,
    target: "es2022",
    reportCompressedSize: false,
    // As for the console: the content policy allows no inline script.
    assetsInlineLimit: 0,
    // What a contract declares and the page does not call stays out.
    rolldownOptions: { treeshake: { manualPureFunctions: ["defineEndpoint", "z"] } },
  },
})
