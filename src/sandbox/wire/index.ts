import { contactWayEndpoints } from "./contact-ways.ts"
import { customerEndpoints } from "./customers.ts"
import { directoryEndpoints } from "./directory.ts"
import type { Endpoint } from "./endpoint.ts"
import { groupEndpoints } from "./groups.ts"
import { massSendEndpoints } from "./mass-send.ts"
import { mediaEndpoints } from "./media.ts"
import { messageEndpoints } from "./messages.ts"
import { momentEndpoints } from "./moments.ts"
import { pageEndpoints } from "./pages.ts"
import { statisticsEndpoints } from "./statistics.ts"
import { tagEndpoints } from "./tags.ts"
import { tokenEndpoints } from "./tokens.ts"
import { transferEndpoints } from "./transfer.ts"
import { welcomeEndpoints } from "./welcome.ts"

/** Every path of the wire. What is not here answers 404 with an empty body. */
export const endpoints: ReadonlyMap<string, Endpoint> = new Map(
  [
    ...tokenEndpoints,
    ...customerEndpoints,
    ...contactWayEndpoints,
    ...tagEndpoints,
    ...groupEndpoints,
    ...massSendEndpoints,
    ...welcomeEndpoints,
    ...momentEndpoints,
    ...transferEndpoints,
    ...statisticsEndpoints,
    ...directoryEndpoints,
    ...mediaEndpoints,
    ...messageEndpoints,
    ...pageEndpoints,
  ].map((endpoint) => [endpoint.path, endpoint]),
)
