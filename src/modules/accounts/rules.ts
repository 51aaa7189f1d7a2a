export const FUNCTIONS = ["ip", "sales", "member", "agent"] as const
export type AccountFunction = (typeof FUNCTIONS)[number]

const POSITIONS: [RegExp, AccountFunction][] = [
  [/^ip\s*号$/i, "ip"],
  [/^成交号$/, "sales"],
  [/^会员号$/, "member"],
  [/^代理号$/, "agent"],
]

/** The function that a job title in the staff directory stands for; null for people. */
export function functionOfPosition(position: string | undefined): AccountFunction | null {
  const title = position?.normalize("NFKC").trim() ?? ""
  return POSITIONS.find(([pattern]) => pattern.test(title))?.[1] ?? null
}

/** Standing of a customer → function of the account that should be looking after them (spec: what an account is for). */
export const FUNCTION_OF_STANDING: Record<string, AccountFunction> = {
  general: "ip",
  interested: "sales",
  paid: "member",
  repeat: "member",
  agent: "agent",
}

/** Daily quotas by nurture level 0 to 5. */
export function quotasOf(level: number): {
  friends: number
  private_messages: number
  group_messages: number
  moments: number
} {
  return { friends: 50 + 10 * level, private_messages: 200, group_messages: 100, moments: 3 }
}
