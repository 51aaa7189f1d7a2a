import { join } from "node:path"
import { wecomRoutes } from "../../channels/wecom/routes.ts"
import { fileDoors } from "../../modules/accounts/index.ts"
import { exportDoor } from "../../modules/customers/index.ts"
import { ROBOT_BODY_MAX_BYTES, receiveMessages } from "../../modules/groups/index.ts"
import { wizardDoors } from "../../modules/imports/index.ts"
import { receiveShopOrders, SHOP_BODY_MAX_BYTES } from "../../modules/orders/index.ts"
import { ensureOwner, resolveActor } from "../../modules/staff/index.ts"
import { createSealer } from "../../platform/auth/sealer.ts"
import { sharedClock } from "../../platform/clock.ts"
import { secretKey } from "../../platform/config.ts"
import { openDb } from "../../platform/db.ts"
import { credentialsOf } from "../../platform/http/index.ts"
import { makePartitions } from "../../spine/facts/index.ts"
import { publishLimits } from "../../spine/outbox/index.ts"
import { prepareTraits } from "../../spine/traits/index.ts"
import { startBackground } from "./background.ts"
import { createServer } from "./create-server.ts"
import { openDoors } from "./doors.ts"
import { quietDoor } from "./quiet.ts"
import { followSandboxClock } from "./shop-clock.ts"
import type { Serve } from "./supervise.ts"
import { linkWecom, WECOM } from "./wecom-link.ts"
import { IMPORT_KINDS, type Wired, wire } from "./wiring.ts"
import { limitRow } from "./world.ts"

/** Connections of one server process; the embedded PostgreSQL allows 100 for all of them and the commands. */
const SERVER_CONNECTIONS = 30

/** Opens the door of one process on a database that is ready, and starts the work behind it. */
export const serve: Serve = async ({ config, database_url, wecom, sandbox, furnish, host, port, log }) => {
  const db = openDb({ url: database_url, max: SERVER_CONNECTIONS, application_name: `siyu ${config.role}` })
  const control = sandbox ? { origin: sandbox.origin, token: sandbox.secrets.control_token } : null
  if (control) await followSandboxClock(db, control)
  const clock = await sharedClock(db)
  const link = wecom
    ? linkWecom({ db, config: wecom, clock, log, sealer: createSealer(secretKey(config)) }, () => wired.tags)
    : null
  const wired: Wired = wire({ sandbox: control, channels: link ? [link.channel] : [] })
  await makePartitions(db, new Date())
  await prepareTraits(db, wired.registry)
  if (link) await publishLimits(db, link.channel.limits.map(limitRow))
  const background =
    config.role === "web" ? null : await startBackground({ db, clock, log, wired, link, control, furnish })
  const secrets = sandbox?.secrets ?? null
  const app =
    config.role === "worker"
      ? null
      : await createServer({
          db,
          clock,
          log,
          routes: wired.routes,
          trust_proxy: config.trust_proxy,
          async doors(instance) {
            if (link?.door)
              wecomRoutes(instance, {
                db,
                door: link.door,
                now: () => clock.now(),
                onStored: () => background?.wake(),
                onRefused: (code) => log.warn({ code }, "a callback was refused"),
              })
            if (control)
              quietDoor(instance, {
                db,
                clock,
                handlers: wired.handlers,
                lockStep: background?.lockStep ?? null,
              })
            await wizardDoors(instance, {
              db,
              kinds: IMPORT_KINDS,
              folder: join(config.home, "uploads"),
              now: () => clock.now(),
              actorOf: (request) => resolveActor(db, credentialsOf(request)),
            })
            await fileDoors(instance, {
              db,
              now: () => clock.now(),
              actorOf: (request) => resolveActor(db, credentialsOf(request)),
            })
            await exportDoor(instance, {
              db,
              registry: wired.registry,
              now: () => clock.now(),
              actorOf: (request) => resolveActor(db, credentialsOf(request)),
            })
            await openDoors(instance, [
              {
                path: "/callbacks/shop",
                body_limit_bytes: SHOP_BODY_MAX_BYTES,
                receive: (headers, body) =>
                  receiveShopOrders({ db, secret: secrets?.shop_secret ?? null }, headers, body, clock.now()),
              },
              {
                path: "/callbacks/group-robot",
                body_limit_bytes: ROBOT_BODY_MAX_BYTES,
                receive: (headers, body) =>
                  receiveMessages(
                    { db, secret: secrets?.robot_secret ?? null, channel: WECOM },
                    headers,
                    body,
                    clock.now(),
                  ),
              },
            ])
          },
        })
  // Late, so that a start that fails before does not swallow the password that is shown once; yet before the door opens.
  const one_time_password = await ensureOwner(db, config.owner_password ?? undefined, clock.now())
  await app?.listen({ host, port })
  return {
    one_time_password,
    async stop() {
      await app?.close()
      await background?.stop()
      clock.stop()
      await db.end()
    },
  }
}
