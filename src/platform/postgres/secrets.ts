import { randomBytes } from "node:crypto"
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/**
 * One generated set of secrets, kept as `<home>/secrets/<name>.json` (0600, folder 0700).
 *
 * The first writer wins: two processes that begin at the same moment on an empty home both end up with the
 * same set, because the file appears whole by `link`, which refuses to replace one that is there.
 */
export function keptSecrets<T extends Record<string, string>>(
  home: string,
  name: string,
  make: () => T,
): { secrets: T; fresh: boolean } {
  const found = readSecrets<T>(home, name)
  if (found) return { secrets: found, fresh: false }
  const folder = join(home, "secrets")
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const whole = join(folder, `.${name}-${randomBytes(6).toString("hex")}`)
  writeFileSync(whole, `${JSON.stringify(make(), null, 2)}\n`, { mode: 0o600, flag: "wx" })
  let fresh = true
  try {
    linkSync(whole, fileOf(home, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    fresh = false
  } finally {
    rmSync(whole, { force: true })
  }
  const secrets = readSecrets<T>(home, name)
  if (!secrets) throw new Error(`the secrets file ${fileOf(home, name)} vanished while it was read`)
  return { secrets, fresh }
}

export function readSecrets<T extends Record<string, string>>(home: string, name: string): T | null {
  try {
    return JSON.parse(readFileSync(fileOf(home, name), "utf8")) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}

/** 32 letters and digits: needs no quoting in a URL, in SQL or in a shell. */
export function generatedPassword(): string {
  return randomBytes(24)
    .toString("base64")
    .replace(/[+/=]/g, (c) => (c === "+" ? "A" : c === "/" ? "B" : ""))
}

function fileOf(home: string, name: string): string {
  return join(home, "secrets", `${name}.json`)
}
