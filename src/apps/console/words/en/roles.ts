import type { WordsLike } from "../../../../ui/words/like.ts"
import type * as zh from "../zh/roles.ts"

export const roles: WordsLike<typeof zh.roles> = {
  title: "Roles",
  purpose:
    "What each role may do, whose customers it sees, and who has it. Roles are fixed; give somebody another one under Staff.",
  scope: "Sees customers of",
  scope_all: "everybody",
  scope_team: "the own team",
  scope_own: "oneself",
  scope_lead: "the own team; everybody where there is no team",
  people: "Who has it",
  nobody: "Nobody yet",
  inactive: "{{name}} (disabled)",
  everything: "Everything, what is yet to come included",
  rights: "May",
  change: "Change role",
  change_title: "Another role for {{name}}",
  change_verb: "Make “{{role}}”",
  changed: "Role changed",
  choose: "New role",
  same: "This is the present role.",
  loses: "No longer: {{list}}",
  gains: "From now on: {{list}}",
  scope_becomes: "Customers seen: {{from}} → {{to}}",
  signs_out: "This person signs in again afterwards; nothing that is being filled in is lost.",
  disable: "Disable",
  disable_title: "{{name}} can no longer sign in and is signed out at once; customers and records stay",
  disabled_now: "Disabled",
  enable: "Enable",
  enable_title: "{{name}} can sign in again with the old password",
  enabled_now: "Enabled",
  reset: "New one-time password",
  reset_title: "A new one-time password for {{name}}: the old one ends at once, and so do open sessions",
  more: "More",
  more_of: "More for {{name}}",
}

export const role_text: WordsLike<typeof zh.role_text> = {
  owner: "Who owns the company: may do everything.",
  lead: "Leads of operations and teams: segments, plays, approving sends.",
  operator: "Operators: the day's assignments and their own customers.",
  asset_keeper: "Keepers of the functional accounts.",
  inspector: "Inspectors: read only, to sample content and process.",
  viewer: "Numbers and today's work, read only.",
}

export const right_module: WordsLike<typeof zh.right_module> = {
  customers: "Customers",
  tags: "Tags",
  segments: "Segments",
  sends: "Sends",
  plays: "Plays",
  plans: "Assignments",
  orders: "Orders",
  imports: "Imports",
  groups: "Groups",
  points: "Points",
  codes: "Codes",
  accounts: "Accounts",
  staff: "Staff",
  tokens: "API tokens",
  analytics: "Numbers",
  audit: "Audit",
  channels: "Channels",
  settings: "Settings",
  sandbox: "Sandbox",
}

export const right_verb: WordsLike<typeof zh.right_verb> = {
  read: "read",
  write: "change",
  approve: "approve",
  export: "export",
  reveal: "see full phones",
  grant: "grant",
  drive: "drive",
}
