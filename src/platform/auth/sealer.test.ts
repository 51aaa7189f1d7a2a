import { describe, expect, it } from "vitest"
import { createSealer } from "./sealer.ts"

describe("secrets at rest", () => {
  it("are read back under the same key, and not under another or once a byte is changed", () => {
    const sealer = createSealer("a key of sixteen letters")
    const sealed = sealer.seal("口令 token")
    expect(sealed).not.toContain("token")
    expect(sealer.open(sealed)).toBe("口令 token")
    expect(createSealer("another key of letters").open(sealed)).toBeNull()
    const bytes = Buffer.from(sealed, "base64")
    bytes[bytes.length - 1]! ^= 1
    expect(sealer.open(bytes.toString("base64"))).toBeNull()
    expect(sealer.open("")).toBeNull()
  })
})
