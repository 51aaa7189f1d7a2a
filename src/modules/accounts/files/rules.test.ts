import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { safeName, typeOfFile } from "./rules.ts"

const PDF = Buffer.from("%PDF-1.7\n")
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])
const JPG = Buffer.from([0xff, 0xd8, 0xff, 0xe0])

describe("a file of an account", () => {
  it("is what its first bytes say, not what its name says", () => {
    expect([PDF, PNG, JPG].map(typeOfFile)).toEqual(["application/pdf", "image/png", "image/jpeg"])
    const others = [
      "",
      "%PD",
      "<html><script>alert(1)</script>",
      "PK\u0003\u0004",
      "MZ",
      "GIF89a",
      " %PDF-1.7",
    ]
    for (const text of others) expect(typeOfFile(Buffer.from(text, "latin1"))).toBe(null)
  })

  it("gets a name that is no path and ends as what it is", () => {
    expect(safeName("../../etc/passwd.html", "application/pdf", 120)).not.toMatch(/[/\\]/)
    expect(safeName("归属协议（林）.exe", "image/png", 120)).toBe("归属协议_林_.png")
    expect(safeName(".htaccess", "image/jpeg", 120)).toBe("file.jpg")
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), (name) => {
        const safe = safeName(name, "application/pdf", 120)
        expect(safe).toMatch(/^[^/\\\0"\r\n]{1,120}$/u)
        expect(safe.endsWith(".pdf")).toBe(true)
      }),
    )
  })
})
