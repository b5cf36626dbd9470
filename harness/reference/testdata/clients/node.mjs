// The authentication process with Node's fetch. Prints each step and its status.
// BASE_URL, LOGON_NAME, PASSWORD, OBJECT; TYPE is "0" where the release wants the member type; MODE is full or alternative.
const { BASE_URL, LOGON_NAME, PASSWORD, OBJECT, TYPE, MODE } = process.env;

async function call(step, method, path, { query, body, headers = {} } = {}) {
  const url = BASE_URL + path + (query ? "?" + new URLSearchParams(query) : "");
  const options = { method, headers: { ...headers } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(url, options);
  const text = await response.text();
  console.log(step, response.status);
  return { answer: text ? JSON.parse(text) : null, headers: response.headers };
}

const readObject = (step, headers) =>
  call(step, "GET", "/api/directoryObjects", { query: { directoryObject: OBJECT }, headers });
const destroy = (step, token, holder) =>
  call(step, "DELETE", "/api/auth", { query: { token }, headers: { "Adm-Authorization": holder } });

const created = await call("create", "POST", "/api/authSessions/create", { body: { username: LOGON_NAME, password: PASSWORD } });
const { sessionId } = created.answer;
const obtained = await call("obtain", "POST", "/api/auth", { body: TYPE ? { sessionId, type: Number(TYPE) } : { sessionId } });
let { token } = obtained.answer;

if (MODE === "alternative") {
  const headers = { "Adm-Authorization": obtained.answer.id };
  for (let i = 0; i < 4; i++) {
    await readObject("read", { ...headers, "Adm-Service": obtained.headers.get("Adm-Service") });
  }
  for (let i = 0; i < 2; i++) {
    await readObject("stray", headers);
  }
} else {
  await readObject("read", { "Adm-Authorization": token });
  const old = token;
  const renewed = await call("renew", "PATCH", "/api/auth", { query: { token: old }, headers: { "Adm-Authorization": old } });
  token = renewed.answer.token;
  await readObject("read", { "Adm-Authorization": token });
  await destroy("destroy-old", old, token);
}

await call("terminate", "DELETE", "/api/authSessions", { query: { id: sessionId } });
await destroy("destroy", token, token);
await readObject("rejected", { "Adm-Authorization": token });
