import type { WordsLike } from "../../../../ui/words/like.ts"
import type * as zh from "../zh/settings.ts"

export const limits: WordsLike<typeof zh.limits> = {
  title: "Caps and platform limits",
  purpose:
    "Our own caps and quiet hours, and what the platforms publish; each number with its source and first day. A change counts at once.",
  house: "Our own caps",
  house_hint:
    "Kept by all sends and plays together: who is planned first takes the place; what does not fit moves on or is left out, with the reason.",
  platform: "Platform limits",
  platform_hint: "As published. When a platform changes its rule, correct it here; no new version is needed.",
  name: "Limit",
  value: "Value",
  per: "Per",
  source: "Source",
  from: "From",
  own: "Corrected",
  coming: "{{value}} from {{day}}",
  correct: "Correct",
  correct_title: "Correct: {{name}}",
  correct_verb: "Save correction",
  corrected: "Corrected, in force from {{day}}",
  new_value: "New value",
  new_time: "New time",
  source_hint: "What it rests on: the address of the notice, the meeting, who decided.",
  from_hint: "Counts from this day on; what was before stays as it is.",
  history: "Values over time",
  count: "{{n}}",
  bytes: "{{n}} bytes",
  chars: "{{n}} characters",
  unit_bytes: "bytes",
  unit_chars: "characters",
  unit_ms: "ms",
  time_hint: "Write it as a time like 21:30.",
}

export const limit_source: WordsLike<typeof zh.limit_source> = {
  house: "Default of the house",
  vendors: "Published by vendors",
}

export const limit_span: WordsLike<typeof zh.limit_span> = {
  call: "a call",
  second: "a second",
  minute: "a minute",
  hour: "an hour",
  day: "a day",
  month: "a month",
  ever: "in all",
  rolling_7_days: "any 7 days",
  rolling_90_days: "any 90 days",
}

export const limit_name: WordsLike<typeof zh.limit_name> = {
  person: { selling: "Selling touches a person gets" },
  quiet: { from_minute: "Quiet from", until_minute: "Quiet until" },
  wecom: {
    api: {
      calls: "API calls (company × API)",
      calls_per_hour: "API calls (company × API)",
      calls_per_address: "API calls (address × API)",
      calls_per_address_hour: "API calls (address × API)",
    },
    mass_send: {
      per_customer: "Mass sends a customer gets",
      per_group: "Mass sends a group gets",
      customers: "Customers of one task",
      groups: "Groups of one task",
      text: "Text of a mass send",
      attachments: "Attachments of a mass send",
      reminders: "Reminders to staff",
    },
    welcome: { life: "Life of a welcome", uses: "Uses of a welcome", text: "Text of a welcome" },
    tag: {
      corp_tags: "Company tags",
      per_customer: "Tags of a customer (per staff)",
      name: "Length of a tag",
    },
    contact_way: { ways: "Contact codes", users: "Staff of one code", state: "Length of a code's state" },
    join_way: { groups: "Groups of one join code" },
    group: { members: "Members of a group" },
    staff: { customers: "Customers of one member of staff" },
    transfer: {
      customers: "Customers of one transfer",
      per_customer: "Transfers of a customer",
      groups: "Groups of one transfer",
      groups_per_day: "Groups a former owner may hand over",
    },
    remark: { text: "Length of a remark", description: "Length of a description" },
    notify: {
      receivers: "Receivers of an app message",
      per_member: "App messages a member of staff gets",
      per_member_hour: "App messages a member of staff gets",
      text: "Text of an app message",
    },
    media: { life: "Life of an upload" },
    moments: { tasks: "Moments tasks" },
  },
}

export const channels: WordsLike<typeof zh.channels> = {
  title: "Channels",
  purpose: "What the company speaks through: what each can do, what a person does, whether it is well now.",
  accounts: "{{n}} accounts",
  working: "Working",
  stopped: "Stopped",
  stopped_text:
    "The platform stopped it (code {{code}}). Nothing is called meanwhile; what shall go out waits, none is lost.",
  tries_again: "Tries again in {{n}} s",
  test: "Test connection",
  testing: "Testing",
  well: "Connected: the platform knows {{n}} staff who may speak to customers.",
  not_well: "Did not pass: {{why}}",
  error_code: "Code",
  resume: "Mended, resume sending",
  resumed: "Resumed; {{n}} waiting touches go out now",
  can: "Done by the system",
  by_hand: "Becomes an assignment",
  hears: "Hears",
  also: "Also",
  by_hand_hint:
    "The platform has no interface for these. They are given to the account's custodian, who ticks them off or hands in a screenshot.",
  nothing: "—",
  parcel: "{{kind}} ({{n}} a parcel)",
  manual_text:
    "Works without any interface: each touch becomes an assignment with its words for the account's custodian to do and tick off.",
}

export const channel_name: WordsLike<typeof zh.channel_name> = { wecom: "WeCom", manual: "By hand" }

export const channel_failure: WordsLike<typeof zh.channel_failure> = {
  stop: "the secret, a right or the list of trusted addresses is wrong; look into the platform's settings.",
  retry_later: "the platform does not answer now; try again shortly.",
  wait_window: "over the platform's pace of calls; try again in a while.",
  never: "the platform does not take this request.",
  fix: "the request is not what the platform wants; give the code to your administrator.",
}

export const capability: WordsLike<typeof zh.capability> = {
  send_private: "Mass send to people",
  send_group: "Mass send to groups",
  welcome: "Welcome",
  tag: "Tags",
  remark: "Remarks",
  notify_staff: "Notify staff",
  announce: "Group announcement",
  kick: "Remove a member",
  rename_group: "Rename a group",
  transfer_customer: "Transfer customers",
  transfer_group: "Transfer groups",
  contact_way: "Contact codes",
  tag_catalogue: "Company tags",
  remind: "Remind staff",
  cancel: "Take back unsent tasks",
  receipts: "Results of delivery",
  transfer_results: "Results of transfers",
  staff_page: "Sidebar of the chat",
  media: "Uploads",
  check: "Test of the connection",
  read_staff: "Staff",
  read_contacts: "Customers",
  read_tags: "Tags",
  read_groups: "Groups",
  read_group_messages: "Group messages",
  read_private_messages: "Private messages",
  read_transfers: "Results of transfers",
}

export const approval = {
  title: "Approval of sends",
  on: "What is submitted goes out once a second person has approved it.",
  off: "What is submitted goes out without a second person; a send to everybody still needs one.",
  turn_off: "Turn approval off",
  turn_on: "Turn approval on",
  off_title: "Without approval, what is submitted goes out without a second person",
  on_title: "With approval, what is submitted waits for a second person",
  now_off: "Approval of sends is off",
  now_on: "Approval of sends is on",
} as const
