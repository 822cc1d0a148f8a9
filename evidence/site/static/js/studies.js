// The list of studies: searchable and sortable.
Explore.table(document.getElementById("studies")).show();
document.documentElement.dataset.ready = "1";
