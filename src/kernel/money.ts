/**
 * Whole fen of a decimal text in yuan, rounded half away from zero; thousands separators, a leading currency sign and
 * full-width digits are read. Null where the text is no amount or too large to be exact. Exact: never through binary floats.
 */
export function parseFen(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[０-９．，－]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/^([+-]?)[¥￥$£€]\s*/, "$1")
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?$/.exec(plain)
  if (!match) return null
  const [, sign, whole = "", fraction = ""] = match
  if (whole === "" && fraction === "") return null
  const digits = whole.replaceAll(",", "") || "0"
  if (digits.length > 13) return null
  const cents = Number(digits) * 100 + Number((fraction + "00").slice(0, 2))
  const rounded = cents + (Number(fraction[2] ?? "0") >= 5 ? 1 : 0)
  if (rounded === 0) return 0
  return sign === "-" ? -rounded : rounded
}

/** `1234.50` for 123450: for files and machines. */
export function fenToDecimal(fen: number): string {
  const abs = Math.abs(fen)
  return `${fen < 0 ? "-" : ""}${Math.floor(abs / 100)}.${String(abs % 100).padStart(2, "0")}`
}

/** `¥1,234.50` for 123450: for people. */
export function formatYuan(fen: number): string {
  const [whole = "0", cents = "00"] = fenToDecimal(Math.abs(fen)).split(".")
  return `${fen < 0 ? "-" : ""}¥${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`
}
