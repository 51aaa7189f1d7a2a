import { chance, choose } from "../../kernel/chance.ts"

const surnames = [
  ..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤",
]
const female = [..."婷雪敏静丽娟艳玲芳燕霞萍红莉倩颖洁琳佳慧雯欣怡悦萱梦瑶诗涵琪蕾薇岚宁清柔彤妍蓉"]
const male = [..."伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙阳诚志远博文轩睿泽峰晨"]
const nick_heads = [
  "小",
  "阿",
  "暖暖",
  "糖糖",
  "豆豆",
  "米粒",
  "果果",
  "可可",
  "朵朵",
  "团子",
  "橙子",
  "安安",
  "乐乐",
  "依依",
  "沐沐",
  "星星",
]
const nick_tails = [
  "妈妈",
  "麻麻",
  "爸爸",
  "的日常",
  "家",
  "同学",
  "在路上",
  "不加班",
  "爱吃鱼",
  "要早睡",
  "baby",
  "🌸",
  "🌙",
  "☀️",
  "",
]
const latin = [
  "Lily",
  "Amy",
  "Coco",
  "Mia",
  "Jason",
  "Vivian",
  "Nina",
  "Leo",
  "Kiki",
  "Yoyo",
  "Grace",
  "Sunny",
]

export type Gender = 1 | 2

export function realName(hash: number, gender: Gender): string {
  const given = gender === 2 ? female : male
  const first = choose(given, hash, "given1")
  const second = chance(hash, "two characters") < 0.72 ? choose(given, hash, "given2") : ""
  return choose(surnames, hash, "surname") + first + second
}

/** The name a person shows in WeChat: a real name, a nickname, or a Latin one. */
export function shownName(hash: number, gender: Gender): string {
  const style = chance(hash, "name style")
  if (style < 0.42) return realName(hash, gender)
  if (style < 0.52)
    return (
      choose(latin, hash, "latin") +
      (chance(hash, "latin tail") < 0.4 ? choose(surnames, hash, "surname") : "")
    )
  const given = choose(gender === 2 ? female : male, hash, "given1")
  const head = choose(nick_heads, hash, "nick head")
  const tail = choose(nick_tails, hash, "nick tail")
  return head.length === 1 ? head + given + tail : head + tail
}

const provinces: [string, string[]][] = [
  ["浙江", ["杭州", "宁波", "温州", "金华"]],
  ["江苏", ["南京", "苏州", "无锡", "徐州"]],
  ["广东", ["广州", "深圳", "佛山", "东莞"]],
  ["四川", ["成都", "绵阳", "宜宾"]],
  ["山东", ["济南", "青岛", "潍坊", "临沂"]],
  ["河南", ["郑州", "洛阳", "南阳"]],
  ["湖北", ["武汉", "宜昌", "襄阳"]],
  ["湖南", ["长沙", "株洲", "衡阳"]],
  ["上海", ["上海"]],
  ["北京", ["北京"]],
  ["福建", ["福州", "厦门", "泉州"]],
  ["陕西", ["西安", "咸阳"]],
]

export function region(hash: number): { province: string; city: string } {
  const [province, cities] = choose(provinces, hash, "province")
  return { province, city: choose(cities, hash, "city") }
}

export const provinceNames = provinces.map(([name]) => name)
