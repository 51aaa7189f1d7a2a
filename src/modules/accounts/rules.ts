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

/** To which function an account hands a customer over who stands further (spec: what an account is for). */
export const HANDS_OVER_TO: Record<AccountFunction, AccountFunction | null> = {
  ip: "sales",
  sales: "member",
  member: "agent",
  agent: null,
}

/** What one account may do in one day. */
export type Quotas = { friends: number; private_messages: number; group_messages: number; moments: number }

/** What the team grants: friends grow with the nurture level, what is sent does not. */
export type QuotaRules = Omit<Quotas, "friends"> & { friends_base: number; friends_step: number }

export const QUOTA_DEFAULTS: QuotaRules = {
  friends_base: 50,
  friends_step: 10,
  private_messages: 200,
  group_messages: 100,
  moments: 3,
}

/** Daily quotas by nurture level 0 to 5. */
export function quotasOf(level: number, rules: QuotaRules): Quotas {
  return {
    friends: rules.friends_base + rules.friends_step * level,
    private_messages: rules.private_messages,
    group_messages: rules.group_messages,
    moments: rules.moments,
  }
}
