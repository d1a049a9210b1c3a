// Title, pages, and the reader's choices, on every page.

import { countText } from "../data/format";
import { PAGES } from "../pages/registry";
import { THEMES, type Theme, useView } from "../state/app";
import { useStore } from "../state/store";
import { linkTo } from "../state/url";
import { shortened } from "./text";

interface Props {
  readonly onSearch: () => void;
  readonly onHelp: () => void;
}

export function Header({ onSearch, onHelp }: Props) {
  const { app, run, route } = useView();
  const { meta } = run;
  const theme = useStore(app.theme);
  const pages = PAGES.filter(
    (page) => page.about === "list" && (page.isFor?.(run) ?? true),
  );
  return (
    <header class="top">
      <div class="title-bar">
        <div>
          <h1>
            <bdi>{shortened(meta.title, 120)}</bdi>
          </h1>
          <p class="subtitle">
            {meta.views.length} views of {countText(meta.n_entities)} {meta.entity_nouns} ·
            seed {meta.seed}
          </p>
        </div>
        <div class="choices">
          <button type="button" onClick={onSearch} aria-keyshortcuts="/">
            Search <kbd>/</kbd>
          </button>
          <label>
            <span>Rules</span>
            <select
              value={app.rules}
              onChange={(e) => app.set({ rules: other(e, "words") })}
            >
              <option value="words">in words</option>
              <option value="symbols">as symbols</option>
            </select>
          </label>
          <label>
            <span>Values</span>
            <select value={app.scale} onChange={(e) => app.set({ scale: other(e, "raw") })}>
              <option value="raw">raw</option>
              <option value="quantiles">quantiles</option>
            </select>
          </label>
          {run.isTested && (
            <label>
              <span>Show</span>
              <select
                value={app.scope}
                onChange={(e) => app.set({ part: other(e, "all") })}
              >
                <option value="all">all {meta.entity_nouns}</option>
                <option value="mined">mined only</option>
                <option value="held out">held out only</option>
              </select>
            </label>
          )}
          <label>
            <span>Theme</span>
            <select
              value={theme}
              onChange={(e) => app.setTheme(e.currentTarget.value as Theme)}
            >
              {THEMES.map((name) => (
                <option key={name} value={name}>
                  {name === "contrast" ? "high contrast" : name}
                </option>
              ))}
            </select>
          </label>
          <button type="button" onClick={onHelp} aria-label="Help" aria-keyshortcuts="?">
            ?
          </button>
        </div>
      </div>
      <nav aria-label="Pages">
        <ul class="pages">
          {pages.map((page) => (
            <li key={page.path}>
              <a
                href={linkTo(route, page.path)}
                aria-current={page.path === route.page ? "page" : undefined}
              >
                {page.title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

/** The chosen value, empty for the default, which is not in the address. */
function other(event: { currentTarget: HTMLSelectElement }, usual: string): string {
  const { value } = event.currentTarget;
  return value === usual ? "" : value;
}
