import { noteAnswer, noteDown } from "./line.ts"

const AGAIN_MS = 1_500
/** An hour: whoever comes back later opens the page anew. */
const TRIES_MAX = 2_400

/**
 * Loads a page's file, and waits where the server is away: the router would load the whole console anew, which leaves a browser's
 * error page and nothing of what was typed. Where the server is there and the file is not, a new release has replaced it: that is the
 * router's to know, and loading anew is right.
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch {
    for (let tries = 0; tries < TRIES_MAX && !(await serverIsThere()); tries++) {
      noteDown()
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
    noteAnswer()
    return load()
  }
}

const serverIsThere = () =>
  fetch("/healthz", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  )
