// Tags and a note on one thing, kept in this browser.
import { useApp } from "../state/app";
import { useStore } from "../state/store";

export function NotesOf({ id }: { id: string }) {
  const { notes } = useApp();
  const { tags, notes: texts } = useStore(notes);
  return (
    <section class="notes" aria-labelledby="notes-heading">
      <h3 id="notes-heading">Your notes</h3>
      <label>
        Tags, with commas between them
        <input
          type="text"
          value={(tags[id] ?? []).join(", ")}
          onChange={(event) => {
            const names = event.currentTarget.value.split(",").map((name) => name.trim());
            notes.tag(
              id,
              names.filter((name) => name !== ""),
            );
          }}
        />
      </label>
      <label>
        Note
        <textarea
          rows={3}
          value={texts[id] ?? ""}
          onChange={(event) => notes.note(id, event.currentTarget.value)}
        />
      </label>
      <p class="note">Kept in this browser only; Downloads exports them.</p>
    </section>
  );
}
