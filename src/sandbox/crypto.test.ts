import { describe, expect, it } from "vitest"
import { decrypt, encrypt, signature } from "./crypto.ts"

const token = "sandboxToken01"
const key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
const corp = "ww0123456789abcdef"
const random = Buffer.from("ABCDEFGHIJKLMNOP")

const vectors = [
  {
    message: "8848123456789",
    encrypted: "j6vsOpBNQ16EYTy8Pn5HPaw8jwPROwlYiejaPuogNMbgsTecxAAor8rfzZw+AkSu37nlhK4R0lDJoIqTi6VpEQ==",
    signed: "ad5462749a04c2a630570254c72f506e4c367160",
  },
  {
    message: "<xml><MsgType><![CDATA[event]]></MsgType><Note><![CDATA[你好]]></Note></xml>",
    encrypted:
      "j6vsOpBNQ16EYTy8Pn5HPQWtofqjWxSoIfyLOibBIpswroR7OknKfUsdp1RsolubfLST/kxwWxA8/JnEFHGZZAeO5Z/AEkva5TJ4ZrUS2h3y/GDcax517gZB0Uxczhd9854qvsFLQf2dtK0f1D5HZkL4p4FUkl5MLSOPdFU9Ngw=",
    signed: "2e92d4a4beb43a78f86049a1d33f4d4bf4cfe468",
  },
]

describe("the callback protocol", () => {
  it.each(vectors)(
    "seals and opens the reference vector $signed to the byte",
    ({ message, encrypted, signed }) => {
      expect(encrypt(key, message, corp, random)).toBe(encrypted)
      expect(signature(token, 1767225600, "nonce77", encrypted)).toBe(signed)
      expect(decrypt(key, encrypted)).toEqual({ message, receiver: corp })
    },
  )

  it("opens what it seals whatever the length, block ends included", () => {
    for (let length = 0; length < 70; length++) {
      const message = "字".repeat(length)
      expect(decrypt(key, encrypt(key, message, corp))).toEqual({ message, receiver: corp })
    }
  })

  it("does not open what another key sealed or what was cut", () => {
    const other = "abcdefghijabcdefghijabcdefghijabcdefghij012"
    const sealed = encrypt(other, "hello", corp)
    expect(decrypt(key, sealed)?.message).not.toBe("hello")
    expect(decrypt(key, sealed.slice(0, 30))).toBeNull()
    expect(decrypt(key, "")).toBeNull()
  })
})
