/** What stands in a line that is written for many and is filled for each: `{{name}}`. */
export const HOLE = /\{\{\s*([^{}]*?)\s*\}\}/g

/** What a line may speak of, by how either language writes it; both are understood everywhere. */
export const VARIABLES: Readonly<Record<string, "name">> = { name: "name", 称呼: "name" }

/** The customer's name, as pages of either language write it. */
export const NAME_HOLE = { zh: "{{称呼}}", en: "{{name}}" } as const

/** Fills a line once: what a value brings along (braces too) is text and nothing else. */
export function fillHoles(line: string, values: Readonly<Record<string, string>>): string {
  return line.replace(HOLE, (whole, written: string) => {
    const name = Object.hasOwn(VARIABLES, written) ? VARIABLES[written]! : written
    return Object.hasOwn(values, name) ? values[name]! : whole
  })
}
