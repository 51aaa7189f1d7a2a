import { useCodeWord } from "./words.ts"

/** `客户 导出`: a right in the field's words. */
export function useRightWord(): (right: string) => string {
  const word = useCodeWord()
  return (right) => {
    const [module = "", verb = ""] = right.split(".")
    return `${word("right_module", module)} ${word("right_verb", verb)}`
  }
}
