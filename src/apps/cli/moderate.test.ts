import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { runCli } from "./run-cli.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siyu-moderate-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function moderate(name: string, content: string | Buffer, ...more: string[]) {
  await writeFile(join(folder, name), content)
  let out = ""
  let err = ""
  const code = await runCli(
    ["moderate", join(folder, name), ...more],
    { out: (text) => (out += text), err: (text) => (err += text) },
    {
      withDatabase: () => {
        throw new Error("there is no database")
      },
      signal: new AbortController().signal,
    },
  )
  return { code, out, err }
}

describe("a file of messages is judged without a server or a database", () => {
  it("in its order, each with its id as it stands, a verdict, the rules and where they were found", async () => {
    const { code, out } = await moderate(
      "some.csv",
      'id,text\n007,"加薇❤信：abc12345 领取"\n b ,明天下午三点见\n007,"你这个""傻逼"""\n,\n',
      "--json",
    )
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject([
      { id: "007", verdict: "ad", rules: ["contact.add_account", "contact.account_number"] },
      { id: " b ", verdict: "pass", rules: [], hits: [] },
      { id: "007", verdict: "abuse" },
    ])
    expect(JSON.parse(out)[0].hits[0]).toEqual({ rule: "contact.add_account", verdict: "ad", from: 0, to: 4 })
  })

  it("in GB18030 and with its columns the other way round too; for people one line each", async () => {
    const gb = Buffer.from([
      ...Buffer.from("text,id\n"),
      0xb4,
      0xfa,
      0xbf,
      0xaa,
      0xb7,
      0xa2,
      0xc6,
      0xb1,
      ...Buffer.from(",x1\n"),
    ])
    const { code, out } = await moderate("gb.csv", gb)
    expect(code).toBe(0)
    expect(out).toMatch(/^x1\tad\t.*word\.fraud.*\n$/)
  })

  it("without a column, empty or not there it is refused by name", async () => {
    const refused = async (name: string, content: string) =>
      JSON.parse((await moderate(name, content, "--json")).out)
    expect(await refused("no.csv", "id,words\n1,好\n")).toMatchObject({
      refused: "column_missing",
      field: "text",
    })
    expect(await refused("empty.csv", "")).toMatchObject({ refused: "empty_file" })
    expect((await moderate("gone.csv", "id,text\n1,好", "--nonsense")).code).toBe(2)
  })
})
