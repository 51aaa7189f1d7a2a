import { choose } from "../../kernel/chance.ts"
import type { Person } from "./people.ts"

const chatter = [
  "大家早上好呀",
  "今天{city}降温了，给娃加衣服",
  "有没有推荐的辅食机",
  "刚收到货，包装很结实",
  "娃终于肯吃青菜了😂",
  "周末带娃去哪儿玩比较好",
  "这个米粉我家吃了三个月，挺好的",
  "夜奶怎么断的，求经验",
  "哈哈哈太真实了",
  "+1",
  "收到",
  "谢谢小禾",
  "晚上八点准时来",
  "我家也是这样",
  "出牙期老哭闹，大家怎么办",
]
const asking = [
  "这个多少钱",
  "会员礼包还有吗",
  "拉拉裤 XL 什么时候有活动",
  "奶酪棒怎么卖",
  "现在下单什么时候发货",
  "有优惠券吗",
  "这个多少钱一箱呀",
]
const complaints = [
  "快递三天了还没动",
  "收到的奶瓶有划痕，找谁处理",
  "客服没人回吗",
  "这次的果泥日期不太新鲜",
]
const spam = [
  "加V信 xh88{n} 免费领母婴大礼包",
  "兼职日结 手机就能做 详情私聊",
  "低价出各大品牌奶粉，看我头像",
  "https://t.example/{n} 砍一刀帮个忙，就差一刀了",
  "优质茶叶批发 量大从优",
]
const praise = ["用了一个月，皮肤真的好多了", "回购第三次了，闭眼入", "分享给闺蜜了，她也下单了"]
const likes = ["烘焙", "拍照", "跑步", "绘本", "做辅食", "追剧", "旅行", "瑜伽"]
const skills = ["做饭", "拍娃", "收纳", "砍价", "手工", "讲故事"]

export const staffLines = [
  "早上好，今天的打卡开始啦，回复“签到”领积分",
  "今晚八点好物专场，奶酪棒第二件半价",
  "新进群的宝妈请按模板自我介绍：我叫/年龄/我喜欢/我擅长/我期望",
  "群内禁止广告，违规会被移出",
  "会员礼包还剩 30 份，需要的找我登记",
  "辅食小课今晚直播，记得定闹钟",
]

const pools: Record<string, string[]> = { chat: chatter, ask: asking, complain: complaints, spam, praise }

/** What a person says on a topic; the same for the same parts. */
export function phrase(p: Person, topic: string, n: string | number): string {
  if (topic === "intro") {
    const age = 24 + (p.hash % 16)
    const like = choose(likes, p.hash, "likes")
    const skill = choose(skills, p.hash, "skill")
    return p.hash % 3 === 0
      ? `我叫${p.name}，今年${age}，我喜欢${like}，我擅长${skill}，我期望认识更多${p.city}的宝妈`
      : `我叫：${p.name}\n年龄：${age}\n我喜欢：${like}\n我擅长：${skill}\n我期望：学到科学育儿`
  }
  if (topic === "sign_in") return "签到"
  if (topic === "hello")
    return choose(["大家好，新人报到", "大家好～", "新来的，请多关照", "报到！"], p.hash, topic, n)
  const text = choose(pools[topic] ?? chatter, p.hash, topic, n)
  return text.replace("{city}", p.city).replace("{n}", String(p.hash % 9000))
}

const topics: [string, number][] = [
  ["chat", 0.46],
  ["sign_in", 0.2],
  ["ask", 0.18],
  ["praise", 0.07],
  ["complain", 0.05],
  ["spam", 0.04],
]

export function topicFor(roll: number): string {
  let rest = roll
  for (const [topic, share] of topics) {
    if (rest < share) return topic
    rest -= share
  }
  return "chat"
}
