"use strict";
// The table of studies, made searchable and sortable by DataTables. Without it the whole table stands on the page.
window.Explore = window.Explore || {};

Explore.table = (() => {
  function start(element, { order = "", onChange = () => {}, searched = false } = {}) {
    let kept = null;
    DataTable.ext.search.push((settings, cells, index) => settings.nTable !== element || kept === null || kept.has(index));
    const [, column, way] = order.match(/^(\d+)(asc|desc)$/) || [];
    const table = new DataTable(element, {
      pageLength: 25,
      lengthMenu: [[10, 25, 100, -1], [10, 25, 100, "all"]],
      autoWidth: false,
      deferRender: true,
      order: column === undefined || column >= element.tHead.rows[0].cells.length ? [] : [[Number(column), way]],
      layout: { topStart: searched ? "search" : "info", topEnd: "pageLength", bottomStart: null, bottomEnd: "paging" },
      language: { search: "Search the studies:", lengthMenu: "Show _MENU_", info: "_START_ to _END_ of _TOTAL_ studies", infoEmpty: "No studies", infoFiltered: "(of _MAX_)", emptyTable: "No studies", zeroRecords: "No study meets the conditions." },
    });
    table.on("search.dt order.dt", () => onChange({ order: (table.order()[0] || []).join("") }));
    // On paper there are no pages to turn.
    let length = 25;
    addEventListener("beforeprint", () => { length = table.page.len(); table.page.len(-1).draw(); });
    addEventListener("afterprint", () => table.page.len(length).draw());
    // Shows the rows with these numbers alone.
    const keep = (rows) => {
      kept = new Set(rows);
      table.draw();
    };
    return { keep };
  }

  return { start };
})();
