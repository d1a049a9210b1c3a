// A link to something that this run does not have.
import { Name } from "../components/text";
import { useView } from "../state/app";
import { linkTo } from "../state/url";

export function NotFound({ what, id }: { what: string; id: string }) {
  const { route } = useView();
  return (
    <>
      <h2>Not in this run</h2>
      <p>
        There is no {what} <Name text={id} /> in this run.{" "}
        <a href={linkTo(route, "")}>Back to the overview</a>
      </p>
    </>
  );
}
