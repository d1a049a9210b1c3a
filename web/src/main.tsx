// Start: the data of this page, the state of the address, the first page.
import { render } from "preact";
import { Root } from "./app";
import { EmbeddedProvider } from "./data/embedded";
import { Run } from "./data/run";
import { FORMAT } from "./data/schema";
import { App } from "./state/app";
import type { Shelf } from "./state/notes";
import "./style/index.css";

async function start(): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) return;
  const run = await Run.load(new EmbeddedProvider(document));
  if (run.meta.format !== FORMAT) {
    throw new Error(
      `This report has format ${run.meta.format}; this front end reads ${FORMAT}.`,
    );
  }
  render(<Root app={new App(run, window, shelf())} />, root);
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
