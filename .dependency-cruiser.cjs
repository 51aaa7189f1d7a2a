// Who may import whom (ARCHITECTURE.md). Checked by `npm run check`.
const MODULES = [
  "staff",
  "imports",
  "accounts",
  "customers",
  "tags",
  "codes",
  "orders",
  "groups",
  "points",
  "classes",
  "value",
  "segments",
  "transfers",
  "sends",
  "plans",
  "sidebar",
  "analytics",
]
const TESTS = "\\.test(-child|-kit)?\\.(m?ts|tsx)$|\\.fixture\\.ts$|/testkit(/|\\.ts$)|/conformance/"

/** A module may be entered only by its doors, and only one that stands below in the list. */
const upwards = MODULES.map((name, i) => ({
  name: `${name}-sees-nothing-above`,
  comment: "upwards and sideways, modules speak by facts",
  severity: "error",
  from: { path: `^src/modules/${name}/`, pathNot: TESTS },
  to: { path: `^src/modules/(${MODULES.slice(i + 1).join("|") || "-"})/` },
}))

const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: TESTS },
  to: { path: "^(src|test|bench|tools)/", pathNot: allowed },
})

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only("kernel-is-pure", "^src/kernel/", "^src/kernel/", "kernel imports nothing of ours"),
    {
      name: "rules-need-no-building",
      comment:
        "rules, contracts, encoders and decoders use kernel, zod and pure files beside them: no database, no disk, no network",
      severity: "error",
      from: { path: "/(rules|decode|encode|contract)\\.ts$" },
      to: {
        path: "^src/platform/|/(store|store-[^/]+|commands|handlers|routes)\\.ts$|node_modules/(pg|fastify|pino)/|^(node:)?(fs|net|http|https|child_process)(/|$)",
      },
    },
    only("platform-below-spine", "^src/platform/", "^src/(kernel|platform)/", "platform knows no loop"),
    only(
      "spine-knows-no-noun",
      "^src/spine/",
      "^src/(kernel|platform|spine|channels/protocol)/",
      "the loop knows no business noun; the outbox speaks the channels' protocol",
    ),
    only(
      "modules-below-apps",
      "^src/modules/",
      "^src/(kernel|platform|spine|modules)/",
      "modules never see a channel",
    ),
    {
      name: "modules-by-the-door",
      comment: "a module enters another by index.ts, contract.ts or events.ts",
      severity: "error",
      from: { path: "^src/modules/([^/]+)/", pathNot: TESTS },
      to: {
        path: "^src/modules/[^/]+/",
        pathNot: "^src/modules/$1/|^src/modules/[^/]+/(index|contract|events)\\.ts$",
      },
    },
    ...upwards,
    only(
      "channels-see-no-module",
      "^src/channels/",
      "^src/(kernel|platform|channels)/",
      "channels never see modules",
    ),
    only(
      "protocol-is-kernel-only",
      "^src/channels/protocol/",
      "^src/(kernel|channels/protocol)/",
      "the protocol is words",
    ),
    only(
      "sandbox-is-outside",
      "^src/sandbox/",
      "^src/(kernel|sandbox)/",
      "the system reaches it over the wire only",
    ),
    only("ui-knows-no-noun", "^src/ui/", "^src/(kernel|ui)/", "browser primitives"),
    only(
      "browser-reads-contracts-only",
      "^src/apps/(console|mobile|sidebar)/",
      "^src/(kernel|ui)/|^src/apps/(console|mobile|sidebar)/|/(contract|shared)\\.ts$",
      "no server code in the browser",
    ),
    {
      name: "nobody-imports-tests",
      severity: "error",
      from: { path: "^src/", pathNot: TESTS },
      to: { path: "\\.test\\.|\\.test-kit\\.|\\.fixture\\.|^test/|/testkit(/|\\.ts$)" },
    },
    {
      name: "no-undeclared-packages",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/|^\\.siyu/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
}
