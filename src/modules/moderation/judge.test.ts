import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { BUILT_IN_WORDS, createJudge, type Judge, shippedModel } from "./index.ts"

let judge: Judge
beforeAll(async () => {
  judge = createJudge({ model: await shippedModel(), lists: BUILT_IN_WORDS })
})
const verdict = (text: string) => judge(text).verdict
const found = (text: string) => judge(text).hits.map((h) => [h.rule, text.slice(h.from, h.to)])

describe("a message in a group", () => {
  it("that hands out an account is advertising however the name of the platform is written", () => {
    expect(found("加薇❤信：abc12345 领取")).toContainEqual(["contact.add_account", "加薇❤信"])
    expect(found("加薇❤信：abc12345 领取")).toContainEqual(["contact.account_number", "薇❤信：abc12345"])
    for (const text of [
      "➕𝓥𝓧：𝒂𝒃𝒄𝟏𝟐𝟑𝟒𝟓",
      "企鹅⑧⑥⑦⑤③⓪⑨ 拉你进群",
      "口口三五八六二一零七",
      "加我卫星 goodluck88",
      "Ｑ Ｑ 群 １２３４５６７８",
      "扣.扣.号.8.8.6.6.1.1.2",
    ])
      expect([text, verdict(text)]).toEqual([text, "ad"])
  })

  it("that is ordinary talk passes, also with telephones, prices and the names of platforms in it", () => {
    for (const text of [
      "微信支付可以吗？",
      "电话是85221234，地址在朝阳区建国路",
      "我在企鹅岛看到了企鹅",
      "卫星发射成功了，太激动了",
      "谢谢谢谢，明天下午三点见",
      "今天买了两斤苹果，15块钱一斤，挺甜的",
      "",
      "😀😀😀",
    ])
      expect([text, verdict(text)]).toEqual([text, "pass"])
  })

  it("that says what no list has is still seen, as advertising or as an insult", () => {
    expect(verdict("店庆三天全场五折起，进店即送精美礼品，详情请到店咨询，地址：人民路12号")).toBe("ad")
    expect(verdict("你这个傻*逼")).toBe("abuse")
  })

  it("with an invitation elsewhere or a short link is advertising, with our own link it is not", async () => {
    expect(verdict("大家进这个群 https://weixin.qq.com/g/AbCdEf")).toBe("ad")
    expect(verdict("看看这个 t.cn/A6xyz")).toBe("ad")
    expect(found("活动在 https://shop.example.com/a1 报名")).toContainEqual([
      "link.other",
      "https://shop.example.com/a1",
    ])
    const ours = createJudge({
      ...{ model: await shippedModel(), lists: [] },
      ours: (link) => link.includes("shop.example.com"),
    })
    expect(
      ours("活动在 https://shop.example.com/a1 报名").hits.filter((h) => h.rule.startsWith("link")),
    ).toEqual([])
  })

  it("is found word by word with its exact place, whatever stands between and however it is written", () => {
    const text = "需要 代-開.發​票 的找我"
    expect(found(text)).toContainEqual(["word.fraud", "代-開.發​票"])
    expect(found("ＤＡＩ打字兼职")).toContainEqual(["word.advertising", "打字兼职"])
    expect(found("刷。单").map(([rule]) => rule)).not.toContain("word.advertising")
  })

  it("of any letters, halves of pairs and any length is answered, with places that lie in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 40 }), (a, b) => {
        const text = `${a}\ud83d${b}加微信abc12345`
        for (const hit of judge(text).hits) {
          expect(hit.from).toBeGreaterThanOrEqual(0)
          expect(hit.to).toBeLessThanOrEqual(text.length)
          expect(hit.from).toBeLessThan(hit.to)
        }
      }),
      { numRuns: 300 },
    )
    expect(verdict("\ud800".repeat(1_000))).toBe("pass")
    expect(verdict("😀".repeat(10_000))).toBe("pass")
    expect(verdict("好".repeat(1_000_000))).toBe("pass")
  })
})
