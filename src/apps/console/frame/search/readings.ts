import type { NavWord } from "../navigation.ts"
import type { ActionWord } from "./entries.ts"

/**
 * How each page and action is read, syllable by syllable: found by full pinyin and by initials. Kept as text because the tables of
 * the pinyin library weigh more than the whole console; a test compares it with them.
 */
export const readings: Record<NavWord | ActionWord, string> = {
  today: "gong zuo tai",
  customers: "ke hu",
  customers_list: "ke hu lie biao",
  duplicates: "yi si chong fu",
  segments: "ren qun",
  tags: "biao qian",
  groups: "she qun",
  touches: "chu da",
  sends: "qun fa",
  plays: "ju ben",
  codes: "qu dao ma",
  points: "ji fen",
  orders: "ding dan",
  orders_list: "ding dan lie biao",
  imports: "dao ru ji lu",
  data: "shu ju",
  rfm: "rfm fen ceng",
  ladder: "ke hu jie ti",
  value: "ke hu jia zhi",
  team: "zhang hao yu tuan dui",
  accounts: "gong neng zhang hao",
  account_requests: "yong hao shen qing",
  account_findings: "zhang hao wen ti",
  stocktakes: "zhang hao pan dian",
  staff: "yuan gong",
  transfers: "ke hu jiao jie",
  roles: "jue se",
  tokens: "api ling pai",
  settings: "she zhi",
  channels: "qu dao",
  limits: "pin kong yu xian e",
  audit: "shen ji",
  sandbox: "sha he",
  new_send: "xin jian qun fa",
  new_segment: "xin jian ren qun",
  import_table: "dao ru biao ge",
  switch_language: "qie huan yu yan",
  light: "qie huan dao qian se",
  dark: "qie huan dao shen se",
  system_mode: "pei se gen sui xi tong",
}
