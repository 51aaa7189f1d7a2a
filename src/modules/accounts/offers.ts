import type { FactOffer, Offers } from "../../spine/offers/index.ts"
import * as told from "./events.ts"

const fact = (of: { type: string }, zh: string, en: string): FactOffer => ({
  type: of.type,
  label: { zh, en },
  of_a_thing: true,
})

export const offers: Offers = {
  module: "accounts",
  facts: [
    fact(told.accountListed, "账号入册", "Account listed"),
    fact(told.stateChanged, "账号状态变化", "State of an account changed"),
    fact(told.custodyChanged, "账号换了保管人", "Custody of an account passed"),
    fact(told.custodySigned, "保管人签收账号", "Custodian signed for an account"),
    fact(told.hazardChanged, "账号风险变化", "Hazard of an account changed"),
    fact(told.functionsChanged, "账号改了功能", "What an account is for was changed"),
    fact(told.incidentHappened, "账号出事", "Incident of an account"),
    fact(told.findingOpened, "账号发现问题", "Something found wrong with an account"),
    fact(told.findingResolved, "账号问题已处理", "Finding about an account settled"),
    fact(told.stocktakeOpened, "开始盘点", "Stocktake begun"),
    fact(told.stocktakeClosed, "结束盘点", "Stocktake closed"),
  ],
}
