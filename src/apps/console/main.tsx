import { createRoot } from "react-dom/client"
import "../../ui/styles.css"
import { Console } from "./console.tsx"
import { startWords } from "./words/setup.ts"

const place = document.getElementById("app")
if (!place) throw new Error("index.html has no #app")
await startWords()
createRoot(place).render(<Console />)
