// Shows the state of the emulator, and refreshes it whenever the emulator reports a change.

const SHOWN = 100;

const element = (id) => document.getElementById(id);

// Texts are set as text, so that a message is never taken for markup.
function make(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = text;
  return made;
}

function row(cells) {
  const made = make("tr");
  for (const [text, className] of cells) made.append(make("td", className, text));
  return made;
}

const time = (date) => new Date(date).toLocaleTimeString();

async function read(path) {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${path}: status ${response.status}`);
  return response.json();
}

async function send(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    const error = await response.json().catch(() => ({}));
    throw new Error(error.message ?? `${path}: status ${response.status}`);
  }
}

function showSummary(summary) {
  const { total_attempts: total, total_converted: converted } = summary;
  element("total-attempts").textContent = total.toLocaleString();
  element("total-converted").textContent = converted.toLocaleString();
  element("conversion-rate").textContent = total ? `${((100 * converted) / total).toFixed(1)} %` : "–";
  const channels = Object.entries(summary.channels).filter(([, counts]) => counts.total_attempts);
  element("channels").tBodies[0].replaceChildren(
    ...channels.map(([channel, counts]) => row([[channel], [counts.total_attempts], [counts.total_converted]])),
  );
  showChart(summary.minutes);
}

function showChart(minutes) {
  const [width, height] = [600, 120];
  const most = Math.max(1, ...minutes.map((minute) => minute.total_attempts));
  const step = width / minutes.length;
  const bar = (index, from, count, className, minute) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const size = (count / most) * (height - 4);
    const attributes = { x: index * step + 1, y: height - from - size, width: step - 2, height: size, class: className };
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = `${time(minute.from)}: ${minute.total_converted} of ${minute.total_attempts} converted`;
    made.append(title);
    return [made, size];
  };
  const bars = minutes.flatMap((minute, index) => {
    const unconverted = minute.total_attempts - minute.total_converted;
    const [lower, size] = bar(index, 0, minute.total_converted, "converted", minute);
    const [upper] = bar(index, size, unconverted, "unconverted", minute);
    return [lower, upper].filter((made) => Number(made.getAttribute("height")) > 0);
  });
  element("chart").replaceChildren(...bars);
}

function showMessages(messages) {
  const items = messages.slice(-SHOWN).reverse().map((message) => {
    const made = make("li");
    made.append(
      make("span", "code", message.code ?? "–"),
      make("span", "text", message.text),
      make("span", "about", `${time(message.sent_at)} · ${message.channel} to ${message.to}`),
    );
    return made;
  });
  element("messages").replaceChildren(...items);
  element("no-messages").hidden = items.length > 0;
}

function showAttempts(attempts) {
  element("attempts").tBodies[0].replaceChildren(
    ...attempts.map((attempt) => {
      const data = attempt.channel_data ?? {};
      const status = attempt.conversion_status;
      return row([
        [time(attempt.date_created)],
        [attempt.channel],
        [data.to],
        [data.country],
        [status, status === "converted" ? "good" : ""],
      ]);
    }),
  );
}

function showRequests(requests) {
  element("requests").tBodies[0].replaceChildren(
    ...requests.slice(-SHOWN).reverse().map((request) => {
      const target = request.query ? `${request.path}?${request.query}` : request.path;
      return row([
        [time(request.received)],
        [`${request.method} ${target}`],
        [request.status, request.status >= 400 ? "bad" : "good"],
      ]);
    }),
  );
}

function say(text) {
  element("state").textContent = text;
}

async function look() {
  const [summary, outbox, attempts, requests, clock] = await Promise.all(
    ["summary", "outbox", "attempts", "requests", "clock"].map(read),
  );
  showSummary(summary);
  showMessages(outbox.messages);
  showAttempts(attempts.attempts);
  showRequests(requests.requests);
  say(`live · emulator's clock: ${new Date(clock.now).toLocaleString()}`);
}

// One refresh at a time: a change during a refresh leads to another one.
let [looking, again] = [false, false];
async function refresh() {
  again = true;
  if (looking) return;
  looking = true;
  while (again) {
    again = false;
    await look().catch((error) => say(error.message));
  }
  looking = false;
}

const act = (action) => action().catch((error) => say(error.message));

element("advance-1").addEventListener("click", () => act(() => send("POST", "clock", { advance_seconds: 60 })));
element("advance-10").addEventListener("click", () => act(() => send("POST", "clock", { advance_seconds: 600 })));
element("reset").addEventListener("click", () => act(() => send("POST", "reset")));
element("controls").addEventListener("submit", (event) => {
  event.preventDefault();
  act(() => send("PUT", "code", { code: element("code").value || null }));
});

const changes = new EventSource("changes");
changes.addEventListener("change", refresh);
changes.addEventListener("error", () => say("the emulator does not respond; retrying…"));
