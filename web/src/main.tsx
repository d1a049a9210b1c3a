// Start: the data of this page, the state of the address, the first page.
import { render } from "preact";
import { Root } from "./app";
import { EmbeddedProvider } from "./data/embedded";
import type { Provider } from "./data/provider";
import { Run } from "./data/run";
import { FORMAT } from "./data/schema";
import { ServedProvider } from "./data/served";
import { App } from "./state/app";
import type { Shelf } from "./state/notes";
import "./style/index.css";

async function start(): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) return;
  const run = await Run.load(providerOf(root));
  if (run.meta.format !== FORMAT) {
    throw new Error(
      `This report has format ${run.meta.format}; this front end reads ${FORMAT}.`,
    );
  }
  render(<Root app={new App(run, window, shelf())} />, root);
}

/** A page of `redescribe serve` asks it; a file holds everything. */
function providerOf(root: HTMLElement): Provider {
  if (root.dataset["source"] !== "server") return new EmbeddedProvider(document);
  // A cookie has the token by now: it must not stay where people copy addresses.
  window.history.replaceState(null, "", `/${window.location.hash}`);
  return new ServedProvider();
}

/** Local storage, where the browser allows it for files. */
function shelf(): Shelf | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

start().catch((error: unknown) => {
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = `This report cannot be shown. ${error instanceof Error ? error.message : ""}`;
  document.body.prepend(message);
  throw error;
});
