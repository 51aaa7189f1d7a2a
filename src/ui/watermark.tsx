const TILE_WIDTH = 320
const TILE_HEIGHT = 200
/** Read on a photograph of the screen, and quiet enough to work under for a day, on light ground and dark. */
const FILL = "fill='#7a7f87' fill-opacity='.16'"

/**
 * Who looked, and on which day, over what is personal: on screenshots, photographs and paper. It takes no clicks and is not
 * read aloud. A picture and not text, so that nobody finds it by searching the page or copies it with a table.
 */
export function Watermark(props: { lines: readonly string[] }) {
  const text = props.lines.map(
    (line, n) =>
      `<text x='${TILE_WIDTH / 2}' y='${TILE_HEIGHT / 2 + n * 20}' text-anchor='middle' font-size='14' font-family='sans-serif' ${FILL}>${escaped(line)}</text>`,
  )
  const tile = `<svg xmlns='http://www.w3.org/2000/svg' width='${TILE_WIDTH}' height='${TILE_HEIGHT}'><g transform='rotate(-22 ${TILE_WIDTH / 2} ${TILE_HEIGHT / 2})'>${text.join("")}</g></svg>`
  return (
    <div
      className="watermark"
      aria-hidden="true"
      style={{ backgroundImage: `url("data:image/svg+xml,${encodeURIComponent(tile)}")` }}
    />
  )
}

const SIGNS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" }
const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => SIGNS[sign] ?? sign)
