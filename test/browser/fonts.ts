import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir, userInfo } from "node:os"
import { dirname, join } from "node:path"
import { inflateSync } from "node:zlib"

/**
 * Chinese, and emoji, for a browser on a machine without fonts: without one the text is simply not drawn. The font comes as WOFF
 * from an npm package, and fontconfig wants a plain file; a WOFF2 in the folder would make this Chromium abort, and a
 * font brought by a style sheet leaves canvases blank. Always used, so that pictures are the same everywhere.
 */
const FONTS: readonly (readonly [of: string, names: string[]])[] = [
  ["noto-sans-sc", [400, 700].map((weight) => `noto-sans-sc-chinese-simplified-${weight}-normal`)],
  // Customers write emoji into their names; the font comes cut into ten.
  ["noto-emoji", Array.from({ length: 10 }, (_, n) => `noto-emoji-${n}-400-normal`)],
]
const WOFF1 = 0x774f4646
const HEADER = 44
const ENTRY = 20

/** A fontconfig file that knows our two weights of Noto Sans SC, emoji, and the machine's fonts. */
export function fontConfig(): string {
  const folder = join(tmpdir(), `siyu-fonts-${userInfo().uid}`)
  mkdirSync(join(folder, "fonts"), { recursive: true, mode: 0o755 })
  for (const [of, names] of FONTS) {
    const files = join(
      dirname(createRequire(import.meta.url).resolve(`@fontsource/${of}/package.json`)),
      "files",
    )
    for (const name of names) {
      const target = join(folder, "fonts", `${name}.ttf`)
      if ((statSync(target, { throwIfNoEntry: false })?.size ?? 0) > 0) continue
      put(target, woffToSfnt(readFileSync(join(files, `${name}.woff`))))
    }
  }
  const config = join(folder, "fonts.conf")
  put(config, configText(folder))
  return config
}

/** Unpacks a WOFF 1.0 file (a zlib-compressed table each) into the TrueType or OpenType file it was made from. */
export function woffToSfnt(woff: Buffer): Buffer {
  if (woff.readUInt32BE(0) !== WOFF1) throw new Error("this is no WOFF 1.0 file")
  const count = woff.readUInt16BE(12)
  const tables = Array.from({ length: count }, (_, i) => {
    const at = HEADER + i * ENTRY
    const [offset, packed, size] = [
      woff.readUInt32BE(at + 4),
      woff.readUInt32BE(at + 8),
      woff.readUInt32BE(at + 12),
    ]
    const bytes = woff.subarray(offset, offset + packed)
    return {
      tag: woff.subarray(at, at + 4),
      checksum: woff.readUInt32BE(at + 16),
      data: packed < size ? inflateSync(bytes) : bytes,
    }
  })
  const power = 2 ** Math.floor(Math.log2(count))
  const head = Buffer.alloc(12 + count * 16)
  head.writeUInt32BE(woff.readUInt32BE(4), 0)
  head.writeUInt16BE(count, 4)
  head.writeUInt16BE(power * 16, 6)
  head.writeUInt16BE(Math.log2(power), 8)
  head.writeUInt16BE(count * 16 - power * 16, 10)
  const parts: Buffer[] = [head]
  let offset = head.length
  for (const [i, table] of tables.entries()) {
    const at = 12 + i * 16
    table.tag.copy(head, at)
    head.writeUInt32BE(table.checksum, at + 4)
    head.writeUInt32BE(offset, at + 8)
    head.writeUInt32BE(table.data.length, at + 12)
    const padding = Buffer.alloc((4 - (table.data.length % 4)) % 4)
    parts.push(table.data, padding)
    offset += table.data.length + padding.length
  }
  return Buffer.concat(parts)
}

function configText(folder: string): string {
  const families = ["sans-serif", "serif", "monospace", "system-ui"]
  const aliases = families.map(
    (name) => `<alias><family>${name}</family><prefer><family>Noto Sans SC</family></prefer></alias>`,
  )
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>${join(folder, "fonts")}</dir>
<cachedir>${join(folder, "cache")}</cachedir>
${aliases.join("\n")}
</fontconfig>
`
}

/** Whole or not at all: several test processes may do this at once. */
function put(file: string, content: Buffer | string): void {
  const whole = `${file}.${process.pid}`
  writeFileSync(whole, content)
  renameSync(whole, file)
}
