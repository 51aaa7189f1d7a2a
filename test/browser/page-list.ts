/** Every page of the console that stands by itself: where it is, and what it is called in Chinese. */
export const PAGES: readonly (readonly [path: string, heading: string])[] = [
  ["/today", "工作台"],
  ["/customers", "客户"],
  ["/customers/duplicates", "疑似重复客户"],
  ["/segments", "人群"],
  ["/segments/new", "新建人群"],
  ["/sends", "群发"],
  ["/sends/new", "新建群发"],
  ["/plays", "剧本"],
  ["/plays/new", "新建剧本"],
  ["/tags", "标签"],
  ["/groups", "社群"],
  ["/codes", "渠道码"],
  ["/points", "积分"],
  ["/orders", "订单"],
  ["/imports/new", "导入表格"],
  ["/imports", "导入记录"],
  ["/data", "数据"],
  ["/data/rfm", "RFM 分层"],
  ["/data/value", "客户价值"],
  ["/data/ladder", "客户阶梯"],
  ["/accounts", "功能账号"],
  ["/staff", "员工"],
  ["/roles", "角色"],
  ["/tokens", "API 令牌"],
  ["/channels", "渠道"],
  ["/limits", "频控与平台限额"],
  ["/audit", "审计"],
  ["/sandbox", "沙盒"],
]

/** Pages of one thing: the list, and the first link of its table leads there. */
export const DETAILS: readonly string[] = ["/customers", "/segments", "/sends", "/plays", "/groups"]
