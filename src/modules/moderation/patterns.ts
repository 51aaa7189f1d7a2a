import type { Reading } from "./text/normalise.ts"

export type Verdict = "pass" | "review" | "ad" | "abuse"

/** A stretch of the text as it was written, and the rule that found it. */
export type Hit = { rule: string; verdict: Exclude<Verdict, "pass">; from: number; to: number }

const WEI = "[微威薇维唯徽溦葳巍伟卫为位v]"
const XIN = "[信芯心星新欣辛鑫x]"
const WECHAT = `(?:${WEI}${XIN}|wx|vx|weixin|wechat|薇|溦)`
const QQ = "(?:qq|扣扣|抠抠|口口|叩叩|蔻蔻|企鹅|企额|球球|秋秋)"
const ADD = "[加➕伽茄佳嘉]"
const NUMERAL = "[0-9零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
const ACCOUNT = `(?:[a-z][a-z0-9]{4,19}|${NUMERAL}{5,12})`

/** What asks somebody to come over to another account, in the letters of a reading: marks and emoji between them are gone. Bounded: none of them can run away. */
const CONTACTS: readonly { rule: string; verdict: Hit["verdict"]; pattern: RegExp }[] = [
  {
    rule: "contact.add_account",
    verdict: "ad",
    pattern: new RegExp(
      `${ADD}(?:我|一下|下|个|的|你|私人|老师){0,3}(?:${WECHAT}|${QQ}|[微威v](?=${ACCOUNT}))`,
      "g",
    ),
  },
  {
    rule: "contact.account_number",
    verdict: "ad",
    pattern: new RegExp(
      `(?:${WECHAT}|${QQ}|[微威]|(?<![a-z])[vq](?=号))(?:群|号码|账号|同号|号|是|联系|咨询|搜|找){0,2}${ACCOUNT}`,
      "g",
    ),
  },
  {
    rule: "contact.scan_or_private",
    verdict: "review",
    pattern: /(?:扫码|扫一扫|扫二维码|长按识别|私聊我|私信我|滴滴我|戳我头像|加我好友)/g,
  },
]

const URL =
  /(?:https?:\/\/|www\.)[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]{3,200}|(?<![\w@.])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|cn|net|org|top|xyz|vip|cc|me|gg|im|club|shop|site|info|io|la|tv)(?:\/[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]{0,200})?(?![\w-])/gi
const INVITES =
  /(?:weixin\.qq\.com\/g\/|u\.wechat\.com|work\.weixin\.qq\.com\/(?:gm|u)\/|qm\.qq\.com|jq\.qq\.com|t\.me\/|discord\.gg)/i
const SHORT =
  /^(?:https?:\/\/)?(?:www\.)?(?:t\.cn|url\.cn|dwz\.cn|suo\.im|is\.gd|bit\.ly|tinyurl\.com|tb\.cn|m\.tb\.cn|3\.cn|sourl\.cn|mrw\.so|0x9\.me|u\.jd\.com|p\.pinduoduo\.com|v\.douyin\.com)(?:\/|$)/i

/** Pure: where a text hands out another account or a link. Links are looked for in the text itself: a reading has no dots. */
export function findContacts(text: string, reading: Reading, ours: (link: string) => boolean): Hit[] {
  const hits: Hit[] = []
  for (const { rule, verdict, pattern } of CONTACTS)
    for (const match of reading.text.matchAll(pattern)) hits.push(placeOf(reading, rule, verdict, match))
  const narrow = text.normalize("NFKC")
  // Where the narrow form is longer, places in it are none in the text.
  for (const match of (narrow.length === text.length ? narrow : text).matchAll(URL)) {
    const link = match[0]
    if (ours(link)) continue
    const place = { from: match.index, to: match.index + link.length }
    if (INVITES.test(link)) hits.push({ rule: "link.invite", verdict: "ad", ...place })
    else if (SHORT.test(link)) hits.push({ rule: "link.short", verdict: "ad", ...place })
    else hits.push({ rule: "link.other", verdict: "review", ...place })
  }
  return hits
}

function placeOf(reading: Reading, rule: string, verdict: Hit["verdict"], match: RegExpMatchArray): Hit {
  const first = match.index!
  const last = first + match[0].length - 1
  return { rule, verdict, from: reading.from[first]!, to: reading.to[last]! }
}
