import { hex } from "./ids.ts"
import { provinceNames } from "./names.ts"
import type { TagGroup } from "./records.ts"

/** The corp tags that the company had before the system came: made by hand in the admin console, so no app may edit them. */
const groups: [string, string[]][] = [
  ["客户分层", ["普通客户", "意向客户", "付费客户", "复购客户", "代理"]],
  ["人群", ["宝妈", "孕妈", "上班族", "学生", "全职妈妈", "奶爸", "祖辈"]],
  ["地区", provinceNames],
  ["宝宝月龄", ["孕期", "0-6月", "6-12月", "1-3岁", "3岁以上"]],
  ["来源渠道", ["公众号", "门店", "朋友推荐", "短视频", "线下活动"]],
]

export function baseTagGroups(seed: string, created_s: number): [string, TagGroup][] {
  return groups.map(([name, tags], i) => [
    tagGroupId(seed, name),
    {
      name,
      order: 100 - i,
      create_time: created_s,
      by_app: false,
      tags: tags.map((tag, j) => ({
        id: tagId(seed, name, tag),
        name: tag,
        order: 100 - j,
        create_time: created_s,
        by_app: false,
      })),
    },
  ])
}

export const tagGroupId = (seed: string, group: string): string => "et" + hex(30, seed, "tag group", group)
export const tagId = (seed: string, group: string, tag: string): string =>
  "et" + hex(30, seed, "tag", group, tag)
