// A long table: Tabulator draws only the rows in sight. Cells are nodes, never markup.
import { useEffect, useRef } from "preact/hooks";
import {
  type CellComponent,
  type ColumnDefinition,
  FormatModule,
  InteractionModule,
  ResizeTableModule,
  SortModule,
  Tabulator,
} from "tabulator-tables";
import { visible } from "../data/format";

Tabulator.registerModule([FormatModule, InteractionModule, ResizeTableModule, SortModule]);

const ROW = 34;

export interface Cell {
  readonly text: string;
  readonly href?: string;
  readonly title?: string;
  readonly className?: string;
}

export interface TableColumn {
  readonly key: string;
  readonly label: string;
  readonly cell: (row: number) => Cell;
  /** What is sorted by; null goes to the end. */
  readonly value: (row: number) => number | string | null;
  readonly width?: number;
  readonly grow?: number;
  readonly numeric?: boolean;
}

export interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

interface Props {
  readonly label: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly number[];
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting) => void;
  /** Changes when cells must be drawn again. */
  readonly version: string;
  readonly height?: number;
  readonly empty?: string;
}

export function DataTable(props: Props) {
  const { label, columns, rows, sorting, onSort, version } = props;
  const root = useRef<HTMLDivElement>(null);
  const table = useRef<Tabulator | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const names = columns.map((column) => column.key).join(" ");
  useEffect(() => {
    if (root.current === null) return;
    const created = new Tabulator(root.current, {
      columns: columns.map((column) => definition(column, () => latest.current)),
      data: dataOf(latest.current),
      height: heightOf(latest.current),
      rowHeight: ROW,
      layout: "fitColumns",
      columnDefaults: { headerSort: false },
      placeholder: () => placeholder(latest.current.empty ?? "No rows."),
    } as ConstructorParameters<typeof Tabulator>[1]);
    created.on("tableBuilt", () => {
      table.current = created;
      describe(created.element, label);
    });
    return () => {
      table.current = null;
      created.destroy();
    };
  }, [names]);
  useEffect(() => {
    const current = table.current;
    if (current === null) return;
    current.setHeight(heightOf(latest.current));
    void current.replaceData(dataOf(latest.current));
    for (const button of current.element.querySelectorAll<HTMLElement>("button.sort")) {
      const column = columns.find((c) => c.key === button.dataset["key"]);
      if (column !== undefined) button.textContent = headerText(column, sorting);
    }
  }, [version, rows, sorting?.key, sorting?.descending]);
  return (
    <div class="data-table">
      <label class="sort-by">
        Sort by{" "}
        <select
          value={sorting?.key ?? ""}
          onChange={(event) =>
            onSort({
              key: event.currentTarget.value,
              descending: sorting?.descending ?? true,
            })
          }
        >
          {sorting === null && <option value="">as found</option>}
          {columns.map((column) => (
            <option key={column.key} value={column.key}>
              {visible(column.label)}
            </option>
          ))}
        </select>
        {sorting && (
          <button
            type="button"
            class="quiet"
            onClick={() => onSort({ key: sorting.key, descending: !sorting.descending })}
          >
            {sorting.descending ? "↓ descending" : "↑ ascending"}
          </button>
        )}
      </label>
      <div ref={root} />
    </div>
  );
}

function definition(column: TableColumn, props: () => Props): ColumnDefinition {
  return {
    title: "",
    field: column.key,
    hozAlign: column.numeric ? "right" : "left",
    headerHozAlign: column.numeric ? "right" : "left",
    ...(column.width ? { width: column.width } : { minWidth: 180 }),
    widthGrow: column.grow ?? 1,
    titleFormatter: () => header(column, props),
    formatter: (cell: CellComponent) => {
      const { id } = cell.getRow().getData() as { id: number };
      // Cells may know more by now than when the table was made.
      const latest = props().columns.find((c) => c.key === column.key) ?? column;
      return node(latest.cell(id));
    },
  } as ColumnDefinition;
}

function header(column: TableColumn, props: () => Props): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.dataset["key"] = column.key;
  button.textContent = headerText(column, props().sorting);
  button.addEventListener("click", () => {
    const now = props().sorting;
    const descending = now?.key === column.key ? !now.descending : column.numeric === true;
    props().onSort({ key: column.key, descending });
  });
  return button;
}

/** The rows belong to a part of the grid that scrolls and can be focused. */
function describe(element: HTMLElement, label: string): void {
  element.setAttribute("aria-label", label);
  element.removeAttribute("aria-owns");
  element.querySelector(".tabulator-tableholder")?.setAttribute("role", "rowgroup");
  element.querySelector(".tabulator-table")?.setAttribute("role", "presentation");
}

function headerText(column: TableColumn, sorting: Sorting | null): string {
  const arrow = sorting?.descending ? " ↓" : " ↑";
  return visible(column.label) + (sorting?.key === column.key ? arrow : "");
}

function dataOf({ rows, columns, sorting }: Props): { id: number }[] {
  return sortedRows(rows, columns, sorting).map((row) => ({ id: row }));
}

function heightOf({ rows, height = 560 }: Props): number {
  return Math.min(height, 46 + ROW * Math.max(2, rows.length));
}

function node(cell: Cell): HTMLElement {
  const element = document.createElement(cell.href ? "a" : "span");
  element.textContent = visible(cell.text);
  if (cell.href) element.setAttribute("href", cell.href);
  if (cell.title) element.title = visible(cell.title).slice(0, 1000);
  if (cell.className) element.className = cell.className;
  return element;
}

function placeholder(text: string): HTMLElement {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}

function sortedRows(
  rows: readonly number[],
  columns: readonly TableColumn[],
  sorting: Sorting | null,
): readonly number[] {
  const column = columns.find((c) => c.key === sorting?.key);
  if (column === undefined || sorting === null) return rows;
  const keyed = rows.map((row, i) => ({ row, i, value: column.value(row) }));
  const sign = sorting.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return Number(a.value === null) - Number(b.value === null) || a.i - b.i;
    }
    const order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    return sign * order || a.i - b.i;
  });
  return keyed.map(({ row }) => row);
}
