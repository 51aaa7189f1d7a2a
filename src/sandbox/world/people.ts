import { chance, choose, hash32 } from "../../kernel/chance.ts"
import { DAY_MS } from "../../kernel/day.ts"
import { IdCode, opaque } from "./ids.ts"
import { type Gender, realName, region, shownName } from "./names.ts"
import type { Follow } from "./records.ts"
import { accounts } from "./staff.ts"
import { tagId } from "./taxonomy.ts"

export type Kind = "looker" | "lead" | "low" | "regular" | "member" | "agent"

export type Person = {
  n: number
  hash: number
  kind: Kind
  gender: Gender
  name: string
  real_name: string
  persona: string
  province: string
  city: string
}

const kinds: [Kind, number][] = [
  ["looker", 0.26],
  ["lead", 0.16],
  ["low", 0.19],
  ["regular", 0.24],
  ["member", 0.12],
  ["agent", 0.03],
]

/** Share of people of a kind who are contacts of an account, in the order ip, sales, member, agent. */
const follows: Record<Kind, [number, number, number, number]> = {
  looker: [0.95, 0.06, 0, 0],
  lead: [0.95, 0.3, 0, 0],
  low: [0.93, 0.62, 0.12, 0],
  regular: [0.9, 0.85, 0.4, 0],
  member: [0.92, 0.8, 0.96, 0.02],
  agent: [0.85, 0.6, 0.9, 0.97],
}

const operators = ["zhou_ke", "lin_xiao"]
const personas = ["宝妈", "宝妈", "宝妈", "孕妈", "上班族", "学生", "全职妈妈", "奶爸", "祖辈"]
const ages = ["孕期", "0-6月", "6-12月", "1-3岁", "1-3岁", "3岁以上"]
const addWays = [1, 1, 1, 1, 3, 4, 4, 10, 16, 2, 6, 201]
const states = ["gzh_menu", "store_01", "store_02", "short_video", "friend_gift", "expo_2025", ""]

/**
 * The people before number `size` are pure functions of seed and number: a million of them take no memory until somebody
 * changes one. Whoever comes later has the same traits, and a row in the store for what happened.
 */
export class People {
  readonly ids: IdCode
  private readonly seed: string
  private readonly start_ms: number
  private readonly unionids: IdCode

  constructor(seed: string, start_ms: number) {
    this.seed = seed
    this.start_ms = start_ms
    this.ids = new IdCode(seed, "wm", 32)
    this.unionids = new IdCode(seed, "o6", 28)
  }

  hash(n: number): number {
    return hash32(this.seed, "person", n)
  }

  kind(n: number): Kind {
    let roll = chance(this.hash(n), "kind")
    for (const [kind, share] of kinds) {
      if (roll < share) return kind
      roll -= share
    }
    return "looker"
  }

  person(n: number): Person {
    const hash = this.hash(n)
    const persona = choose(personas, hash, "persona")
    const gender: Gender = persona === "奶爸" ? 1 : chance(hash, "gender") < 0.88 ? 2 : 1
    const name = shownName(hash, gender)
    return {
      n,
      hash,
      kind: this.kind(n),
      gender,
      name,
      real_name: realName(hash, gender),
      persona,
      ...region(hash),
    }
  }

  unionid(n: number): string {
    return this.unionids.encode(n)
  }

  byUnionid(unionid: string): number | null {
    return this.unionids.decode(unionid)
  }

  /** An invented number: the block 154 is given to nobody. */
  phone(n: number): string {
    return `154${String(hash32(this.seed, "phone", n) % 100_000_000).padStart(8, "0")}`
  }

  avatar(n: number): string {
    return `https://wework.qpic.cn/wwpic/sandbox/${opaque(12, this.hash(n), "avatar")}/0`
  }

  /** The moment of the first contact: the last 420 days, more of them recent. */
  since(n: number): number {
    const days = 2 + 418 * chance(this.hash(n), "since") ** 1.25
    return Math.floor((this.start_ms - days * DAY_MS) / 1000) * 1000
  }

  private followsAccount(hash: number, kind: Kind, account: number): boolean {
    if (chance(hash, "follows", account) < follows[kind][account]!) return true
    // Nobody is a stranger to all: whoever missed every account came in by the first one.
    return account === 0 && ![1, 2, 3].some((other) => chance(hash, "follows", other) < follows[kind][other]!)
  }

  /** Quick form of `baseFollows(n).some(...)`. */
  baseFollowsUser(n: number, userid: string): boolean {
    const hash = this.hash(n)
    const account = accounts.findIndex((a) => a.userid === userid)
    if (account >= 0) return this.followsAccount(hash, this.kind(n), account)
    const operator = operators.indexOf(userid)
    return operator >= 0 && chance(hash, "operator") < 0.12 && hash % operators.length === operator
  }

  /** Friendships as they stood at the start of the world. */
  baseFollows(n: number): Follow[] {
    const p = this.person(n)
    const since = this.since(n)
    const list: Follow[] = []
    for (let a = 0; a < accounts.length; a++) {
      if (!this.followsAccount(p.hash, p.kind, a)) continue
      const room = this.start_ms - since
      const at =
        list.length === 0
          ? since
          : since + room * (0.05 + 0.3 * chance(p.hash, "later", a)) * (a > 1 ? 1.6 : 1)
      list.push(this.follow(p, accounts[a]!.userid, Math.floor(at / 1000) * 1000, list.length === 0))
    }
    const operator = operators[p.hash % operators.length]!
    if (this.baseFollowsUser(n, operator)) {
      const at = since + (this.start_ms - since) * chance(p.hash, "operator at")
      list.push(this.follow(p, operator, Math.floor(at / 1000) * 1000, false))
    }
    return list
  }

  private follow(p: Person, userid: string, at: number, first: boolean): Follow {
    const state = first ? choose(states, p.hash, "state") : ""
    const remarked = chance(p.hash, "remarked", userid) < 0.45
    const remark = remarked
      ? `${p.real_name.slice(0, 4)}-${p.city}${p.persona}`.slice(0, 20)
      : p.name.slice(0, 20)
    const lost = chance(p.hash, "lost", userid) < 0.025
    return {
      userid,
      at,
      add_way: first ? choose(addWays, p.hash, "add way") : 201,
      ...(state ? { state } : {}),
      remark,
      description:
        chance(p.hash, "described", userid) < 0.12
          ? `${p.persona}，${p.city}，${choose(ages, p.hash, "age")}`
          : "",
      tags: this.baseTags(p, userid),
      oper_userid: userid,
      ...(chance(p.hash, "mobile", userid) < 0.2 ? { mobiles: [this.phone(p.n)] } : {}),
      ...(chance(p.hash, "own tag", userid) < 0.05 ? { own_tags: ["爱砍价"] } : {}),
      ...(lost ? { lost_at: at + Math.floor((this.start_ms - at) * chance(p.hash, "lost at", userid)) } : {}),
    }
  }

  private baseTags(p: Person, userid: string): string[] {
    const tags: string[] = []
    const standing: Record<Kind, string> = {
      looker: "普通客户",
      lead: "意向客户",
      low: "付费客户",
      regular: "复购客户",
      member: "复购客户",
      agent: "代理",
    }
    // People tag carelessly: some tags are missing and a few are wrong.
    if (chance(p.hash, "tagged standing", userid) < 0.7) {
      const wrong = chance(p.hash, "wrong tag", userid) < 0.04
      tags.push(tagId(this.seed, "客户分层", wrong ? "付费客户" : standing[p.kind]))
    }
    if (chance(p.hash, "tagged persona", userid) < 0.62) tags.push(tagId(this.seed, "人群", p.persona))
    if (chance(p.hash, "tagged region", userid) < 0.4) tags.push(tagId(this.seed, "地区", p.province))
    if (chance(p.hash, "tagged age", userid) < 0.3)
      tags.push(tagId(this.seed, "宝宝月龄", choose(ages, p.hash, "age")))
    return tags
  }
}
