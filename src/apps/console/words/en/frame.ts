import type { WordsLike } from "../../../../ui/words/like.ts"
import type * as zh from "../zh/frame.ts"

export const frame: WordsLike<typeof zh.frame> = {
  product: "Siyu",
  skip: "Skip to content",
  navigation: "Main navigation",
  open_navigation: "Open navigation",
  fold: "Fold navigation",
  unfold: "Unfold navigation",
  me: "My account",
  language: "Language",
  mode_light: "Light",
  mode_dark: "Dark",
  mode_system: "As the system",
  change_password: "Change password",
  sign_out: "Sign out",
  server_down: "The server cannot be reached; trying again. What you typed is kept.",
  not_found_page: "There is no such page",
  not_found_text: "The address may be wrong, or the page has moved.",
  go_home: "Go to the workbench",
  page_broke: "This page broke",
  page_broke_text: "Reload and try again; if it stays so, tell your administrator the words below.",
}

export const nav: WordsLike<typeof zh.nav> = {
  today: "Workbench",
  customers: "Customers",
  customers_list: "Customer list",
  segments: "Segments",
  tags: "Tags",
  groups: "Groups",
  touches: "Touches",
  sends: "Mass sends",
  plays: "Plays",
  codes: "Channel codes",
  points: "Points",
  orders: "Orders",
  orders_list: "Order list",
  imports: "Import orders",
  data: "Data",
  team: "Accounts and team",
  accounts: "Functional accounts",
  staff: "Staff",
  tokens: "API tokens",
  settings: "Settings",
  limits: "Platform limits",
  audit: "Audit",
  sandbox: "Sandbox",
}

export const search: WordsLike<typeof zh.search> = {
  button: "Search",
  title: "Search customers, pages and actions",
  placeholder: "A customer's name, remark or phone's end; a page; an action",
  leave: "Close",
  results: "Results",
  recent: "Chosen lately",
  pages: "Pages",
  actions: "Actions",
  customers: "Customers",
  waiting: "Looking for customers…",
  nothing:
    "Nothing found. Try the beginning of a name, its initials in pinyin or the last four digits of a phone.",
  keys: "↑↓ choose, Enter opens",
}

export const search_actions: WordsLike<typeof zh.search_actions> = {
  new_send: "New mass send",
  new_segment: "New segment",
  import_orders: "Import orders",
  switch_language: "Switch language",
  light: "Switch to light colours",
  dark: "Switch to dark colours",
  system_mode: "Colours as the system",
}

export const entry: WordsLike<typeof zh.entry> = {
  title: "Sign in to Siyu",
  purpose: "Use your staff account.",
  login: "Login",
  password: "Password",
  sign_in: "Sign in",
  first_hint: "At the first start, the one-time password of owner is printed where the server was started.",
  again_title: "Your session has ended",
  again: "Sign in again; what you typed on the page is still there.",
  new_title: "First choose a password of your own",
  new_purpose: "You are using a one-time password. Change it to one that only you know.",
  change_title: "Change password",
  current: "Current password",
  next: "New password",
  next_hint: "At least {{min}} characters; a sentence you remember is fine.",
  repeat: "New password again",
  repeat_wrong: "The two new passwords differ.",
  too_short: "At least {{min}} characters.",
  login_empty: "Fill in your login.",
  password_empty: "Fill in your password.",
  save_password: "Save new password",
  password_saved: "Password changed",
}

export const role: WordsLike<typeof zh.role> = {
  owner: "Owner",
  lead: "Lead",
  operator: "Operator",
  asset_keeper: "Asset keeper",
  inspector: "Inspector",
  viewer: "Viewer",
}
