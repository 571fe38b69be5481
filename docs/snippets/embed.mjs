// In the page. Your backend minted `token` and rendered it there; keep it in memory, never in storage or a URL.
export async function callMintmark(url, token) {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` }, credentials: "omit" });
  const body = await answer.json();
  if (answer.ok) return body;
  // 401: fetch a new token from your backend and call once more. Anything else: show it to whoever built the page.
  throw Object.assign(new Error(`${body.code}: ${body.message}`), { status: answer.status, requestId: body.request_id });
}
