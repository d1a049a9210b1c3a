// What did not fit into the file, and where it is.
import { countText } from "../data/format";
import { useView } from "../state/app";

export function Cuts() {
  const { run } = useView();
  return (
    <aside class="warning" aria-label="What is left out">
      <p>
        Some of the data did not fit into this file; numbers of findings are complete. Write
        a larger one with redescribe report RUN --budget 100MB, or see all of it with
        redescribe serve RUN.
      </p>
      <ul>
        {run.meta.cuts.map((cut) => (
          <li key={cut.what}>
            {cut.what}: {countText(cut.shown)} of {countText(cut.total)} shown
          </li>
        ))}
      </ul>
    </aside>
  );
}
