/** Marks whose number tells one kind of message from another; normal forms make the wide and the narrow one alike. */
const MARKS = "【】!:~、,。?%¥/()"
const MOST = 3

/** Pure: how a text looks, whatever it says: about how long it is, how many numbers it has and how long they are, which marks. */
export function shapesOf(text: string): string[] {
  const plain = text.normalize("NFKC")
  const numbers = plain.match(/[0-9x]+/g) ?? []
  const shapes = [
    `length ${Math.min(12, Math.round(2 * Math.log2(plain.length + 1)))}`,
    `numbers ${Math.min(6, numbers.length)}`,
    `long numbers ${Math.min(2, numbers.filter((n) => n.length >= LONG_NUMBER).length)}`,
  ]
  for (const mark of MARKS) {
    const n = plain.split(mark).length - 1
    if (n > 0) shapes.push(`${mark} ${Math.min(MOST, n)}`)
  }
  return shapes
}
/** As long as a telephone's. */
const LONG_NUMBER = 7
