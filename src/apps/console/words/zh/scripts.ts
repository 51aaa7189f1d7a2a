/** What accounts say beside a chat. */
export const scripts = {
  title: "话术",
  purpose: "聊天侧边栏里给员工用的话：按场景挑，点一下复制或发进聊天。",
  add: "写一条话术",
  change: "修改",
  change_title: "修改话术",
  drop: "停用",
  drop_title: "停用这条话术，侧边栏里不再出现",
  drop_shared_title: "停用这条话术，同功能的所有账号都不再出现",
  dropped: "已停用",
  saved: "话术已保存",
  shared: "同功能账号共用",
  situation: "场景",
  text: "话术",
  text_hint: "用 {{name}} 代表客户的名字。",
  share: "给同功能的所有账号用",
  share_hint: "不勾选时只有这个账号能看到。",
  empty: "还没有话术",
  empty_text: "写下这个账号在开场、成交、售后时常说的话，侧边栏就能一键使用。",
} as const

export const situation = {
  opening: "开场",
  ice: "破冰",
  trust: "建立信任",
  objection: "打消顾虑",
  closing: "成交",
  after_sale: "售后",
  revival: "唤醒",
} as const
