import type { WordList } from "./lexicon.ts"

const list = (category: string, verdict: WordList["verdict"], words: string): WordList => ({
  category,
  verdict,
  words: words.trim().split(/\s+/),
})

/** Words that come with the system, written for it: few, and each of them hardly ever meant otherwise. A team adds its own. */
export const BUILT_IN_WORDS: readonly WordList[] = [
  list(
    "advertising",
    "ad",
    `刷单 刷信誉 刷好评 日结兼职 兼职日结 招兼职 在家兼职 躺着赚钱 轻松月入过万 日入过千 日赚千元 免费带单 一单一结 招打字员 打字兼职
     招代理 诚招代理 招募代理 全国招代理 一件代发货源 一手货源 厂家一手 微商货源 高仿手表 高仿包包 原单复刻 精仿 莆田货源
     爆粉 加粉软件 站街软件 群控软件 清粉软件 微信多开 涨粉 买粉丝 刷粉 刷赞 互粉群 吸粉`,
  ),
  list(
    "gambling",
    "ad",
    `六合彩 时时彩 北京赛车 百家乐 真人荷官 网上赌场 澳门赌场 线上赌场 赌球 博彩平台 彩票计划群 精准计划 稳赚计划 特码 平特肖 一肖中特
     白小姐 曾道人 棋牌代理 斗牛房卡 牛牛房卡 炸金花房卡 首充送 下注返水 首存送彩金 注册送彩金`,
  ),
  list(
    "fraud",
    "ad",
    `代开发票 开发票加 各行业发票 增值税发票代开 办证刻章 刻章办证 代办文凭 办理文凭 学历代办 代办驾照 驾照消分 代考包过 包过答案
     黑户贷款 无视黑白户 无抵押贷款秒批 征信修复 信用卡套现 信用卡提额 花呗套现 白条套现 代还信用卡 租借银行卡 高价收卡 收购四件套 跑分平台
     手机定位找人 通话记录查询 开房记录查询 复制手机卡 监听软件 改号软件 出售个人信息`,
  ),
  list(
    "porn",
    "ad",
    "约炮 上门服务妹子 同城约妹 包夜 裸聊 激情视频 一夜情交友 楼凤 外围女 看片加 福利视频加",
  ),
  list(
    "insult",
    "abuse",
    `傻逼 煞笔 傻比 沙比 傻b 煞b 脑残 智障东西 贱人 贱货 婊子 狗杂种 杂种 王八蛋 龟孙子 操你妈 草你妈 艹你妈 cnm nmsl 尼玛死了 你妈死了 死全家
     去死吧 滚你妈 狗娘养的 臭婊子 骚货 死肥猪 垃圾人渣`,
  ),
]
