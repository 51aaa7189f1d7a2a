import { deflateRawSync } from "node:zlib"

export type ZipPart = { bytes: number; claims?: number; content?: Buffer; packed?: Buffer }

/**
 * A zip of blank parts as large as asked, or of what is given, packed already where it would be too large to hold; the
 * directory may claim another size.
 */
export function zipOf(parts: Record<string, ZipPart>): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, { bytes, claims, content, ...given }] of Object.entries(parts)) {
    const packed =
      given.packed ?? deflateRawSync(content ?? Buffer.alloc(bytes, 32), { level: content ? 1 : 9 })
    const sizes = Buffer.alloc(16)
    sizes.writeUInt32LE(packed.length, 4)
    sizes.writeUInt32LE(claims ?? bytes, 8)
    sizes.writeUInt16LE(Buffer.byteLength(name), 12)
    const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]), sizes])
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), common, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), common, rest, Buffer.from(name)]),
    )
    files.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.write("PK\u0005\u0006", "latin1")
  const count = Object.keys(parts).length
  const size = directory.reduce((sum, entry) => sum + entry.length, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, ...directory, end])
}
