import type { AccountFunction } from "../../../modules/accounts/index.ts"

/** How far an invented account has come. What ends in use is nobody's to be introduced to: the virtual WeCom does not know it. */
export type End =
  | "requested"
  | "starting"
  | "nurturing"
  | "ready"
  | "returning"
  | "restricted"
  | "retired"
  | "written_off"

export type Life = {
  name: string
  function: AccountFunction
  /** Whose wish it was, by their name in the directory; they are the one who uses it, where somebody does. */
  by: string
  reason: string
  /** Days ago that it was asked for. */
  asked: number
  end: End
  /** Active days that the keeper vouches for, from before. */
  before: number
}

export const LIVES: readonly Life[] = [
  {
    name: "禾苗育儿手记",
    function: "ip",
    by: "许曼",
    reason: "内容号分一个专讲育儿",
    asked: 2,
    end: "requested",
    before: 0,
  },
  {
    name: "禾苗顾问小夏",
    function: "sales",
    by: "周可",
    reason: "成交号接不过来了",
    asked: 12,
    end: "starting",
    before: 0,
  },
  {
    name: "禾苗管家小棠",
    function: "member",
    by: "周可",
    reason: "会员分成两组来服务",
    asked: 26,
    end: "nurturing",
    before: 0,
  },
  {
    name: "禾苗顾问小满",
    function: "sales",
    by: "林晓",
    reason: "大促前备一个号",
    asked: 29,
    end: "nurturing",
    before: 21,
  },
  {
    name: "禾苗辅食厨房",
    function: "ip",
    by: "何俊",
    reason: "辅食内容单独起一个号",
    asked: 30,
    end: "nurturing",
    before: 78,
  },
  {
    name: "禾苗管家小安",
    function: "member",
    by: "林晓",
    reason: "备用会员号",
    asked: 88,
    end: "ready",
    before: 64,
  },
  {
    name: "禾苗顾问小宁",
    function: "sales",
    by: "周可",
    reason: "备用成交号",
    asked: 90,
    end: "ready",
    before: 36,
  },
  {
    name: "禾苗妈妈圈",
    function: "ip",
    by: "何俊",
    reason: "社群里的陪伴号",
    asked: 95,
    end: "returning",
    before: 70,
  },
  {
    name: "禾苗好物",
    function: "ip",
    by: "许曼",
    reason: "好物种草",
    asked: 93,
    end: "restricted",
    before: 92,
  },
  {
    name: "禾苗早教",
    function: "ip",
    by: "宋雨",
    reason: "早教内容试一试",
    asked: 97,
    end: "retired",
    before: 40,
  },
  {
    name: "禾苗旧号",
    function: "ip",
    by: "何俊",
    reason: "早年的内容号，补进台账",
    asked: 99,
    end: "written_off",
    before: 120,
  },
]

/** The list of a day: six or seven items, now and then two, and no day is like the one before. Nothing on some Sundays. */
export function itemsOf<Item>(all: readonly Item[], day: number, account: number): Item[] {
  const turn = (day * 5 + account * 3) % 11
  if (turn === 4) return []
  const many = turn === 7 ? 2 : 5 + (turn % 3)
  return all.map((_, n) => all[(n + day + account) % all.length]!).slice(0, many)
}
