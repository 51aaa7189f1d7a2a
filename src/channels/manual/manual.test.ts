import { describe, expect, it } from "vitest"
import { conformance } from "../conformance/index.ts"
import type { Delivery, Parcel, Payloads, TouchKind } from "../protocol/index.ts"
import { manualChannel, tickReceipt } from "./index.ts"

const content = {
  text: "今晚八点直播见",
  attachments: [{ kind: "link", title: "直播间", url: "https://shop.test/live" }],
} as const
const PAYLOADS: Payloads = {
  send_private: { content: { ...content, attachments: [...content.attachments] } },
  send_group: { content: { text: "群里的朋友们好" } },
  welcome: { code: "-", expires_at: new Date(0), content: { text: "欢迎" } },
  tag: { add: ["宝妈"], remove: ["新客"] },
  remark: { remark: "王姐 二胎", mobiles: ["13800000000"] },
  notify_staff: { content: { text: "有 3 条待办" } },
  announce: { text: "本周公告" },
  kick: { chat_ref: "wr1", reason: "发广告" },
  rename_group: { name: "福利二群" },
  transfer_customer: { to_account_ref: "lin", resigned: false },
  transfer_group: { to_account_ref: "lin", resigned: true },
}

let serial = 0
function parcelOf(kind: TouchKind, count: number): Parcel {
  const recipients = Array.from({ length: count }, () => ({ key: `t${++serial}`, ref: `person${serial}` }))
  return { id: `p${serial}`, kind, account_ref: "guide_07", recipients, payload: PAYLOADS[kind] } as Parcel
}

const channel = manualChannel()
const made = new Map<TouchKind, number>()
conformance("manual", async () => ({
  channel: {
    ...channel,
    async deliver(parcel) {
      const answer = await channel.deliver(parcel)
      if ("outcomes" in answer)
        made.set(parcel.kind, (made.get(parcel.kind) ?? 0) + (answer.instructions?.length ?? 0))
      return answer
    },
  },
  sample: async (kind, count) => parcelOf(kind, count),
  now: () => new Date(),
  effects: async (kind) => made.get(kind) ?? 0,
  end: async () => undefined,
}))

describe("instructions", () => {
  const one = async (kind: TouchKind) =>
    ((await channel.deliver(parcelOf(kind, 1))) as Delivery).instructions![0]!
  it("give the text to copy as it is, and what goes with it", async () => {
    expect(await one("send_private")).toMatchObject({
      account_ref: "guide_07",
      copy_text: "今晚八点直播见",
      attachments: [{ kind: "link" }],
      evidence: "screenshot",
    })
    expect(await one("tag")).toMatchObject({ copy_text: "打标签：宝妈\n去标签：新客", evidence: "tick" })
    expect(await one("remark")).toMatchObject({ copy_text: "备注：王姐 二胎\n电话：13800000000" })
  })
  it("tell why someone is to be removed", async () => {
    expect((await one("kick")).title).toContain("发广告")
  })
  it("for staff go to the one who is told", async () => {
    const instruction = await one("notify_staff")
    expect(instruction.account_ref).toBe(instruction.ref)
  })
  it("two hundred are one parcel, and the same parcel again has the same keys", async () => {
    const parcel = parcelOf("send_private", 200)
    const first = (await channel.deliver(parcel)) as Delivery
    expect(first.instructions).toHaveLength(200)
    expect(await channel.deliver(parcel)).toEqual(first)
  })
  it("a tick is a receipt, and 'could not' is one too", () => {
    const at = new Date(0)
    expect(tickReceipt({ ref: "p", done: true, at })).toEqual({ ref: "p", state: "delivered", at })
    expect(tickReceipt({ ref: "p", done: false, at }).state).toBe("failed")
  })
})
