const words: Record<number, string> = {
  [-1]: "system busy",
  6000: "data version conflict",
  40001: "invalid credential",
  40003: "invalid userid",
  40004: "invalid media type",
  40006: "invalid file size",
  40007: "invalid media_id",
  40008: "invalid message type",
  40013: "invalid corpid",
  40014: "invalid access_token",
  40058: "invalid Request Parameter",
  40029: "invalid code",
  40063: "some parameters are empty",
  40068: "invalid tagid",
  40071: "tag name already exists",
  40072: "invalid tag name length",
  40096: "invalid external userid",
  40097: "user has not left",
  40128: "customer transferred too often",
  40129: "customer is being transferred",
  40131: "handover_userid is not a follower",
  41001: "access_token missing",
  41002: "corpid missing",
  41004: "corpsecret missing",
  41048: "no customer to send",
  41050: "welcome code invalid or expired",
  41051: "chat started or welcome already sent",
  41063: "task is being dispatched",
  41093: "task already cancelled",
  41094: "reminder over frequency limit",
  42001: "access_token expired",
  45009: "api freq out of limit",
  45033: "api concurrent out of limit",
  45035: "concurrent operation conflict",
  48002: "api forbidden",
  50001: "redirect_url domain not authorized",
  50100: "invalid cursor",
  60011: "no privilege to access/modify contact/party/agent",
  60020: "not allow to access from your ip",
  60111: "userid not found",
  81013: "user & party & tag all invalid",
  81017: "request too large",
  84061: "not external contact",
  301002: "not allow operate another agent",
}

/** Text of an error; clients are told never to match on it. */
export function errmsg(errcode: number, hint: string | undefined, n: number): string {
  const head = words[errcode] ?? "error"
  if (errcode === 40014) return head
  const said = hint && hint !== head ? `${head}: ${hint}` : head
  return `${said}, hint: [${1767225600000 + n}], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
}
