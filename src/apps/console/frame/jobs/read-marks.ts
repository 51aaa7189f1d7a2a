const place = (person: string) => `siyu.jobs.${person}`

export function readMarks(person: string): Set<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place(person)) ?? "[]")
    return new Set(Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [])
  } catch {
    return new Set() // what stands in the browser's storage may be anybody's
  }
}

/** Only what is listed now is kept, so that the marks stay as few as the list is long. */
export function keepMarks(person: string, marks: readonly string[]): void {
  localStorage.setItem(place(person), JSON.stringify(marks))
}
