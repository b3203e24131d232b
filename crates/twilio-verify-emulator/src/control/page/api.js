// Requests to the emulator. `openapi.json` describes them.

async function request(method, path, body) {
  const isText = typeof body === "string";
  const response = await fetch(path, {
    method,
    headers: body === undefined || isText ? {} : { "content-type": "application/json" },
    body: body === undefined || isText ? body : JSON.stringify(body),
  });
  const text = await response.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    // Not one of the emulator's own responses.
  }
  if (!response.ok) throw new Error(value?.message ?? `${method} ${path}: status ${response.status}`);
  return value;
}

/** A path with a query of those values that are not empty. */
function withQuery(path, values = {}) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value != null));
  return query.size ? `${path}?${query}` : path;
}

export const get = (path, values) => request("GET", withQuery(path, values));
export const post = (path, body) => request("POST", path, body);
export const put = (path, body) => request("PUT", path, body);
export const patch = (path, body) => request("PATCH", path, body);
export const remove = (path) => request("DELETE", path);

let known;

/** URL, credentials, services and operations. Services may be new, so that it can be read again. */
export async function info(again = false) {
  if (again || !known) known = get("info");
  try {
    return await known;
  } catch (error) {
    known = undefined;
    throw error;
  }
}
