import { CustomConverter } from "opencc-js/core"
import { to } from "opencc-js/preset/t2cn"
import { invariant } from "../../kernel/invariant.ts"

/** Character by character: a phrase that is written otherwise as a whole would make one name of two that look alike. */
const characters = to.cn?.[0]?.at(-1)
invariant(characters, "the table of traditional characters is there")
const convert = CustomConverter(characters)

/** `張麗` → `张丽`; what is simplified already, or no Chinese, stays as it is. */
export const simplified = (text: string): string => convert(text)
