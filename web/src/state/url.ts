// The whole state sits in the hash: `#/page/id?name=value`, only what is not the default.

export interface Route {
  /** Letter of the page; empty is the overview. */
  readonly page: string;
  /** What the page is about; empty for lists. */
  readonly id: string;
  readonly params: ReadonlyMap<string, string>;
}

/** Parameters that stay when another page is opened. */
export const GLOBAL = ["s", "rules", "scale", "part"] as const;

export function parseHash(hash: string): Route {
  const text = hash.replace(/^#\/?/, "");
  const question = text.indexOf("?");
  const path = question < 0 ? text : text.slice(0, question);
  const slash = path.indexOf("/");
  const page = slash < 0 ? path : path.slice(0, slash);
  const id = slash < 0 ? "" : decoded(path.slice(slash + 1));
  const params = new Map<string, string>();
  if (question >= 0) {
    for (const pair of text.slice(question + 1).split("&")) {
      const equals = pair.indexOf("=");
      if (equals > 0)
        params.set(decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1)));
    }
  }
  return { page, id, params };
}

export function formatHash(route: Route): string {
  const path = route.id ? `${route.page}/${encodeURIComponent(route.id)}` : route.page;
  const pairs = [...route.params]
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `#/${path}${pairs.length ? `?${pairs.join("&")}` : ""}`;
}

/** Another page with the parameters that stay, and further ones. */
export function linkTo(
  route: Route,
  page: string,
  id = "",
  further: Readonly<Record<string, string>> = {},
): string {
  const params = new Map<string, string>();
  for (const name of GLOBAL) {
    const value = route.params.get(name);
    if (value) params.set(name, value);
  }
  for (const [name, value] of Object.entries(further)) params.set(name, value);
  return formatHash({ page, id, params });
}

/** The same page with some parameters changed; an empty one is left out. */
export function withParams(route: Route, changed: Readonly<Record<string, string>>): Route {
  const params = new Map(route.params);
  for (const [name, value] of Object.entries(changed)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  return { ...route, params };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a link that somebody cut
  }
}
