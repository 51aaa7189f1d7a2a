export type Department = {
  id: number
  name: string
  name_en: string
  parentid: number
  order: number
  leaders: string[]
}

export type Member = {
  userid: string
  name: string
  english_name: string
  position: string
  /** Who answers for this account at the company; without one it is the lead. */
  led_by?: string
  department: number
  gender: 1 | 2
  leader: boolean
  /** May have customers (客户联系 → 使用范围). */
  serves_customers: boolean
}

export const company = { name: "禾苗优选", channel: "禾苗优选母婴生活馆" }

export const departments: Department[] = [
  { id: 1, name: company.name, name_en: "Hemiao", parentid: 0, order: 100, leaders: ["liang_yan"] },
  { id: 2, name: "运营部", name_en: "Operations", parentid: 1, order: 90, leaders: ["liang_yan"] },
  { id: 3, name: "用户运营组", name_en: "Customers", parentid: 2, order: 80, leaders: ["zhou_ke"] },
  { id: 4, name: "社群运营组", name_en: "Groups", parentid: 2, order: 70, leaders: ["xu_man"] },
  { id: 5, name: "功能账号", name_en: "Accounts", parentid: 1, order: 60, leaders: ["liang_yan"] },
]

/** The four functional accounts: the position says the function (IP号, 成交号, 会员号, 代理号). */
export const accounts: Member[] = [
  {
    userid: "hm_ip_01",
    name: "禾苗小禾",
    english_name: "ip",
    position: "IP号",
    led_by: "he_jun",
    department: 5,
    gender: 2,
    leader: false,
    serves_customers: true,
  },
  {
    userid: "hm_sales_01",
    name: "禾苗优选顾问",
    english_name: "sales",
    position: "成交号",
    led_by: "lin_xiao",
    department: 5,
    gender: 2,
    leader: false,
    serves_customers: true,
  },
  {
    userid: "hm_member_01",
    name: "禾苗会员管家",
    english_name: "member",
    position: "会员号",
    led_by: "zhou_ke",
    department: 5,
    gender: 2,
    leader: false,
    serves_customers: true,
  },
  {
    userid: "hm_agent_01",
    name: "禾苗代理中心",
    english_name: "agent",
    position: "代理号",
    department: 5,
    gender: 1,
    leader: false,
    serves_customers: true,
  },
]

export const employees: Member[] = [
  {
    userid: "liang_yan",
    name: "梁燕",
    english_name: "Yan",
    position: "操盘手",
    department: 2,
    gender: 2,
    leader: true,
    serves_customers: false,
  },
  {
    userid: "zhou_ke",
    name: "周可",
    english_name: "Ke",
    position: "用户运营",
    department: 3,
    gender: 1,
    leader: true,
    serves_customers: true,
  },
  {
    userid: "lin_xiao",
    name: "林晓",
    english_name: "Xiao",
    position: "用户运营",
    department: 3,
    gender: 2,
    leader: false,
    serves_customers: true,
  },
  {
    userid: "xu_man",
    name: "许曼",
    english_name: "Man",
    position: "社群运营",
    department: 4,
    gender: 2,
    leader: true,
    serves_customers: false,
  },
  {
    userid: "he_jun",
    name: "何俊",
    english_name: "Jun",
    position: "社群运营",
    department: 4,
    gender: 1,
    leader: false,
    serves_customers: false,
  },
  {
    userid: "song_yu",
    name: "宋雨",
    english_name: "Yu",
    position: "客服",
    department: 3,
    gender: 2,
    leader: false,
    serves_customers: false,
  },
]

export const members: Member[] = [...accounts, ...employees]

export function memberOf(userid: string): Member | undefined {
  const lower = userid.toLowerCase()
  return members.find((m) => m.userid === lower)
}
