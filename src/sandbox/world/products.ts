import type { OrderLine } from "./records.ts"

export type Product = Omit<OrderLine, "qty">

const p = (
  sku: string,
  name: string,
  category: string,
  kind: Product["kind"],
  price_fen: number,
): Product => ({ sku, name, category, kind, price_fen })

/** What the shop sells: maternal goods and food. Lead products at or below cost, low-ticket, membership, repeat goods. */
export const products: Product[] = [
  p("LD01", "婴儿棉柔巾试用装", "引流品", "lead", 99),
  p("LD02", "辅食剪刀尝鲜价", "引流品", "lead", 190),
  p("LD03", "儿童山楂条体验包", "引流品", "lead", 390),
  p("LD04", "宝宝湿巾10片装", "引流品", "lead", 100),
  p("LD05", "育儿入门小课", "引流品", "lead", 100),
  p("LT01", "有机婴儿面条", "辅食", "low_ticket", 1990),
  p("LT02", "原味溶豆", "零食", "low_ticket", 2480),
  p("LT03", "南瓜小米粥米", "辅食", "low_ticket", 2990),
  p("LT04", "儿童牙膏", "洗护", "low_ticket", 2580),
  p("LT05", "口水巾6条装", "棉品", "low_ticket", 2900),
  p("LT06", "硅胶辅食勺套装", "喂养", "low_ticket", 3580),
  p("MB01", "年度会员礼包", "会员礼包", "membership", 39900),
  p("RG01", "婴儿棉柔巾整箱", "棉品", "regular", 8900),
  p("RG02", "拉拉裤 L 码 4 包", "纸尿裤", "regular", 15900),
  p("RG03", "拉拉裤 XL 码 4 包", "纸尿裤", "regular", 16900),
  p("RG04", "纸尿裤 M 码 4 包", "纸尿裤", "regular", 15900),
  p("RG05", "婴幼儿奶粉 3 段", "奶粉", "regular", 26800),
  p("RG06", "儿童成长奶粉", "奶粉", "regular", 22800),
  p("RG07", "DHA 藻油滴剂", "营养", "regular", 19800),
  p("RG08", "儿童维生素 D3", "营养", "regular", 9800),
  p("RG09", "乳铁蛋白调制粉", "营养", "regular", 32800),
  p("RG10", "高铁米粉", "辅食", "regular", 6800),
  p("RG11", "深海鳕鱼块", "辅食", "regular", 12900),
  p("RG12", "儿童馄饨 6 盒", "辅食", "regular", 11800),
  p("RG13", "牛肉小饺 4 盒", "辅食", "regular", 10900),
  p("RG14", "亲子每日坚果", "零食", "regular", 7980),
  p("RG15", "儿童奶酪棒 20 支", "零食", "regular", 5990),
  p("RG16", "无添加果泥 12 袋", "零食", "regular", 8980),
  p("RG17", "婴儿洗衣液 3 瓶", "洗护", "regular", 7990),
  p("RG18", "儿童面霜", "洗护", "regular", 6900),
  p("RG19", "洗发沐浴二合一", "洗护", "regular", 5900),
  p("RG20", "纯棉睡袋", "棉品", "regular", 18900),
  p("RG21", "儿童保暖内衣", "棉品", "regular", 12800),
  p("RG22", "恒温调奶器", "喂养", "regular", 25900),
  p("RG23", "玻璃奶瓶套装", "喂养", "regular", 13800),
  p("RG24", "五常稻花香 10 斤", "粮油", "regular", 8900),
  p("RG25", "有机菜籽油 5 升", "粮油", "regular", 11900),
  p("RG26", "孕妈燕麦脆", "孕产", "regular", 5980),
  p("RG27", "产后修复霜", "孕产", "regular", 16800),
  p("RG28", "绘本启蒙套装", "早教", "regular", 14900),
]

export const ofKind = (kind: Product["kind"]): Product[] =>
  products.filter((product) => product.kind === kind)
