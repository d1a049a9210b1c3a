// The frame of every page: header, selection, the page, keys.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Header } from "./components/header";
import { Help } from "./components/help";
import { PatternDefinitions } from "./components/parts";
import { Search } from "./components/search";
import { SelectionBar } from "./components/selection_bar";
import { visible } from "./data/format";
import { NotFound } from "./pages/not_found";
import { pageOf } from "./pages/registry";
import { type App, AppContext } from "./state/app";
import { useStore } from "./state/store";

type Open = "search" | "help" | null;

export function Root({ app }: { app: App }) {
  return (
    <AppContext.Provider value={app}>
      <Frame app={app} />
    </AppContext.Provider>
  );
}

function Frame({ app }: { app: App }) {
  const route = useStore(app.route);
  const theme = useStore(app.theme);
  const [open, setOpen] = useState<Open>(null);
  const main = useRef<HTMLElement>(null);
  const place = `${route.page}/${route.id}`;
  const isFirst = useRef(true);
  // Before the charts are drawn, which read the colours of the theme.
  useLayoutEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  useEffect(() => {
    const page = pageOf(route.page, route.id);
    const about = route.id ? ` ${visible(route.id).slice(0, 60)}` : "";
    document.title = `${page?.title ?? ""}${about} – ${visible(app.run.meta.title)}`;
    if (!isFirst.current) {
      window.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [place]);
  // With the first drawing: a key pressed as soon as the page is seen is heard.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const types =
        target instanceof HTMLElement && target.closest("input, textarea, select, dialog");
      if (types || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/" || event.key === "?") {
        event.preventDefault();
        setOpen(event.key === "/" ? "search" : "help");
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const page = pageOf(route.page, route.id);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <PatternDefinitions />
      <Header onSearch={() => setOpen("search")} onHelp={() => setOpen("help")} />
      <SelectionBar />
      <main ref={main} id="main" tabIndex={-1}>
        {page && (page.isFor?.(app.run) ?? true) ? (
          <page.component key={place} id={route.id} />
        ) : (
          <NotFound what="page" id={place} />
        )}
      </main>
      <footer>
        Made by redescribe.{" "}
        {app.run.server === null
          ? "This file loads nothing and works offline."
          : "Served from this computer, to this computer only."}
      </footer>
      {open === "search" && <Search onClose={() => setOpen(null)} />}
      {open === "help" && <Help onClose={() => setOpen(null)} />}
    </>
  );
}
