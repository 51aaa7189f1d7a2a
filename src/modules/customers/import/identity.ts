import type { Cells, Failure, ImportField } from "../../imports/index.ts"
import { plainPhone } from "../phone.ts"
import type { Identity, IdentityKind } from "../rules.ts"
import type { IdentityFailure } from "./failures.ts"

const KIND_OF: Record<string, IdentityKind> = {
  unionid: "unionid",
  external_userid: "external_userid",
  phone: "phone",
  shop_buyer_id: "shop_buyer_id",
  customer_no: "import",
}
/** Columns by which a row says who it is about; one of them is enough. */
export const IDENTITY_FIELD_NAMES = Object.keys(KIND_OF)

export const IDENTITY_FIELDS: readonly ImportField[] = [
  {
    name: "phone",
    words: { zh: "手机号", en: "Phone" },
    hint: { zh: "11 位；带 +86、空格、横线都认得", en: "With or without +86, blanks and dashes" },
    aliases:
      /^(客户|会员|收货人?|买家|联系)?(手机|电话|手机号码?|联系电话|联系方式|联系手机|移动电话)$|^(mobile|phone|tel|cell)([ _-]?(no|number|phone))?$/i,
    sample: "13800001234",
  },
  {
    name: "customer_no",
    words: { zh: "客户编号", en: "Customer number" },
    hint: { zh: "公司自己的编号，每份表里一致", en: "The company's own number, the same in every file" },
    aliases: /^(客户|会员|顾客)(编号|号|id|卡号)$|^(customer|member)[ _-]?(id|no|number)$/i,
    sample: "K0001",
  },
  {
    name: "unionid",
    words: { zh: "平台统一标识", en: "Union id" },
    hint: { zh: "微信开放平台的唯一标识", en: "The platform's one id of a person" },
    aliases: /^(微信)?union[ _-]?id$/i,
  },
  {
    name: "external_userid",
    words: { zh: "企业微信客户标识", en: "External user id" },
    aliases: /^(企业微信|企微)?(外部联系人|外部|客户)(id|标识|账号)$|^external[ _-]?user[ _-]?id$/i,
  },
  {
    name: "shop_buyer_id",
    words: { zh: "店铺买家账号", en: "Shop buyer id" },
    aliases: /^(店铺|买家)(买家)?(id|标识|账号|会员名|昵称)$|^buyer[ _-]?id$/i,
  },
]

/** All that a row is known by, the most telling first; who is not known by anything is a failure. */
export function identitiesOf(cell: Cells): Identity[] | Failure<IdentityFailure> {
  const identities: Identity[] = []
  for (const [field, kind] of Object.entries(KIND_OF)) {
    const text = cell(field)
    if (text === "") continue
    if (kind === "phone") {
      const phone = plainPhone(text)
      if (!phone) return { failed: "bad_phone" }
      identities.push({ kind, value: phone })
      continue
    }
    // Names of a shop's buyers and of the company's own files are whatever people call themselves.
    if (kind !== "import" && kind !== "shop_buyer_id" && !/^[\x21-\x7e]+$/.test(text))
      return { failed: "bad_identity" }
    identities.push({ kind, value: text })
  }
  return identities.length > 0 ? identities : { failed: "missing_identity" }
}
