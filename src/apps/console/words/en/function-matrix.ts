export const matrix = {
  title: "Function matrix",
  purpose:
    "Whom each kind of account serves, how it speaks, and to whom it introduces; one account may play several.",
  functions: "Functions and accounts",
  serves: "For",
  does: "What it does",
  accounts: "Accounts",
  in_use: "In use",
  usable_of: "{{n}} of {{of}} usable",
  of: "{{n}} of {{of}}",
  impression: "First impression good",
  selling: "May sell at most (7 days)",
  no_bound: "no bound",
  overselling: "{{n}} sell more",
  hands_over: "Introduces to",
  funnel: "Introductions",
  funnel_none:
    "No introductions yet. When a customer's payment standing changes, the operator is asked to introduce them to an account of the next function.",
  funnel_hint:
    "An introduction is done when the contact with the target account exists; no account is given more a day than it may add.",
  to: "To",
  proposed: "Proposed",
  introduced: "Introduced",
  closed: "Added",
  rate: "Done",
  dropped: "Called off",
  dropped_lately: "Introductions called off lately",
  customer: "Customer",
  dropped_at: "When",
  dropped_by: "Whose it was",
  dropped_why: "Why",
} as const
export const function_serves = {
  ip: "General contacts",
  sales: "Interested customers",
  member: "Paying and repeat customers",
  agent: "Agents",
} as const
export const function_does = {
  ip: "Persona and trust, little selling; low-ticket offers close here",
  sales: "Negotiates, signs, takes payment, invoices",
  member: "Service, delivery, repeat purchase",
  agent: "Manages agents, delivers their materials",
} as const
