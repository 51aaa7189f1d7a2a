/** The steps of the ladder, lowest first. */
export const STAGES = ["prospect", "customer", "member", "partner"] as const
export type Stage = (typeof STAGES)[number]
export const STANDINGS = ["general", "interested", "paid", "repeat", "agent"] as const
export type Standing = (typeof STANDINGS)[number]
export const ACTIVITIES = ["prospect", "one_time", "repeat", "quiet", "sleeping", "lost"] as const
export type Activity = (typeof ACTIVITIES)[number]
