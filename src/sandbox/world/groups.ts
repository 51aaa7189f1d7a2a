import { chance, choose } from "../../kernel/chance.ts"
import type { People } from "./people.ts"
import type { Chat, Joined } from "./records.ts"
import { accounts } from "./staff.ts"

const IN_A_GROUP = 0.44
const IN_TWO = 0.06
const BASE_MEMBERS = 180

export const baseGroupCount = (size: number): number =>
  Math.max(8, Math.ceil((size * (IN_A_GROUP + IN_TWO)) / BASE_MEMBERS))

const series = [
  "宝妈福利群",
  "宝妈福利群",
  "辅食交流群",
  "会员专属群",
  "会员专属群",
  "好物闪购群",
  "代理交流群",
  "新客体验群",
]
const owners = [0, 0, 0, 2, 2, 1, 3, 0]

export function baseChat(g: number, start_ms: number): Chat {
  const kind = g % series.length
  const letterIndex = kind === 1 || kind === 4 ? 1 : 0
  const round = Math.floor(g / series.length) * 2 + letterIndex
  return {
    version: 1,
    owner: accounts[owners[kind]!]!.userid,
    name: `禾苗${series[kind]}${letters(round)}`,
    notice: "进群请改昵称：宝宝月龄+城市；每晚八点好物专场，禁止广告。",
    created_at: start_ms - (400 - (g % 8) * 30) * 86_400_000,
    admins: ["xu_man", "he_jun"],
    base: true,
    status: 0,
  }
}

/** A … Z, AA, AB …: the letter at the end of a group of a series. */
export function letters(n: number): string {
  return n < 26 ? String.fromCharCode(65 + n) : letters(Math.floor(n / 26) - 1) + letters(n % 26)
}

/** Whether person `n` was in base group `g` when the world began. Each group draws from its own residue class of numbers. */
export function inBaseGroup(people: People, n: number, g: number, groups: number): boolean {
  const home = n % groups
  if (home === g) return chance(people.hash(n), "in a group") < IN_A_GROUP
  return (home + 1) % groups === g && chance(people.hash(n), "in two groups") < IN_TWO
}

export function baseMembership(people: People, n: number, g: number, chat: Chat, start_ms: number): Joined {
  const hash = people.hash(n)
  const from = Math.max(people.since(n), chat.created_at)
  const at = Math.floor((from + (start_ms - from) * 0.7 * chance(hash, "joined", g)) / 1000) * 1000
  const scene = choose([3, 3, 3, 1, 2], hash, "join scene", g)
  return { at, scene, ...(scene === 3 ? {} : { invitor: chat.owner }) }
}

export function* baseGroupMembers(
  people: People,
  size: number,
  g: number,
  groups: number,
): Generator<number> {
  for (let n = g; n < size; n += groups) if (inBaseGroup(people, n, g, groups)) yield n
  const before = (g + groups - 1) % groups
  if (before !== g) for (let n = before; n < size; n += groups) if (inBaseGroup(people, n, g, groups)) yield n
}
