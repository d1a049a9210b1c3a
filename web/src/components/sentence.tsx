// A finding as a sentence, with its numbers and its four parts.
import { PARTS, type Part } from "../data/agreement";
import { size } from "../data/bits";
import { countText, defined, intervalText, jaccardText, pText } from "../data/format";
import { useView } from "../state/app";
import { partSpec } from "../state/selection";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";
import { type Counts, PartsBar } from "./parts";
import { Name, Rule } from "./text";

export function howOften(jaccard: number): string {
  if (jaccard === 1) return "always";
  if (jaccard >= 0.9) return "almost always";
  if (jaccard >= 0.7) return "mostly";
  return jaccard >= 0.5 ? "more often than not" : "sometimes";
}

export function Sentence({ finding }: { finding: number }) {
  const { run, route } = useView();
  const { findings } = run.tables;
  const id = findings.id[finding] ?? "";
  const queries = findings.queries[finding] ?? [];
  const words = findings.words[finding] ?? [];
  const jaccard =
    defined(findings.jaccard[finding]) ?? findings.jaccard_mined[finding] ?? 0;
  return (
    <li class="sentence">
      <p class="rank">
        <a href={linkTo(route, "r", id)}>{id}</a>
      </p>
      <div>
        {queries.length === 2 && queries[0] && queries[1] ? (
          <p>
            When{" "}
            <strong>
              <Rule query={queries[0]} words={words[0]} />
            </strong>
            , then {howOften(jaccard)}{" "}
            <strong>
              <Rule query={queries[1]} words={words[1]} />
            </strong>
            , and the other way round.
          </p>
        ) : (
          <>
            <ul class="by-view">
              {queries.map((query, i) => (
                <li key={query.view}>
                  <Name text={query.view} />{" "}
                  <strong>
                    <Rule query={query} words={words[i]} />
                  </strong>
                </li>
              ))}
            </ul>
            <p>
              Where one of these holds, all {queries.length} {howOften(jaccard)} hold.
            </p>
          </>
        )}
        <Numbers finding={finding} />
      </div>
      <FindingParts finding={finding} />
    </li>
  );
}

export function Numbers({ finding }: { finding: number }) {
  const { run } = useView();
  const { findings } = run.tables;
  const mined = `mined ${jaccardText(findings.jaccard_mined[finding])}`;
  if (!run.isTested) {
    const support = countText(findings.support_mined[finding]);
    return <p class="numbers">{`J ${mined} · support mined ${support} · not tested`}</p>;
  }
  const interval = intervalText(
    findings.jaccard_low[finding] ?? Number.NaN,
    findings.jaccard_high[finding] ?? Number.NaN,
  );
  const jaccard = jaccardText(findings.jaccard[finding]);
  return (
    <p class="numbers">
      {jaccard && <span>{`J ${jaccard}${interval && ` (${interval})`}`}</span>}
      <span>{mined}</span>
      <span>support {countText(findings.support[finding])}</span>
      <span>q {pText(findings.log10_q[finding])}</span>
      <Confirmed flag={findings.confirmed[finding] ?? 2} />
    </p>
  );
}

export function Confirmed({ flag }: { flag: number }) {
  if (flag === 2) return <span class="badge">not tested</span>;
  return flag === 1 ? (
    <span class="badge good">✓ confirmed</span>
  ) : (
    <span class="badge">not confirmed</span>
  );
}

/** The parts on the entities that are evidence; each can be selected. */
export function FindingParts({ finding }: { finding: number }) {
  const { app, run, selection } = useView();
  const id = run.tables.findings.id[finding] ?? "";
  const parts = useLoaded(() => run.partsOf(finding, run.evidence), [run, finding]);
  if (parts === undefined) return <div class="parts pending" />;
  if (parts === null) {
    return <p class="note">The entities of this finding did not fit into the file.</p>;
  }
  const counts = Object.fromEntries(
    PARTS.map((p) => [p, size(parts[p])]),
  ) as unknown as Counts;
  const selected = PARTS.find((part) => selection?.spec === partSpec(id, part)) ?? null;
  const select = (part: Part) => app.select(selected === part ? "" : partSpec(id, part));
  const nRules = run.tables.findings.queries[finding]?.length ?? 2;
  return <PartsBar counts={counts} nRules={nRules} onSelect={select} selected={selected} />;
}
