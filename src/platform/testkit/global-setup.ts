import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { openDb } from "../db.ts"
import { migrate } from "../migrate.ts"

declare module "vitest" {
  interface ProvidedContext {
    clusterUrl: string
    templateName: string
  }
}

/** The run's cluster ends with it: what a power cut would do to it is nobody's question. Tests that ask it have their own. */
const NOT_TO_LAST = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_compression: "off",
  // Stories side by side, some with two companies, of about thirty connections each.
  max_connections: "200",
}

/** One PostgreSQL cluster a run and one migrated template in it; each test file works in a clone of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const templateName = `siyu_template_${process.pid}_${Date.now().toString(36)}`
  const given = process.env.TEST_CLUSTER_URL
  const home = given ? undefined : await mkdtemp(join(tmpdir(), "siyu-test-"))
  const cluster = home
    ? await (await import("../postgres/index.ts")).openCluster({ home, settings: NOT_TO_LAST })
    : undefined
  const clusterUrl = given ?? cluster!.adminUrl
  const admin = openDb({ url: clusterUrl, max: 1 })
  await admin.query(`create database ${templateName}`)
  const template = openDb({ url: withDatabase(clusterUrl, templateName), max: 1 })
  await migrate(template)
  await template.end()
  project.provide("clusterUrl", clusterUrl)
  project.provide("templateName", templateName)
  return async () => {
    await admin.query(`drop database if exists ${templateName} with (force)`)
    await admin.end()
    await cluster?.stop()
    if (home) await rm(home, { recursive: true, force: true })
  }
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.toString()
}
