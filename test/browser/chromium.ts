import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir, userInfo } from "node:os"
import { dirname, join } from "node:path"
import { brotliDecompressSync } from "node:zlib"
import { type Browser, chromium } from "playwright-core"
import { fontConfig } from "./fonts.ts"

const SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
const LIBRARY_FOLDERS = [
  "/lib64",
  "/usr/lib64",
  "/usr/lib/x86_64-linux-gnu",
  "/lib/x86_64-linux-gnu",
  "/usr/lib",
]

/** Root may not use Chromium's own sandbox; /dev/shm is tiny in containers; everything else as a person has it. */
const ARGS = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--font-render-hinting=none",
  "--lang=zh-CN",
]

/** A real Chromium: the one named in CHROMIUM_PATH, the machine's, or the one that comes as an npm package. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, libraries } = await findChromium(process.env)
  return chromium.launch({
    executablePath,
    args: ARGS,
    env: {
      ...definedOnly(process.env),
      FONTCONFIG_FILE: fontConfig(),
      ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}),
    },
  })
}

export async function findChromium(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ executablePath: string; libraries: string | null }> {
  if (env.CHROMIUM_PATH) return { executablePath: env.CHROMIUM_PATH, libraries: null }
  const system = SYSTEM.find((path) => existsSync(path))
  if (system && env.CHROMIUM !== "npm") return { executablePath: system, libraries: null }
  return { executablePath: await packedChromium(), libraries: hasNss() ? null : bundledLibraries() }
}

/**
 * The package unpacks itself into the temporary folder and takes any file there for whole, even one that another
 * process is still writing: so it is given a folder of our own, which gets its name when all is there.
 */
async function packedChromium(): Promise<string> {
  const target = join(tmpdir(), `siyu-chromium-${userInfo().uid}`)
  if (existsSync(join(target, "chromium"))) return join(target, "chromium")
  const { default: packed } = await import("@sparticuz/chromium")
  const own = `${target}.${process.pid}`
  mkdirSync(own, { recursive: true })
  const before = process.env.TMPDIR
  process.env.TMPDIR = own
  try {
    await packed.executablePath()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  settle(own, target)
  return join(target, "chromium")
}

/** The one library of Chromium that bare machines lack. */
function hasNss(): boolean {
  return LIBRARY_FOLDERS.some((folder) => existsSync(folder) && readdirSync(folder).includes("libnss3.so"))
}

/** The package brings the libraries of the system it was made for; unpacked once into the temporary folder. */
export function bundledLibraries(): string {
  const target = join(tmpdir(), `siyu-chromium-libraries-${userInfo().uid}`)
  if (existsSync(join(target, "lib", "libnss3.so"))) return join(target, "lib")
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium")
  const archive = join(dirname(entry), "..", "..", "bin", "al2023.tar.br")
  const own = `${target}.${process.pid}`
  mkdirSync(own, { recursive: true })
  const unpacked = spawnSync("tar", ["-x", "-C", own], { input: brotliDecompressSync(readFileSync(archive)) })
  if (unpacked.status !== 0)
    throw new Error(`the bundled libraries could not be unpacked: ${unpacked.stderr}`)
  settle(own, target)
  return join(target, "lib")
}

function settle(own: string, target: string): void {
  try {
    renameSync(own, target)
  } catch {
    // Another test process was quicker: its copy is as good.
    rmSync(own, { recursive: true, force: true })
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
